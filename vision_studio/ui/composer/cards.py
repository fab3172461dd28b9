"""Pictures of ours on their way, by drag or clipboard: within the window, and to other programs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication

from vision_studio.core.draft import Image

CARDS = "application/x-vision-studio-cards"
"""Tells other programs nothing, and our own windows that these are cards."""


class CardsMime(QMimeData):
    """Carries pictures. Within this process Qt hands over this very object, so they need not be written down.

    ``moving`` cards are on their way to another place of their own strip, and are at home nowhere else.
    """

    def __init__(self, images: Iterable[Image], moving: bool = False) -> None:
        super().__init__()
        self.images = tuple(images)
        self.moving = moving
        self.setData(CARDS, QByteArray())


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
