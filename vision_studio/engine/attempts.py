"""Uploads whose answer was lost: whether a file came of them, which is then used, or is nobody's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.server_files import ServerFile
from vision_studio.engine.gateway import LONGEST_PAGE, FilePage, Gateway, UploadedFile
from vision_studio.engine.pace import Pace
from vision_studio.imaging.names import upload_name
from vision_studio.storage.uploads import Attempt, Uploads

_DOUBTFUL = frozenset(
    {
        FailureKind.INTERRUPTED,
        FailureKind.TIMED_OUT,
        FailureKind.UNREADABLE_ANSWER,
        FailureKind.SERVER_ERROR,
        FailureKind.OVERLOADED,
    }
)
"""Failures after which a server may hold what was sent, though neither it nor a proxy said so."""

_NEWEST = 100
"""Where a file is looked for right after its answer was lost: so many cannot have come since."""
_MOST_PAGES = 20
_SURELY_SETTLED = timedelta(minutes=15)
"""A file that is in no listing so long after its upload will be in none."""
_CLOCKS_DIFFER_BY = timedelta(days=1)
"""A listing is read back to the oldest attempt, and so much further for the sake of wrong clocks."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a listing told of attempts in doubt."""

    useful: tuple[tuple[Attempt, UploadedFile], ...] = ()
    """Files whose bytes are on this server under no other id that is known."""
    orphans: tuple[tuple[Attempt, ServerFile], ...] = ()


class Attempts:
    """Keeps a note of each upload from before its first byte until it is known what came of it.

    Every attempt gives its file a name that no other has: by that it is found again, on any clock.
    """

    def __init__(self, ledger: Uploads, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._ledger = ledger
        self._now = now

    def begin(self, digest: str, server: str, name: str, media_type: str, size_bytes: int) -> Attempt:
        """Note an attempt. Raises ``Failed`` when that cannot be done; then nothing is to be sent."""
        mark = secrets.token_hex(4)
        attempt = Attempt(upload_name(name, media_type, mark), digest, server, size_bytes, self._now())
        self._ledger.begin(attempt)
        return attempt

    def settle(self, attempt: Attempt) -> None:
        """Take in that nothing came of it."""
        self._ledger.settle([attempt.name])

    def in_doubt(self, server: str) -> tuple[Attempt, ...]:
        """Return attempts of which it is not known what came of them."""
        return tuple(attempt for attempt in self._ledger.attempts(server) if attempt.file_id is None)

    async def look_for(self, attempt: Attempt, gateway: Gateway, pace: Pace) -> UploadedFile | None:
        """Return the file of an attempt whose answer was just lost, if the server has it."""
        try:
            await pace.turn()
            page = await gateway.list_files(None, _NEWEST)
        except Failed:
            return None  # the server is in trouble: the attempt stays in doubt
        for file in page.files:
            if _is_of(attempt, file):
                return self._uploaded(file, page)
        return None

    async def look_for_all(self, server: str, gateway: Gateway, pace: Pace) -> Found:
        """Look for the files of all attempts in doubt; what cannot have left one is settled.

        Raises ``Failed``.
        """
        attempts = {attempt.name: attempt for attempt in self.in_doubt(server)}
        if not attempts:
            return Found()
        oldest = min(attempt.started_at for attempt in attempts.values()) - _CLOCKS_DIFFER_BY
        useful: list[tuple[Attempt, UploadedFile]] = []
        orphans: list[tuple[Attempt, ServerFile]] = []
        served: set[str] = set()
        cursor: str | None = None
        seen_all = False
        for _ in range(_MOST_PAGES):
            await pace.turn()
            page = await gateway.list_files(cursor, LONGEST_PAGE)
            for file in page.files:
                attempt = attempts.get(file.name)
                if attempt is None or not _is_of(attempt, file) or file.is_past(page.at):
                    continue
                del attempts[attempt.name]
                if attempt.digest in served or self._is_known(attempt, page):
                    orphans.append((attempt, file))
                else:
                    served.add(attempt.digest)
                    useful.append((attempt, self._uploaded(file, page)))
            cursor = page.next_cursor
            seen_all = cursor is None or (bool(page.files) and page.files[-1].created_at < oldest)
            if seen_all or not attempts:
                break
        if seen_all:
            gone = [one.name for one in attempts.values() if self._now() - one.started_at > _SURELY_SETTLED]
            self._ledger.settle(gone)
        return Found(tuple(useful), tuple(orphans))

    def _is_known(self, attempt: Attempt, page: FilePage) -> bool:
        return self._ledger.find(attempt.digest, attempt.server, page.workspace_id, self._now()) is not None

    def _uploaded(self, file: ServerFile, page: FilePage) -> UploadedFile:
        left = None if file.expires_at is None else file.expires_at - page.at
        return UploadedFile(file.id, page.workspace_id, None if left is None else self._now() + left)


def may_be_stored(failure: Failure, sent_bytes: int, size_bytes: int) -> bool:
    """Tell whether a server may hold a file though its upload failed: not before all of it was sent."""
    return failure.kind in _DOUBTFUL and sent_bytes >= size_bytes


def _is_of(attempt: Attempt, file: ServerFile) -> bool:
    return file.name == attempt.name and file.size_bytes == attempt.size_bytes
