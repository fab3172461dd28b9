"""A question that mentions images: typed, kept, sent in the numbers that are shown, and written on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.support.visit import Visit
from vision_studio.core.numbering import Numbering

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def mention(here: Visit, qtbot, words: str, asked: str) -> None:
    prompt = here.window.composer.prompt
    qtbot.keyClicks(prompt, f"{words}@{asked}")
    qtbot.keyClick(prompt, KEY.Key_Return)


def sent_words(here: Visit) -> list[str]:
    """Return the last message's captions and question, as the server received them."""
    content = here.messages_sent()[-1]["messages"][-1]["content"]
    return [block["text"] for block in content if block["type"] == "text"]


@pytest.mark.slow
def test_images_are_mentioned_moved_kept_sent_and_mentioned_again(visit, photos, qtbot):
    here = visit()
    here.drop(*photos)
    here.window.composer.prompt.setFocus()
    mention(here, qtbot, "Is ", "green")
    mention(here, qtbot, " like ", "1")
    qtbot.keyClicks(here.window.composer.prompt, "?")
    here.window.composer.strip.select([here.window.composer.draft.images[2].id])
    qtbot.keyClick(here.window.composer.strip, KEY.Key_Home, ALT)
    draft = here.window.composer.draft
    here.leave()

    again = visit()
    assert again.window.composer.draft == draft
    assert again.window.composer.prompt.accessibleDescription() == "Is Image 3 like Image 2?"
    turn = again.ask_and_wait("")
    assert sent_words(again) == ["Image 1:", "Image 2:", "Image 3:", "Is Image 3 like Image 2?"]
    assert turn.passage == draft.passage

    again.window.desk.set_numbering(Numbering.RESTART)
    again.drop(photos[0])
    again.window.composer.prompt.setFocus()
    mention(again, qtbot, "And ", "blue")
    mention(again, qtbot, " beside ", "red")
    again.ask_and_wait("")
    assert sent_words(again) == ["Image 1:", "And Image 1 of turn 1 beside Image 1"]
    assert [sent.caption for sent in again.window.desk.session.sent_images] == [
        "Image 1:",
        "Image 2:",
        "Image 3:",
        "Image 1:",
    ]
