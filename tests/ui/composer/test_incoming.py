"""What file managers, browsers and the clipboard bring."""

from __future__ import annotations

import base64
import os
import string
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QSysInfo, QUrl
from PySide6.QtGui import QColor, QImage

from tests.ui.composer.pictures import pictures
from vision_studio.core.pasted import Bitmap, Blob, DataAddress
from vision_studio.core.size import Size
from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.cards import CARDS, CardsMime
from vision_studio.ui.composer.file_lists import NAUTILUS_WORD, copied_as_text, copied_files
from vision_studio.ui.composer.html_pictures import MOST_PICTURES, html_pictures
from vision_studio.ui.composer.incoming import Incoming

PNG = b"\x89PNG\r\n\x1a\n and so on"
DATA = "data:image/png;base64," + base64.b64encode(PNG).decode()


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


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on Unix only")
def test_a_name_that_is_no_text_and_a_host_that_is_this_one():
    here = QSysInfo.machineHostName()
    data = mime(urls=["file:///photos/%FF.jpg", "file://localhost/a.jpg", f"file://{here}/b.jpg"])
    assert [os.fsencode(path) for path in incoming.read(data).paths] == [
        b"/photos/\xff.jpg",
        b"/a.jpg",
        b"/b.jpg",
    ]


@pytest.mark.skipif(os.name != "posix", reason="on Windows it is a share")
def test_a_file_on_another_machine_is_not_looked_for():
    data = mime(urls=["file://elsewhere.example/a.jpg"])
    assert not incoming.is_welcome(data)
    assert incoming.read(data).is_empty


@pytest.mark.parametrize("word", [b"copy", b"cut"])
@pytest.mark.parametrize("kind", ["x-special/gnome-copied-files", "x-special/mate-copied-files"])
def test_a_file_manager_that_lists_its_copied_files_in_its_own_way(word, kind):
    data = mime({kind: word + b"\nfile:///a%20b.png\nfile:///c.png"})
    assert incoming.pastes_images(data)
    assert incoming.read(data).paths == (Path("/a b.png"), Path("/c.png"))


def test_a_file_manager_that_hides_its_list_in_text():
    data = mime({"text/plain": f"{NAUTILUS_WORD}\ncopy\nfile:///a%20b.png\nfile:///c.png\n".encode()})
    assert incoming.pastes_images(data)
    assert incoming.read(data).paths == (Path("/a b.png"), Path("/c.png"))


def test_a_browser_hands_over_the_file_and_nothing_is_fetched():
    data = mime({"application/octet-stream": PNG}, ["https://example.com/pics/cat%20one.png?x=1"])
    assert incoming.holds_images(data)
    assert incoming.read(data) == Incoming(pasted=(Blob("cat one.png", PNG),))


def test_a_browser_on_windows_hands_over_the_file():
    data = mime({'application/x-qt-windows-mime;value="FileContents"': PNG}, ["https://example.com/cat.png"])
    assert incoming.is_welcome(data)
    assert incoming.read(data) == Incoming(pasted=(Blob("cat.png", PNG),))


@pytest.mark.parametrize("kind", ["image/png", 'application/x-qt-windows-mime;value="PNG"'])
def test_encoded_bytes_are_taken_as_they_are(kind):
    data = mime({kind: PNG})
    assert incoming.pastes_images(data)
    assert incoming.read(data).pasted == (Blob("Pasted image.png", PNG),)


@pytest.mark.parametrize(
    ("pixels", "opaque"),
    [(QImage.Format.Format_RGB32, True), (QImage.Format.Format_ARGB32_Premultiplied, False)],
)
def test_a_bare_bitmap_is_handed_on_as_it_is(qapp, pixels, opaque):
    image = QImage(3, 2, pixels)
    image.fill(QColor("red"))
    data = QMimeData()
    data.setImageData(image)
    assert incoming.pastes_images(data)
    assert incoming.read(data).pasted == (
        Bitmap("Pasted image.png", Size(3, 2), b"\xff\x00\x00\xff" * 6, opaque),
    )


def test_a_link_alone_is_told_and_not_fetched():
    data = mime(urls=["https://example.com/page"])
    assert not incoming.holds_images(data)
    assert incoming.is_welcome(data)
    assert incoming.read(data) == Incoming(links=("https://example.com/page",))


def test_pictures_in_html_are_decoded_and_those_on_the_web_are_links():
    html = f'<meta charset="utf-8"><p><img alt="a>b" src=\'{DATA}\'/></p><IMG SRC=https://example.com/b.png?x=1&amp;y=2>'
    data = mime({"text/html": html.encode()})
    assert incoming.pastes_images(data)
    assert incoming.read(data) == Incoming(
        pasted=(DataAddress(DATA),), links=("https://example.com/b.png?x=1&y=2",)
    )


