"""Settings: where requests go, and the key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    KeyChecked,
    KeySource,
)
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.fields import LineField, RadioButton
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.status import Spinner
from vision_studio.ui.design.tokens import Size, Space, Type

_KEY_WORDS = {
    KeySource.NONE: "No key yet. Create one in the Claude Console, paste it here, and it is tested with one "
    "free call before it is kept in this computer's keyring.",
    KeySource.KEYRING: "A key is stored in this computer's keyring.",
    KeySource.ENVIRONMENT: "The key comes from the environment variable ANTHROPIC_API_KEY.",
    KeySource.THIS_RUN: "The key is held in memory until you close Vision Studio.",
}


class ConnectionSettings(QWidget):
    practice_asked = Signal()
    api_asked = Signal(str)  # base URL, "" for Anthropic's own
    key_given = Signal(str)
    key_forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "connection-settings", "Connection")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._practice = RadioButton("Practice server on this computer", object_name="use-practice")
        self._api = RadioButton("Claude API", object_name="use-api")
        self._gateway = RadioButton("Another server that speaks the Messages API", object_name="use-gateway")
        self._base_url = LineField(
            object_name="base-url",
            accessible_name="Address of the server",
            placeholder="https://gateway.example.com",
        )
        self._key = LineField(
            object_name="api-key", accessible_name="API key", placeholder="sk-ant-…", secret=True
        )
        self._save = Button("Test and save", object_name="save-key", kind=Kind.PRIMARY)
        self._forget = Button("Forget key", object_name="forget-key")
        self._key_words = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._key_words.setObjectName("key-state")
        self._busy = Spinner(object_name="testing-key", accessible_name="Testing the key")
        self._busy.hide()
        self._outcome: Notice | None = None
        self._outcome_is_of_connection = False
        self._add_connection()

    def start_over(self) -> None:
        """Forget what was typed into the key's field and what came of it, unless the connection stands so."""
        self._key.clear()
        if not self._outcome_is_of_connection:
            self._clear_outcome()

    def show_connection(self, changed: ConnectionChanged) -> None:
        chosen = {
            ConnectionKind.PRACTICE: self._practice,
            ConnectionKind.API: self._api,
            ConnectionKind.GATEWAY: self._gateway,
        }[changed.kind]
        chosen.setChecked(True)
        if changed.kind is ConnectionKind.GATEWAY and not self._base_url.hasFocus():
            self._base_url.setText(changed.base_url)
        self._base_url.setEnabled(changed.kind is ConnectionKind.GATEWAY)
        self._key_words.setText(_KEY_WORDS[changed.key_source])
        self._forget.setEnabled(changed.key_source in (KeySource.KEYRING, KeySource.THIS_RUN))
        if changed.state is ConnectionState.FAILED and changed.failure is not None:
            said = words.failure_words(changed.failure)
            self._show_outcome(Severity.REJECT, said.title, said.next_step)
            self._outcome_is_of_connection = True
        elif self._outcome_is_of_connection:
            self._clear_outcome()

    def show_key_check(self, checked: KeyChecked) -> None:
        self._busy.hide()
        self._save.setEnabled(True)
        if checked.failure is None:
            self._key.clear()
            where = _KEY_WORDS[checked.stored_in]
            if checked.not_kept is not None:
                said = words.failure_words(checked.not_kept)
                where = f"{said.title} {said.next_step}"
            self._show_outcome(Severity.SUCCESS, "The key works.", where)
        else:
            said = words.failure_words(checked.failure)
            self._show_outcome(Severity.REJECT, said.title, said.next_step)

    def _clear_outcome(self) -> None:
        self._outcome_is_of_connection = False
        if self._outcome is not None:
            self._outcome_place.removeWidget(self._outcome)
            self._outcome.hide()
            self._outcome.deleteLater()
            self._outcome = None

    def _show_outcome(self, severity: Severity, text: str, next_step: str) -> None:
        self._clear_outcome()
        self._outcome = Notice(
            severity,
            text,
            object_name="key-outcome",
            lines=(next_step,) if next_step else (),
            dismissible=False,
        )
        self._outcome_place.addWidget(self._outcome)
        self._outcome.announce()

    def _add_connection(self) -> None:
        column = self._column
        column.addWidget(SectionHeading("Connection", object_name="connection-heading"))
        group = QButtonGroup(self)
        for button in (self._practice, self._api, self._gateway):
            group.addButton(button)
        column.addWidget(self._practice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            _indented(
                "Nothing leaves this computer. It measures your images and enforces the API's limits; "
                "it is not Claude."
            )
        )
        column.addWidget(self._api, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(_indented("Requests go to api.anthropic.com and are billed to your key."))
        column.addWidget(self._gateway, 0, Qt.AlignmentFlag.AlignLeft)
        address = QHBoxLayout()
        address.setContentsMargins(Size.ICON + Space.S, 0, 0, 0)
        address.addWidget(self._base_url)
        column.addLayout(address)
        column.addSpacing(Space.S)
        column.addWidget(SectionHeading("API key", object_name="key-heading"))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._key, 1)
        row.addWidget(self._busy)
        row.addWidget(self._save)
        row.addWidget(self._forget)
        column.addLayout(row)
        column.addWidget(self._key_words)
        self._outcome_place = QVBoxLayout()
        column.addLayout(self._outcome_place)
        self._practice.clicked.connect(self._choose_practice)
        self._api.clicked.connect(self._choose_api)
        self._gateway.clicked.connect(self._choose_gateway)
        self._base_url.editingFinished.connect(self._use_gateway)
        self._key.returnPressed.connect(self._give_key)
        self._save.clicked.connect(self._give_key)
        self._forget.clicked.connect(self.key_forgotten)

    def _choose_practice(self) -> None:
        self._base_url.setEnabled(False)
        self.practice_asked.emit()

    def _choose_api(self) -> None:
        self._base_url.setEnabled(False)
        self.api_asked.emit("")

    def _choose_gateway(self) -> None:
        self._base_url.setEnabled(True)
        self._base_url.setFocus()
        self._use_gateway()

    def _use_gateway(self) -> None:
        address = self._base_url.text().strip().rstrip("/")
        usable = address.startswith(("http://", "https://"))
        self._base_url.set_invalid(bool(address) and not usable)
        if self._gateway.isChecked() and usable:
            self.api_asked.emit(address)

    def _give_key(self) -> None:
        key = self._key.text().strip()
        if not key:
            self._key.setFocus()
            return
        self._save.setEnabled(False)
        self._busy.show()
        self.key_given.emit(key)


def _indented(text: str) -> Label:
    label = Label(text, style=Type.SMALL, tone=Tone.MUTED, wrap=True)
    label.setContentsMargins(Size.ICON + Space.S, 0, 0, Space.XS)
    return label
