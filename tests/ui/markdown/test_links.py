import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from vision_studio.ui.markdown.links import WebLink, ask_in_dialog, confirmation, web_link


@pytest.mark.parametrize(
    ("href", "link"),
    [
        pytest.param("https://example.com", WebLink("https://example.com", "example.com"), id="https"),
        pytest.param(
            "http://example.com:8080/a?b=c#d",
            WebLink("http://example.com:8080/a?b=c#d", "example.com"),
            id="all parts",
        ),
        pytest.param(
            "https://exаmple.com/",
            WebLink("https://xn--exmple-4nf.com/", "xn--exmple-4nf.com"),
            id="a Cyrillic а shows",
        ),
        pytest.param(
            "https://example.com/\u202egnp.exe",
            WebLink("https://example.com/%E2%80%AEgnp.exe", "example.com"),
            id="no turned-around text",
        ),
    ],
)
def test_web_links(href: str, link: WebLink) -> None:
    assert web_link(href) == link


@pytest.mark.parametrize(
    "href",
    [
        "",
        "example.com",
        "/etc/passwd",
        "//host/share",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "vscode://file/x",
        "data:text/html,x",
        "mailto:a@example.com",
        "ftp://example.com",
        "https:///path",
        "https://",
        "http:example.com",
        "https://bank.example@elsewhere.example",
        "https://@elsewhere.example",
        "https://user:word@example.com",
        "https://exa mple.com",
        "https://example.com/" + "a" * 3_000,
        "#top",
    ],
)
def test_everything_else_is_inert(href: str) -> None:
    assert web_link(href) is None


def test_the_question_shows_host_and_address_as_plain_words(qtbot: QtBot) -> None:
    box = confirmation(WebLink("https://example.com/%3Cb%3E?a=1&copy=2", "example.com"))
    qtbot.addWidget(box)
    assert "example.com" in box.text()
    assert box.informativeText().replace("\u200b", "") == "https://example.com/%3Cb%3E?a=1&copy=2"
    assert box.textFormat() == Qt.TextFormat.PlainText


def test_an_address_of_any_length_shows_whole(qtbot: QtBot) -> None:
    link = web_link("https://example.com/?" + "a" * 1_500)
    assert link is not None
    box = confirmation(link)
    qtbot.addWidget(box)
    box.show()
    (label,) = (each for each in box.findChildren(QLabel) if each.text() == box.informativeText())
    needed = label.fontMetrics().boundingRect(
        label.contentsRect(), Qt.TextFlag.TextWordWrap.value, label.text()
    )
    assert label.contentsRect().width() >= needed.width()
    assert label.contentsRect().height() >= needed.height()


def test_enter_does_not_open(qtbot: QtBot) -> None:
    box = confirmation(WebLink("https://example.com", "example.com"))
    qtbot.addWidget(box)
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)


@pytest.mark.parametrize(("button", "agreed"), [("open_link_open", True), (None, False)])
def test_the_answer_of_the_person_counts(qtbot: QtBot, button: str | None, agreed: bool) -> None:
    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        if button is None:
            box.reject()
        else:
            next(each for each in box.buttons() if each.objectName() == button).click()

    QTimer.singleShot(0, answer)
    assert ask_in_dialog(WebLink("https://example.com", "example.com")) is agreed
