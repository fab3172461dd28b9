"""An image is edited by hand, sent, and taken up again: what was hidden never left the computer."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image as Picture
from PIL import ImageChops
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from vision_studio.core.edits import Crop, Mark, Redact
from vision_studio.core.upload_settings import UploadSettings

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def magenta(data: bytes) -> int:
    """Return how far the most magenta pixel is from grey."""
    red, green, blue = Picture.open(io.BytesIO(data)).convert("RGB").split()
    most = ImageChops.subtract(ImageChops.darker(red, blue), green).getextrema()[1]
    assert isinstance(most, int)
    return most


@pytest.mark.slow
def test_what_was_hidden_by_hand_never_leaves(visit, tmp_path, qtbot):
    picture = Picture.new("RGB", (900, 600), "grey")
    picture.paste((255, 0, 255), (300, 200, 500, 300))
    picture.save(tmp_path / "secret.png")
    here = visit()
    window, bridge = here.window, here.application.bridge
    bridge.set_uploads(UploadSettings(inline=True))
    here.drop(tmp_path / "secret.png")
    window.composer.strip.select([window.composer.draft.images[0].id])
    with here.waiting(bridge.original_ready):
        qtbot.keyClick(window.composer.strip, Qt.Key.Key_E)
    bench = window.benching.dialog
    canvas = bench.canvas

    qtbot.keyClick(canvas, Qt.Key.Key_R)
    start, end = (canvas.screen_point(*at).toPoint() for at in ((290, 190), (510, 310)))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, end)
    qtbot.keyClick(canvas, Qt.Key.Key_A)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    legend = bench.findChild(QLineEdit, "mark-legend")
    qtbot.keyClicks(legend, "crack")
    qtbot.keyClick(legend, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_C)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    with here.waiting(bridge.thumbnail_ready) as shown:
        qtbot.keyClick(canvas, Qt.Key.Key_Return, CONTROL)
    (image,) = window.composer.draft.images
    assert [type(edit) for edit in image.edits] == [Crop, Redact, Mark]
    assert shown.args[0].key == image.pixels

    turn = here.ask_and_wait("What is it?")
    (sent,) = here.messages_sent()
    caption, block, _ = sent["messages"][0]["content"]
    assert caption["text"] == "Image 1:\nMarks on Image 1: 1 = crack"
    data = base64.b64decode(block["source"]["data"])
    assert Picture.open(io.BytesIO(data)).size == (870, 600)
    assert magenta(data) < 12

    window.versions.edit(turn.id)
    qtbot.waitUntil(lambda: len(window.composer.draft.images) == 1)
    again = window.composer.draft.images[0]
    assert again.edits == image.edits
    with here.waiting(bridge.original_ready):
        window.benching.open_bench(again)
    assert window.benching.dialog.editor.edits == image.edits
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not bench.isVisible()
