"""Reads a dropped file twice, safely: its header for the card, then all of it into the blobs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.files import open_regular, refusal_of
from vision_studio.imaging.inspect import Facts, inspect_quickly
from vision_studio.imaging.refusal import Refused
from vision_studio.storage.blobs import Blobs, SourceChanged


@dataclass(frozen=True, slots=True)
class Original:
    """A file whose header was read, and what it was like then."""

    path: Path
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a first look at a file told; neither means that only its decoder understands its header."""

    original: Original | None = None
    facts: Facts | None = None
    refused: Refused | None = None


def look(path: Path) -> Looked:
    """Read a file's header; what is wrong with it is in the answer, so that others can be looked at too."""
    try:
        facts = inspect_quickly(path)
        if facts is not None:
            return Looked(Original(path, facts.size_bytes, facts.modified_ns), facts)
        status = path.stat()
    except Refused as refused:
        return Looked(refused=refused)
    except OSError as error:
        return Looked(refused=refusal_of(error))
    return Looked(Original(path, status.st_size, status.st_mtime_ns))


def keep(original: Original, blobs: Blobs) -> str:
    """Copy the whole file into the blobs and return its digest.

    Raises ``Refused``: ``CHANGED`` when it is gone or is not what it was when its header was read.
    """
    try:
        with open_regular(original.path) as file:
            status = os.fstat(file.fileno())
            if (status.st_size, status.st_mtime_ns) != (original.size_bytes, original.modified_ns):
                raise Refused(RefusalKind.CHANGED)
            digest, _ = blobs.add_file(file)
            return digest
    except Refused as refused:
        if refused.kind is RefusalKind.NOT_FOUND:
            raise Refused(RefusalKind.CHANGED, refused.detail) from refused
        raise
    except SourceChanged as error:
        raise Refused(RefusalKind.CHANGED) from error
    except OSError as error:
        raise refusal_of(error) from error
