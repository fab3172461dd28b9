from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.ui.markdown.markdown_texts import documents, texts
from vision_studio.ui.markdown import blocks
from vision_studio.ui.markdown.blocks import PART_CHARS, Block, Splitter, split
from vision_studio.ui.markdown.grammar import Kind

P, H, R, C, L, Q, T = Kind.PARAGRAPH, Kind.HEADING, Kind.RULE, Kind.CODE, Kind.LIST, Kind.QUOTE, Kind.TABLE


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("\n \n\t\n", [], id="only blank lines"),
        pytest.param("one\ntwo\n\nthree", [P, P], id="a blank line ends a paragraph"),
        pytest.param("# One\ntext\n## Two\n", [H, P, H], id="a heading needs no blank lines"),
        pytest.param("Title\n=====\ntext", [P, P], id="an underlined heading ends with its underline"),
        pytest.param("text\n---\n***\n", [P, R], id="dashes below text are an underline, stars are a rule"),
        pytest.param("```\na\n\n# b\n- c\n```\nd", [C, P], id="code holds everything until its fence"),
        pytest.param("````\n```\n````\n", [C], id="a longer fence is not closed by a shorter one"),
        pytest.param("~~~\n```\n~~~\n", [C], id="one kind of fence is not closed by the other"),
        pytest.param("```\nnever closed\n\n# still code", [C], id="an open fence holds the rest"),
        pytest.param("```a`b\ntext\n", [P], id="a backtick after the fence makes it words"),
        pytest.param("- a\n\n- b\n\n  more\n\nend", [L, P], id="a list lives on over blank lines"),
        pytest.param("- a\nlazy\n\nend", [L, P], id="a line without indent continues an item"),
        pytest.param("- a\n# b\n", [L, H], id="a heading ends a list"),
        pytest.param("1. a\n   ```\n   x\n\n   y\n   ```\n2. b\n", [L], id="code inside an item"),
        pytest.param("Here:\n- a\n- b", [P, L], id="bullets interrupt a paragraph"),
        pytest.param("In the year\n1984. was", [P], id="a number that is not one does not"),
        pytest.param("> a\n> b\n\n> c", [Q, Q], id="a blank line ends a quote"),
        pytest.param("> a\nlazy\n# b", [Q, H], id="a line without mark continues a quote"),
        pytest.param("| a | b |\n|---|---|\n| 1 | 2 |\n\nend", [T, P], id="a table"),
        pytest.param("Words:\n| a | b |\n|---|---|\n| 1 | 2 |", [P, T], id="a table directly below words"),
        pytest.param(
            "    a\n\n    b\n\nend", [Kind.INDENTED_CODE, P], id="indented code lives on over blank lines"
        ),
    ],
)
def test_kinds(text: str, kinds: list[Kind]) -> None:
    assert [block.kind for block in split(text)] == kinds


@given(texts, st.lists(st.integers(1, 9), min_size=1))
def test_the_pieces_a_text_arrives_in_do_not_matter(text: str, lengths: list[int]) -> None:
    assert _in_pieces(text, lengths) == split(text)


# A block that ends in a part of nothing but blank lines.
BLANK_PART = (
    "1. ridge\n   ```\n   ridge\n\n   deep\n   ```\n"
    "2. ridge- two words\n  - end.\n    1. end.\n\n  ridge\n- ridge"
)


@given(texts, st.lists(st.integers(1, 9), min_size=1))
@example(BLANK_PART, [1])
def test_nor_do_they_where_long_blocks_are_cut(text: str, lengths: list[int]) -> None:
    with patch.multiple(blocks, PART_CHARS=40, ITEM_PART_CHARS=20, PART_CELLS=4, PART_CODE_LINES=3):
        assert _in_pieces(text, lengths) == split(text)


def _in_pieces(text: str, lengths: list[int]) -> list[Block]:
    splitter, at, closed = Splitter(), 0, 0
    while at < len(text):
        length = lengths[at % len(lengths)]
        splitter.feed(text[at : at + length])
        assert len(splitter.closed) >= closed
        closed = len(splitter.closed)
        at += length
    return [*splitter.closed, *splitter.open_blocks()]


@pytest.mark.parametrize("pieces", [["one\r\ntwo"], ["one\r", "\ntwo"], ["one\rtwo"], ["one\r", "two"]])
def test_every_kind_of_line_end_is_one(pieces: list[str]) -> None:
    splitter = Splitter()
    for piece in pieces:
        splitter.feed(piece)
    assert [block.source for block in splitter.open_blocks()] == ["one\ntwo"]


@given(documents)
def test_no_line_is_lost(text: str) -> None:
    written = [line for line in text.split("\n") if line.strip()]
    assert [line for block in split(text) for line in block.source.split("\n") if line.strip()] == written


@given(st.one_of(texts, documents))
def test_no_part_is_longer_than_a_step_may_take(text: str) -> None:
    for block in split(text * 50):
        assert len(block.source) <= 2 * PART_CHARS + 20  # two, as a part of a table repeats its header


def test_a_long_line_is_cut_between_words() -> None:
    text = "some words and - a dash " * 400
    parts = split(text)
    assert "".join(part.source for part in parts) == text
    assert all(part.source[0].isalpha() for part in parts)
    assert [part.mid_line for part in parts] == [False] + [True] * (len(parts) - 1)


def test_the_parts_of_long_code_are_code_each() -> None:
    text = "```python\n" + "".join(f"line {number}\n" for number in range(200)) + "```\nwords"
    *parts, words = split(text)
    assert len(parts) > 1
    assert words.source == "words"
    for part in parts:
        assert part.source.startswith("```python\n")
        assert part.source.endswith("\n```")
    assert [part.goes_on for part in parts] == [True] * (len(parts) - 1) + [False]
    lines = [line for part in parts for line in part.source.split("\n")[1:-1]]
    assert lines == [f"line {number}" for number in range(200)]


def test_the_parts_of_a_long_table_repeat_its_header_and_share_its_widths() -> None:
    head = "| name | n |\n|---|--:|\n"
    parts = split(head + "".join(f"| row number {number} | {number} |\n" for number in range(200)))
    assert len(parts) > 1
    assert all(part.source.startswith(head) for part in parts)
    assert {part.widths for part in parts} == {(len("row number 10"), 3)}


def test_a_short_table_is_as_wide_as_its_words() -> None:
    assert split("| a |\n|---|\n| b |")[0].widths == ()


def test_the_parts_of_a_long_list_go_on_counting() -> None:
    parts = split("1. " + "an item of some length\n1. " * 200 + "end")
    items = [part.source.count("\n") + 1 for part in parts]
    assert [part.number for part in parts[1:]] == [1 + sum(items[:count]) for count in range(1, len(items))]
