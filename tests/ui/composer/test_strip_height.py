"""A full strip never keeps the window from being made small."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.ui.composer.pictures import pictures
from vision_studio.ui.composer.composer import Composer


def test_a_window_with_a_full_strip_can_be_made_as_small_as_with_one_image(composer: Composer, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addStretch(1)
    column.addWidget(composer)
    composer.cards.insert(0, pictures("a"))
    composer.strip.set_most_rows(3)
    window.show()
    small = window.minimumSizeHint().height()
    composer.cards.insert(1, pictures("bcdefghijklmnopqrstuvwxyz"))
    window.resize(760, 900)
    qtbot.waitUntil(lambda: composer.strip.height() > 2 * composer.strip.minimumHeight())
    window.resize(760, small)
    qtbot.waitUntil(lambda: window.height() == small)
    composer.setParent(None)  # the fixture takes it away
