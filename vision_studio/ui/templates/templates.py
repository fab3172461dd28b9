"""Stands between the templates, the question on the screen, and the engine that keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from vision_studio.core.image_names import Named, image_names
from vision_studio.core.mentions import Mention
from vision_studio.core.templates import Field, Template, fields, filled, template_text
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.templates.dialog import TemplatesDialog
from vision_studio.ui.templates.fill_dialog import FillDialog


class Templates(QObject):
    def __init__(self, bridge: EngineBridge, composer: Composer, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._composer = composer
        self._window = window
        self._dialog: TemplatesDialog | None = None
        self._words: dict[Field, str] = {}
        """What was filled in last, in this run."""
        composer.templates_asked.connect(self.show)

    def show(self) -> None:
        """Open the templates, with the question at hand to become one."""
        if self._dialog is None:
            self._dialog = self._made()
        called = {named.image.id: named.image.label or named.image.name for named in self._named().values()}
        passage = self._composer.draft.passage
        self._dialog.show_question(
            template_text(passage, lambda mention: called.get(mention.image_id, mention.name))
        )
        self._bridge.templates.tell()
        self._dialog.resize(self._dialog.sizeHint())
        self._dialog.open()

    def use(self, template: Template) -> None:
        """Put a template into the question, once what it asks for is filled in; it is one step of undo."""
        if not fields(template.text):
            self._insert(template, {}, {})
            return
        images = tuple(self._named().values())
        form = FillDialog(template, images, self._words, self._window)
        form.filled.connect(lambda words, mentions: self._insert(template, words, mentions))
        form.open()

    def _insert(
        self, template: Template, words: Mapping[Field, str], mentions: Mapping[Field, Mention]
    ) -> None:
        self._words.update(words)
        self._composer.prompt.insert(filled(template.text, words, mentions))
        self._composer.prompt.setFocus()

    def _named(self) -> Mapping[str, Named]:
        """Return the images of this question, in their order."""
        images = self._composer.images
        return image_names(images.draft.images, (), images.first_number)

    def _made(self) -> TemplatesDialog:
        dialog, bridge = TemplatesDialog(self._window), self._bridge
        dialog.insert_asked.connect(self.use)
        dialog.save_asked.connect(bridge.templates.save)
        dialog.deletion_asked.connect(bridge.templates.delete)
        dialog.import_asked.connect(bridge.templates.take_in)
        dialog.export_asked.connect(bridge.templates.export)
        bridge.templates_told.connect(dialog.show_templates)
        bridge.templates_imported.connect(dialog.show_imported)
        bridge.templates_exported.connect(dialog.show_exported)
        return dialog
