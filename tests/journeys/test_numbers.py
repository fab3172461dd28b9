"""Numbers from the drop to the bill: counted with blanks, sent, held against the bill; capped; and mended."""

from __future__ import annotations

import base64
import io

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from tests.journeys.seen import lines, the
from tests.support.visit import PATIENCE_MS
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Fidelity, FidelityChoice
from vision_studio.engine.options import Wish
from vision_studio.headless import read_catalogue
from vision_studio.practice import PracticeServer
from vision_studio.ui.design.findings import FindingRow
from vision_studio.ui.design.table import TextTable
from vision_studio.ui.usage.plot import AccuracyPlot

CONTROL = Qt.KeyboardModifier.ControlModifier


def cost(here) -> str:
    return here.window.inspector.meters._heading.accessibleDescription()


def checks(here) -> str:
    rows = here.window.inspector.checks.findChildren(FindingRow)
    said = "\n".join(row.accessibleName() for row in rows if row.isVisible())
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_a_request_is_counted_without_a_pixel_and_its_bill_says_the_same(visit, photos, qtbot):
    here = visit()
    bridge = here.application.bridge
    here.drop(*photos)
    here.window.composer.prompt.insertPlainText("What differs?")
    assert cost(here).startswith("≈")
    with here.waiting(bridge.tokens_counted) as counted:
        the(here.window, QPushButton, "count-tokens").click()
    assert cost(here).startswith("=")
    (asked,) = [request for request in here.server.requests if request.method == "POST"]
    assert asked.path == "/v1/messages/count_tokens"
    sent = [image.size for image in here.window.composer.draft.images]
    blanks = []
    for block in asked.json["messages"][0]["content"]:
        if block["type"] == "image":
            with Image.open(io.BytesIO(base64.b64decode(block["source"]["data"]))) as blank:
                blanks.append(blank.size)
                assert blank.convert("L").getextrema() == (0, 0)
    assert blanks == [tuple(size) for size in sent]

    with here.waiting(bridge.estimates_compared) as compared:
        qtbot.keyClick(here.window.composer.prompt, Qt.Key.Key_Return, CONTROL)
    (one,) = compared.args[0].comparisons
    assert one.billed_tokens == one.estimate.counted_tokens == counted.args[0].tokens
    with here.waiting(bridge.spending_told) as told:
        qtbot.keyClick(here.window, Qt.Key.Key_U, CONTROL)
    assert told.args[0].spending.total.prompt_tokens == one.billed_tokens
    assert the(here.window, TextTable, "spending-table").rows() == 1
    the(here.window, QAbstractButton, "usage-estimates").click()
    assert the(here.window, TextTable, "accuracy-table").rows() == 1
    said = the(here.window, AccuracyPlot, "accuracy-plot").words()
    assert f"= {one.billed_tokens:,} counted" in said
    assert the(here.window, QLabel, "accuracy-summary").text().startswith("Practice server, not Claude.")


def test_a_cap_is_asked_about_and_the_models_are_those_of_the_server(visit, photos, qtbot):
    with PracticeServer(read_catalogue(), pace_tokens_per_s=None) as server:
        here = visit(wish=Wish(base_url=server.start()))
        window = here.window
        qtbot.waitUntil(lambda: window.figures._known.listed_at is not None, timeout=PATIENCE_MS)
        assert here.ask_and_wait("Hello").answer.cost_usd > 0
        window.open_settings()
        window._settings.spend._fields["session"].setText("0.00001")
        window._settings.spend._fields["session"].editingFinished.emit()
        window._settings.close()
        here.ask("And again?")
        assert lines(window.composer, "composer-notice")[0] == "This passes your spending cap"
        with here.waiting(here.application.bridge.turn_ended) as ended:
            the(window.composer, QPushButton, "send-anyway").click()
        assert ended.args[0].turn.answer.outcome is Outcome.ANSWERED
        here.leave()


def test_a_crowd_names_what_it_shrinks_and_fewer_images_leave_it_alone(visit, tmp_path, qtbot):
    here = visit()
    window = here.window
    large = tmp_path / "large.png"
    Image.new("RGB", (2400, 60), "navy").save(large)
    folder = tmp_path / "small"
    folder.mkdir()
    for number in range(20):
        Image.new("L", (300, 220), number).save(folder / f"{number:02}.png")
    here.drop(large)
    window.composer.cards.set_fidelity(window.composer.draft.images, FidelityChoice(Fidelity.ORIGINAL))
    assert "signature" in here.ask_and_wait("What is it?").answer.content_json
    here.drop(folder)
    qtbot.waitUntil(lambda: "Image 1 is sent again smaller" in checks(here), timeout=PATIENCE_MS)
    assert "the thinking signed in 1 earlier answer is left out" in checks(here)

    fix = [
        one for one in window.inspector.checks.findChildren(QPushButton) if one.text() == "Leave out 1 image"
    ]
    fix[0].click()
    assert "sent again smaller" not in checks(here)
    assert len(window.composer.draft.included) == 19
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert len(window.composer.draft.included) == 20
    answer = here.ask_and_wait("And these?").answer
    assert (answer.outcome, answer.failure) == (Outcome.ANSWERED, None)
