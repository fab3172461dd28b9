"""Zooming and moving keep the picture within reach, and what is under the pointer under the pointer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF

from vision_studio.ui.zooming.camera import STEPS, Camera

sides = st.integers(1, 8000)


@st.composite
def cameras(draw) -> Camera:
    picture, room = QSizeF(draw(sides), draw(sides)), QSizeF(draw(sides), draw(sides))
    camera = Camera.on(picture, room, fitting=draw(st.booleans()))
    for _ in range(draw(st.integers(0, 4))):
        if draw(st.booleans()):
            camera = camera.zoomed(draw(st.sampled_from(STEPS)), QPointF(draw(sides), draw(sides)))
        else:
            camera = camera.moved(draw(st.integers(-9000, 9000)), draw(st.integers(-9000, 9000)))
    return camera


@settings(max_examples=100)
@given(cameras())
def test_the_picture_stays_within_reach(camera: Camera) -> None:
    place, room = camera.place, camera.room
    for near, far, length in (
        (place.left(), place.right(), room.width()),
        (place.top(), place.bottom(), room.height()),
    ):
        if far - near <= length:  # in the middle
            assert near == pytest.approx(length - far, abs=1.5)
        else:  # no gap at an edge
            assert near <= 1
            assert far >= length - 1


@settings(max_examples=100)
@given(cameras())
def test_at_whole_zooms_pixels_lie_on_pixels(camera: Camera) -> None:
    place = camera.place
    assert (place.x(), place.y()) == (int(place.x()), int(place.y()))


def test_what_is_under_the_pointer_stays_there() -> None:
    camera = Camera.on(QSizeF(4000, 3000), QSizeF(800, 600), fitting=False)
    pointer = QPointF(617, 233)
    before = camera.at(pointer)
    for steps in (1, 2, -1, -1):
        camera = camera.stepped(steps, pointer)
        after = camera.at(pointer)
        assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=1)


def test_all_of_it_is_seen_but_never_enlarged() -> None:
    assert Camera.on(QSizeF(4000, 3000), QSizeF(800, 800), fitting=True).zoom == pytest.approx(0.2)
    assert Camera.on(QSizeF(40, 30), QSizeF(800, 800), fitting=True).zoom == 1.0


def test_a_step_goes_on_from_wherever_it_is() -> None:
    fitted = Camera.on(QSizeF(4000, 3000), QSizeF(800, 800), fitting=True)  # .2
    assert fitted.stepped(1).zoom == 1 / 4
    assert fitted.stepped(-1).zoom == 1 / 6
    assert fitted.zoomed(16.0).stepped(1).zoom == 16.0
