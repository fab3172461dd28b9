"""Asks which pages of documents are wanted, and how finely they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.documents import Document, Resolution, naming, page_images, pages_named
from vision_studio.core.draft import Image
from vision_studio.ui.composer.page_list import Page, PageListModel, PageListView
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import LineField, Select
from vision_studio.ui.design.labels import ElidedLabel, Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

_FEW = 20
"""So many pages are taken for wanted; of more, somebody has to choose."""

_RESOLUTIONS = (
    ("As sharp as Claude can see", Resolution.SHARPEST),
    ("100 dots per inch", Resolution.DPI_100),
    ("150 dots per inch", Resolution.DPI_150),
    ("200 dots per inch", Resolution.DPI_200),
    ("300 dots per inch", Resolution.DPI_300),
)


class PagesDialog(Dialog):
    """One dialog for all the documents of a drop; each page that is chosen becomes a card."""

    chosen = Signal(object)  # the cards, a tuple of Image

    def __init__(
        self,
        documents: Sequence[Document],
        thumbnail: Callable[[str], QImage | None],
        estimate: Callable[[Sequence[Image]], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, "pages-dialog", "Choose pages")
        self.setWindowTitle("Choose pages")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._documents = tuple(documents)
        self._estimate = estimate
        self._places = [
            (document, page) for document in self._documents for page in range(len(document.pages))
        ]
        model = PageListModel(tuple(map(self._page, self._places)), thumbnail, self)
        self.show_thumbnail = model.show_thumbnail
        self._list = PageListView(model, several=True)
        self._named = LineField(
            object_name="page-numbers", accessible_name="Pages by number", placeholder="1-3, 7"
        )
        self._resolution = Select(
            _RESOLUTIONS, object_name="page-resolution", accessible_name="How finely pages are drawn"
        )
        self._total = ElidedLabel(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._add = Button("Add", object_name="add-pages", kind=Kind.PRIMARY)
        self._lay_out()
        self._connect()
        if len(self._places) <= _FEW:
            self._list.selectAll()
        self._list.setFocus()
        self._show_choice()

    def _page(self, place: tuple[Document, int]) -> Page:
        document, page = place
        several = len(self._documents) > 1
        called = f"{document.name}, page {page + 1}" if several else f"Page {page + 1}"
        return Page(document.digest, page, called)

    def _lay_out(self) -> None:
        one = len(self._documents) == 1
        what = self._documents[0].name if one else words.counted(len(self._documents), "document")
        pages = words.counted(len(self._places), "page")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(
            ElidedLabel(f"{what} · {pages}", style=Type.TITLE, elide=Qt.TextElideMode.ElideMiddle)
        )
        column.addWidget(self._list, 1)
        ways = QHBoxLayout()
        ways.setSpacing(Space.S)
        everything = Button("All", object_name="all-pages", small=True)
        nothing = Button("None", object_name="no-pages", small=True)
        everything.clicked.connect(self._list.selectAll)
        nothing.clicked.connect(self._list.clearSelection)
        if one:
            ways.addWidget(Label("Pages", style=Type.SMALL, tone=Tone.MUTED))
            ways.addWidget(self._named, 1)
        for button in (everything, nothing):
            ways.addWidget(button)
        ways.addStretch(0 if one else 1)
        if any(document.is_drawn for document in self._documents):
            ways.addWidget(self._resolution)
        column.addLayout(ways)
        end = QHBoxLayout()
        end.setSpacing(Space.S)
        cancel = Button("Cancel", object_name="cancel-pages", hint="Esc")
        cancel.clicked.connect(self.reject)
        end.addWidget(self._total, 1)
        end.addWidget(cancel)
        end.addWidget(self._add)
        column.addLayout(end)

    def _connect(self) -> None:
        self._list.selectionModel().selectionChanged.connect(self._show_choice)
        self._named.textEdited.connect(self._choose_named)
        self._named.returnPressed.connect(self._take)
        self._resolution.currentIndexChanged.connect(self._show_choice)
        self._add.clicked.connect(self._take)

    def _images(self) -> tuple[Image, ...]:
        resolution = self._resolution.currentData() or Resolution.SHARPEST
        rows = self._list.chosen()
        chosen = [self._places[row] for row in rows]
        return tuple(
            image
            for document in self._documents
            for image in page_images(
                document,
                [page for of, page in chosen if of is document],
                resolution,
                lambda: uuid4().hex,
            )
        )

    def select(self, rows: Sequence[int]) -> None:
        """Choose these pages, counted through all documents from 0, and no others."""
        model, pages = self._list.selectionModel(), self._list.model()
        model.clearSelection()
        for row in rows:
            model.select(pages.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
        if rows:
            self._list.scrollTo(pages.index(rows[-1], 0))

    def _choose_named(self, text: str) -> None:
        pages = pages_named(text, len(self._places))
        self._named.set_invalid(pages is None)
        if pages is not None:
            self.select(pages)

    def _show_choice(self) -> None:
        images = self._images()
        if not self._named.hasFocus():
            self._named.setText(naming(self._list.chosen()))
            self._named.set_invalid(False)
        self._total.setText(
            f"{words.counted(len(images), 'page')} · {self._estimate(images)}"
            if images
            else "No page is chosen yet: click those you want."
        )
        self._add.setText(f"Add {words.counted(len(images), 'page')}" if images else "Add")
        self._add.setEnabled(bool(images))

    def _take(self) -> None:
        if images := self._images():
            self.chosen.emit(images)
            self.accept()
