"""Pictures of ours on their way, by drag or clipboard: within the window, and to other programs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

from vision_studio.core.draft import Image

CARDS = "application/x-vision-studio-cards"
"""Tells other programs nothing, and our own windows that these are cards."""

FILES, PICTURE = "text/uri-list", "image/png"


class Offer(Protocol):
    """What other programs may have of the pictures; nothing of it is made before one of them asks."""

    def files(self) -> Sequence[Path]:
        """Return files with the pictures, once there are any; none if that fails."""

    def png(self) -> bytes | None:
        """Return the one picture as a PNG file; None where there are several."""

    @property
    def has_png(self) -> bool: ...


class CardsMime(QMimeData):
    """Carries pictures. Within this process Qt hands over this very object, so they need not be written down.

    ``moving`` cards are on their way to another place of their own strip, and are at home nowhere else.
    """

    def __init__(self, images: Iterable[Image], moving: bool = False, offer: Offer | None = None) -> None:
        super().__init__()
        self.images = tuple(images)
        self.moving = moving
        self.offer = offer

    # Qt's overrides: other programs are told of files, and may ask for them

    def formats(self) -> list[str]:
        if self.offer is None:
            return [CARDS]
        return [CARDS, FILES, PICTURE] if self.offer.has_png else [CARDS, FILES]

    def hasFormat(self, mime_type: str) -> bool:
        return mime_type in self.formats()

    def retrieveData(self, mime_type: str, preferred_type: object) -> object:
        if self.offer is not None and mime_type == FILES:
            return [QUrl.fromLocalFile(path) for path in self.offer.files()]
        if self.offer is not None and mime_type == PICTURE:
            return QByteArray(self.offer.png() or b"")
        return QByteArray() if mime_type == CARDS else None


Carrying = Callable[[Sequence[Image], bool], CardsMime]
"""Makes what a drag, or the clipboard, carries of pictures; the flag tells whether they are moving."""


def holds_cards(mime: QMimeData) -> bool:
    return isinstance(mime, CardsMime) or mime.hasFormat(CARDS)


def cards(mime: QMimeData) -> tuple[Image, ...]:
    """Return the pictures among our own cards; those of another process are kept elsewhere, and are none."""
    return mime.images if isinstance(mime, CardsMime) else ()


def clear_clipboard() -> None:
    """Take our cards off the clipboard: Qt must not find them there when Python has ended."""
    if isinstance(QGuiApplication.clipboard().mimeData(), CardsMime):
        QGuiApplication.clipboard().clear()


def copies(images: Iterable[Image]) -> list[Image]:
    """Return the same pictures as cards of their own. One still being read has nothing to be copied yet."""
    return [replace(image, id=uuid.uuid4().hex, included=True) for image in images if image.is_read]
