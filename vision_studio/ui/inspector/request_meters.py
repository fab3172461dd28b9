"""The next request in meters and figures: how much of each limit it uses, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import meter_words, words
from vision_studio.core.appraisal import Appraisal
from vision_studio.core.catalogue import Limits
from vision_studio.core.turn_numbers import TurnNumbers
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.labels import (
    KeyValueGrid,
    Label,
    SectionHeading,
    Tone,
    plain_tooltip,
    unbroken,
    whole_measures,
)
from vision_studio.ui.design.meter import Meter, Segment
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.inspector.turns import summary

COUNTING = (
    "Has the API count the tokens. The text is sent for that, and blank images of the same sizes in the "
    "place of yours: images are counted by their sizes alone, so no pixel leaves this computer. Counting is "
    "free."
)
"""What is explained where a count can be asked for."""


class RequestMeters(QWidget):
    count_asked = Signal()
    turns_asked = Signal()
    accuracy_asked = Signal()

    def __init__(self, limits: Limits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "request-meters", "Next request in numbers")
        self._limits = limits
        self._heading = SectionHeading(
            "Next request", "", object_name="next-request", style=Type.TITLE, sum_up=True
        )
        self._context = Meter("Context window", object_name="context-meter")
        self._images = Meter("Images", object_name="images-meter")
        self._size = Meter("Request size", object_name="size-meter")
        self._breakdown = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True, figures=True)
        self._breakdown.setObjectName("breakdown")
        self._breakdown.setToolTip(plain_tooltip(meter_words.STATES))
        self._figures = KeyValueGrid(object_name="request-facts", accessible_name="Figures of the request")
        self._count = Button("Count", object_name="count-tokens", kind=Kind.QUIET, small=True)
        self._count.setToolTip(plain_tooltip(COUNTING))
        self._count.setAccessibleDescription(COUNTING)
        self._count.clicked.connect(self.count_asked)
        turns = Button("Turn by turn", object_name="turn-by-turn-open", kind=Kind.QUIET, small=True)
        turns.clicked.connect(self.turns_asked)
        accuracy = Button("How exact?", object_name="accuracy-open", kind=Kind.QUIET, small=True)
        accuracy.clicked.connect(self.accuracy_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for part in (self._heading, self._context, self._images, self._size, self._breakdown, self._figures):
            column.addWidget(part)
        ways = FlowLayout()
        for button in (self._count, turns, accuracy):
            ways.addWidget(button)
        column.addLayout(ways)

    def show_appraisal(self, appraisal: Appraisal, turns: Sequence[TurnNumbers]) -> None:
        cost, state = appraisal.cost_usd, meter_words.mark(appraisal)
        known = "price unknown" if cost is None else f"{state} {words.usd(cost)}"
        unknown = appraisal.unknown_images
        self._heading.set_trailing(f"{known} + {words.counted(unknown, 'image')}" if unknown else known)
        self._show_context(appraisal, turns)
        self._show_images(appraisal)
        size = appraisal.request_bytes
        self._size.show_use(
            size,
            self._limits.request_bytes,
            f"{words.bytes_text(size)} / {words.bytes_text(self._limits.request_bytes)}",
        )
        history = meter_words.BILLED if appraisal.history_billed else meter_words.ESTIMATED
        system = appraisal.system_tokens
        parts = [
            f"history {history} {words.count(appraisal.history_tokens)}",
            *([f"system prompt ≈ {words.count(system)}"] if system else []),
            f"images ≈ {words.count(appraisal.image_tokens)}",
            f"text ≈ {words.count(appraisal.text_tokens)}",
            f"answer ≤ {words.count(appraisal.answer_tokens)}",
        ]
        # A line ends behind the dot, never before it.
        self._breakdown.setText("\N{NO-BREAK SPACE}· ".join(unbroken(part) for part in parts))
        rows = meter_words.request_rows(appraisal, self._limits)
        self._figures.set_rows([(key, _unbroken_figures(value)) for key, value in rows])

    def show_count(self, possible: bool, why: str = "") -> None:
        """Offer a count, or say why there is none."""
        self._count.setEnabled(possible)
        said = f"{COUNTING}\n{why}" if why else COUNTING
        self._count.setToolTip(plain_tooltip(said))
        self._count.setAccessibleDescription(said)

    def _show_context(self, appraisal: Appraisal, turns: Sequence[TurnNumbers]) -> None:
        assumed = " assumed" if "context_tokens" in appraisal.model.assumed else ""
        total = f"{meter_words.mark(appraisal)} {words.count(appraisal.total_tokens)}"
        self._context.show_use(
            (
                Segment(appraisal.history_tokens, "history", "segment_history"),
                Segment(appraisal.system_tokens, "system prompt", "muted"),
                Segment(appraisal.image_tokens, "images", "segment_images"),
                Segment(appraisal.text_tokens, "text", "segment_text"),
                Segment(appraisal.answer_tokens, "kept for the answer", "segment_answer"),
            ),
            appraisal.context_tokens,
            f"{total} / {words.count(appraisal.context_tokens)}{assumed}",
        )
        if turns:
            told = [self._context.toolTip(), summary(turns)]
            self._context.setToolTip(plain_tooltip("\n".join(filter(None, told))))

    def _show_images(self, appraisal: Appraisal) -> None:
        crowd, side_px = self._limits.crowd, self._limits.crowded_side_px
        applies = appraisal.images_in_request > crowd
        rule = f"{side_px} px rule applies" if applies else f"{side_px} px rule past {crowd}"
        self._images.show_use(
            (
                Segment(appraisal.images_before, "in earlier turns", "segment_history"),
                Segment(appraisal.images_here, "in this turn", "segment_images"),
            ),
            appraisal.max_images,
            f"{appraisal.images_in_request} / {appraisal.max_images} · {rule}",
        )


def _unbroken_figures(text: str) -> str:
    """Keep a figure with its sign and its unit: no line ends between "≈" and "$0.0231"."""
    for sign in (meter_words.ESTIMATED, meter_words.COUNTED, meter_words.BILLED, "≤"):
        text = text.replace(f"{sign} ", f"{sign}\N{NO-BREAK SPACE}")
    return whole_measures(text)
