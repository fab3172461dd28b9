"""What is told of bundles and exports: what was written or read, and why a file was not."""

from __future__ import annotations

from vision_studio.core.amounts import bytes_text
from vision_studio.core.bundles import Objection, Packed
from vision_studio.core.words import counted

_OBJECTIONS = {
    Objection.NO_BUNDLE: "is not a Vision Studio bundle",
    Objection.NEWER: "was written by a newer Vision Studio; update this one to import it",
    Objection.DAMAGED: "is damaged or incomplete",
    Objection.UNSAFE: "holds what no bundle does, so nothing of it was unpacked",
    Objection.TOO_LARGE: "unpacks to more than a bundle may hold",
    Objection.UNKNOWN: "holds something that this version does not know and that may change what is sent",
}


def objection_sentence(name: str, objection: Objection, detail: str = "") -> str:
    """Say why a file was not imported; ``detail`` in words, without what the file says."""
    return f"“{name}” {_OBJECTIONS[objection]}{f' ({detail})' if detail else ''}."


def imported_sentence(packed: Packed) -> str:
    """Return "“Ridges” was imported: 3 turns, 5 images."."""
    what = ", ".join([counted(packed.turns, "turn"), counted(packed.images, "image")])
    if len(packed.titles) == 1:
        return f"“{packed.titles[0] or 'New session'}” was imported: {what}."
    return f"{counted(len(packed.titles), 'session')} were imported: {what}."


def code_saved_sentence(name: str, folder: str) -> str:
    """Return "The code and its images were saved in “Ridges code” in “Documents”."."""
    where = f" in “{folder}”" if folder else ""
    return f"The code and its images were saved in “{name}”{where}."


def exported_sentence(name: str, folder: str, size_bytes: int) -> str:
    """Return "“Ridges.vstudio” (3.1 MB) was saved in “Documents”."."""
    where = f" in “{folder}”" if folder else ""
    return f"“{name}” ({bytes_text(size_bytes)}) was saved{where}."
