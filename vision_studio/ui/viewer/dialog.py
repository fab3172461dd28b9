"""The viewer: every pixel a model is shown of an image, the original beside it, and other models' view."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from vision_studio.core import sight_words, words
from vision_studio.core.draft import Rendition
from vision_studio.core.failures import Failure
from vision_studio.core.legibility import Text, is_hard_to_read
from vision_studio.core.size import Size as ImageSize
from vision_studio.ui.design.buttons import Button, IconButton
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.labels import ElidedLabel, Label, Tone, whole_measures
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Bar
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.viewer.canvas import Canvas
from vision_studio.ui.viewer.subject import Subject, Ways
from vision_studio.ui.zooming.dialog import MARGIN, ZoomedDialog

_STEPS: Mapping[int, int] = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
_HALF = 500
_THOUSANDTHS = 1000


class SightDialog(ZoomedDialog):
    """Shows a ``Subject``, and asks for its pixels by the way one looks at it."""

    look_asked = Signal(int)  # which of the subject's looks
    step_asked = Signal(int)  # to the next image (1) or the one before (-1)
    crop_asked = Signal()
    split_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        canvas = Canvas()
        super().__init__(canvas, "sight", parent)
        self.canvas = canvas
        name(self, "sight-dialog", "What Claude sees")
        self.setWindowTitle("What Claude sees")
        self._subject: Subject | None = None
        self._rendition: Rendition | None = None
        self._looking = 0
        self._was_open = False
        self._whole: tuple[ImageSize, ImageSize] | None = None
        """The original's size, and the size it is shown at."""
        self._title = ElidedLabel(style=Type.TITLE, elide=Qt.TextElideMode.ElideMiddle)
        self._place = Label(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._before = IconButton(
            "chevron-left", object_name="sight-before", accessible_name="Image before", hint="PgUp"
        )
        self._next = IconButton(
            "chevron-right", object_name="sight-next", accessible_name="Next image", hint="PgDn"
        )
        self._observers = QButtonGroup(self)
        self._observers.setExclusive(True)
        self._observer_row = QHBoxLayout()
        self._facts = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True, figures=True, selectable=True)
        self._facts.setObjectName("sight-facts")
        self._text: Text | None = None
        self._ways = Ways()
        self._letters = Label(style=Type.SMALL, wrap=True, figures=True)
        self._letters.setObjectName("sight-letters")
        self._crop = Button("Crop…", object_name="sight-crop", small=True, icon="crop")
        self._split = Button("Split", object_name="sight-split", small=True)
        self._compared = Label(style=Type.SMALL, wrap=True, figures=True)
        self._compared.setObjectName("sight-compared")
        self._trouble = Label(style=Type.SMALL, tone=Tone.DANGER, wrap=True)
        self._trouble.setObjectName("sight-trouble")
        self._scale = Label(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._scale.setObjectName("sight-scale")
        self._pixels = Button("1:1", object_name="sight-pixels", small=True, hint="1")
        self._hold = Button("Hold for the original", object_name="sight-original", small=True, hint="Space")
        self._compare = Button("Compare", object_name="sight-compare", small=True, hint="C")
        self._compare.setCheckable(True)
        self._divider = QSlider(Qt.Orientation.Horizontal)
        name(self._divider, "sight-divider", "Divider between the original and what Claude sees")
        self._divider.setRange(0, _THOUSANDTHS)
        self._divider.setPageStep(_THOUSANDTHS // 10)
        self._divider.setSingleStep(_THOUSANDTHS // 50)
        self._divider.setMinimumSize(Size.CARD, Size.TARGET)
        self._divider.hide()
        self._close = Button("Close", object_name="close-sight", hint="Esc")
        self._lay_out()
        self._connect()

    @property
    def looking(self) -> int:
        """Which of the subject's looks is shown."""
        return self._looking

    # What is shown

    def take_size(self) -> None:
        """Before it opens: be nearly as large as the window, or as it was left, and within the screen."""
        if self.isVisible():
            return
        wanted = self.size() if self._was_open else self.sizeHint()
        if (parent := self.parentWidget()) is not None:
            room = parent.screen().availableSize()
            wanted = wanted.boundedTo(room - QSize(MARGIN, 2 * MARGIN))  # with the frame's title above it
        self._was_open = True
        self.resize(wanted)

    def show_subject(self, subject: Subject, thumbnail: QImage | None) -> None:
        """Begin with another image; until its pixels come, a small look at it stands in their place."""
        self._subject, self._rendition, self._whole, self._looking = subject, None, None, 0
        self._text, self._ways = None, Ways()
        self._compare_sides(False)
        self._show_words()
        if subject.looks:
            seen = subject.looks[0][1].seen
            self.canvas.show_size(QSize(*seen))
            self.canvas.show_seen(thumbnail, exact=False)
        else:
            self.canvas.show_size(QSize(1, 1))
        self._show_observers()

    def renew_subject(self, subject: Subject, *, looking: int) -> None:
        """The same image is sent in another way: show it in the same place, once its pixels come."""
        self._subject, self._rendition, self._looking = subject, None, looking
        self._show_observers()
        self._show_words()

    def rename_subject(self, subject: Subject) -> None:
        """Its number, label or place is another; its pixels are the same."""
        self._subject = subject
        self._show_words()

    def show_pixels(self, rendition: Rendition, seen: ImageSize, pixels: QImage) -> None:
        """Show every pixel that is seen."""
        self._rendition = rendition
        self._trouble.hide()
        self.canvas.change_size(QSize(*seen))
        self.canvas.show_seen(pixels, exact=True)
        self._show_words()

    def show_original(self, whole: ImageSize, shown: ImageSize, pixels: QImage) -> None:
        self._whole = (whole, shown)
        self.canvas.show_original(pixels)
        self._hold.setEnabled(True)
        self._compare.setEnabled(True)
        self._show_words()

    def show_text(self, text: Text | None, ways: Ways) -> None:
        """Tell how high the letters are, and offer what helps where they are too small."""
        self._text, self._ways = text, ways
        self._show_letters()

    def show_failure(self, failure: Failure) -> None:
        said = words.failure_words(failure)
        self._trouble.setText(f"{said.title} {said.next_step}".strip())
        self._trouble.show()

    def drop_pixels(self) -> None:
        """Keep none of them: nobody looks."""
        self.canvas.show_seen(None, exact=False)
        self.canvas.show_original(None)

    # Words

    def _show_words(self) -> None:
        subject = self._subject
        if subject is None:
            return
        self._trouble.hide()
        self.setWindowTitle("What Claude saw" if subject.was_sent else "What Claude sees")
        self._title.setText(subject.title)
        self._place.setText(f"{subject.place + 1} of {subject.of}" if subject.of > 1 else "")
        self._before.setEnabled(subject.place > 0)
        self._next.setEnabled(subject.place + 1 < subject.of)
        self._hold.setEnabled(self._whole is not None)
        self._compare.setEnabled(self._whole is not None)
        if not subject.looks:
            self._facts.setText("Nobody has looked at this address yet, so there is nothing to be shown.")
            self._compared.hide()
            self.canvas.say("", "")
            return
        sight = subject.looks[self._looking][1]
        whole = "" if self._whole is None else sight_words.original_text(*self._whole)
        facts = [sight_words.sent_text(sight, self._rendition)]
        if self._rendition is None:
            facts.append("its pixels are being made…")
        elif whole:
            facts.append(whole)
        self._facts.setText(whole_measures(" · ".join(facts)))
        verb = "would see" if self._looking else "saw" if subject.was_sent else "sees"
        self.canvas.say(f"{sight_words.short_name(sight)} {verb} {sight.seen}", whole or "Original")
        if len(subject.looks) > 1:
            own, other = subject.looks[0][1], subject.looks[1][1]
            self._compared.setText(whole_measures(sight_words.comparison_text(own, other)))
        self._compared.setVisible(len(subject.looks) > 1)
        self._show_letters()
        self._describe()

    def _show_letters(self) -> None:
        """Say how high the small letters are in what is shown."""
        subject, text = self._subject, self._text
        known = subject is not None and bool(subject.looks) and text is not None
        hard = False
        if known:
            assert subject is not None
            assert text is not None
            height_px = text.seen_px(subject.looks[self._looking][1].seen)
            hard = is_hard_to_read(height_px)
            self._letters.setText(whole_measures(sight_words.letters_sentence(height_px)))
            self._letters.set_tone(Tone.WARNING if hard else Tone.TEXT)
        self._letters.setVisible(known)
        self._crop.setVisible(hard and self._ways.crop)
        self._split.setVisible(hard and self._ways.parts > 1)
        self._split.setText(f"Split into {self._ways.parts}")

    def _describe(self) -> None:
        """Tell a screen reader what is on the canvas."""
        subject = self._subject
        if subject is not None:
            side = "the original" if self.canvas.shows_original else "what Claude sees"
            self.canvas.setAccessibleDescription(f"{subject.title}, {side}, {self.canvas.zoom:.0%}")

    def _show_zoom(self, zoom: float) -> None:
        super()._show_zoom(zoom)
        self._scale.setText(sight_words.scale_text(self.devicePixelRatioF()))
        self._scale.setVisible(bool(self._scale.text()))
        self._describe()

    def _show_observers(self) -> None:
        """Offer to look with the eyes of each tier."""
        for button in self._observers.buttons():
            self._observers.removeButton(button)
            self._observer_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        looks = () if self._subject is None else self._subject.looks
        for place, (_, sight) in enumerate(looks):
            button = Button(
                sight_words.observer_text(sight),
                object_name=f"sight-observer-{place}",
                accessible_name=f"As {sight_words.observer_text(sight)}",
                small=True,
                hint="T" if place else "",
            )
            button.setCheckable(True)
            button.setChecked(place == self._looking)
            button.setVisible(len(looks) > 1)
            self._observers.addButton(button, place)
            self._observer_row.addWidget(button)

    # What people do

    def look_as(self, looking: int) -> None:
        """Look with other eyes at the same place."""
        if self._subject is None or looking == self._looking or looking >= len(self._subject.looks):
            return
        self._looking = looking
        self._observers.button(looking).setChecked(True)
        self._rendition = None
        self._show_words()
        self.look_asked.emit(looking)

    def _compare_sides(self, compared: bool) -> None:
        self._compare.setChecked(compared)
        self._divider.setVisible(compared)
        self.canvas.divide(self._divider.value() / _THOUSANDTHS if compared else None)

    def _follow_divider(self, divider: float) -> None:
        blocked = self._divider.blockSignals(True)
        self._divider.setValue(round(divider * _THOUSANDTHS))
        self._divider.blockSignals(blocked)

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.divided.connect(self._follow_divider)
        canvas.original_shown.connect(lambda _: self._describe())
        self._before.clicked.connect(lambda: self.step_asked.emit(-1))
        self._next.clicked.connect(lambda: self.step_asked.emit(1))
        self._pixels.clicked.connect(lambda: canvas.zoom_to(1.0))
        self._hold.pressed.connect(lambda: canvas.hold_original(True))
        self._hold.released.connect(lambda: canvas.hold_original(False))
        self._compare.toggled.connect(self._compare_sides)
        self._divider.setValue(_HALF)
        self._divider.valueChanged.connect(lambda value: canvas.divide(value / _THOUSANDTHS))
        self._observers.idClicked.connect(self.look_as)
        self._close.clicked.connect(self.close)
        self._crop.clicked.connect(self.crop_asked)
        self._split.clicked.connect(self.split_asked)

    def _lay_out(self) -> None:
        head = Bar("bottom")
        top = QHBoxLayout(head)
        top.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        top.setSpacing(Space.S)
        top.addWidget(self._before)
        top.addWidget(self._next)
        top.addWidget(self._title, 1)
        top.addWidget(self._place)
        self._observer_row.setSpacing(Space.XS)
        top.addLayout(self._observer_row)
        foot = Bar("top")
        bottom = QVBoxLayout(foot)
        bottom.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        bottom.setSpacing(Space.S)
        read = QHBoxLayout()
        read.setSpacing(Space.S)
        read.addWidget(self._letters, 1)
        read.addWidget(self._crop)
        read.addWidget(self._split)
        bottom.addWidget(self._trouble)
        bottom.addLayout(read)
        bottom.addWidget(self._compared)
        bottom.addWidget(self._facts)
        tools = QHBoxLayout()
        tools.setSpacing(Space.S)
        ways = FlowLayout()
        for control in (
            self._smaller,
            self._zoom,
            self._larger,
            self._pixels,
            self._fit,
            self._hold,
            self._compare,
            self._divider,
            self._scale,
        ):
            ways.addWidget(control)
        tools.addLayout(ways, 1)
        tools.addWidget(self._close, 0, Qt.AlignmentFlag.AlignBottom)
        bottom.addLayout(tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.canvas, 1)
        column.addWidget(foot)

    # Qt's overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (step := _STEPS.get(event.key())) is not None:
            self.step_asked.emit(step)
        elif event.key() == Qt.Key.Key_C and self._compare.isEnabled() and not event.modifiers():
            self._compare.toggle()
        elif event.key() == Qt.Key.Key_T and self._subject is not None and not event.modifiers():
            self.look_as((self._looking + 1) % max(1, len(self._subject.looks)))
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()
