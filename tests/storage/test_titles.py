"""The name a session gets by itself."""

from __future__ import annotations

import pytest

from vision_studio.storage.titles import LENGTH, automatic_title

LONG = "Compare the two receipts line by line and tell me which of them was paid twice"


@pytest.mark.parametrize(
    ("prompt", "image_name", "title"),
    [
        pytest.param("What is this?", "cat.png", "What is this?", id="the question"),
        pytest.param("\n  What   is\tthis?\nTell me.", "", "What is this?", id="its first line with words"),
        pytest.param("  \n", "cat.png", "cat.png", id="the picture, when nothing is asked"),
        pytest.param("", "", "", id="nothing to go by"),
        pytest.param(
            LONG, "", "Compare the two receipts line by line and tell me which of…", id="cut at a word"
        ),
        pytest.param("漢" * 80, "", "漢" * (LENGTH - 1) + "…", id="cut where there are no spaces"),
        pytest.param("x" * LENGTH, "", "x" * LENGTH, id="just short enough"),
    ],
)
def test_automatic_title(prompt, image_name, title):
    assert automatic_title(prompt, image_name) == title
    assert len(title) <= LENGTH
