"""What lies behind a failure or an answer, for whoever has to report it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import Answer, Usage
from vision_studio.core.failures import Failure
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import KeyValueGrid, Label
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type


class FailureDetails(Dialog):
    """Shows and copies a failure's status, type, message and request id."""

    def __init__(self, failure: Failure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "failure-details", "Details of the failure")
        _fill(self, "Details", words.failure_words(failure).title, detail_rows(failure))


class AnswerFacts(Dialog):
    """Shows and copies what is known of an answer: its bill by kind of token, and how it ended."""

    def __init__(self, answer: Answer, saving_usd: Decimal | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "answer-facts", "Usage of the answer")
        _fill(self, "Usage", "Usage of this answer", answer_rows(answer, saving_usd))


def answer_rows(answer: Answer, saving_usd: Decimal | None) -> list[tuple[str, str]]:
    """Return the names and values that are known."""
    usage = answer.usage or Usage()
    cache = None if saving_usd is None else "saved" if saving_usd >= 0 else "cost"
    known = [
        ("Model", answer.model_id),
        ("Ended", answer.stop_reason or answer.outcome.value),
        ("Prompt", words.counted(usage.prompt_tokens, "token") if usage.prompt_tokens else ""),
        ("Read anew", words.count(usage.input_tokens) if usage.input_tokens else ""),
        ("From cache", words.count(usage.cache_read_tokens) if usage.cache_read_tokens else ""),
        ("To cache, 5 min", words.count(usage.cache_write_5m_tokens) if usage.cache_write_5m_tokens else ""),
        ("To cache, 1 h", words.count(usage.cache_write_1h_tokens) if usage.cache_write_1h_tokens else ""),
        ("Answer", words.counted(usage.output_tokens, "token") if usage.output_tokens else ""),
        ("Of it thinking", words.count(usage.thinking_tokens) if usage.thinking_tokens else ""),
        ("Cost", words.usd(answer.cost_usd) if answer.cost_usd is not None else ""),
        (f"The cache {cache}", words.usd(abs(saving_usd)) if saving_usd is not None else ""),
        ("Time", words.duration(answer.duration_s) if answer.duration_s is not None else ""),
        ("Request id", answer.request_id or ""),
    ]
    return [(key, value) for key, value in known if value]


def detail_rows(failure: Failure) -> list[tuple[str, str]]:
    """Return the names and values that are known."""
    known = [
        ("Kind", failure.kind.value),
        ("Status", str(failure.status or "")),
        ("Type", failure.type or ""),
        ("Message", failure.message),
        ("Request id", failure.request_id or ""),
        ("Images", ", ".join(f"Image {number}" for number in failure.images)),
    ]
    return [(key, value) for key, value in known if value]


def _fill(dialog: Dialog, title: str, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setMinimumWidth(Size.READING * 2 // 3)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
    column.setSpacing(Space.M)
    column.addWidget(Label(heading, style=Type.TITLE, wrap=True))
    grid = KeyValueGrid(object_name="failure-facts", accessible_name=f"Facts: {heading}")
    grid.set_rows(rows)
    column.addWidget(grid)
    column.addStretch(1)
    copy = Button("Copy", object_name="copy-details")
    text = "\n".join(f"{key}: {value}" for key, value in rows)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
    close = Button("Close", object_name="close-details", kind=Kind.PRIMARY)
    close.clicked.connect(dialog.accept)
    buttons = QHBoxLayout()
    buttons.addStretch(1)
    buttons.addWidget(copy)
    buttons.addWidget(close)
    column.addLayout(buttons)
