"""A small form: what a template asks for, filled in before it is put into the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core.image_names import Named
from vision_studio.core.mentions import Mention
from vision_studio.core.templates import Field, Template, fields
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import LineField, Select
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type

_NONE = ""
"""Stands for no image in a list of them: an entry without a value cannot be found by it."""


class FillDialog(Dialog):
    filled = Signal(object, object)  # words by Field, Mentions by Field

    def __init__(
        self,
        template: Template,
        images: Sequence[Named],
        words: Mapping[Field, str],
        parent: QWidget | None = None,
    ) -> None:
        """``images`` can be chosen; ``words`` are what was filled in last."""
        super().__init__(parent)
        name(self, "fill-template", "Fill in the template")
        self.setWindowTitle(template.name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(Size.READING // 2)
        self._images = {named.image.id: named for named in images}
        self._words: dict[Field, LineField] = {}
        self._places: dict[Field, Select] = {}
        form = QGridLayout()
        form.setColumnStretch(1, 1)
        form.setHorizontalSpacing(Space.M)
        form.setVerticalSpacing(Space.S)
        for row, field in enumerate(fields(template.text)):
            form.addWidget(Label(field.title), row, 0)
            form.addWidget(self._part(row, field, words), row, 1)
        insert = Button("Insert", object_name="fill-insert", kind=Kind.PRIMARY)
        insert.setDefault(True)
        insert.clicked.connect(self._tell)
        cancel = Button("Cancel", object_name="fill-cancel", hint="Esc")
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(insert)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label(template.name, style=Type.TITLE, wrap=True))
        column.addLayout(form)
        hint = "What is left empty leaves nothing behind."
        column.addWidget(Label(hint, style=Type.SMALL, tone=Tone.MUTED, wrap=True))
        column.addLayout(foot)

    def _part(self, row: int, field: Field, words: Mapping[Field, str]) -> QWidget:
        if not field.image:
            line = LineField(object_name=f"fill-{row}", accessible_name=field.title)
            line.setText(words.get(field, ""))
            self._words[field] = line
            return line
        choices = [(_choice(named), named.image.id) for named in self._images.values()]
        select = Select(
            [*choices, ("No image", _NONE)], object_name=f"fill-{row}", accessible_name=field.title
        )
        select.setCurrentIndex(self._proposed(field))
        self._places[field] = select
        return select

    def _proposed(self, field: Field) -> int:
        """Return the image that is called what the place is called, else the next one in their order."""
        wanted = field.name.casefold()
        for row, named in enumerate(self._images.values()):
            if wanted and wanted in (named.image.label.casefold(), named.image.name.casefold()):
                return row
        return min(len(self._places), len(self._images))

    def _tell(self) -> None:
        words = {field: line.text() for field, line in self._words.items()}
        chosen = {field: str(select.currentData()) for field, select in self._places.items()}
        mentions = {
            field: Mention(image_id, self._images[image_id].image.name)
            for field, image_id in chosen.items()
            if image_id != _NONE
        }
        self.filled.emit(words, mentions)
        self.accept()


def _choice(named: Named) -> str:
    return f"{named.words} · {named.image.label or named.image.name}"
