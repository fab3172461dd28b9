"""Files on the server, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from vision_studio.core.amounts import UNKNOWN, bytes_text, counted
from vision_studio.core.server_file_events import UploadsUnneeded
from vision_studio.core.server_files import KnownFile, Standing
from vision_studio.core.transfer_words import moment_text

TITLES = ("File", "Size", "Uploaded", "Kept until", "Used by")
NOT_NEEDED = "Nothing here needs it"
NOT_OURS = "Not uploaded from here"


def cells(known: KnownFile) -> tuple[str, ...]:
    """Return a file as a row under ``TITLES``."""
    file = known.file
    return (
        known.name,
        bytes_text(file.size_bytes) if file.size_bytes else UNKNOWN,
        moment_text(file.created_at),
        "It is deleted" if file.expires_at is None else moment_text(file.expires_at),
        used_by(known),
    )


def used_by(known: KnownFile) -> str:
    """Return the sessions that use a file, or why there is none: the first two by name."""
    if known.standing is Standing.FOREIGN:
        return NOT_OURS
    if not known.sessions:
        return NOT_NEEDED
    named, others = known.sessions[:2], len(known.sessions) - 2
    return ", ".join(named) + (f" and {counted(others, 'other')}" if others > 0 else "")


def totals(files: Sequence[KnownFile], *, more: bool) -> str:
    """Return "12 files, 3.2 MB · 2 not needed here, 400 KB"; ``more``: the server has not told of all yet."""
    if not files:
        return "" if more else "No files."
    said = [f"{'at least ' if more else ''}{_sum(files)}"]
    for standing, words in ((Standing.UNUSED, "not needed here"), (Standing.FOREIGN, "not from here")):
        if some := [known for known in files if known.standing is standing]:
            said.append(f"{len(some):,} {words}, {bytes_text(_size(some))}")
    return " · ".join(said)


def deletion_question(files: Sequence[KnownFile], now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return what is asked before files are deleted, and what to know about it."""
    left = [known for known in files if not known.file.is_past(now)]
    lines = []
    if used := sum(known.standing is Standing.USED for known in left):
        lines.append(
            f"{counted(used, 'file')} of sessions here: the images stay, and are uploaded again when their "
            "session goes on."
        )
    if foreign := sum(known.standing is Standing.FOREIGN for known in left):
        lines.append(
            f"{counted(foreign, 'file')} not uploaded from here: another program or computer may need them."
        )
    return f"Delete {_sum(files)} from the server? This cannot be undone.", tuple(lines)


def unneeded_text(event: UploadsUnneeded) -> str:
    """Return what a deleted session leaves on the server."""
    one = len(event.file_ids) == 1
    size = f" ({bytes_text(event.size_bytes)})" if event.size_bytes else ""
    return (
        f"{counted(len(event.file_ids), 'file')}{size} on the server {'was' if one else 'were'} uploaded for "
        f"“{event.session_title or 'New session'}” alone."
    )


def renewed_text(renewed: int) -> str:
    return f"{counted(renewed, 'file')} {'is' if renewed == 1 else 'are'} kept for as long again."


def _sum(files: Sequence[KnownFile]) -> str:
    return f"{counted(len(files), 'file')}, {bytes_text(_size(files))}"


def _size(files: Iterable[KnownFile]) -> int:
    return sum(known.file.size_bytes for known in files)
