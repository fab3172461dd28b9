"""Tags are drawn as far as there is room for them."""

import pytest

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.tokens import Type
from vision_studio.ui.library.delegate import pills


@pytest.mark.parametrize("room", [60, 90, 150, 400])
@pytest.mark.parametrize(
    "tags", [["a"], ["north wing", "urgent", "x"], ["a very long tag of many words" * 2, "b"]]
)
def test_tags_fit_and_none_is_forgotten(theme, room, tags):
    drawn = list(pills(tags, room, font(Type.SMALL)))
    assert sum(width + 4 for _, width in drawn) - 4 <= room
    shown = [text for text, _ in drawn]
    missing = int(shown[-1][1:]) if shown[-1].startswith("+") else 0
    assert len(shown) - bool(missing) + missing == len(tags)
