"""Names that strangers chose: shown without misleading, sent without being rejected."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.imaging.names import display_name, upload_name

R = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("ridge 2019.jpg", "ridge 2019.jpg", id="plain"),
        pytest.param("Ærøskøbing 橋 🏔.png", "Ærøskøbing 橋 🏔.png", id="any script"),
        pytest.param("👩‍🚀.png", "👩‍🚀.png", id="joined emoji"),
        pytest.param("two\nlines.png", f"two{R}lines.png", id="newline"),
        pytest.param("bell\a\x1b[31m.png", f"bell{R}{R}[31m.png", id="terminal codes"),
        pytest.param("photo\u202egnp.exe", f"photo{R}gnp.exe", id="reversed text"),
        pytest.param("a\u2066b\u200f.png", f"a{R}b{R}.png", id="directions"),
        pytest.param("para\u2029graph.png", f"para{R}graph.png", id="paragraph"),
        pytest.param(os.fsdecode(b"caf\xe9.png"), f"caf{R}.png", id="not UTF-8"),
    ],
)
def test_what_is_shown(name: str, shown: str) -> None:
    assert display_name(Path("/some/where") / name) == shown


def test_a_long_name_keeps_its_end() -> None:
    shown = display_name("x" * 300 + " version 2.png")
    assert len(shown) == 255
    assert shown.endswith(" version 2.png")


@pytest.mark.parametrize("path", [Path("/"), Path()])
def test_no_name_has_a_name(path: Path) -> None:
    assert display_name(path) == "unnamed"


@pytest.mark.parametrize(
    ("name", "media_type", "sent"),
    [
        pytest.param("ridge.jpg", "image/jpeg", "ridge.jpg", id="as it is"),
        pytest.param("receipt.heic", "image/jpeg", "receipt.jpg", id="converted"),
        pytest.param("scan.tiff", "image/webp", "scan.webp", id="longer extension"),
        pytest.param("no extension", "image/png", "no extension.png", id="none"),
        pytest.param("v1.2 final version", "image/png", "v1.2 final version.png", id="a dot, no extension"),
        pytest.param(".png", "image/png", "png.png", id="only an extension"),
        pytest.param('a<b>c:d"e|f?g*h\\i/j.png', "image/png", "a_b_c_d_e_f_g_h_i_j.png", id="forbidden"),
        pytest.param("", "image/gif", "image.gif", id="empty"),
        pytest.param("\n\n.gif", "image/gif", "__.gif", id="control"),
    ],
)
def test_what_is_sent(name: str, media_type: str, sent: str) -> None:
    assert upload_name(name, media_type) == sent


@given(st.text(max_size=400), st.sampled_from(["image/jpeg", "image/webp", "application/unknown"]))
def test_no_name_is_rejected(name: str, media_type: str) -> None:
    sent = upload_name(name, media_type)
    assert 1 <= len(sent) <= 255
    assert not set(sent) & set('<>:"|?*\\/')
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in sent)
    sent.encode()


@given(st.text(max_size=400))
def test_no_name_breaks_a_line(name: str) -> None:
    shown = display_name(name)
    assert 1 <= len(shown) <= 255
    assert len(shown.splitlines()) == 1
    shown.encode()
