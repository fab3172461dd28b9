"""Sessions → one file that holds all of them, and back; beside the loop, to be cancelled at any time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vision_studio import __version__
from vision_studio.core.bundle_words import objection_sentence
from vision_studio.core.bundles import MOST_REQUEST_BYTES, Objection, Packed
from vision_studio.core.catalogue import Model, ModelTable
from vision_studio.core.conversation import Session
from vision_studio.core.events import Event
from vision_studio.core.export_json import response_json
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.portable_events import SessionsExported, SessionsImported
from vision_studio.core.request_json import digest_source, request_json
from vision_studio.engine.errand_thread import Meter, aside_with_meter
from vision_studio.engine.home import Home
from vision_studio.imaging.formats import media_type
from vision_studio.imaging.inspect import inspect_quickly
from vision_studio.imaging.names import display_name
from vision_studio.imaging.refusal import Refused
from vision_studio.storage.bundle_rows import (
    OLDEST_LAYOUT,
    Blob,
    NotTheirRows,
    Rows,
    blobs_of,
    guests,
    session_rows,
    take_in,
)
from vision_studio.storage.bundles import Objected, Staged, open_bundle, write_bundle
from vision_studio.storage.errors import os_failure
from vision_studio.storage.migrations import MIGRATIONS


class Bundling:
    """For the engine's thread. ``report`` hears how far it is; what is wrong is raised as ``Failed``."""

    def __init__(self, home: Home, catalogue: ModelTable, report: Callable[[Event], None]) -> None:
        self._home = home
        self._catalogue = catalogue
        self._report = report

    async def export(self, ticket: str, session_ids: Sequence[str], path: Path) -> SessionsExported:
        """Write sessions into a bundle. Raises ``Failed``."""
        home = self._home
        sessions = [home.sessions.load(session_id) for session_id in session_ids]
        rows = [session_rows(home.database, session_id) for session_id in session_ids]
        blobs = {blob.digest: blob for one in session_ids for blob in blobs_of(home.database, one)}
        manifest = {
            "app": __version__,
            "layout": len(MIGRATIONS),
            "sessions": rows,
            "models": [_model_fields(self._catalogue.model(model_id)) for model_id in _models_of(sessions)],
        }
        total_bytes = sum(blob.size_bytes or 0 for blob in blobs.values())

        def write(meter: Meter) -> int:
            texts = self._texts(sessions)
            return write_bundle(path, manifest, texts, sorted(blobs), home.blobs, meter.add)

        try:
            size_bytes = await aside_with_meter(write, ticket, path.name, total_bytes, self._report)
        except FileNotFoundError as error:
            # A folder that is gone has a name; an image of ours was given none.
            raise Failed(_not_written(error, lost=error.filename is None)) from error
        except OSError as error:
            raise Failed(_not_written(error)) from error
        return SessionsExported(ticket, path.name, path.parent.name, size_bytes)

    async def take_in(self, ticket: str, path: Path) -> SessionsImported:
        """Make new sessions of a bundle's. Raises ``Failed``."""
        staged = Staged(self._home.blobs)
        try:
            rows, packed = await aside_with_meter(
                lambda meter: self._read(path, staged, meter), ticket, path.name, 0, self._report
            )
            kept = take_in(self._home.database, rows, datetime.now(UTC))
        except Objected as error:
            sentence = objection_sentence(display_name(path), error.objection, error.detail)
            raise Failed(Failure(FailureKind.NOT_IMPORTED, sentence)) from error
        except OSError as error:
            raise Failed(_not_read(path, error)) from error
        finally:
            staged.discard()
        return SessionsImported(ticket, kept, packed)

    def _read(self, path: Path, staged: Staged, meter: Meter) -> tuple[list[Rows], Packed]:
        with open_bundle(path) as bundle:
            manifest = bundle.manifest()
            layout, sessions = manifest.get("layout"), manifest.get("sessions")
            if not isinstance(layout, int) or isinstance(layout, bool) or layout < OLDEST_LAYOUT:
                raise Objected(Objection.DAMAGED, "its manifest has no layout")
            if layout > len(MIGRATIONS):
                raise Objected(Objection.NEWER)
            if not isinstance(sessions, list) or not sessions:
                raise Objected(Objection.DAMAGED, "there is no session in it")
            try:
                with guests(layout, sessions) as admitted:
                    wanted = admitted.blobs()
                    meter.expect(sum(blob.size_bytes or 0 for blob in wanted))
                    bundle.stage(wanted, staged, meter.add)
                    _check_renditions(staged.copies)
                    sessions_read = [admitted.session(one) for one in admitted.session_ids]
                    staged.adopt()  # on this thread: each blob waits for the disk
                    return admitted.rows(), _packed(sessions_read)
            except NotTheirRows as error:
                kind = Objection.UNKNOWN if error.unknown else Objection.DAMAGED
                raise Objected(kind, str(error)) from error

    def _texts(self, sessions: Sequence[Session]) -> Iterator[tuple[str, bytes]]:
        """Yield the request and the response of every turn, as far as they are not too much."""
        for place, session in enumerate(sessions, start=1):
            written = 0
            for row in range(len(session.turns) - 1, -1, -1):
                turn, name = session.turns[row], f"{place}-{row + 1}.json"
                model = self._catalogue.model(turn.answer.model_id)
                asked = request_json(
                    session.turns[: row + 1], session.system, session.settings, model, digest_source
                )
                text = _json(asked)
                written += len(text)
                if written > MOST_REQUEST_BYTES:
                    break
                yield f"requests/{name}", text
                yield f"responses/{name}", _json(response_json(turn.answer))


