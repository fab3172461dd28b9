"""One turn on screen: what was asked with which pictures, the answer as it comes, and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from vision_studio.core import mending_words, words
from vision_studio.core.conversation import Outcome, Turn
from vision_studio.core.draft import Draft, Image
from vision_studio.core.failures import Failure
from vision_studio.ui.composer.cards import CardsMime, Carrying
from vision_studio.ui.composer.image_list import ImageListModel, Progress, Stage
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.view import AnswerView
from vision_studio.ui.transcript.ending import Ending
from vision_studio.ui.transcript.foot import Foot, SavingUsd
from vision_studio.ui.transcript.picture_menu import picture_menu
from vision_studio.ui.transcript.question import Question
from vision_studio.ui.transcript.thoughts import Thoughts
from vision_studio.ui.transcript.versions import Versions
from vision_studio.ui.transcript.waiting import Waiting

_UPLOADING = (Stage.UPLOADING, Stage.FINISHING)
_ALL_ROWS = 1000
"""Sent pictures are all shown: a strip that scrolled within the conversation would catch the wheel."""


class TurnView(QWidget):
    """Shows a ``Turn`` and follows its answer."""

    retry_asked = Signal(str)  # turn id
    stop_asked = Signal()
    take_back_asked = Signal(str)  # turn id
    continue_asked = Signal()
    resume_asked = Signal(str)  # turn id
    mend_asked = Signal(str, object, object)  # turn id, Choices, the limit in pixels or None
    elsewhere_asked = Signal(str)  # turn id
    upload_asked = Signal(str)  # turn id
    edit_asked = Signal(str)  # turn id
    branch_asked = Signal(str)  # turn id
    version_asked = Signal(str)  # turn id
    new_session_asked = Signal()
    settings_asked = Signal()
    facts_asked = Signal(object)  # Answer
    details_asked = Signal(object)  # Failure
    picture_chosen = Signal(object)  # Image or None
    image_asked = Signal(str)  # id of an image that the question mentions
    see_asked = Signal(object, str)  # Image, turn id
    upload_cancelled = Signal(list)  # ids of images
    add_asked = Signal(list)  # Images
    copy_asked = Signal(list)  # Images
    save_asked = Signal(list)  # Images

    def __init__(
        self,
        turn: Turn,
        model_name: str,
        thumbnail: Callable[[str], QImage | None],
        style: MarkdownStyle,
        turns: Callable[[], Sequence[Turn]] = lambda: (),
        inline: Callable[[], bool] = lambda: False,
        saving_usd: SavingUsd = lambda answer: None,
        carrying: Carrying = CardsMime,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, f"turn-{turn.id}", "Turn")
        self.turn = turn
        self._turns = turns
        self._inline = inline
        self._is_last = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self.versions = Versions()
        self.versions.chosen.connect(self.version_asked)
        self._column.addLayout(self._who_asks())
        self.images = ImageListModel(thumbnail, self)
        self.strip: StripView | None = None
        """None for a question without images."""
        if turn.images:
            self._show_images(turn, carrying)
        self.question: Question | None = None
        """None where no words were asked."""
        if turn.prompt.strip():
            self.question = Question(turn)
            self.question.image_asked.connect(self.image_asked)
            self._column.addWidget(self.question)
        self._left_out = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._left_out.setObjectName("left-out")
        self._column.addWidget(self._left_out)
        self._column.addSpacing(Space.S)
        self._model_name = model_name
        self._who = Label(style=Type.SMALL_STRONG)
        self._model = Label(style=Type.SMALL, tone=Tone.MUTED)
        self._column.addLayout(self._who_answers())
        self._waiting = Waiting()
        self._column.addWidget(self._waiting)
        self._thoughts = Thoughts()
        self._column.addWidget(self._thoughts)
        self.answer = AnswerView(style)
        self.answer.setObjectName("answer")
        self._column.addWidget(self.answer)
        self._ending: Ending | None = None
        self._silence: Notice | None = None
        self.foot = Foot(saving_usd)
        self.foot.copy_asked.connect(self._copy)
        self.foot.facts_asked.connect(lambda: self.facts_asked.emit(self.turn.answer))
        self.foot.retry_asked.connect(lambda: self.retry_asked.emit(self.turn.id))
        self.foot.edit_asked.connect(lambda: self.edit_asked.emit(self.turn.id))
        self.foot.branch_asked.connect(lambda: self.branch_asked.emit(self.turn.id))
        self.foot.continue_asked.connect(self.continue_asked)
        self._column.addWidget(self.foot)
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
        out = len(turn.images) - len(turn.carried)
        self._left_out.setText(mending_words.left_out_words(out) if out else "")
        self._left_out.setVisible(out > 0)
        self._end_silence()
        self._thoughts.show_answer(answer)
        if answer.outcome is Outcome.WAITING:
            self._waiting.say("Sending…")
        self._waiting.setVisible(answer.outcome is Outcome.WAITING)
        self.answer.setVisible(bool(answer.text))
        self._show_foot()
        self._show_ending()

    def set_last(self, last: bool) -> None:
        """Offer to mend the conversation's last question only: what came after holds to the others."""
        if last != self._is_last:
            self._is_last = last
            self._show_foot()
            self._show_ending()

    def _show_foot(self) -> None:
        self.foot.show_answer(self.turn.answer, self.turn.estimated_tokens, last=self._is_last)

    def append(self, text: str) -> None:
        """Add text that just arrived."""
        self._end_silence()
        self._waiting.hide()
        if not self.answer.text:
            self._thoughts.say("Thoughts")
        self.answer.show()
        self.answer.append(text)

    def append_thought(self, text: str) -> None:
        """Add to what can be read of the model's thoughts."""
        self._end_silence()
        self._waiting.say("Waiting for the answer…")
        self._thoughts.append(text)

    def say(self, words_: str) -> None:
        """Say what the turn waits for."""
        self._waiting.say(words_)

    def show_delay(self, failure: Failure, wait_s: float) -> None:
        """Say why the question is asked again, and count the seconds until then."""
        self._end_silence()
        self._waiting.show()
        self._waiting.count_down(failure, wait_s)

    def show_silence(self, silent_s: float) -> None:
        """Say that nothing comes, and offer what can be done about it."""
        if self.turn.answer.outcome.is_over:
            return
        said = mending_words.silence_words(silent_s, began=bool(self.answer.text))
        if self._silence is not None:
            self._silence.set_text(said.title)
            return
        notice = Notice(
            Severity.WARNING, said.title, object_name="silence", lines=(said.next_step,), dismissible=False
        )
        notice.add_action("Stop", self.stop_asked.emit, object_name="stop-silent")
        notice.add_action("Retry", lambda: self.retry_asked.emit(self.turn.id), object_name="retry-silent")
        self._silence = notice
        self._column.insertWidget(self._column.indexOf(self.foot), notice)
        notice.announce()

    def show_progress(self, image_id: str, progress: Progress) -> None:
        self.images.show_progress(image_id, progress)

    def menu_of(self, images: list[Image]) -> QMenu:
        """Return a menu about some of the pictures."""
        menu = picture_menu(
            self,
            images,
            lambda chosen: self.see_asked.emit(chosen[0], self.turn.id),
            self.add_asked.emit,
            self.copy_asked.emit,
            self.save_asked.emit,
        )
        under_way = [image.id for image in images if self.images.progress(image).stage in _UPLOADING]
        if under_way:
            menu.addSeparator()
            cancel = menu.addAction("Cancel this upload" if len(under_way) == 1 else "Cancel these uploads")
            cancel.triggered.connect(lambda: self.upload_cancelled.emit(under_way))
        return menu

    def _show_images(self, turn: Turn, carrying: Carrying) -> None:
        images = tuple(sent.image for sent in turn.images)
        # Without a parent, showing itself for its first rows would make it a window of its own.
        strip = StripView(self.images, name="sent-strip", read_only=True, parent=self)
        strip.set_most_rows(_ALL_ROWS)
        strip.carrying = carrying
        strip.current_changed.connect(self.picture_chosen)
        strip.copy_asked.connect(self.copy_asked)
        strip.open_asked.connect(lambda image: self.see_asked.emit(image, self.turn.id))
        strip.menu_asked.connect(lambda place: self.menu_of(strip.selected_images()).popup(place))
        self.images.open(Draft(images), turn.images[0].shown)
        self._column.addWidget(strip)
        self.strip = strip

    def _who_asks(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(Label("You", style=Type.SMALL_STRONG))
        row.addWidget(self.versions)
        row.addStretch(1)
        return row

    def _who_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._who)
        row.addWidget(self._model)
        row.addStretch(1)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.answer.text)

    def _show_ending(self) -> None:
        if self._ending is not None:
            self._remove(self._ending)
            self._ending = None
        if words.ending_words(self.turn.answer) is None:
            return
        turn_id, failure = self.turn.id, self.turn.answer.failure
        ending = Ending(self._turns() or (self.turn,), self.turn, last=self._is_last, inline=self._inline())
        ending.retry_asked.connect(lambda: self.retry_asked.emit(turn_id))
        ending.take_back_asked.connect(lambda: self.take_back_asked.emit(turn_id))
        ending.continue_asked.connect(self.continue_asked)
        ending.resume_asked.connect(lambda: self.resume_asked.emit(turn_id))
        ending.details_asked.connect(self.details_asked)
        ending.new_session_asked.connect(self.new_session_asked)
        ending.settings_asked.connect(self.settings_asked)
        ending.upload_asked.connect(lambda: self.upload_asked.emit(turn_id))
        ending.elsewhere_asked.connect(lambda: self.elsewhere_asked.emit(turn_id))
        limit_px = failure.limit_px if failure is not None else None
        ending.mend_asked.connect(lambda chosen: self.mend_asked.emit(turn_id, chosen, limit_px))
        self._ending = ending
        self._column.insertWidget(self._column.indexOf(self.foot), ending)

    def _end_silence(self) -> None:
        if self._silence is not None:
            self._remove(self._silence)
            self._silence = None

    def _remove(self, notice: Notice) -> None:
        self._column.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
