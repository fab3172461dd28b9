"""What is shown before an image is sent is, pixel by pixel, what the server makes of what arrives there."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image as Picture
from PIL import ImageChops
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.imaging.pictures import photo
from vision_studio.core.draft import Fidelity, FidelityChoice
from vision_studio.core.size import Size
from vision_studio.core.tokens import STANDARD, seen_size
from vision_studio.core.upload_settings import UploadSettings

STANDARD_TIER = "claude-sonnet-4-6"


@pytest.mark.parametrize("fidelity", [Fidelity.FIT, Fidelity.ORIGINAL])
def test_the_pixels_on_the_screen_are_those_of_the_request(visit, qtbot, tmp_path: Path, fidelity: Fidelity):
    photo((1900, 1300)).save(tmp_path / "a.jpg", quality=90)
    here = visit()
    window, bridge = here.window, here.application.bridge
    bridge.set_uploads(UploadSettings(inline=True))
    window.desk.choose_model(STANDARD_TIER)
    here.drop(tmp_path / "a.jpg")
    window.composer.cards.set_fidelity(list(window.composer.draft.images), FidelityChoice(fidelity))
    with here.waiting(bridge.sight_ready):
        qtbot.keyClick(window.composer.strip, Qt.Key.Key_Return)
    canvas = window.viewing.dialog.canvas
    shown = screen_pixels(canvas)
    place = canvas.camera.place.toRect()
    window.viewing.dialog.close()
    here.ask_and_wait("What is it?")

    (content,) = [message["content"] for message in here.messages_sent()[-1]["messages"]]
    (source,) = [block["source"] for block in content if block["type"] == "image"]
    with Picture.open(io.BytesIO(base64.b64decode(source["data"]))) as sent:
        arrived = sent.convert("RGB")
    assert (arrived.width == 1900) is (fidelity is Fidelity.ORIGINAL)
    seen = arrived.resize(seen_size(Size(*arrived.size), STANDARD), Picture.Resampling.LANCZOS)
    area = canvas.rect().adjusted(8, 40, -8, -8).intersected(place)  # the rest has words and the focus on it
    left, top = area.x() - place.x(), area.y() - place.y()
    expected = seen.crop((left, top, left + area.width(), top + area.height()))
    found = shown.crop((area.left(), area.top(), area.right() + 1, area.bottom() + 1))
    assert area.width() * area.height() > 100_000
    assert ImageChops.difference(found, expected).getbbox() is None


def screen_pixels(widget) -> Picture.Image:
    grabbed = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = bytes(grabbed.constBits())
    return Picture.frombytes("RGBA", (grabbed.width(), grabbed.height()), pixels).convert("RGB")