def _packed(sessions: Sequence[Session]) -> Packed:
    pictures = {
        image.pixels or image.url
        for session in sessions
        for image in (*(sent.image for sent in session.sent_images), *session.draft.images)
    }
    turns = sum(len(session.turns) for session in sessions)
    return Packed(tuple(session.title for session in sessions), turns, len(pictures))


def _check_renditions(copies: Sequence[tuple[Blob, Path]]) -> None:
    """What goes to the API as it is must be what it is said to be."""
    for blob, path in copies:
        if blob.media_type is None:
            continue
        try:
            facts = inspect_quickly(path)
        except Refused as error:
            raise Objected(Objection.DAMAGED, "an image is not what it was") from error
        if (
            facts is None
            or media_type(facts.format) != blob.media_type
            or tuple(facts.size) != (blob.width, blob.height)
        ):
            raise Objected(Objection.DAMAGED, "an image is not what it was")


def _models_of(sessions: Sequence[Session]) -> list[str]:
    used = {session.model_id for session in sessions}
    return sorted(used | {turn.answer.model_id for session in sessions for turn in session.turns})


def _model_fields(model: Model) -> dict[str, Any]:
    """Return what the numbers of a session rested on."""
    fields: dict[str, Any] = json.loads(json.dumps(asdict(model), default=_plain))
    return fields


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)  # money and days


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=True).encode()


def _not_written(error: OSError, *, lost: bool = False) -> Failure:
    if lost:
        return Failure(
            FailureKind.NOT_WRITTEN,
            f"The session cannot be exported whole: {(error.strerror or '').lower()}.",
        )
    failure = os_failure(error)
    if failure.kind is FailureKind.DISK_FULL:
        return failure
    return Failure(FailureKind.NOT_WRITTEN, f"The session could not be saved there: {failure.message}")


def _not_read(path: Path, error: OSError) -> Failure:
    failure = os_failure(error)
    if failure.kind is FailureKind.DISK_FULL:
        return failure
    reason = error.strerror or type(error).__name__
    return Failure(FailureKind.NOT_IMPORTED, f"“{display_name(path)}” could not be read: {reason}.")
