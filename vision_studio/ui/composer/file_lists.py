"""Lists of files, in every form in which file managers hand them over."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QSysInfo, QUrl

COPIED_FILES = ("x-special/gnome-copied-files", "x-special/mate-copied-files")
"""What GNOME's and MATE's file managers, and those akin, put on the clipboard: a word, then a file a line."""

NAUTILUS_WORD = "x-special/nautilus-clipboard"
"""The first line of the plain text in which some releases of GNOME's file manager hide the same list."""

_DEEDS = ("copy", "cut")


def files_of(urls: Iterable[QUrl]) -> list[Path]:
    return [path(url) for url in urls if is_file(url)]


def is_file(url: QUrl) -> bool:
    """Tell whether an address is a file's. Some programs write this machine's name into it.

    What another machine's name means is known to Windows alone.
    """
    here = os.name != "posix" or url.host() in ("", "localhost", QSysInfo.machineHostName())
    return url.isLocalFile() and bool(url.path()) and here


def copied_files(data: bytes) -> list[Path]:
    """Read a file manager's list: "copy" or "cut", then the addresses of files, a line each."""
    return _listed(data.decode("utf-8", "replace").strip("\0").splitlines())


def copied_as_text(text: str) -> list[Path]:
    """Read the same list where it hides in plain text; any other text holds no files."""
    lines = text.splitlines()
    return _listed(lines[1:]) if lines and lines[0].strip() == NAUTILUS_WORD else []


def bytes_of(mime: QMimeData, media_type: str) -> bytes:
    return bytes(mime.data(media_type).data())


def path(url: QUrl) -> Path:
    """Qt takes every file's name for UTF-8, but on Unix it may be any bytes: those are in the address."""
    text = url.path() if os.name == "posix" else url.toLocalFile()
    if os.name != "posix" or "\N{REPLACEMENT CHARACTER}" not in text:
        return Path(text)
    return Path(os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))))


def _listed(lines: list[str]) -> list[Path]:
    if not lines or lines[0].strip() not in _DEEDS:
        return []
    return files_of(QUrl(line.strip()) for line in lines[1:])
