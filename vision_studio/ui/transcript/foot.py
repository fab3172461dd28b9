"""The line below an answer: what was billed, what the cache saved, how long it took; Usage, Copy."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.tokens import text_tokens
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.labels import ElidedLabel, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

SavingUsd = Callable[[Answer], Decimal | None]
"""What caching took off an answer's bill; below zero: put on it; None where that is not known."""


class Foot(QWidget):
    copy_asked = Signal()
    facts_asked = Signal()

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
        for text, object_name, asked in (
            ("Usage", "answer-usage", self.facts_asked),
            ("Copy", "copy-answer", self.copy_asked),
        ):
            button = Button(
                text,
                object_name=object_name,
                kind=Kind.QUIET,
                small=True,
            )
            button.clicked.connect(asked)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)

    def show_answer(self, answer: Answer, estimated_tokens: int | None) -> None:
        self.setVisible(answer.outcome.is_over and bool(answer.text))
        self._facts.setText(usage_line(answer, estimated_tokens, self._saving_usd(answer)))


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
