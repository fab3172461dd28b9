"""The bar above the conversation: its title, whether it is saved, the model, the system prompt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from vision_studio.core import model_words
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Session
from vision_studio.ui.design.buttons import Button, IconButton
from vision_studio.ui.design.fields import Select
from vision_studio.ui.design.icons import icon
from vision_studio.ui.design.labels import ElidedLabel, Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Bar
from vision_studio.ui.design.tokens import Space, Type

UNTITLED = "New session"
_SAVING = "saving…"


class Header(Bar):
    model_chosen = Signal(str)
    system_toggled = Signal(bool)
    options_toggled = Signal(bool)
    library_toggled = Signal()
    inspector_toggled = Signal()
    settings_asked = Signal()
    export_asked = Signal()
    code_asked = Signal()
    import_asked = Signal()
    rename_asked = Signal()

    def __init__(
        self, catalogue: Catalogue, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__("bottom", parent)
        name(self, "header", "Session")
        self._catalogue = catalogue
        self._today = today
        self._title = ElidedLabel(UNTITLED, style=Type.TITLE)
        self._title.setObjectName("title")
        self._saved = Label("", style=Type.SMALL, tone=Tone.MUTED)
        self._saved.setObjectName("saved")
        self._saved.setMinimumWidth(self._saved.fontMetrics().horizontalAdvance(_SAVING))
        self.model = Select(object_name="model", accessible_name="Model", snug=True)
        self._fill()
        # A title may be shortened; what is asked, and at which price, may not.
        self.model.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.model.activated.connect(lambda: self.model_chosen.emit(self.model.currentData()))
        self._system = Button("System prompt", object_name="system-prompt-toggle")
        self._system.setToolTip("Instructions for the whole session (Ctrl+Shift+P)")
        self._system.setCheckable(True)
        self._system.toggled.connect(self.system_toggled)
        options = IconButton("more", object_name="request-options-toggle", accessible_name="Request options")
        options.setCheckable(True)
        options.toggled.connect(self.options_toggled)
        library = IconButton(
            "sidebar-left", object_name="toggle-library", accessible_name="Sessions panel", hint="Ctrl+B"
        )
        library.clicked.connect(self.library_toggled)
        inspector = IconButton(
            "sidebar-right", object_name="toggle-inspector", accessible_name="Inspector panel", hint="Ctrl+I"
        )
        inspector.clicked.connect(self.inspector_toggled)
        settings = IconButton(
            "settings", object_name="open-settings", accessible_name="Settings", hint="Ctrl+,"
        )
        settings.clicked.connect(self.settings_asked)
        self._take_out = IconButton(
            "export", object_name="take-out", accessible_name="Export, code and import", hint="Ctrl+Shift+E"
        )
        self._take_out.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S, Space.S - Space.HAIR, Space.S, Space.S - Space.HAIR)
        row.setSpacing(Space.S)
        row.addWidget(library)
        row.addWidget(self._title)
        row.addWidget(self._saved)
        row.addStretch(1)
        row.addWidget(self.model)
        row.addWidget(options)
        row.addWidget(self._system)
        row.addWidget(self._take_out)
        row.addWidget(settings)
        row.addWidget(inspector)

    def menu(self) -> QMenu:
        """Return what leaves the application, and what comes in."""
        menu = QMenu(self)
        menu.setObjectName("take-out-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, keys, drawing, asked in (
            ("Export session…", "Ctrl+Shift+E", "export", self.export_asked),
            ("Get code…", "Ctrl+Shift+C", "code", self.code_asked),
            ("Import sessions…", "Ctrl+Alt+O", "download", self.import_asked),
        ):
            action = menu.addAction(icon(drawing), text)
            action.setShortcut(keys)
            action.triggered.connect(asked)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self._take_out.mapToGlobal(self._take_out.rect().bottomLeft()))

    def show_session(self, session: Session) -> None:
        self._title.setText(session.title or UNTITLED)
        self._choose(session.model_id)
        self.show_system(session.system)

    def show_models(self, catalogue: Catalogue) -> None:
        """Offer these models, and keep the one that is chosen."""
        if catalogue.models == self._catalogue.models:
            return
        chosen = self.model.currentData()
        self._catalogue = catalogue
        self._fill()
        self._choose(chosen)

    def show_system(self, text: str) -> None:
        """Tell whether the session has a system prompt."""
        self._system.setText("System prompt ✓" if text.strip() else "System prompt")

    def show_saved(self, saved: bool) -> None:
        self._saved.setText("saved" if saved else _SAVING)

    def open_system(self, opened: bool) -> None:
        self._system.setChecked(opened)

    def _fill(self) -> None:
        self.model.clear()
        for model in self._catalogue.models:
            self._add(model.id)

    def _choose(self, model_id: str) -> None:
        place = self.model.findData(model_id)
        if place < 0:  # a model that only this session knows, from a gateway or an older table
            self._add(model_id)
            place = self.model.count() - 1
        self.model.setCurrentIndex(place)

    def _add(self, model_id: str) -> None:
        model, today = self._catalogue.model(model_id), self._today()
        self.model.addItem(model_words.picked(model, today), model.id)
        self.model.setItemData(
            self.model.count() - 1, model_words.about(model, today), Qt.ItemDataRole.ToolTipRole
        )
