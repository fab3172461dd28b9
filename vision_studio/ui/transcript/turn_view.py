"""One turn on screen: what was asked with which pictures, the answer as it comes, and what it cost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import Answer, Outcome, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.tokens import text_tokens
from vision_studio.ui.composer.image_list import ImageListModel, Progress
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.labels import ElidedLabel, Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.status import Spinner
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.view import AnswerView

_TO_BE_CONTINUED = ("max_tokens", "pause_turn")


_ALL_ROWS = 1000
"""Sent pictures are all shown: a strip that scrolled within the conversation would catch the wheel."""


class TurnView(QWidget):
    """Shows a ``Turn`` and follows its answer."""

    retry_asked = Signal(str)  # turn id
    take_back_asked = Signal(str)  # turn id
    continue_asked = Signal()
    details_asked = Signal(object)  # Failure
    picture_chosen = Signal(object)  # Image or None

    def __init__(
        self,
        turn: Turn,
        model_name: str,
        thumbnail: Callable[[str], QImage | None],
        style: MarkdownStyle,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, f"turn-{turn.id}", "Turn")
        self.turn = turn
        self._is_last = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addWidget(Label("You", style=Type.SMALL_STRONG))
        self.images = ImageListModel(thumbnail, self)
        if turn.images:
            self._show_images(turn)
        if turn.prompt.strip():
            prompt = Label(turn.prompt, wrap=True, selectable=True)
            prompt.setObjectName("question")
            self._column.addWidget(prompt)
        self._column.addSpacing(Space.S)
        self._model_name = model_name
        self._who = Label(style=Type.SMALL_STRONG)
        self._model = Label(style=Type.SMALL, tone=Tone.MUTED)
        self._column.addLayout(self._who_answers())
        self._waiting = _Waiting()
        self._column.addWidget(self._waiting)
        self.answer = AnswerView(style)
        self.answer.setObjectName("answer")
        self._column.addWidget(self.answer)
        self._notice: Notice | None = None
        self._foot = _Foot()
        self._foot.copy_asked.connect(self._copy)
        self._column.addWidget(self._foot)
        self.show_answer(turn)

    def show_answer(self, turn: Turn) -> None:
        """Show how far the answer is, or how it ended."""
        self.turn = turn
        answer = turn.answer
        self._who.setText("Practice server" if answer.practice else "Claude")
        model = self._model_name
        self._model.setText(
            f"not Claude · limits of {model}" if answer.practice else model.removeprefix("Claude ")
        )
        if self.answer.text != answer.text:
            self.answer.set_text(answer.text)
        if answer.outcome.is_over:
            self.answer.finish()
        self._waiting.setVisible(answer.outcome is Outcome.WAITING)
        self.answer.setVisible(bool(answer.text))
        self._foot.show_answer(answer, turn.estimated_tokens)
        self._show_notice(answer)

    def set_last(self, last: bool) -> None:
        """Offer another try at the conversation's last question only: what came after holds to the others."""
        if last != self._is_last:
            self._is_last = last
            self._show_notice(self.turn.answer)

    def append(self, text: str) -> None:
        """Add text that just arrived."""
        self._waiting.hide()
        self.answer.show()
        self.answer.append(text)

    def say(self, words_: str) -> None:
        """Say what the turn waits for."""
        self._waiting.say(words_)

    def show_progress(self, image_id: str, progress: Progress) -> None:
        self.images.show_progress(image_id, progress)

    def _show_images(self, turn: Turn) -> None:
        images = tuple(sent.image for sent in turn.images)
        # Without a parent, showing itself for its first rows would make it a window of its own.
        strip = StripView(self.images, name="sent-strip", read_only=True, parent=self)
        strip.set_most_rows(_ALL_ROWS)
        strip.current_changed.connect(self.picture_chosen)
        self.images.open(Draft(images), turn.images[0].number)
        self._column.addWidget(strip)

    def _who_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._who)
        row.addWidget(self._model)
        row.addStretch(1)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.answer.text)

    def _show_notice(self, answer: Answer) -> None:
        if self._notice is not None:
            self._column.removeWidget(self._notice)
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
        said = words.ending_words(answer)
        if said is None:
            return
        severity = Severity.REJECT if answer.outcome is Outcome.FAILED else Severity.WARNING
        self._notice = Notice(
            severity,
            said.title,
            object_name="ending",
            lines=(said.next_step,) if said.next_step and self._is_last else (),
            dismissible=False,
        )
        if self._is_last:
            self._offer_ways_on(answer)
        if answer.failure is not None:
            self._act("Details", "details", lambda: self.details_asked.emit(answer.failure))
        self._column.insertWidget(self._column.indexOf(self._foot), self._notice)

    def _offer_ways_on(self, answer: Answer) -> None:
        if answer.outcome is not Outcome.ANSWERED or not answer.text:
            self._act("Retry", "retry", lambda: self.retry_asked.emit(self.turn.id))
        if not answer.text:
            self._act("Edit", "take-back", lambda: self.take_back_asked.emit(self.turn.id))
        broke_off = answer.outcome in (Outcome.STOPPED, Outcome.INTERRUPTED)
        if answer.text and (broke_off or answer.stop_reason in _TO_BE_CONTINUED):
            self._act("Continue", "continue", self.continue_asked.emit)

    def _act(self, text: str, object_name: str, do: Callable[[], object]) -> None:
        if self._notice is not None:
            self._notice.add_action(text, do, object_name=object_name)


class _Waiting(QWidget):
    """A spinner and what it waits for."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(Spinner(object_name="waiting", accessible_name="Waiting for the answer"))
        self._words = Label("Sending…", style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._words.setObjectName("waiting-for")
        row.addWidget(self._words)
        row.addStretch(1)

    def say(self, text: str) -> None:
        self._words.setText(text)


class _Foot(QWidget):
    """The line below an answer: usage, cost, time; Copy."""

    copy_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "answer-foot", "About this answer")
        self._facts = ElidedLabel(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._facts.setObjectName("usage")
        self._facts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        copy = Button("Copy", object_name="copy-answer", kind=Kind.QUIET, small=True)
        copy.clicked.connect(self.copy_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._facts, 1)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignRight)

    def show_answer(self, answer: Answer, estimated_tokens: int | None) -> None:
        self.setVisible(answer.outcome.is_over and bool(answer.text))
        self._facts.setText(usage_line(answer, estimated_tokens))


def usage_line(answer: Answer, estimated_tokens: int | None) -> str:
    """Return "✓ 5,431 in · 142 out  $0.0123  estimate was 5,418 (−0.2 %)  2.4 s".

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
        if answer.usage.cache_read_tokens:
            said.append(f"{words.count(answer.usage.cache_read_tokens)} from cache")
        if estimated_tokens and billed:
            off = (estimated_tokens - billed) / billed
            said.append(f"estimate was {words.count(estimated_tokens)} ({words.percent(off)})")
    if answer.duration_s is not None:
        said.append(words.duration(answer.duration_s))
    return "   ".join(said)
