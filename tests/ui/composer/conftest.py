"""A composer on screen, with nothing behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from vision_studio.ui.composer.cards import clear_clipboard
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.design.theme import Theme


@pytest.fixture
def composer(theme: Theme, qtbot) -> Iterator[Composer]:
    made = Composer(lambda digest: None)
    qtbot.addWidget(made)
    made.resize(760, 640)
    made.show()
    qtbot.waitExposed(made)
    yield made
    clear_clipboard()
