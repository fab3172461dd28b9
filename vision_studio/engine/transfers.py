"""How far the uploads are: each, those of a session, and all of them, with their speed and the time left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vision_studio.core.events import Event, TransferProgressed
from vision_studio.core.failures import Failure
from vision_studio.core.speed import Speed, left_s

_TELL_S = 0.1
"""Sums are told at most so often; what ends them is told at once."""


@dataclass(eq=False, slots=True)
class Transfer:
    """One upload's bytes, and the sessions that wait for it."""

    total_bytes: int
    sessions: set[str] = field(default_factory=set)
    sent_bytes: int = 0
    is_over: bool = False
    speed: Speed = field(default_factory=Speed)


class Transfers:
    """Keeps the sums. A sum begins with the first upload after all were over, and ends when all are over."""

    def __init__(
        self,
        report: Callable[[Event], None],
        *,
        waits_for: Callable[[], Failure | None] = lambda: None,
        now: Callable[[], float] | None = None,
    ) -> None:
        self._report = report
        self._waits_for = waits_for
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._transfers: list[Transfer] = []
        self._speeds: dict[str | None, Speed] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, total_bytes: int) -> Transfer:
        transfer = Transfer(total_bytes)
        transfer.speed.note(self._now(), 0)
        self._transfers.append(transfer)
        self._tell_soon()
        return transfer

    def join(self, transfer: Transfer, session_id: str) -> None:
        transfer.sessions.add(session_id)
        self._tell_soon()

    def progress(self, transfer: Transfer, sent_bytes: int) -> None:
        """Take in how far an upload is; 0 when it begins anew."""
        more = sent_bytes - transfer.sent_bytes
        transfer.sent_bytes = sent_bytes
        now = self._now()
        for speed in (transfer.speed, *(self._speed(key, now) for key in (None, *transfer.sessions))):
            speed.note(now, more)
        self._tell_soon()

    def end(self, transfer: Transfer) -> None:
        """Take in that an upload is over, whatever came of it."""
        transfer.is_over = True
        now_all_over = all(one.is_over for one in self._transfers)
        done_sessions = [
            session_id for session_id in transfer.sessions if all(one.is_over for one in self._of(session_id))
        ]
        for session_id in done_sessions:
            self._report(self._sum(session_id))
            self._speeds.pop(session_id, None)
            for one in self._of(session_id):
                one.sessions.discard(session_id)
        if now_all_over:
            self._report(self._sum(None))
            self._transfers.clear()
            self._speeds.clear()
            self.close()
        else:
            self._tell_soon()

    def speed_of(self, transfer: Transfer) -> tuple[float | None, float | None]:
        """Return an upload's bytes a second and the seconds left, as far as they can be told."""
        rate = transfer.speed.bytes_per_s(self._now())
        return rate, left_s(transfer.total_bytes - transfer.sent_bytes, rate)

    def tell(self) -> None:
        """Report all sums now."""
        self.close()
        if self._transfers:
            for session_id in sorted({one for transfer in self._transfers for one in transfer.sessions}):
                self._report(self._sum(session_id))
            self._report(self._sum(None))

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tell_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TELL_S, self._tell_on_time)

    def _tell_on_time(self) -> None:
        self._timer = None
        self.tell()

    def _of(self, session_id: str | None) -> Iterable[Transfer]:
        return [one for one in self._transfers if session_id is None or session_id in one.sessions]

    def _speed(self, key: str | None, now: float) -> Speed:
        if key not in self._speeds:
            self._speeds[key] = Speed()
            self._speeds[key].note(now, 0)
        return self._speeds[key]

    def _sum(self, session_id: str | None) -> TransferProgressed:
        mine = list(self._of(session_id))
        total = sum(one.total_bytes for one in mine)
        sent = sum(one.total_bytes if one.is_over else one.sent_bytes for one in mine)
        speed = self._speeds.get(session_id)
        rate = speed.bytes_per_s(self._now()) if speed is not None else None
        return TransferProgressed(
            session_id,
            files=len(mine),
            done=sum(one.is_over for one in mine),
            sent_bytes=sent,
            total_bytes=total,
            bytes_per_s=rate,
            left_s=left_s(total - sent, rate),
            waits_for=self._waits_for(),
        )
