"""Text with chips on its way by clipboard or drag: as it is for ourselves, as plain words for all others."""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QMimeData

from vision_studio.core.mentions import MARK, Mention, Passage, mended, said

PASSAGE = "application/x-vision-studio-passage"
_MOST_BYTES = 1_000_000
"""More than anybody mentions images in; the words come over all the same."""
_LONGEST_NAME = 255


def carry(mime: QMimeData, passage: Passage, words: Callable[[Mention], str]) -> None:
    """Have what goes to the clipboard, or with a drag, hold a passage and nothing else."""
    mime.text()  # Qt's editor fills its own only when it is asked, and would do so over ours
    mime.clear()
    mime.setText(said(passage, words)[0])
    if passage.mentions:
        chips = [[one.image_id, one.name, words(one)] for one in passage.mentions]
        mime.setData(PASSAGE, QByteArray(json.dumps({"text": passage.text, "chips": chips}).encode()))


def brought(mime: QMimeData, knows: Callable[[Mention], bool]) -> Passage | None:
    """Return the passage that was carried here; None where there is none that can be read.

    A chip whose image nobody knows here, as in another session, comes over as its words.
    """
    if not mime.hasFormat(PASSAGE):
        return None
    written = bytes(mime.data(PASSAGE).data())
    if len(written) > _MOST_BYTES:
        return None
    try:
        fields = json.loads(written)
        text, chips = fields["text"], [_chip(*entry) for entry in fields["chips"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(text, str):
        return None
    first, *pieces = mended(text, [mention for mention, _ in chips]).text.split(MARK)
    passage = Passage(first)
    for (mention, words), piece in zip(chips, pieces, strict=False):
        passage += (Passage(MARK, (mention,)) if knows(mention) else Passage(words)) + Passage(piece)
    return passage


def _chip(image_id: object, name: object, words: object) -> tuple[Mention, str]:
    if not (isinstance(image_id, str) and isinstance(name, str) and isinstance(words, str)):
        raise TypeError("a chip is made of texts")
    return Mention(image_id, name[:_LONGEST_NAME]), words.replace(MARK, "")
