"""How uploads stand, in words."""

from __future__ import annotations

from datetime import datetime

from vision_studio.core.amounts import bytes_text, count, counted, duration
from vision_studio.core.events import DeletionsChanged, OrphansFound, TransferProgressed, UploadKnown
from vision_studio.core.failure_words import failure_words


def transfer_text(event: TransferProgressed) -> str:
    """Return "Uploading 5 images · 2 done · 43% · 1.2 MB/s · 9 s left"; "" once all are over."""
    left = event.files - event.done
    if not left:
        return ""
    if event.waits_for is not None:
        waiting = counted(left, "upload")
        goes_on = "goes on by itself" if left == 1 else "go on by themselves"
        return f"{failure_words(event.waits_for).title} {waiting} {goes_on} once it can be."
    said = [f"Uploading {counted(event.files, 'image')}"]
    if event.done:
        said.append(f"{count(event.done)} done")
    if event.sent_bytes >= event.total_bytes:
        said.append("finishing…")
    else:
        # Rounded down: 100% is said when it is all there, and not before.
        said.append(f"{int(100 * event.sent_bytes / event.total_bytes)}%")
        said += speed_parts(event.bytes_per_s, event.left_s)
    return " · ".join(said)


def upload_text(sent_bytes: int, total_bytes: int, bytes_per_s: float | None, left_s: float | None) -> str:
    """Return how one upload stands, for its card: "43% · 1.2 MB/s · 9 s left"."""
    if sent_bytes >= total_bytes:
        return "All sent; the server is storing it."
    if not sent_bytes:
        return "Waiting to be uploaded."
    said = [f"{int(100 * sent_bytes / total_bytes)}% uploaded", *speed_parts(bytes_per_s, left_s)]
    return " · ".join(said)


def speed_parts(bytes_per_s: float | None, left_s: float | None) -> list[str]:
    """Return a speed and the time left, as far as they can be told."""
    parts = []
    if bytes_per_s is not None:
        parts.append(f"{bytes_text(round(bytes_per_s))}/s")
    if left_s is not None:
        parts.append(f"{duration(float(max(1, round(left_s))))} left")
    return parts


def place_text(known: UploadKnown) -> str:
    """Return for how long the server keeps a picture."""
    if not known.uploaded:
        return "no: it travels inside each request" if known.inline else "not yet"
    return "until it is deleted" if known.expires_at is None else f"until {moment_text(known.expires_at)}"


def moment_text(moment: datetime) -> str:
    """Return a time as people here read it: "25 Dec 2026, 14:03"."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def orphans_text(found: OrphansFound) -> str:
    """Return what was found and how it came to be there."""
    files = counted(len(found.file_ids), "file")
    is_ = "is" if len(found.file_ids) == 1 else "are"
    return (
        f"{files} on the server ({bytes_text(found.size_bytes)}) {is_} left over from uploads "
        "whose answer was lost. Nothing here needs them."
    )


def deletions_text(event: DeletionsChanged) -> str:
    """Return why files are not deleted yet; "" when nothing stands in the way."""
    if event.failure is None or not event.waiting:
        return ""
    files = counted(event.waiting, "file")
    return (
        f"{files} could not be deleted from the server yet. {failure_words(event.failure).title} "
        "Vision Studio tries again by itself, also after a restart."
    )
