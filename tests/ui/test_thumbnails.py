"""Thumbnails are asked for once, together, and the oldest make room."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from vision_studio.core.events import ThumbnailReady
from vision_studio.ui import thumbnails
from vision_studio.ui.thumbnails import Thumbnails


def ready(digest: str, width: int = 4, height: int = 3) -> ThumbnailReady:
    return ThumbnailReady(digest, width, height, bytes((200, 100, 50, 255)) * (width * height))


def test_many_missing_ones_are_asked_for_in_one_go_and_once(qapp):
    asked: list[list[str]] = []
    kept = Thumbnails(lambda digests: asked.append(list(digests)))
    for digest in ("a", "b", "a"):
        assert kept.image(digest) is None
    QCoreApplication.processEvents()
    kept.image("a")
    QCoreApplication.processEvents()
    assert asked == [["a", "b"]]


def test_one_that_comes_is_told_and_has_its_colours(qapp, qtbot):
    kept = Thumbnails(lambda digests: None)
    with qtbot.waitSignal(kept.arrived) as arrived:
        kept.take(ready("a"))
    assert arrived.args == ["a"]
    image = kept.image("a")
    assert (image.width(), image.height()) == (4, 3)
    assert image.pixelColor(3, 2).getRgb() == (200, 100, 50, 255)


def test_pixels_that_do_not_fit_their_size_are_passed_over(qapp, qtbot):
    kept = Thumbnails(lambda digests: None)
    with qtbot.assertNotEmitted(kept.arrived):
        kept.take(ThumbnailReady("a", 100, 100, b"\0" * 12))
    assert kept.image("a") is None


def test_the_one_unused_for_longest_makes_room_and_is_asked_for_again(qapp, monkeypatch):
    monkeypatch.setattr(thumbnails, "CAPACITY_BYTES", 2 * 4 * 3 * 4)
    asked: list[str] = []
    kept = Thumbnails(asked.extend)
    kept.take(ready("a"))
    kept.take(ready("b"))
    assert kept.image("a") is not None  # used just now, so b is the oldest
    kept.take(ready("c"))
    assert kept.image("a") is not None
    assert kept.image("b") is None
    QCoreApplication.processEvents()
    assert asked == ["b"]
