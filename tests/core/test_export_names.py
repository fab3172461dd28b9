"""Names of exported pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import picture
from vision_studio.core.export_names import LONGEST_BYTES, export_name, export_names


def named(name: str, image_format: str = "PNG", frame: int = 0, frames: int = 1):
    return replace(picture(), name=name, format=image_format, frame=frame, frames=frames)


@pytest.mark.parametrize(
    ("image", "name"),
    [
        pytest.param(named("cat.png"), "cat.png", id="as it was"),
        pytest.param(named("Photo.JPEG", "JPEG"), "Photo.JPEG", id="another ending of the format"),
        pytest.param(named("cat.png", "JPEG"), "cat.jpg", id="an ending that lies"),
        pytest.param(named("v1.2", "PNG"), "v1.2.png", id="a dot that begins no ending"),
        pytest.param(named("cat"), "cat.png", id="no ending"),
        pytest.param(named(".png"), "png.png", id="nothing but an ending"),
        pytest.param(named("a/b:c.png"), "a_b_c.png", id="what is forbidden"),
        pytest.param(named("NUL.png"), "_NUL.png", id="a device of Windows"),
        pytest.param(named("  .png"), "image.png", id="nothing left"),
        pytest.param(named("é日😀.png"), "é日😀.png", id="any script"),
        pytest.param(named("report.pdf", "PDF", frame=2, frames=9), "report page 3.png", id="a page"),
        pytest.param(named("fax.tif", "TIFF", frames=4), "fax page 1.png", id="the first page of several"),
        pytest.param(named("fax.tif", "TIFF"), "fax.tif", id="the only page"),
        pytest.param(named("cat.gif", "GIF", frames=9), "cat.gif", id="an animation"),
        pytest.param(named("cat.gif", "GIF", frame=1, frames=9), "cat frame 2.png", id="a frame of one"),
    ],
)
def test_export_name(image, name):
    assert export_name(image) == name


def test_no_name_is_given_twice_in_whatever_case():
    images = [named("cat.png"), named("Cat.png"), named("cat (2).png"), named("dog.png")]
    assert export_names(images, ["DOG.PNG"]) == ["cat.png", "Cat (2).png", "cat (2) (2).png", "dog (2).png"]


@given(st.lists(st.text(max_size=300), max_size=4), st.sampled_from(["PNG", "JPEG", "", "X/Y", "PDF"]))
def test_every_name_can_be_that_of_a_file(names, image_format):
    made = export_names([named(name, image_format) for name in names])
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert 0 < len(name.encode()) <= LONGEST_BYTES + 5
        assert not set(name) & set('<>:"/\\|?*\0\n')
        assert name[0] not in ". "
        assert name[-1] not in ". "
