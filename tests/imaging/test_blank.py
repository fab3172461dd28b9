"""Blank pictures: of the size asked for, readable by anybody, and of hardly any weight."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from vision_studio.core.size import Size
from vision_studio.imaging.blank import blank_png


@pytest.mark.parametrize("size", [Size(1, 1), Size(7, 9), Size(8, 8), Size(1093, 1), Size(2576, 1449)])
def test_a_blank_is_a_png_of_its_size(size):
    with Image.open(io.BytesIO(blank_png(size))) as opened:
        opened.load()
        assert (opened.format, opened.size) == ("PNG", tuple(size))
        assert opened.convert("L").getextrema() == (0, 0)


def test_a_blank_as_large_as_a_model_sees_weighs_a_few_hundred_bytes():
    assert len(blank_png(Size(2576, 1449))) < 700
