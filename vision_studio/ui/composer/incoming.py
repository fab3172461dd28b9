"""What a drop or a paste brings, as files, bytes and pixels; nothing is opened, decoded or fetched here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from vision_studio.core.draft import Image
from vision_studio.core.pasted import Bitmap, Blob, Pasted
from vision_studio.core.size import Size
from vision_studio.ui.composer.cards import CardsMime, cards, holds_cards
from vision_studio.ui.composer.file_lists import (
    COPIED_FILES,
    bytes_of,
    copied_as_text,
    copied_files,
    files_of,
    is_file,
)
from vision_studio.ui.composer.html_pictures import HtmlPictures, html_pictures

_ENCODED = {
    "image/png": "png",
    'application/x-qt-windows-mime;value="PNG"': "png",
    "image/jpeg": "jpg",
    'application/x-qt-windows-mime;value="JFIF"': "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    'application/x-qt-windows-mime;value="GIF"': "gif",
    "image/avif": "avif",
    "image/heic": "heic",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "image/svg+xml": "svg",
}
"""The forms of an image file, the best first: without loss, with transparency, small. Windows has its own."""

_ANY_BYTES = ("application/octet-stream", 'application/x-qt-windows-mime;value="FileContents"')
"""Where browsers put the file itself, without its type, beside its address."""

_SIGNATURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"<svg",
    b"<?xml",
    b"\0\0\0",  # the size of the first box of AVIF and HEIC
)


@dataclass(frozen=True, slots=True)
class Incoming:
    paths: tuple[Path, ...] = ()
    pasted: tuple[Pasted, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses that came alone: nothing is fetched unasked."""
    cards: tuple[Image, ...] = ()
    """Pictures from elsewhere in the window, to be copied."""

    @property
    def is_empty(self) -> bool:
        return not (self.paths or self.pasted or self.links or self.cards)


def is_welcome(mime: QMimeData) -> bool:
    """Tell whether something of a drag may be dropped on the window; what is moving belongs to its strip."""
    if holds_cards(mime):
        return isinstance(mime, CardsMime) and not mime.moving
    return holds_images(mime) or any(_is_web(url) for url in mime.urls())


def holds_images(mime: QMimeData) -> bool:
    """Tell whether a drop has something for the strip, by what it says it is: nothing is asked for twice.

    Our own cards are no images in this sense, though they offer themselves as files to other programs.
    """
    if holds_cards(mime):
        return False
    formats = mime.formats()
    if mime.hasImage() or any(name in formats for name in (*_ENCODED, *COPIED_FILES)):
        return True
    urls = mime.urls()
    return any(is_file(url) for url in urls) or (bool(urls) and any(name in formats for name in _ANY_BYTES))


def pastes_images(mime: QMimeData) -> bool:
    """Tell whether the clipboard has something for the strip. Its text is read: that may be a list of files.

    A word processor offers a bitmap beside the text that was meant.
    """
    if holds_images(mime):
        return not (mime.hasText() and not mime.hasUrls() and _is_prose(mime))
    if holds_cards(mime):
        return is_welcome(mime)
    pictures = _pictures(mime)
    return bool(pictures.inside or pictures.addresses or _hidden_files(mime))


def read(mime: QMimeData) -> Incoming:
    """Take what a drop or paste brings: files first, then encoded bytes, then a bitmap, then links."""
    if holds_cards(mime):
        return Incoming(cards=cards(mime))
    if paths := _paths(mime):
        return Incoming(paths=tuple(paths))
    web = [url for url in mime.urls() if _is_web(url)]
    if blob := _encoded(mime, web):
        return Incoming(pasted=(blob,))
    pictures = _pictures(mime)
    if pictures.inside:
        return Incoming(pasted=pictures.inside, links=pictures.addresses)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Incoming(pasted=(bitmap("Pasted image.png", image),))
    return Incoming(links=pictures.addresses or tuple(url.toString() for url in web))


def bitmap(name: str, image: QImage) -> Bitmap:
    """Return an image's pixels, to be encoded elsewhere: that would hold up the window."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    size = Size(plain.width(), plain.height())
    return Bitmap(name, size, bytes(plain.constBits()), opaque=not image.hasAlphaChannel())


def _paths(mime: QMimeData) -> list[Path]:
    paths = files_of(mime.urls())
    for name in COPIED_FILES:
        if not paths and mime.hasFormat(name):
            paths = copied_files(bytes_of(mime, name))
    return paths or _hidden_files(mime)


def _hidden_files(mime: QMimeData) -> list[Path]:
    return copied_as_text(mime.text()) if mime.hasText() and not mime.hasUrls() else []


def _pictures(mime: QMimeData) -> HtmlPictures:
    """Return the pictures of HTML that has no words; some pictures stand for words, such as an emoji's."""
    if not mime.hasHtml():
        return HtmlPictures()
    words = mime.text().strip() if mime.hasFormat("text/plain") else ""
    means_words = bool(words) and not words.lower().startswith(("http:", "https:", "data:"))
    return HtmlPictures() if means_words else html_pictures(mime.html())


def _encoded(mime: QMimeData, web: list[QUrl]) -> Blob | None:
    """Find the bytes of an image file; a browser hands them over without a type of its own."""
    name = unquote(Path(urlsplit(web[0].toString()).path).name) if web else ""
    for ending, data in _files_inside(mime):
        if data.startswith(_SIGNATURES):
            return Blob(name or f"Pasted image.{ending}", data)
    for media_type in _ANY_BYTES:
        if web and mime.hasFormat(media_type) and (data := bytes_of(mime, media_type)):
            return Blob(name or "Dropped image", data)
    return None


def _files_inside(mime: QMimeData) -> Iterator[tuple[str, bytes]]:
    for media_type, ending in _ENCODED.items():
        if mime.hasFormat(media_type):
            yield ending, bytes_of(mime, media_type)


def _is_prose(mime: QMimeData) -> bool:
    return mime.hasFormat("text/rtf") or mime.hasFormat("application/rtf")


def _is_web(url: QUrl) -> bool:
    return url.scheme() in ("http", "https")
