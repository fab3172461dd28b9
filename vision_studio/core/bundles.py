"""What a bundle is called, and the most it holds: rules for a file that a stranger may have written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

ENDING = ".vstudio"
FORMAT = "vision-studio bundle"
VERSION = 1
"""Of the archive's layout. That of the rows in it is the database's, and goes through its migrations."""

MOST_ENTRIES = 20_000
MOST_DIRECTORY_BYTES = 16_000_000
"""Of the archive's table of contents, which has to be read whole."""
MOST_MANIFEST_BYTES = 64_000_000
"""Unpacked: some twenty thousand long turns."""
MOST_REQUEST_BYTES = 50_000_000
"""Of all requests of a session together, each of which repeats the ones before: the newest are written."""

DIGEST = re.compile(r"[0-9a-f]{64}")
BLOB_NAME = re.compile(r"blobs/([0-9a-f]{64})")
JSON_NAME = re.compile(r"(?:requests|responses)/[0-9]{1,6}-[0-9]{1,6}\.json")
MANIFEST_NAME = "manifest.json"
ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
FILE_ID = re.compile(r"\bfile_[A-Za-z0-9]{8,}")
"""A file on a server: of no use elsewhere, and nobody's business."""


class Objection(StrEnum):
    """Why a file is not taken for a bundle."""

    NO_BUNDLE = "no_bundle"
    NEWER = "newer"
    DAMAGED = "damaged"
    """Cut short, or not what it was when it was written."""
    UNSAFE = "unsafe"
    """It holds what no bundle does: names that lead elsewhere, links, locked entries, the same name twice."""
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    """It says something that this version does not know, and that may change what is sent."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What a bundle that was written, or read, holds."""

    titles: tuple[str, ...]
    turns: int
    images: int
    """Different ones: originals, pages of the same document counted once."""
    size_bytes: int = 0


def is_bundle(name: str) -> bool:
    """Tell by its name whether a file is meant to be a bundle."""
    return name.casefold().endswith(ENDING)
