import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QPixmap,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.design.pixels import colours_in
from tests.ui.markdown.page_form import page_form
from vision_studio.ui.design.tokens import DARK, LIGHT
from vision_studio.ui.markdown.links import WebLink
from vision_studio.ui.markdown.page import code_number
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.view import AnswerView

NewAnswer = Callable[..., AnswerView]

PICTURES = [
    "![]({0})",
    "![words]({0})",
    "![words](<{0}>)",
    "[![words]({0})]({0})",
    "![r][r]\n\n[r]: {0}",
]


@pytest.fixture
def answer(new_answer: NewAnswer) -> AnswerView:
    return new_answer()


def _timers(view: AnswerView) -> list[QTimer]:
    return [timer for timer in view.findChildren(QTimer) if timer.isActive()]


class TestStreaming:
    def test_deltas_are_gathered_into_one_rendering(self, qtbot: QtBot, answer: AnswerView) -> None:
        settled: list[str] = []
        answer.settled.connect(lambda: settled.append(answer.toPlainText()))
        with qtbot.waitSignal(answer.settled):
            for delta in ("Some **wo", "rds** arr", "ive."):
                answer.append(delta)
            assert answer.toPlainText() == ""
        assert settled == ["Some words arrive."]

    def test_no_timer_runs_when_nothing_arrives(self, qtbot: QtBot, answer: AnswerView) -> None:
        assert not _timers(answer)
        with qtbot.waitSignal(answer.settled):
            answer.append("words")
        answer.finish()
        assert not _timers(answer)

    def test_an_end_without_news_is_announced_as_well(self, qtbot: QtBot, answer: AnswerView) -> None:
        answer.append("words")
        answer.settle()
        with qtbot.waitSignal(answer.settled):
            answer.finish()

    def test_the_text_is_kept_as_it_came(self, answer: AnswerView) -> None:
        for delta in ("a\r", "\nb  ", "\n\n<i>"):
            answer.append(delta)
        assert answer.text == "a\r\nb  \n\n<i>"

    def test_a_closed_block_is_not_touched_again(self, answer: AnswerView) -> None:
        answer.append("First.\n\nSecond")
        answer.settle()
        changed: list[int] = []
        answer.document().contentsChange.connect(lambda position, removed, added: changed.append(position))
        answer.append(" goes on.")
        answer.settle()
        assert changed
        assert min(changed) >= len("First.")

    def test_another_text_replaces_the_first(self, answer: AnswerView) -> None:
        answer.set_text("# One\n\n- a\n- b\n\n[x]: https://example.com")
        answer.settle()
        answer.set_text("Two [x]")
        answer.settle()
        assert answer.toPlainText() == "Two [x]"
        answer.append(" goes on")
        answer.settle()
        assert (answer.text, answer.toPlainText()) == ("Two [x] goes on", "Two [x] goes on")

    def test_no_text_takes_no_room(self, answer: AnswerView) -> None:
        assert answer.height() == 0
        answer.set_text("words")
        assert answer.height() > 0
        answer.set_text("")
        assert answer.height() == 0

    def test_a_selection_in_closed_blocks_survives(self, answer: AnswerView) -> None:
        answer.append("First words.\n\nSecond")
        answer.settle()
        caret = answer.textCursor()
        caret.setPosition(0)
        caret.setPosition(len("First"), QTextCursor.MoveMode.KeepAnchor)
        answer.setTextCursor(caret)
        for _ in range(3):
            answer.append(" and more\n\nand")
            answer.settle()
        assert answer.textCursor().selectedText() == "First"

    def test_a_selection_that_reaches_into_the_open_end_survives(self, answer: AnswerView) -> None:
        answer.append("First.\n\nSecond")
        answer.settle()
        answer.selectAll()
        answer.append(" third")
        answer.settle()
        assert answer.textCursor().selectedText() == "First.\u2029Second"


