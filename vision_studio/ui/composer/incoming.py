"""What a drop or a paste brings, as files and bytes; nothing is opened, decoded or fetched here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage

CARDS = "application/x-vision-studio-cards"
"""Our own drags: the ids of cards, a line each."""

_ENCODED = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff", "image/bmp")
_FILE_LISTS = ("x-special/gnome-copied-files", "x-special/mate-copied-files")
_PNG_UNCOMPRESSED = 100
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class Blob:
    """An image that came without a file."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    paths: tuple[Path, ...] = ()
    blobs: tuple[Blob, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses that came alone: nothing is fetched unasked."""

    @property
    def is_empty(self) -> bool:
        return not (self.paths or self.blobs or self.links)


def holds_images(mime: QMimeData) -> bool:
    """Tell whether a drop or paste has something for the strip, without reading it."""
    if mime.hasFormat(CARDS):
        return False
    formats = mime.formats()
    if mime.hasImage() or any(name in formats for name in (*_ENCODED, *_FILE_LISTS)):
        return True
    urls = mime.urls()
    return any(url.isLocalFile() for url in urls) or ("application/octet-stream" in formats and bool(urls))


def holds_links_only(mime: QMimeData) -> bool:
    return not holds_images(mime) and any(_is_web(url) for url in mime.urls()) and not mime.hasFormat(CARDS)


def read(mime: QMimeData) -> Incoming:
    """Take what a drop or paste brings: files first, then encoded bytes, then a bitmap, then links."""
    urls = mime.urls()
    paths = [_path(url) for url in urls if url.isLocalFile()]
    for name in _FILE_LISTS:
        if not paths and mime.hasFormat(name):
            paths = _copied_files(_bytes_of(mime, name))
    if paths:
        return Incoming(paths=tuple(paths))
    web = [url for url in urls if _is_web(url)]
    if blob := _encoded(mime, web):
        return Incoming(blobs=(blob,))
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Incoming(blobs=(Blob("Pasted image.png", _as_png(image)),))
    return Incoming(links=tuple(url.toString() for url in web))


def cards(mime: QMimeData) -> list[str]:
    """Return the ids of the cards in one of our own drags."""
    return _bytes_of(mime, CARDS).decode().split("\n") if mime.hasFormat(CARDS) else []


def of_cards(image_ids: list[str]) -> QMimeData:
    mime = QMimeData()
    mime.setData(CARDS, QByteArray("\n".join(image_ids).encode()))
    return mime


def _encoded(mime: QMimeData, web: list[QUrl]) -> Blob | None:
    """Find the bytes of an image file; a browser hands them over without a type of its own."""
    name = unquote(Path(urlsplit(web[0].toString()).path).name) if web else ""
    for media_type in _ENCODED:
        if mime.hasFormat(media_type):
            data = _bytes_of(mime, media_type)
            if data.startswith(_SIGNATURES):
                return Blob(name or f"Pasted image.{media_type.removeprefix('image/')}", data)
    if web and mime.hasFormat("application/octet-stream"):
        data = _bytes_of(mime, "application/octet-stream")
        if data:
            return Blob(name or "Dropped image", data)
    return None


def _copied_files(data: bytes) -> list[Path]:
    """Read a file manager's list: the word "copy" or "cut", then a file URL a line."""
    urls = (QUrl(line.strip()) for line in data.decode(errors="replace").splitlines()[1:])
    return [_path(url) for url in urls if url.isLocalFile()]


def _path(url: QUrl) -> Path:
    """Qt takes every file's name for UTF-8, but on Unix it may be any bytes: those are in the address."""
    text = url.toLocalFile()
    if os.name != "posix" or "\N{REPLACEMENT CHARACTER}" not in text:
        return Path(text)
    return Path(os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))))


def _as_png(image: QImage) -> bytes:
    # Compressing a screenful would hold up the window for a fifth of a second; the bytes are only handed on.
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", _PNG_UNCOMPRESSED)  # type: ignore[call-overload] # the stub wants bytes; Qt a str
    return bytes(data.data())


def _bytes_of(mime: QMimeData, media_type: str) -> bytes:
    return bytes(mime.data(media_type).data())


def _is_web(url: QUrl) -> bool:
    return url.scheme() in ("http", "https")
