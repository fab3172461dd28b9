"""What file managers, browsers and the clipboard bring."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.incoming import Blob, Incoming

PNG = b"\x89PNG\r\n\x1a\n and so on"


def mime(formats: dict[str, bytes] | None = None, urls: list[str] | None = None) -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    for name, value in (formats or {}).items():
        data.setData(name, QByteArray(value))
    return data


def test_files_keep_their_order_and_odd_names():
    data = mime(urls=["file:///photos/b%20%C3%A9.jpg", "file:///photos/a.jpg"])
    assert incoming.holds_images(data)
    assert incoming.read(data) == Incoming(paths=(Path("/photos/b é.jpg"), Path("/photos/a.jpg")))


@pytest.mark.parametrize("word", [b"copy", b"cut"])
def test_a_file_manager_that_lists_its_copied_files_in_its_own_way(word):
    data = mime({"x-special/gnome-copied-files": word + b"\nfile:///a%20b.png\nfile:///c.png"})
    assert incoming.holds_images(data)
    assert incoming.read(data).paths == (Path("/a b.png"), Path("/c.png"))


def test_a_browser_hands_over_the_file_and_nothing_is_fetched():
    data = mime({"application/octet-stream": PNG}, ["https://example.com/pics/cat%20one.png?x=1"])
    assert incoming.holds_images(data)
    assert incoming.read(data) == Incoming(blobs=(Blob("cat one.png", PNG),))


def test_encoded_bytes_are_taken_as_they_are():
    assert incoming.read(mime({"image/png": PNG})).blobs == (Blob("Pasted image.png", PNG),)


def test_a_bare_bitmap_becomes_a_png(qapp):
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    data = QMimeData()
    data.setImageData(image)
    (blob,) = incoming.read(data).blobs
    assert QImage.fromData(blob.data).size() == image.size()


def test_a_link_alone_is_told_and_not_fetched():
    data = mime(urls=["https://example.com/page"])
    assert not incoming.holds_images(data)
    assert incoming.holds_links_only(data)
    assert incoming.read(data) == Incoming(links=("https://example.com/page",))


def test_our_own_cards_are_no_files():
    data = incoming.of_cards(["a", "b"])
    assert not incoming.holds_images(data)
    assert incoming.cards(data) == ["a", "b"]


def test_text_is_no_image():
    data = QMimeData()
    data.setText("just words")
    assert not incoming.holds_images(data)
    assert incoming.read(data).is_empty
