"""The next request as code: what is shown is what is copied and saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from tests.core.builders import session, turn
from vision_studio.core.code import code
from vision_studio.core.code_request import CodeImage, CodeRequest, Flavour, Language, Slot
from vision_studio.core.events import SessionOpened
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.portable_events import CodeReady, CodeSaved, PortableFailed
from vision_studio.ui.code_dialog import CodeDialog
from vision_studio.ui.composer.cards import clear_clipboard
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import Select, TextArea
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.design.labels import Label

IMAGE = CodeImage("image-1.png", "image/png", "a" * 64)
ASKED = [{"type": "image", "source": Slot(IMAGE)}, {"type": "text", "text": "What is it?"}]
REQUEST = CodeRequest(
    {"model": "claude-opus-5-5", "max_tokens": 900, "messages": [{"role": "user", "content": ASKED}]},
    (IMAGE,),
)


@pytest.fixture
def dialog(window, engine):
    engine.tell(SessionOpened(session(turn())))
    window.composer.prompt.insertPlainText("And now?")
    window.portable.get_code()
    ((ticket, session_id, draft, _, _),) = engine.asked("portable.write_code")
    assert (session_id, draft.text) == ("session", "And now?")
    engine.tell(CodeReady(ticket, REQUEST))
    yield window.findChild(CodeDialog)
    clear_clipboard()


def choose(dialog, name: str, value: object) -> None:
    select = dialog.findChild(Select, name)
    select.setCurrentIndex(select.findData(value))


def test_every_language_and_flavour_is_shown_and_copied(dialog):
    for language in Language:
        for flavour in Flavour:
            choose(dialog, "code-language", language)
            choose(dialog, "code-flavour", flavour)
            dialog.findChild(Button, "copy-all-code").click()
            assert QGuiApplication.clipboard().text() == code(REQUEST, language, flavour)
    said = [label.text() for label in dialog.findChildren(Label)]
    assert "The code uploads 1 image file next to it through the Files API, anew each time it runs." in said


def test_it_is_saved_with_its_images(dialog, window, engine, tmp_path):
    choose(dialog, "code-language", Language.CURL)
    dialog.findChild(Button, "save-code").click()
    dialog.findChild(QFileDialog, "save-code-in").fileSelected.emit(str(tmp_path))
    ((ticket, *given),) = engine.asked("portable.save_code")
    assert given == [REQUEST, Language.CURL, Flavour.INLINE, Path(tmp_path), "Session code"]
    engine.tell(CodeSaved(ticket, "Session code", "Documents"))
    assert [one.accessibleName() for one in window.notices.findChildren(Notice)] == [
        "Note: The code and its images were saved in “Session code” in “Documents”."
    ]


def test_a_request_without_images_offers_no_way_for_them(window, engine):
    engine.tell(SessionOpened(session()))
    window.portable.get_code()
    ticket = engine.asked("portable.write_code")[0][0]
    engine.tell(CodeReady(ticket, CodeRequest({"model": "m", "max_tokens": 1, "messages": []}, ())))
    dialog = window.findChild(CodeDialog)
    assert not dialog.findChild(Select, "code-flavour").isEnabled()
    assert "image-1" not in dialog.findChild(TextArea, "code-text").toPlainText()


def test_nothing_to_send_is_said_and_no_dialog_opens(window, engine):
    engine.tell(SessionOpened(session()))
    window.portable.get_code()
    ticket = engine.asked("portable.write_code")[0][0]
    engine.tell(PortableFailed(ticket, Failure(FailureKind.BAD_REQUEST, "There is nothing to send yet")))
    assert window.findChild(CodeDialog) is None
    (notice,) = window.notices.findChildren(Notice)
    assert "There is nothing to send yet" in notice.accessibleName()
