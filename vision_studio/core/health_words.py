"""The state of a data folder, and what was mended of it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from vision_studio.core.amounts import bytes_text, counted
from vision_studio.core.health import Health, LostImage, Repaired

DROP_AGAIN = "drop the same file into any session, and it is there again everywhere"
"""What brings a lost image back."""

_MOST = 10
"""So many lost images are named."""


def health_sentences(health: Health) -> Iterator[str]:
    """Say what is wrong that can be mended."""
    if health.database:
        yield f"the database is damaged ({health.database[0]})"
    if health.orphans:
        yield f"{counted(health.orphans, 'entry', 'entries')} that belong to no session"
    if health.incomplete:
        yield f"{counted(health.incomplete, 'question or session', 'questions and sessions')} without a part"
    if health.dangling:
        yield f"{counted(health.dangling, 'note')} of resized images that are gone"
    if health.unfinished:
        yield f"{counted(health.unfinished, 'half-written copy', 'half-written copies')} of the database"


def lost_sentence(image: LostImage) -> str:
    """Say which image it is: "“Roof” · Turn 2 · Image 7 (photo.jpg): its file is gone"."""
    place = "Draft" if image.turn is None else f"Turn {image.turn}"
    what = "is damaged" if image.is_damaged else "is gone"
    sent = "; what Claude is sent of it is still here" if image.can_be_sent else ""
    title = image.title or "Untitled session"
    return f"“{title}” · {place} · Image {image.number} ({image.name}): its file {what}{sent}"


def lost_sentences(lost: tuple[LostImage, ...]) -> Iterator[str]:
    for image in lost[:_MOST]:
        yield lost_sentence(image)
    if len(lost) > _MOST:
        yield f"… and {counted(len(lost) - _MOST, 'image')} more"


def repaired_sentences(done: Repaired) -> Iterator[str]:
    """Say what was mended; nothing for a folder in which there was nothing to mend."""
    if done.unreadable or done.aside:
        kept = f"The database was made anew, with {counted(done.sessions, 'session')}."
        if done.backup:
            kept += f" What could not be read was taken from the backup {done.backup}."
        elif done.unreadable:
            kept += " Not everything could be read, and there was no backup."
        yield kept
    if done.aside:
        yield f"The damaged one is kept as {done.aside}."
    if done.rows:
        entries = counted(done.rows, "entry", "entries")
        yield f"{entries} that lacked what they belong to were completed or taken out."
    if done.damaged_blobs:
        yield f"{counted(done.damaged_blobs, 'damaged file')} of images moved to the folder “damaged”."
    if done.dangling:
        yield f"{counted(done.dangling, 'resized image')} will be made again when needed."
    if done.unfinished:
        yield f"{counted(done.unfinished, 'half-written copy', 'half-written copies')} removed."


def mended_sentence(done: Repaired) -> str:
    """Say in one go what was mended: what stays lost is named by the images themselves."""
    if done.backup and not done.unreadable:
        aside = f" The damaged file is kept as {done.aside}." if done.aside else ""
        return f"Your sessions are as they were in the backup {done.backup}.{aside}"
    lost = f" {counted(len(done.lost), 'image is', 'images are')} missing." if done.lost else ""
    return " ".join(repaired_sentences(done)) + lost or "There was nothing to mend."


def tidied_text(regained_bytes: int, day: str) -> str:
    """Return "last tidied 2026-11-25, 34.5 MB regained"."""
    return f"last tidied {day}, {bytes_text(regained_bytes)} regained"
