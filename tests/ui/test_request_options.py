"""A session's effort, thinking, length and cache: offered where the model has them, and sent as chosen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from tests.core.builders import CATALOGUE
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import Cache, RequestSettings, Thinking
from vision_studio.ui.request_options import RequestOptions


@pytest.fixture
def options(theme, qtbot) -> RequestOptions:
    made = RequestOptions()
    qtbot.addWidget(made)
    made.resize(700, 80)
    made.show()
    return made


def texts(select) -> list[str]:
    return [select.itemText(row) for row in range(select.count())]


def test_only_what_the_model_has_is_offered(options):
    options.show_settings(RequestSettings(), CATALOGUE.model("claude-opus-5-5"))
    assert texts(options.effort) == ["Default (medium)", "Low", "Medium", "High", "Extra high", "Maximum"]
    assert not options.thinking.isVisible(), "it always thinks"
    options.show_settings(RequestSettings(), CATALOGUE.model("claude-haiku-4-5"))
    assert not options.effort.isVisible()
    assert texts(options.thinking) == ["Default (off)", "On", "Off"]
    options.show_settings(RequestSettings(), CATALOGUE.model("somebody-elses"))
    assert not options.effort.isVisible()
    assert not options.thinking.isVisible()
    assert options.max_tokens.value() == 8192


def choose(select, text, qtbot, options) -> RequestSettings:
    with qtbot.waitSignal(options.settings_chosen) as chosen:
        select.setCurrentText(text)
        select.activated.emit(select.currentIndex())
    settings: RequestSettings = chosen.args[0]
    return settings


def test_images_can_be_numbered_anew_with_each_question_and_the_reason_is_told(options, qtbot):
    options.show_numbering(Numbering.CONTINUE)
    with qtbot.waitSignal(options.numbering_chosen) as chosen:
        options.numbering.setCurrentText("Restart each time")
        options.numbering.activated.emit(options.numbering.currentIndex())
    assert chosen.args == [Numbering.RESTART]
    (reason,) = options.findChildren(QLabel, "about-numbering")
    assert "older guide" in reason.text()


def test_each_choice_is_told_with_the_others_as_they_were(options, qtbot):
    model = CATALOGUE.model("claude-sonnet-5-5")
    options.show_settings(RequestSettings(), model)
    assert choose(options.effort, "Low", qtbot, options) == RequestSettings("low")
    assert choose(options.thinking, "Off", qtbot, options) == RequestSettings("low", Thinking.OFF)
    settings = choose(options.cache, "1 hour", qtbot, options)
    assert settings == RequestSettings("low", Thinking.OFF, None, Cache.HOUR)
    with qtbot.waitSignal(options.settings_chosen) as chosen:
        options.max_tokens.setValue(2000)
    assert chosen.args[0].max_tokens == 2000
    with qtbot.waitSignal(options.settings_chosen) as chosen:
        options.max_tokens.setValue(model.answer_tokens)
    assert chosen.args[0].max_tokens is None, "back to what the catalogue proposes"


def test_showing_a_session_chooses_nothing(options, qtbot):
    with qtbot.assertNotEmitted(options.settings_chosen):
        shown = RequestSettings("max", Thinking.ON, 500, Cache.OFF)
        options.show_settings(shown, CATALOGUE.model("claude-sonnet-5-5"))
    assert (options.effort.currentData(), options.cache.currentData()) == ("max", Cache.OFF)
    assert options.max_tokens.value() == 500