def test_a_linked_picture_is_offered_by_the_pictures_own_address():
    html = b'<a href="https://example.com/page"><img src="https://example.com/pic.png"></a>'
    data = mime({"text/html": html}, ["https://example.com/page"])
    assert incoming.read(data).links == ("https://example.com/pic.png",)


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "/etc/passwd", "//host/share/a.png", "cid:1", "data:text/html,hello"]
)
def test_html_chooses_no_files_of_ours(source):
    data = mime({"text/html": f'<img src="{source}">'.encode()})
    assert not incoming.pastes_images(data)
    assert incoming.read(data).is_empty


@pytest.mark.parametrize(
    "html",
    [
        f'<p>Look:</p><img src="{DATA}">',
        f'<img src="{DATA}"> and so',
        "<p>No picture</p>",
        "&lt;img src='http://a/b'&gt;",
        f"<div title='<img src={DATA}>'>text</div>",
        f"<!-- <img src='{DATA}'> -->",
        f"<style>p {{}} <img src='{DATA}'></STYLE>",
    ],
)
def test_html_that_says_something_is_text(html):
    assert not html_pictures(html).inside


def test_a_picture_that_stands_for_words_is_pasted_as_words():
    html = '<img alt="😀" src="https://example.com/smile.png">'.encode()
    assert not incoming.pastes_images(mime({"text/html": html, "text/plain": "😀".encode()}))
    address = b"https://example.com/smile.png"
    assert incoming.pastes_images(mime({"text/html": html, "text/plain": address}))


def test_words_around_a_picture_are_pasted_as_words():
    data = mime({"text/html": f"<p>Look: <img src='{DATA}'></p>".encode(), "text/plain": b"Look: "})
    assert not incoming.pastes_images(data)


@pytest.mark.parametrize(
    "html",
    [
        "<" * 1_000_000,
        "<img " + "a" * 1_000_000,
        "<img src=" + "'" * 1_000_001,
        "<!--" * 250_000,
        "<img src='http://a/b'>" * 200_000,
        "<p>" * 300_000 + "text",
        "&#" * 500_000,
        "<script>" * 200_000,
    ],
    ids=["angles", "an attribute", "quotes", "comments", "pictures", "tags", "entities", "scripts"],
)
def test_hostile_html_takes_no_time(html):
    began = time.process_time()
    found = html_pictures(html)
    assert time.process_time() - began < 1.0  # 20 ms at most here; quadratic, it would be minutes
    assert len(found.inside) + len(found.addresses) <= MOST_PICTURES


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<img",
                " src=",
                '"',
                "'",
                ">",
                "/",
                "<!--",
                "-->",
                "<script",
                "</script>",
                "=",
                " ",
                "data:",
                "data:image/png;base64,",
                "http://a/b",
                "file:///a",
                "&amp;",
                "\x00",
                "<",
                "&#x110000;",
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=30,
)


@given(PIECES)
def test_no_html_hurts_and_no_local_file_comes_of_it(pieces):
    found = html_pictures("".join(pieces))
    assert all(address.lower().startswith(("http:", "https:")) for address in found.addresses)
    assert all(one.address.lower().startswith("data:image/") for one in found.inside)


@given(st.binary(max_size=200), st.text(alphabet=string.printable, max_size=100))
def test_no_list_of_files_hurts(data, text):
    for found in (
        copied_files(b"copy\n" + data),
        copied_files(data),
        copied_as_text(f"{NAUTILUS_WORD}\ncut\n{text}"),
    ):
        assert all(path.is_absolute() for path in found)


def test_our_own_cards_are_no_files_and_moving_ones_are_at_home_on_their_strip():
    moving, copied = CardsMime(pictures("ab"), moving=True), CardsMime(pictures("ab"))
    assert not incoming.holds_images(moving)
    assert not incoming.is_welcome(moving)
    assert incoming.is_welcome(copied)
    assert incoming.read(copied) == Incoming(cards=pictures("ab"))


def test_the_cards_of_another_window_name_pictures_we_do_not_have():
    foreign = mime({CARDS: b"x"}, ["file:///tmp/a.png"])
    assert not incoming.is_welcome(foreign)
    assert incoming.read(foreign).is_empty


def test_text_is_no_image():
    data = QMimeData()
    data.setText("just words")
    assert not incoming.pastes_images(data)
    assert incoming.read(data).is_empty


def test_a_word_processors_text_is_text_though_it_brings_a_bitmap(qapp):
    data = QMimeData()
    data.setText("just words")
    data.setData("text/rtf", QByteArray(b"{}"))
    data.setImageData(QImage(3, 2, QImage.Format.Format_RGB32))
    assert not incoming.pastes_images(data)
