"""Settings: where requests go, the key and its test, the look."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QRadioButton

from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    KeyChecked,
    KeySource,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.design.theme import Mode, Theme
from vision_studio.ui.settings import SettingsDialog

KEY = "sk-ant-test-0000"


@pytest.fixture
def settings(theme: Theme, qtbot) -> SettingsDialog:
    made = SettingsDialog(Mode.SYSTEM)
    qtbot.addWidget(made)
    made.show()
    return made


def connected(kind: ConnectionKind, source: KeySource = KeySource.NONE, **more) -> ConnectionChanged:
    return ConnectionChanged(kind, ConnectionState.CONNECTED, "https://gateway.example.com", source, **more)


def outcomes(settings: SettingsDialog) -> list[str]:
    QCoreApplication.processEvents()  # what was just added to a layout is shown by it
    return [one.accessibleName() for one in settings.findChildren(Notice, "key-outcome") if one.isVisible()]


def field(settings: SettingsDialog, name: str) -> QLineEdit:
    return settings.findChild(QLineEdit, name)


def press(settings: SettingsDialog, name: str) -> None:
    (settings.findChild(QPushButton, name) or settings.findChild(QRadioButton, name)).click()


def test_it_shows_where_requests_go(settings):
    settings.show_connection(connected(ConnectionKind.GATEWAY, KeySource.KEYRING))
    assert settings.findChild(QRadioButton, "use-gateway").isChecked()
    assert field(settings, "base-url").text() == "https://gateway.example.com"
    assert settings.findChild(QLabel, "key-state").text() == "A key is stored in this computer's keyring."
    settings.show_connection(connected(ConnectionKind.PRACTICE))
    assert not field(settings, "base-url").isEnabled()


def test_a_choice_takes_effect_at_once(settings, qtbot):
    settings.show_connection(connected(ConnectionKind.PRACTICE))
    with qtbot.waitSignal(settings.connection.api_asked) as asked:
        press(settings, "use-api")
    assert asked.args == [""]
    with qtbot.waitSignal(settings.connection.practice_asked):
        press(settings, "use-practice")
    with qtbot.waitSignal(settings.appearance.mode_chosen) as chosen:
        press(settings, "mode-dark")
    assert chosen.args == [Mode.DARK]


def test_another_server_needs_an_address_that_can_be_one(settings, qtbot):
    with qtbot.assertNotEmitted(settings.connection.api_asked):
        press(settings, "use-gateway")
        qtbot.keyClicks(field(settings, "base-url"), "gateway.example.com")
        qtbot.keyClick(field(settings, "base-url"), Qt.Key.Key_Return)
    assert field(settings, "base-url").property("invalid")
    field(settings, "base-url").setText("http://localhost:8080/")
    with qtbot.waitSignal(settings.connection.api_asked) as asked:
        qtbot.keyClick(field(settings, "base-url"), Qt.Key.Key_Return)
    assert asked.args == ["http://localhost:8080"]


def test_a_key_is_hidden_tested_and_then_gone_from_the_field(settings, qtbot):
    assert field(settings, "api-key").echoMode() == QLineEdit.EchoMode.Password
    qtbot.keyClicks(field(settings, "api-key"), f"  {KEY} ")
    with qtbot.waitSignal(settings.connection.key_given) as given:
        press(settings, "save-key")
    assert given.args == [KEY]
    assert not settings.findChild(QPushButton, "save-key").isEnabled()
    settings.show_key_check(KeyChecked(KeySource.KEYRING))
    assert outcomes(settings) == ["Done: The key works."]
    assert field(settings, "api-key").text() == ""
    assert settings.findChild(QPushButton, "save-key").isEnabled()


def test_a_rejected_key_stays_to_be_mended(settings, qtbot):
    qtbot.keyClicks(field(settings, "api-key"), KEY)
    press(settings, "save-key")
    settings.show_key_check(KeyChecked(KeySource.NONE, Failure(FailureKind.KEY_REJECTED)))
    (said,) = outcomes(settings)
    assert "does not accept" in said
    assert field(settings, "api-key").text() == KEY


def test_only_one_outcome_stands_there(settings):
    for _ in range(3):
        settings.show_key_check(KeyChecked(KeySource.NONE, Failure(FailureKind.OFFLINE)))
    assert len(outcomes(settings)) == 1


def test_a_connection_that_works_again_takes_its_complaint_away(settings):
    failure = Failure(FailureKind.KEY_REJECTED)
    failed = ConnectionChanged(
        ConnectionKind.API, ConnectionState.FAILED, "", KeySource.KEYRING, None, failure
    )
    settings.show_connection(failed)
    assert outcomes(settings)
    settings.show_connection(connected(ConnectionKind.API, KeySource.KEYRING))
    assert not outcomes(settings)


def test_only_a_key_of_ours_can_be_forgotten(settings, qtbot):
    forget = settings.findChild(QPushButton, "forget-key")
    settings.show_connection(connected(ConnectionKind.API, KeySource.ENVIRONMENT))
    assert not forget.isEnabled()
    settings.show_connection(connected(ConnectionKind.API, KeySource.KEYRING))
    with qtbot.waitSignal(settings.connection.key_forgotten):
        forget.click()


def cramped(settings: SettingsDialog) -> list[str]:
    return [
        label.text()
        for label in settings.findChildren(QLabel)
        if label.isVisible() and label.wordWrap() and label.height() < label.heightForWidth(label.width())
    ]


def test_the_dialog_is_never_too_low_for_its_words(settings, qtbot):
    settings.show_connection(connected(ConnectionKind.PRACTICE))
    settings.resize(settings.width(), 10)
    qtbot.waitUntil(lambda: not cramped(settings), timeout=3000)
    settings.show_key_check(KeyChecked(KeySource.NONE, Failure(FailureKind.KEY_REJECTED)))
    assert outcomes(settings)
    qtbot.waitUntil(lambda: not cramped(settings), timeout=3000)


def test_a_key_that_failed_is_gone_when_settings_open_again(settings):
    field(settings, "api-key").setText(KEY)
    press(settings, "save-key")
    settings.show_key_check(KeyChecked(KeySource.NONE, Failure(FailureKind.KEY_REJECTED)))
    assert outcomes(settings)
    settings.start_over()
    assert field(settings, "api-key").text() == ""
    assert not outcomes(settings)


def test_the_keyboard_goes_on_from_the_page_that_is_shown(settings):
    settings.show_subject("Uploads")
    assert settings.focusWidget().objectName() == "settings-upload"
    settings.findChild(QPushButton, "settings-sun").click()  # which leaves the keyboard
    settings.close()
    settings.start_over()
    settings.open()
    assert settings.focusWidget().objectName() == "settings-sun"
