"""What an empty session shows: how to begin, sample pictures to try, and where a key goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core.events import ConnectionChanged, ConnectionKind
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.empty import EmptyState, SampleCard
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.surfaces import Ground
from vision_studio.ui.design.tokens import Space, Type


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that comes with the application."""

    title: str
    subtitle: str


class Welcome(Ground):
    samples_asked = Signal()
    open_asked = Signal()
    key_asked = Signal()

    def __init__(self, samples: Sequence[tuple[Sample, QPixmap]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        state = EmptyState(
            "Ask Claude about your pictures",
            "Drop images here, paste them, or press Ctrl+O. They are sent in the order you give them, as "
            "Image 1, Image 2, …, and you see what they cost before you send.",
            object_name="welcome",
            icon="images",
        )
        for sample, picture in samples:
            card = SampleCard(
                sample.title, sample.subtitle, object_name=f"sample-{sample.title}", picture=picture
            )
            card.clicked.connect(self.samples_asked)
            state.add_card(card)
        add = Button("Add images", object_name="welcome-add", kind=Kind.PRIMARY, icon="plus", hint="Ctrl+O")
        add.clicked.connect(self.open_asked)
        try_samples = Button("Try the samples", object_name="welcome-samples", icon="images")
        try_samples.clicked.connect(self.samples_asked)
        self._key = Button("Add your key", object_name="welcome-key", icon="key")
        self._key.clicked.connect(self.key_asked)
        for button in (add, try_samples, self._key):
            state.add_action(button)
        self._begin = state
        self._ready = _Ready()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._begin)
        column.addWidget(self._ready)
        self.show_images(0)

    def show_images(self, count: int) -> None:
        """Make way for the strip once it has images: they are what matters then."""
        self._begin.setVisible(count == 0)
        self._ready.setVisible(count > 0)
        self._ready.show_images(count)

    def show_connection(self, changed: ConnectionChanged) -> None:
        """Offer a place for the key while practising."""
        self._key.setVisible(changed.kind is ConnectionKind.PRACTICE)


class _Ready(QWidget):
    """What is left to say when the strip has images and nothing was asked yet."""

    def __init__(self) -> None:
        super().__init__()
        self._order = Label(style=Type.TITLE, wrap=True)
        self._order.setObjectName("welcome-order")
        self._how = Label(tone=Tone.MUTED, wrap=True)
        self._how.setObjectName("welcome-how")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.S, Space.XL, Space.S)
        column.setSpacing(Space.XS)
        column.addStretch(1)
        for label in (self._order, self._how):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)

    def show_images(self, count: int) -> None:
        if count == 1:
            self._order.setText("Image 1 is ready")
            self._how.setText("Ask about it below, or add more images to compare.")
        else:
            self._order.setText(f"Image 1 to Image {count} are sent in this order")
            self._how.setText(
                "Drag the cards, or press Alt+← and Alt+→, to change it. Your question comes last."
            )
