"""Every kind of clipboard that another program may own, pasted by a real Ctrl+V."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.hands import PATIENCE_S, Hands, program
from tests.support.processes import running

pytestmark = pytest.mark.display
WINDOW = "tests.desktop.window_under_test"
LINK = "http://127.0.0.1:9/cat.png"


def encoded(picture_format: str, size: tuple[int, int] = (32, 24), pixels: bytes | None = None) -> bytes:
    picture = Image.new("RGB", size, "teal") if pixels is None else Image.frombytes("RGB", size, pixels)
    file = io.BytesIO()
    picture.save(file, picture_format)
    return file.getvalue()


@contextmanager
def owned(environ: Mapping[str, str], folder: Path, kind: str, data: bytes) -> Iterator[None]:
    """Have another program own the clipboard with one kind of data."""
    file = folder / "clipboard"
    file.write_bytes(data)
    command = ["xclip", "-quiet", "-selection", "clipboard", "-t", kind, "-i", str(file)]
    with running(command, environ):
        ask = ["xclip", "-selection", "clipboard", "-t", "TARGETS", "-o"]
        deadline = time.monotonic() + PATIENCE_S
        while (
            kind not in subprocess.run(ask, env=dict(environ), capture_output=True, text=True).stdout.split()
        ):
            assert time.monotonic() < deadline, "the clipboard is not owned"
        yield


def test_every_kind_of_clipboard(x_server, tmp_path):
    hands = Hands(x_server)
    photo = tmp_path / "a é.png"
    photo.write_bytes(encoded("PNG"))
    url = photo.as_uri()
    inside = f"data:image/png;base64,{base64.b64encode(encoded('PNG')).decode()}"
    large = encoded("PNG", (1600, 1200), os.urandom(1600 * 1200 * 3))
    assert len(large) > 4_000_000  # many times what goes at once: X hands it over bit by bit
    kinds = [
        ("image/png", encoded("PNG"), "Pasted image.png"),
        ("image/jpeg", encoded("JPEG"), "Pasted image.jpg"),
        ("image/bmp", encoded("BMP"), "Pasted image.bmp"),
        ("text/uri-list", f"{url}\r\n".encode(), photo.name),
        ("x-special/gnome-copied-files", f"copy\n{url}".encode(), photo.name),
        ("x-special/mate-copied-files", f"cut\n{url}".encode(), photo.name),
        ("UTF8_STRING", f"x-special/nautilus-clipboard\ncopy\n{url}\n".encode(), photo.name),
        ("text/html", f'<meta charset="utf-8"><img src="{inside}">'.encode(), "Pasted image.png"),
        ("image/png", large, "Pasted image.png"),
    ]
    with program(WINDOW, x_server, str(tmp_path / "data")) as window:
        window.expect("opened")
        hands.click(window.expect("places")["prompt"])
        names: list[str] = []
        for kind, data, name in kinds:
            with owned(x_server, tmp_path, kind, data):
                hands.key("ctrl+v")
                names.append(name)
                told = window.expect("draft")
                assert (told["names"], told["text"]) == (names, ""), kind
                window.expect("imported")
        with owned(x_server, tmp_path, "text/html", f'<img src="{LINK}">'.encode()):
            hands.key("ctrl+v")
            assert "Nothing is fetched unasked" in window.expect("notice")["words"]
        with owned(x_server, tmp_path, "UTF8_STRING", b"only words"):
            hands.key("ctrl+v")
            told = window.expect("draft")
            assert (told["names"], told["text"]) == (names, "only words")