class TestHeight:
    @pytest.fixture
    def window(self, qtbot: QtBot, answer: AnswerView) -> QScrollArea:
        scroll = QScrollArea()
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(answer)
        column.addStretch(1)
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.resize(500, 300)
        qtbot.addWidget(scroll)
        scroll.show()
        return scroll

    def test_all_of_the_text_shows_at_any_width(self, window: QScrollArea, answer: AnswerView) -> None:
        answer.set_text("Words that wrap when there is little room. " * 20)
        heights = []
        for width in (900, 500, 300):
            window.resize(width, 300)
            QGuiApplication.processEvents()
            heights.append(answer.height())
            assert answer.viewport().height() >= answer.document().size().height()
            assert answer.verticalScrollBar().maximum() == 0
        assert heights == sorted(set(heights))

    def test_a_finished_answer_still_follows_its_width(self, window: QScrollArea, answer: AnswerView) -> None:
        answer.set_text("Words that wrap when there is little room. " * 20)
        QGuiApplication.processEvents()
        narrow = answer.height()
        answer.finish()
        window.resize(900, 300)
        QGuiApplication.processEvents()
        assert answer.height() < narrow

    def test_it_grows_with_the_stream(self, window: QScrollArea, answer: AnswerView) -> None:
        heights = []
        for _ in range(5):
            answer.append("- an item\n")
            answer.settle()
            QGuiApplication.processEvents()
            heights.append(answer.height())
        assert heights == sorted(set(heights))
        assert window.widget().height() > answer.height()

    def test_a_long_word_wraps(self, window: QScrollArea, answer: AnswerView) -> None:
        answer.set_text("x" * 500 + "\n\n```\n" + "y" * 500 + "\n```\n")
        QGuiApplication.processEvents()
        assert answer.document().size().width() <= answer.viewport().width()

    def test_a_table_too_wide_can_be_scrolled_sideways(self, window: QScrollArea, answer: AnswerView) -> None:
        answer.set_text("| wide " * 38 + "|\n" + "|---" * 38 + "|\n")
        answer.settle()
        QGuiApplication.processEvents()
        bar = answer.horizontalScrollBar()
        assert bar.maximum() > 0
        assert answer.height() >= answer.document().size().height() + bar.height()

    @pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
    def test_the_wheel_is_left_to_what_is_around(self, answer: AnswerView, held: Qt.KeyboardModifier) -> None:
        down = QWheelEvent(
            QPointF(10, 10),
            QPointF(answer.viewport().mapToGlobal(QPoint(10, 10))),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QGuiApplication.sendEvent(answer.viewport(), down)
        assert not down.isAccepted()

    @pytest.mark.parametrize("key", [Qt.Key.Key_PageDown, Qt.Key.Key_Space])
    def test_so_do_the_keys_for_a_page(self, answer: AnswerView, key: Qt.Key) -> None:
        pressed = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        answer.keyPressEvent(pressed)
        assert not pressed.isAccepted()


class TestNothingIsLoaded:
    @pytest.fixture
    def red(self, tmp_path: Path) -> Path:
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(QColor("#FF0000"))
        file = tmp_path / "red.png"
        assert image.save(str(file))
        return file

    @pytest.mark.parametrize("spelling", PICTURES)
    def test_a_local_picture_is_told_not_drawn(self, new_answer: NewAnswer, red: Path, spelling: str) -> None:
        for address in (str(red), red.as_uri()):
            view = new_answer(spelling.format(address))
            view.show()
            assert "#FF0000" not in colours_in(view.grab())
            assert "[image" in view.toPlainText()

    def test_a_pipe_does_not_hold_the_window_up(self, new_answer: NewAnswer, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        view = new_answer(f"![one]({pipe}) ![two](file://{pipe})")
        view.show()
        view.grab()
        assert view.toPlainText() == "[image: one] [image: two]"

    def test_every_resource_is_one_clear_pixel(self, answer: AnswerView, red: Path) -> None:
        kind = QTextDocument.ResourceType.ImageResource.value
        for load in (answer.loadResource, answer.document().loadResource, answer.document().resource):
            image = load(kind, QUrl.fromLocalFile(str(red)))
            assert image.size() == QSize(1, 1)
            assert image.pixelColor(0, 0).alpha() == 0

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("![a ridge](x.png)", "[image: a ridge]"),
            ("![](x.png)", "[image]"),
            ("![a *red* `b` ridge](x.png)", "[image: a red b ridge]"),
            ("![a](x)![b](y) and ![c](z)", "[image: a][image: b] and [image: c]"),
            ("# ![a](x)", "[image: a]"),
            ("| ![a](x) |\n|---|\n", "[image: a]"),
        ],
    )
    def test_pictures_are_told_in_words(self, new_answer: NewAnswer, text: str, told: str) -> None:
        assert new_answer(text).toPlainText().strip() == told


