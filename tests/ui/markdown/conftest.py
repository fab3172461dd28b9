"""An answer on a window of its own."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from vision_studio.ui.design.tokens import LIGHT
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.view import AnswerView


@pytest.fixture
def style() -> MarkdownStyle:
    return MarkdownStyle.of(LIGHT)


@pytest.fixture
def new_answer(qtbot: QtBot, style: MarkdownStyle) -> Callable[..., AnswerView]:
    kept: list[AnswerView] = []  # qtbot alone does not keep a widget alive

    def make(text: str = "", **options: object) -> AnswerView:
        made = AnswerView(style, **options)
        qtbot.addWidget(made)
        kept.append(made)
        made.resize(600, made.height())
        made.set_text(text)
        made.settle()
        return made

    return make
