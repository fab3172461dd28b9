"""Digests as file names: checked before they touch a path."""

from __future__ import annotations

import os
import re
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def digests_in(text: str) -> list[str]:
    """Return everything in a text that may be a digest."""
    return _DIGEST.findall(text)


def digest_path(root: Path, digest: str) -> Path:
    """Return where a digest's file belongs: ``root/ab/abcd…``.

    Raises ``ValueError`` for anything but 64 lower-case hexadecimal digits, so that no text from a database
    or a bundle names another file.
    """
    if not is_digest(digest):
        raise ValueError("not a SHA-256 digest in lower-case hexadecimal")
    return root / digest[:2] / digest


def private_directory(path: Path) -> None:
    """Make a directory that only its owner may enter, with the parents it lacks."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_directory(path: Path) -> None:
    """Make the names in a directory survive a loss of power; Windows neither can nor needs to."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
