"""The line below an answer: what was billed, what the cache saved, how long it took; what to do next."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.tokens import text_tokens
from vision_studio.ui.design.buttons import Button, IconButton, Kind
from vision_studio.ui.design.labels import ElidedLabel, Tone, plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type

SavingUsd = Callable[[Answer], Decimal | None]
"""What caching took off an answer's bill; below zero: put on it; None where that is not known."""


class Foot(QWidget):
    copy_asked = Signal()
    facts_asked = Signal()
    retry_asked = Signal()
    edit_asked = Signal()
    continue_asked = Signal()
    branch_asked = Signal()

    def __init__(self, saving_usd: SavingUsd) -> None:
        super().__init__()
        name(self, "answer-foot", "About this answer")
        self._saving_usd = saving_usd
        self._facts = ElidedLabel(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._facts.setObjectName("usage")
        self._facts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._facts, 1)
        self._buttons: dict[str, Button] = {}
        for text, object_name, asked, what in (
            ("Usage", "answer-usage", self.facts_asked, ""),
            ("Copy", "copy-answer", self.copy_asked, "Copy the answer"),
            ("Retry", "retry-answer", self.retry_asked, "Retry: ask again, and keep this answer"),
            ("Edit", "edit-question", self.edit_asked, "Edit the question, and keep this version"),
        ):
            button = Button(
                text, object_name=object_name, accessible_name=what or None, kind=Kind.QUIET, small=True
            )
            button.clicked.connect(asked)
            if what:
                button.setToolTip(plain_tooltip(what))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
            self._buttons[object_name] = button
        self._more = IconButton(
            "more", object_name="answer-more", accessible_name="More to do with this answer", edge=Size.TARGET
        )
        self._more.clicked.connect(self._open_menu)
        self._may_continue = False
        row.addWidget(self._more)

    def show_answer(self, answer: Answer, estimated_tokens: int | None, *, last: bool) -> None:
        """``last``: nothing was asked after it. What its ending offers is not offered again here."""
        said = bool(answer.text)
        self.setVisible(answer.outcome.is_over and (said or not last))
        self._facts.setText(usage_line(answer, estimated_tokens, self._saving_usd(answer)))
        for name_ in ("answer-usage", "copy-answer"):
            self._buttons[name_].setVisible(said)
        self._buttons["retry-answer"].setVisible(answer.outcome is Outcome.ANSWERED or not last)
        self._may_continue = last

    def menu(self) -> QMenu:
        """Return what is done more rarely."""
        menu = QMenu(self)
        menu.setObjectName("answer-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._may_continue:
            menu.addAction("Continue").triggered.connect(self.continue_asked)
        branch = menu.addAction("Branch from here into a new session")
        branch.setShortcut("Ctrl+Shift+N")
        branch.triggered.connect(self.branch_asked)
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        corner = self._more.mapToGlobal(self._more.rect().bottomRight())
        menu.popup(QPoint(corner.x() - menu.sizeHint().width(), corner.y()))


def usage_line(answer: Answer, estimated_tokens: int | None, saving_usd: Decimal | None = None) -> str:
    """Return "✓ 5,431 in · 142 out  $0.0123  cache saved $0.0201  estimate was 5,418 (−0.2 %)  2.4 s".

    The API tells the output of an answer with its end. Of one that broke off, the output is an estimate, and
    the known cost the least that is billed.
    """
    said = []
    if answer.usage is not None:
        billed, output = answer.usage.prompt_tokens, answer.usage.output_tokens
        least = "" if answer.outcome is Outcome.ANSWERED else "≥ "
        written = f"≈ {words.count(max(output, text_tokens(answer.text)))}" if least else words.count(output)
        said.append(f"✓ {words.count(billed)} in · {written} out")
        if answer.cost_usd is not None:
            said.append(f"{least}{words.usd(answer.cost_usd)}")
        said += _cache(answer.usage.cache_read_tokens, saving_usd)
        if estimated_tokens and billed:
            off = (estimated_tokens - billed) / billed
            said.append(f"estimate was {words.count(estimated_tokens)} ({words.percent(off)})")
    if answer.duration_s is not None:
        said.append(words.duration(answer.duration_s))
    return "   ".join(said)


def _cache(read_tokens: int, saving_usd: Decimal | None) -> list[str]:
    if saving_usd is None:
        return [f"{words.count(read_tokens)} from cache"] if read_tokens else []
    if saving_usd >= 0:
        return [f"cache saved {words.usd(saving_usd)}"]
    return [f"{words.usd(-saving_usd)} of it for the cache"]
