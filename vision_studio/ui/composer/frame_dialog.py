"""Asks which frame of an animation is sent: Claude sees one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.draft import Image
from vision_studio.ui.composer.page_list import Page, PageListModel, PageListView
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import ElidedLabel
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type


class FrameDialog(Dialog):
    chosen = Signal(int)  # the frame, from 0

    def __init__(
        self, image: Image, thumbnail: Callable[[str], QImage | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, "frame-dialog", "Choose frame")
        self.setWindowTitle("Choose frame")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        frames = tuple(Page(image.digest or "", frame, f"Frame {frame + 1}") for frame in range(image.frames))
        model = PageListModel(frames, thumbnail, self)
        self.show_thumbnail = model.show_thumbnail
        self._list = PageListView(model, several=False)
        take = Button("Send this frame", object_name="take-frame", kind=Kind.PRIMARY)
        cancel = Button("Cancel", object_name="cancel-frame", hint="Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(
            ElidedLabel(
                f"{image.name} · {words.counted(image.frames, 'frame')}",
                style=Type.TITLE,
                elide=Qt.TextElideMode.ElideMiddle,
            )
        )
        column.addWidget(self._list, 1)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(take)
        column.addLayout(row)
        now = model.index(image.frame, 0)
        self._list.selectionModel().setCurrentIndex(now, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._list.scrollTo(now)
        self._list.setFocus()
        self._list.doubleClicked.connect(lambda _: self._take())
        take.clicked.connect(self._take)
        cancel.clicked.connect(self.reject)

    def _take(self) -> None:
        if rows := self._list.chosen():
            self.chosen.emit(rows[0])
            self.accept()
