"""The page on the numbers says what the code does, as of now."""

from __future__ import annotations

from tests.docs.numbers import PAGE, page


def test_the_page_is_what_the_code_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.numbers"


def test_the_guides_examples_are_on_it() -> None:
    """The table of both guides: 54, 1334 and 1590 tokens; $0.00016, $0.004 and $0.0048; five shapes."""
    text = page()
    for row in (
        "| 200 × 200 | 54 | $0.00016 | $0.1620 |",
        "| 1000 × 1000 | 1,334 | $0.0040 | $4.00 |",
        "| 1092 × 1092 | 1,590 | $0.0048 | $4.77 |",
    ):
        assert row in text
    for sides in ("1092 × 1092", "951 × 1268", "896 × 1344", "819 × 1456", "784 × 1568"):
        assert f"| {sides} | {sides} | {sides} |" in text
