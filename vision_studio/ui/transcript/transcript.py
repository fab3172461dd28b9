"""The conversation's scrolling column of turns; it keeps to the end while an answer streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from vision_studio.core.conversation import Session, Turn
from vision_studio.ui.composer.cards import CardsMime, Carrying
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.transcript.column import Column
from vision_studio.ui.transcript.foot import SavingUsd
from vision_studio.ui.transcript.turn_view import TurnView

_NEAR_END_PX = 48


class Transcript(QScrollArea):
    retry_asked = Signal(str)
    stop_asked = Signal()
    take_back_asked = Signal(str)
    continue_asked = Signal()
    resume_asked = Signal(str)
    mend_asked = Signal(str, object, object)
    elsewhere_asked = Signal(str)
    upload_asked = Signal(str)
    edit_asked = Signal(str)
    branch_asked = Signal(str)
    version_asked = Signal(str)
    new_session_asked = Signal()
    settings_asked = Signal()
    facts_asked = Signal(object)
    details_asked = Signal(object)
    picture_chosen = Signal(object)
    see_asked = Signal(object, str)
    upload_cancelled = Signal(list)
    add_asked = Signal(list)
    copy_asked = Signal(list)
    save_asked = Signal(list)
    turns_changed = Signal()

    def __init__(
        self,
        thumbnail: Callable[[str], QImage | None],
        model_name: Callable[[str], str],
        saving_usd: SavingUsd = lambda answer: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, "transcript", "Conversation")
        self._thumbnail = thumbnail
        self._model_name = model_name
        self._saving_usd = saving_usd
        self._turns: dict[str, TurnView] = {}
        self._inline = False
        self._follow = True
        self._place: int | None = None
        """Where to go when the turns that were exchanged are laid out."""
        self.carrying: Carrying = CardsMime
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._ground = ground = Column()
        self._column = QVBoxLayout(ground)
        self._column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._column.setSpacing(Space.XL)
        self._column.addStretch(1)
        self.setWidget(ground)
        self._held: tuple[QWidget, Callable[[], QPoint]] | None = None
        """A place in a part that was looked for: it stays in view while what is above it is laid out."""
        self.verticalScrollBar().rangeChanged.connect(self._keep_end)
        self.verticalScrollBar().actionTriggered.connect(self._let_go)
        self.verticalScrollBar().valueChanged.connect(self._note_place)

    def open(self, session: Session) -> None:
        """Show a session from its last turn on."""
        for turn_id in list(self._turns):
            self.remove(turn_id)
        self._follow = True
        self._place = None
        for turn in session.turns:
            self.add(turn)
        self._show_versions(session)
        QTimer.singleShot(0, self, self._keep_end)

    def show_turns(self, session: Session) -> None:
        """Show other turns of the session. Those at its beginning that stay are left, and so is the place."""
        views, bar = list(self._turns.values()), self.verticalScrollBar()
        kept = 0
        for view, turn in zip(views, session.turns, strict=False):
            if (view.turn.id, view.turn.images) != (turn.id, turn.images):
                break
            kept += 1
            if view.turn != turn:
                view.show_answer(turn)
        steps = (view.versions.step_in_focus() for view in views[kept:])
        step = next((one for one in steps if one is not None), None)
        self._place = bar.value()
        for view in reversed(views[kept:]):
            self.remove(view.turn.id)
        for turn in session.turns[kept:]:
            self.add(turn)
        self._show_versions(session)
        if step is not None and (first := self._view_at(kept)) is not None:
            first.versions.take_focus(step)
        QTimer.singleShot(0, self, self._keep_place)

    @property
    def focused(self) -> TurnView | None:
        """The turn in which the keyboard is."""
        focus = QApplication.focusWidget()
        if focus is None:
            return None
        return next((view for view in self._turns.values() if view.isAncestorOf(focus)), None)

    def go(self, step: int) -> None:
        """Ask for another version: of the turn with the keyboard, else of the last one that has several."""
        last = (view for view in reversed(self._turns.values()) if view.versions.are_several)
        view = self.focused
        if view is None or not view.versions.are_several:
            view = next(last, None)
        if view is not None:
            view.versions.go(step)

    def set_inline(self, inline: bool) -> None:
        """Know whether the user keeps images from being uploaded: turns that fail from now on offer it."""
        self._inline = inline

    @property
    def is_empty(self) -> bool:
        return not self._turns

    def turn(self, turn_id: str) -> TurnView | None:
        return self._turns.get(turn_id)

    def add(self, turn: Turn) -> TurnView:
        view = TurnView(
            turn,
            self._model_name(turn.answer.model_id),
            self._thumbnail,
            MarkdownStyle.in_force(),
            lambda: [*(view.turn for view in self._turns.values() if view.turn.id != turn.id), turn],
            lambda: self._inline,
            self._saving_usd,
            self.carrying,
        )
        view.setMaximumWidth(Size.READING + 2 * Space.XXL)
        view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        view.retry_asked.connect(self.retry_asked)
        view.take_back_asked.connect(self.take_back_asked)
        view.continue_asked.connect(self.continue_asked)
        view.resume_asked.connect(self.resume_asked)
        view.stop_asked.connect(self.stop_asked)
        view.mend_asked.connect(self.mend_asked)
        view.elsewhere_asked.connect(self.elsewhere_asked)
        view.upload_asked.connect(self.upload_asked)
        view.edit_asked.connect(self.edit_asked)
        view.branch_asked.connect(self.branch_asked)
        view.version_asked.connect(self.version_asked)
        view.new_session_asked.connect(self.new_session_asked)
        view.settings_asked.connect(self.settings_asked)
        view.facts_asked.connect(self.facts_asked)
        view.details_asked.connect(self.details_asked)
        view.picture_chosen.connect(self.picture_chosen)
        view.image_asked.connect(self.show_image)
        view.see_asked.connect(self.see_asked)
        view.upload_cancelled.connect(self.upload_cancelled)
        view.add_asked.connect(self.add_asked)
        view.copy_asked.connect(self.copy_asked)
        view.save_asked.connect(self.save_asked)
        if self._turns:
            next(reversed(self._turns.values())).set_last(False)
        self._turns[turn.id] = view
        self._column.insertWidget(self._column.count() - 1, view)
        view.answer.settled.connect(self.turns_changed)
        self.turns_changed.emit()
        return view

    def start(self, turn: Turn) -> None:
        """Show a question that was just sent, or asked again."""
        if (view := self._turns.get(turn.id)) is not None:
            view.show_answer(turn)
        else:
            self.add(turn)
        self._follow = True
        self._place = None
        self._keep_end()

    def append(self, turn_id: str, text: str) -> None:
        if (view := self._turns.get(turn_id)) is not None:
            view.append(text)

    def end(self, turn: Turn) -> None:
        if (view := self._turns.get(turn.id)) is not None:
            view.show_answer(turn)

    def remove(self, turn_id: str) -> None:
        if (view := self._turns.pop(turn_id, None)) is not None:
            self._let_go()
            self._ground.mark(None)
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
            if self._turns:
                next(reversed(self._turns.values())).set_last(True)
            self.turns_changed.emit()

    @property
    def views(self) -> Sequence[TurnView]:
        """The turns, from the top down."""
        return tuple(self._turns.values())

    def reveal(self, turn_id: str) -> None:
        """Go to a turn that was looked for, and mark it."""
        if (view := self._turns.get(turn_id)) is not None:
            self._ground.mark(view)
            self.show_place(view, lambda: QPoint(0, self.viewport().height() // 2))

    def show_place(self, part: QWidget, place: Callable[[], QPoint]) -> None:
        """Go to a place in a part of a turn, if it is not in view, and stay there until somebody scrolls."""
        self._held, self._place = (part, place), None
        self._keep_end()

    def is_in_view(self, view: TurnView) -> bool:
        """Tell whether a turn, or some of it, is in view or below."""
        return view.geometry().bottom() > self.verticalScrollBar().value()

    def show_image(self, image_id: str) -> None:
        """Scroll to an image that was sent, and select it."""
        for view in self._turns.values():
            if view.strip is not None and view.images.draft.row(image_id) is not None:
                self._follow = False
                self.ensureWidgetVisible(view.strip)
                view.strip.select([image_id])

    def show_thumbnail(self, key: str) -> None:
        for view in self._turns.values():
            view.images.show_thumbnail(key)

    def restyle(self) -> None:
        """Follow a change of theme."""
        for view in self._turns.values():
            view.answer.set_style(MarkdownStyle.in_force())

    def _keep_end(self) -> None:
        if self._held is not None:
            part, place = self._held
            self._column.activate()
            point = part.mapTo(self._ground, place())
            self.ensureVisible(point.x(), point.y(), 0, self.viewport().height() // 3)
            self._follow = False
        elif self._follow:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _let_go(self) -> None:
        self._held = None

    def _keep_place(self) -> None:
        if (place := self._place) is not None:
            self._place = None
            self._column.activate()
            self.verticalScrollBar().setValue(place)
            self._note_place(self.verticalScrollBar().value())

    def _view_at(self, place: int) -> TurnView | None:
        views = list(self._turns.values())
        return views[place] if place < len(views) else None

    def _show_versions(self, session: Session) -> None:
        for turn_id, view in self._turns.items():
            view.versions.show_versions(session.versions_of(turn_id), turn_id)

    def _note_place(self, value: int) -> None:
        # Scrolling up lets go of the end, scrolling back takes hold of it again.
        self._follow = value >= self.verticalScrollBar().maximum() - _NEAR_END_PX

    # Qt's overrides

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._let_go()
        super().wheelEvent(event)
