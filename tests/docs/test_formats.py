"""docs/formats.md says what the code does, row by row."""

from __future__ import annotations

from tests.docs import formats


def test_the_page_is_what_the_code_does() -> None:
    """``python -m tests.docs.formats`` writes it anew."""
    assert formats.PAGE.read_text(encoding="utf-8") == formats.page()
