"""The chosen image: what Claude sees of it, its sizes, tokens, cost, and how much of it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from vision_studio.core.appraisal import ImageAppraisal
from vision_studio.core.draft import Fidelity, FidelityChoice, Image
from vision_studio.core.elsewhere import Elsewhere
from vision_studio.core.events import PictureReady, UploadKnown
from vision_studio.core.legibility import Text
from vision_studio.core.sight_words import letters_text
from vision_studio.core.transfer_words import place_text
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import KeyValueGrid, Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import painter_for
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type
from vision_studio.ui.fidelity_picker import FidelityPicker
from vision_studio.ui.inspector.image_rows import change_rows, elsewhere_text, number_rows, origin_rows
from vision_studio.ui.pixels import image_of


class ImageDetails(QWidget):
    fidelity_asked = Signal(object, object)  # Image, FidelityChoice
    look_asked = Signal(object)  # Image
    keep_asked = Signal(object)  # Image
    see_asked = Signal(object)  # Image
    edit_asked = Signal(object)  # Image
    made_known = Signal()  # what is sent of the chosen image was made

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "image-details", "Chosen image")
        self._image: Image | None = None
        self._upload: UploadKnown | None = None
        self._transfer = ""
        """How far its upload is."""
        self._made: PictureReady | None = None
        """What is sent of it, once it is made."""
        self._rows: list[tuple[str, str]] = []
        self._heading = SectionHeading("Image", object_name="image-heading", style=Type.TITLE)
        self._picture = _Picture()
        self._picture.pressed.connect(lambda: self.see_asked.emit(self._image))
        self._see = Button("See every pixel", object_name="see-image", small=True, icon="eye")
        self._see.setToolTip("What Claude sees of it, at 1:1 and beside the original (Ctrl+Shift+I)")
        self._see.clicked.connect(lambda: self.see_asked.emit(self._image))
        self._edit = Button("Edit image…", object_name="edit-image", small=True, icon="edit")
        self._edit.setToolTip("Crop, turn, redact or mark it; the original stays as it was (Ctrl+M)")
        self._edit.clicked.connect(lambda: self.edit_asked.emit(self._image))
        self._facts = KeyValueGrid(object_name="image-facts", accessible_name="Facts about the image")
        self._fidelity = FidelityPicker(accessible_name="How much of it is sent")
        self._fidelity.chosen.connect(self._choose_fidelity)
        self._hint = Label(
            "Choose an image to see what Claude sees of it.", style=Type.SMALL, tone=Tone.MUTED, wrap=True
        )
        self._look = Button("Look at it now", object_name="look-at-image", small=True)
        self._look.clicked.connect(lambda: self.look_asked.emit(self._image))
        self._keep = Button("Download and keep", object_name="keep-image", small=True)
        self._keep.clicked.connect(lambda: self.keep_asked.emit(self._image))
        self._copy = Button("Copy SHA-256", object_name="copy-digest", kind=Kind.LINK, small=True)
        self._copy.setToolTip("The digest of the original's bytes, in full")
        self._copy.clicked.connect(self._copy_digest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        ways = FlowLayout()
        ways.addWidget(self._see)
        ways.addWidget(self._edit)
        for part in (self._heading, self._hint, self._picture):
            column.addWidget(part)
        column.addLayout(ways)
        column.addWidget(self._facts)
        column.addWidget(self._fidelity)
        links = FlowLayout()
        links.addWidget(self._look)
        links.addWidget(self._keep)
        links.addWidget(self._copy)
        column.addLayout(links)
        self.show_image(None, None, None)

    def show_image(self, image: Image | None, number: int | None, thumbnail: QImage | None) -> None:
        if image is None or self._image is None or image.id != self._image.id:
            self._upload, self._rows, self._transfer, self._made = None, [], "", None
        self._image = image
        chosen = image is not None
        linked = image is not None and image.url is not None
        for part in (self._picture, self._see, self._edit, self._facts):
            part.setVisible(chosen)
        self._fidelity.setVisible(chosen and not linked)
        self._copy.setVisible(image is not None and image.digest is not None)
        self._look.setVisible(image is not None and linked and image.size is None)
        self._keep.setVisible(linked)
        self._hint.setVisible(not chosen)
        self._heading.set_title(f"Image {number}" if number else "Image")
        self._heading.set_trailing("selected" if chosen else "")
        if image is not None:
            self._picture.show_image(thumbnail, "")
            self._fidelity.show_choice(image.choice)

    def show_numbers(
        self,
        appraisal: ImageAppraisal | None,
        by_fidelity: Mapping[Fidelity, int],
        others: Sequence[Elsewhere] = (),
        text: Text | None = None,
    ) -> None:
        """Show what the next request makes of the image, and other models would.

        ``by_fidelity`` are the tokens of each choice, ``text`` what was measured of the text in the image.
        """
        self._fidelity.show_tokens(by_fidelity)
        image = self._image
        if image is None:
            return
        for control in (self._fidelity, self._look, self._keep, self._edit):
            control.setEnabled(appraisal is not None)  # what was sent stays as it was
        rows = list(origin_rows(image))
        if appraisal is not None:
            self._heading.set_title(f"Image {appraisal.number}" if appraisal.number else "Left out")
            seen = appraisal.seen
            self._picture.say("Nobody has looked at it yet" if seen is None else f"What Claude sees · {seen}")
            rows += number_rows(appraisal, self._made)
            if text is not None and seen is not None:
                rows.append(("Small letters", letters_text(text.seen_px(seen))))
            if others:
                rows.append(("Elsewhere", "\n".join(elsewhere_text(one) for one in others)))
        self._rows = [*rows, *change_rows(image, self._made)]
        self._show_rows()

    def show_upload(self, known: UploadKnown) -> None:
        """Show whether the chosen image is on the server, and until when."""
        if self._image is not None and known.image_id == self._image.id:
            self._upload = known
            self._show_rows()

    def show_transfer(self, image_id: str, said: str) -> None:
        """Show how far the chosen image's upload is, or why it failed; "" once it is over."""
        if self._image is not None and image_id == self._image.id:
            self._transfer = said
            self._show_rows()

    def _show_rows(self) -> None:
        where = "" if self._upload is None else place_text(self._upload)
        if said := self._transfer or where:
            self._facts.set_rows([*self._rows, ("On the server", said)])
        else:
            self._facts.set_rows(self._rows)

    def show_thumbnail(self, thumbnail: QImage) -> None:
        self._picture.show_pixels(thumbnail)

    def show_picture(self, ready: PictureReady) -> None:
        """Show the pixels themselves, when they come for the image that is chosen."""
        if self._image is not None and ready.image_id == self._image.id:
            picture = image_of(ready.width, ready.height, ready.rgba)
            if not picture.isNull():
                self._picture.show_pixels(picture)
            self._made = ready
            self.made_known.emit()

    def _copy_digest(self) -> None:
        if self._image is not None and self._image.digest is not None:
            QGuiApplication.clipboard().setText(self._image.digest)

    def _choose_fidelity(self, choice: FidelityChoice) -> None:
        if self._image is not None:
            self.fidelity_asked.emit(self._image, choice)


