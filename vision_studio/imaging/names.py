"""File names that strangers chose, made safe to show and to send."""

from __future__ import annotations

import unicodedata
from pathlib import Path

LONGEST = 255
"""Characters in a name, at most: what the Files API takes."""

_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories: control, format (with the marks that reverse text), surrogate, private, separators."""

_JOINERS = frozenset("\u200c\u200d")
"""They are format characters too, but emoji and several scripts are wrong without them."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FORBIDDEN_IN_UPLOADS = frozenset('<>:"|?*\\/')
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


def display_name(path: Path | str) -> str:
    """Return a file's name with nothing in it that could mislead: one line, left as it was typed."""
    return _shown(Path(path).name) or "unnamed"


def upload_name(name: str, media_type: str, mark: str = "") -> str:
    """Return a name for a picture that the Files API takes, with the extension of what is sent.

    ``mark`` goes before the extension, whole however long the name is.
    """
    extension = _EXTENSIONS.get(media_type, "")
    stem = "".join("_" if character in _FORBIDDEN_IN_UPLOADS else character for character in _shown(name))
    stem = stem.replace(_REPLACEMENT, "_")
    dot = stem.rfind(".")
    if dot > 0 and len(stem) - dot <= 6:
        stem = stem[:dot]
    ending = f"-{mark}{extension}" if mark else extension
    stem = stem[: LONGEST - len(ending)].strip(" .") or "image"
    return stem + ending


def _shown(name: str) -> str:
    safe = "".join(
        _REPLACEMENT
        if unicodedata.category(character) in _UNSHOWABLE and character not in _JOINERS
        else character
        for character in name
    )
    if len(safe) <= LONGEST:
        return safe
    # The end of a name tells versions and types apart, so the middle goes.
    return safe[: LONGEST - 33] + "…" + safe[-32:]