class TestLinks:
    def _links(self, view: AnswerView) -> list[str]:
        return [str(run[-1]) for line in page_form(view.document()) for run in line.words if run[-1]]

    @pytest.mark.parametrize(
        "text",
        [
            "[words](file:///etc/passwd)",
            "[words](/etc/passwd)",
            "[words](javascript:alert(1))",
            "[words](https://good.example@evil.example)",
            "[words](#part)",
            "<mailto:a@example.com>",
        ],
    )
    def test_only_web_pages_can_be_followed(self, new_answer: NewAnswer, text: str) -> None:
        view = new_answer(text)
        assert self._links(view) == []
        assert view.toPlainText() in ("words", "mailto:a@example.com")

    @pytest.mark.parametrize("agreed", [True, False])
    def test_a_link_opens_after_the_person_agreed(
        self, new_answer: NewAnswer, qtbot: QtBot, agreed: bool
    ) -> None:
        asked: list[WebLink] = []
        opened: list[WebLink] = []

        def ask(link: WebLink, parent: QWidget | None) -> bool:
            asked.append(link)
            return agreed

        view = new_answer(
            "[words](https://example.com/a?b=1)", ask=ask, open_link=lambda link: not opened.append(link)
        )
        view.show()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
        link = WebLink("https://example.com/a?b=1", "example.com")
        assert asked == [link]
        assert opened == ([link] if agreed else [])
        assert view.toPlainText() == "words"

    def test_the_keyboard_reaches_a_link(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        asked: list[WebLink] = []
        view = new_answer("[words](https://example.com/)", ask=lambda link, parent: bool(asked.append(link)))
        view.show()
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert [link.host for link in asked] == ["example.com"]

    def test_a_link_that_nothing_opens_is_reported(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        view = new_answer("", ask=lambda link, parent: True, open_link=lambda link: False)
        with qtbot.waitSignal(view.link_failed) as failed:
            view.anchorClicked.emit(QUrl("https://example.com/"))
        assert failed.args == ["https://example.com/"]

    def test_an_address_forged_into_the_page_goes_nowhere(self, new_answer: NewAnswer) -> None:
        asked: list[WebLink] = []
        view = new_answer("words", ask=lambda link, parent: bool(asked.append(link)))
        view.anchorClicked.emit(QUrl("file:///etc/passwd"))
        assert (asked, view.toPlainText()) == ([], "words")


class TestCode:
    TEXT = "Words.\n\n```python\ndef f():\n\n\treturn 'ü'  # long\n```\n\nAfter."
    CODE = "def f():\n\n\treturn 'ü'  # long"

    def _point_at_code(self, qtbot: QtBot, view: AnswerView) -> None:
        view.show()
        QGuiApplication.processEvents()
        line = view.document().begin()
        while code_number(line) is None:
            line = line.next()
        on_code = view.document().documentLayout().blockBoundingRect(line).center().toPoint()
        qtbot.mouseMove(view.viewport(), QPoint(1, view.height() - 1))
        qtbot.mouseMove(view.viewport(), on_code)

    def test_the_code_under_the_pointer_can_be_copied(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        view = new_answer(self.TEXT)
        button = view.findChild(QWidget, "copy_code")
        assert not button.isVisible()
        self._point_at_code(qtbot, view)
        assert button.isVisible()
        assert button.accessibleName() == "Copy code"
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == self.CODE
        assert button.accessibleName() == "Code copied"
        qtbot.mouseMove(view.viewport(), QPoint(5, 5))
        assert not button.isVisible()

    def test_so_can_the_code_at_the_caret(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        view = new_answer(self.TEXT)
        with qtbot.waitActive(view):
            view.show()
            view.activateWindow()
        view.setFocus()
        for _ in range(3):
            qtbot.keyClick(view, Qt.Key.Key_Down)
        button = view.findChild(QWidget, "copy_code")
        assert button.isVisible()
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        assert button.hasFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert QGuiApplication.clipboard().text() == self.CODE

    def test_the_offer_stays_while_the_answer_goes_on(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        view = new_answer(self.TEXT)
        self._point_at_code(qtbot, view)
        view.append(" More words.\n\nAnd more.")
        view.settle()
        assert view.findChild(QWidget, "copy_code").isVisible()

    def test_code_cut_into_parts_is_copied_whole(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        code = "\n".join(f"line {number}" for number in range(300)) + "\n" + "x" * 10_000 + "\n\nend"
        view = new_answer(f"```\n{code}\n```")
        self._point_at_code(qtbot, view)
        qtbot.mouseClick(view.findChild(QWidget, "copy_code"), Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == code

    def test_neighbours_are_copied_apart(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        view = new_answer("```\none\n```\n```\ntwo\n```")
        self._point_at_code(qtbot, view)
        qtbot.mouseClick(view.findChild(QWidget, "copy_code"), Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == "one"

    def test_code_stands_on_a_ground_of_its_own(self, new_answer: NewAnswer, style: MarkdownStyle) -> None:
        plain, code = new_answer("words"), new_answer("```\nwords\n```")
        for view in (plain, code):
            view.show()
        assert style.code_ground not in colours_in(plain.grab())
        assert colours_in(code.grab())[style.code_ground] > 1_000


class TestReading:
    def test_everything_can_be_selected_and_copied(self, new_answer: NewAnswer) -> None:
        view = new_answer("# One\n\nTwo **three**\n\n- four\n-\n\n```\nfive\n```\n")
        view.selectAll()
        view.copy()
        assert QGuiApplication.clipboard().text() == "One\nTwo three\nfour\n\nfive"

    def test_it_has_a_name(self, answer: AnswerView) -> None:
        assert (answer.accessibleName(), answer.objectName()) == ("Answer", "answer")

    def test_nothing_can_be_typed_or_dropped(self, new_answer: NewAnswer, qtbot: QtBot) -> None:
        view = new_answer("words")
        view.show()
        qtbot.keyClicks(view, "abc")
        view.paste()
        assert view.toPlainText() == "words"
        assert not view.acceptDrops()
        assert not view.viewport().acceptDrops()

    def test_headings_follow_the_type_scale(self, new_answer: NewAnswer, style: MarkdownStyle) -> None:
        view = new_answer("\n\n".join(f"{'#' * level} heading `code`" for level in range(1, 7)))
        line = view.document().begin()
        for heading in style.headings:
            sizes = {QFont(run.format.font()).pixelSize() for run in line.textFormats()}
            assert sizes == {heading.size_px}
            line = line.next()

    def test_right_to_left_words_stand_at_the_right(self, new_answer: NewAnswer) -> None:
        view = new_answer("words\n\nهذه فقرة")
        first = view.document().begin()
        assert first.textDirection() == Qt.LayoutDirection.LeftToRight
        assert first.next().textDirection() == Qt.LayoutDirection.RightToLeft


class TestStyle:
    TEXT = "Words and [a link](https://example.com).\n\n> quote\n\n```\ncode\n```\n\n---\n"

    def test_no_colour_of_the_old_style_is_left(self, new_answer: NewAnswer) -> None:
        light, dark = MarkdownStyle.of(LIGHT), MarkdownStyle.of(DARK)
        switched = new_answer(self.TEXT)
        switched.set_style(dark)
        switched.settle()
        assert light.link.lower() not in switched.toHtml().lower()
        assert dark.link.lower() in switched.toHtml().lower()
        switched.show()
        # On a ground of the new scheme, for the edges of letters mix with it; and without the copy button,
        # which has the application's scheme.
        page = QPixmap(switched.viewport().size())
        page.fill(QColor(DARK.ground))
        switched.viewport().render(page, renderFlags=QWidget.RenderFlag(0))
        shown = colours_in(page)
        assert shown[dark.code_ground] > 1_000
        assert not shown[light.code_ground]

    def test_a_switched_answer_looks_like_one_made_in_the_new_style(
        self, new_answer: NewAnswer, qtbot: QtBot
    ) -> None:
        switched = new_answer(self.TEXT)
        switched.set_style(MarkdownStyle.of(DARK))
        switched.settle()
        made = AnswerView(MarkdownStyle.of(DARK))
        qtbot.addWidget(made)
        made.resize(600, made.height())
        made.set_text(self.TEXT)
        made.settle()
        for view in (switched, made):
            view.show()
        assert switched.grab().toImage() == made.grab().toImage()

    def test_it_keeps_its_height_while_it_is_rendered_again(self, new_answer: NewAnswer) -> None:
        view = new_answer("Some words.\n\n" * 2_000)
        before = view.height()
        view.set_style(MarkdownStyle.of(DARK))
        assert view.height() == before
        view.settle()
        assert view.height() == before


class TestExtremes:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(
                "| a | b |\n|---|---|\n" + "| words | **more** |\n" * 2_000, id="a table of 2,000 rows"
            ),
            pytest.param("words " * 17_000, id="a paragraph of 100 kB"),
            pytest.param(">" * 10_000 + " words", id="10,000 quotes"),
            pytest.param("> " * 10_000 + "words", id="10,000 quotes apart"),
            pytest.param("[" * 10_000 + "words", id="10,000 brackets"),
            pytest.param("*" * 10_000 + "words", id="10,000 stars"),
            pytest.param("*a " * 5_000 + "words", id="5,000 open emphases"),
            pytest.param("- " * 10_000 + "words", id="10,000 bullets in a line"),
            pytest.param(
                "".join("  " * depth + "- words\n" for depth in range(150)), id="150 levels of lists"
            ),
            pytest.param("```\n" + "words of code\n" * 5_000, id="an open fence"),
            pytest.param("x" * 300_000 + " words", id="one long word"),
            pytest.param("|a" * 5_000 + "\n" + "|-" * 5_000 + "\nwords", id="5,000 columns"),
            pytest.param("`a` " * 5_000 + "words", id="5,000 words of code"),
            pytest.param("[a](https://example.com) " * 2_000 + "words", id="2,000 links"),
            pytest.param("1. item\n" * 5_000 + "words", id="5,000 items"),
            pytest.param("\ufdd0\ufdd1\u2029\ufffc\x00\ud800 words", id="characters Qt keeps for itself"),
        ],
    )
    def test_an_odd_answer_shows_in_frames(self, answer: AnswerView, qtbot: QtBot, text: str) -> None:
        with qtbot.waitSignal(answer.settled, timeout=60_000):
            answer.append(text)
        answer.finish()
        answer.settle()
        shown = answer.toPlainText()
        letters = sum(each.isalpha() for each in text)
        assert "words" in shown
        assert sum(each.isalpha() for each in shown) >= letters * 0.9 - len("httpsexamplecom") * text.count(
            "]("
        )

    def test_what_is_nested_too_deep_shows_its_marks(self, new_answer: NewAnswer) -> None:
        for mark in (">", "-", "1."):
            view = new_answer(f"{mark} " * 10 + "words")
            assert page_form(view.document())[-1].text == f"{mark} {mark} words"

    def test_deep_quotes_stay_on_the_page(self, new_answer: NewAnswer) -> None:
        view = new_answer("> " * 500 + "words")
        assert view.document().size().width() <= view.viewport().width()
