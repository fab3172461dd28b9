"""The finished answer is the one a single rendering gives, however it arrived."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from tests.ui.markdown.markdown_texts import documents, texts
from tests.ui.markdown.page_form import page_form
from vision_studio.ui.design.tokens import LIGHT
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.view import AnswerView

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_REUSED = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

NewAnswer = Callable[..., AnswerView]


@given(documents)
@settings(_REUSED, derandomize=True)  # Qt's own rendering has slips, which must not turn up on a later day
def test_blocks_rendered_apart_read_as_qt_renders_them_together(qapp: QApplication, text: str) -> None:
    view = AnswerView(MarkdownStyle.of(LIGHT))
    view.set_text(text)
    view.settle()
    together = QTextDocument()
    together.setMarkdown("lead\n\n" + text, _FEATURES)  # the first block of a document may lose its format
    assert page_form(view.document()) == page_form(together, first=1)
    view.deleteLater()


@given(st.one_of(documents, texts), st.lists(st.integers(1, 30), min_size=1), st.integers(1, 4))
@_REUSED
def test_streaming_ends_where_one_rendering_does(
    qapp: QApplication, text: str, lengths: list[int], frames: int
) -> None:
    streamed, whole = AnswerView(MarkdownStyle.of(LIGHT)), AnswerView(MarkdownStyle.of(LIGHT))
    for number, delta in enumerate(_deltas(text, lengths)):
        streamed.append(delta)
        if number % frames == 0:
            streamed.settle()
    streamed.finish()
    streamed.settle()
    whole.set_text(text)
    whole.settle()
    assert streamed.toHtml() == whole.toHtml()
    assert streamed.toPlainText() == whole.toPlainText()
    assert page_form(streamed.document()) == page_form(whole.document())
    # The layout gives the width; of a page that shows nothing Qt may report another one.
    assert streamed.document().size().height() == whole.document().size().height()
    assert streamed.text == whole.text == text
    streamed.deleteLater()
    whole.deleteLater()


def _deltas(text: str, lengths: list[int]) -> list[str]:
    deltas, at = [], 0
    while at < len(text):
        length = lengths[len(deltas) % len(lengths)]
        deltas.append(text[at : at + length])
        at += length
    return deltas


@given(documents, st.floats(0, 1))
@_REUSED
def test_every_frame_of_a_stream_shows_the_text_so_far(qapp: QApplication, text: str, share: float) -> None:
    so_far = text[: round(len(text) * share)]
    streamed, whole = AnswerView(MarkdownStyle.of(LIGHT)), AnswerView(MarkdownStyle.of(LIGHT))
    for delta in _deltas(so_far, [7]):
        streamed.append(delta)
        streamed.settle()
    whole.set_text(so_far)
    whole.settle()
    assert page_form(streamed.document()) == page_form(whole.document())
    streamed.deleteLater()
    whole.deleteLater()


@pytest.mark.parametrize("gap", ["\n\n", "\n\nWords between.\n\n## And a heading\n\n"])
def test_a_link_finds_the_definition_that_comes_after_it(new_answer: NewAnswer, gap: str) -> None:
    text = f"See [here][1] and [there].{gap}[1]: https://example.com/1\n[there]: https://example.com/2\n"
    answer = new_answer()
    for character in text:
        answer.append(character)
        answer.settle()
    answer.finish()
    answer.settle()
    links = [run[-1] for line in page_form(answer.document()) for run in line.words if run[-1]]
    assert links == ["https://example.com/1", "https://example.com/2"]
    assert "example.com" not in answer.toPlainText()


def test_a_long_ordered_list_counts_on(new_answer: NewAnswer) -> None:
    answer = new_answer("".join("1. some words in an item\n" for _ in range(300)))
    assert [line.item[2] for line in page_form(answer.document()) if line.item] == list(range(1, 301))


def test_a_long_table_shows_every_row_and_its_header_once(new_answer: NewAnswer) -> None:
    answer = new_answer("| name |\n|---|\n" + "".join(f"| row {number} |\n" for number in range(500)))
    texts = [line.text for line in page_form(answer.document())]
    assert texts == ["name", *(f"row {number}" for number in range(500))]


def test_an_answer_may_begin_with_a_rule(new_answer: NewAnswer) -> None:
    form = page_form(new_answer("---\n\nwords\n\n---\n").document())
    assert [line.is_rule for line in form] == [True, False, True]


def test_hard_line_ends_stay_within_their_paragraph(new_answer: NewAnswer) -> None:
    answer = new_answer("one  \ntwo\\\nthree\nfour\n\nfive")
    assert [line.text for line in page_form(answer.document())] == ["one\u2028two\u2028three four", "five"]


def test_an_empty_item_keeps_its_place(new_answer: NewAnswer) -> None:
    form = page_form(new_answer("1. one\n2.\n3. three\n").document())
    assert [(line.text.strip("\u200b"), line.item[2]) for line in form if line.item] == [
        ("one", 1),
        ("", 2),
        ("three", 3),
    ]


def test_a_footnote_does_not_vanish(new_answer: NewAnswer) -> None:
    shown = new_answer("A claim.[^1]\n\n[^1]: Smith-2020\n").toPlainText()
    assert "A claim.[^1]" in shown
    assert "[^1]: Smith-2020" in shown


@pytest.mark.parametrize(
    "html",
    ["<b>bold</b>", "<script>alert(1)</script>", "<img src=/etc/passwd>", "<!-- note -->", "<table>\n<tr>"],
)
def test_html_is_words(new_answer: NewAnswer, html: str) -> None:
    shown = new_answer(f"before {html} after").toPlainText()
    assert shown == f"before {html} after".replace("\n", " ")