class _Picture(QWidget):
    """A picture in a rounded frame, with words on it; the pointer may press it, the keys have a button."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "what-claude-sees", "What Claude sees")
        self._image: QImage | None = None
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.SAMPLE_PICTURE * 2)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_image(self, image: QImage | None, text: str) -> None:
        self._image = image
        self.say(text)

    def show_pixels(self, image: QImage) -> None:
        self._image = image
        self.update()

    def say(self, text: str) -> None:
        self._words = text
        self.setAccessibleDescription(text)
        self.update()

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(Space.XXL * 5, self.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        frame = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(frame, Radius.M, Radius.M)
        painter.fillPath(shape, colour(scheme.sunken))
        if self._image is not None and not self._image.isNull():
            whole = self._image.size().toSizeF().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(QPointF(), whole)
            place.moveCenter(frame.center())
            painter.setClipPath(shape)
            painter.drawImage(place, self._image)
            painter.setClipping(False)
        if self._words:
            self._paint_words(painter, frame)
        painter.end()

    def _paint_words(self, painter: QPainter, frame: QRectF) -> None:
        painter.setFont(font(Type.SMALL_STRONG, figures=True))
        metrics = painter.fontMetrics()
        pill = QRectF(
            frame.x() + Space.XS + Space.HAIR,
            frame.y() + Space.XS + Space.HAIR,
            metrics.horizontalAdvance(self._words) + 2 * Space.S,
            metrics.height() + Space.XS,
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours().overlay))
        painter.drawRoundedRect(pill, Radius.S, Radius.S)
        painter.setPen(colour(colours().on_overlay))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._words)
