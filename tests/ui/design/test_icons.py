"""Icons: drawn in the theme's ink, and sharp on every screen."""

import re

import pytest
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from tests.ui.design.pixels import colours_in
from vision_studio import assets
from vision_studio.ui.design import Mode, Theme, icon
from vision_studio.ui.design.tokens import DARK, LIGHT

APPLICATION = "app"  # the window's own icon has colours of its own
NAMES = sorted(file.stem for file in (assets.root() / "icons").glob("*.svg") if file.stem != APPLICATION)
EDGE = 20
ASKED_FOR = {
    "plus",
    "send",
    "stop",
    "settings",
    "search",
    "image",
    "images",
    "link",
    "pdf",
    "camera",
    "screenshot",
    "crop",
    "redact",
    "rotate",
    "replace",
    "trash",
    "undo",
    "redo",
    "copy",
    "retry",
    "branch",
    "edit",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "close",
    "warning",
    "reject",
    "note",
    "check",
    "upload",
    "cloud",
    "offline",
    "key",
    "lock",
    "session",
    "list",
    "sidebar-left",
    "sidebar-right",
    "sun",
    "moon",
    "system",
    "menu",
    "more",
    "pin",
    "folder",
    "play",
    "code",
    "export",
    "usage",
    "batch",
    "file",
}


def test_every_icon_the_window_needs_is_there():
    assert set(NAMES) >= ASKED_FOR


@pytest.mark.parametrize("name", NAMES)
def test_the_drawing_keeps_to_the_grid_and_to_one_ink(name: str):
    drawing = assets.text(f"icons/{name}.svg")
    assert QSvgRenderer(QByteArray(drawing.encode())).isValid()
    assert f'viewBox="0 0 {EDGE} {EDGE}"' in drawing
    assert set(re.findall(r'(?:stroke|fill)="([^"]*)"', drawing)) <= {"none", "currentColor"}


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_ink_of_the_theme(theme: Theme, name: str, mode: Mode):
    theme.set_mode(mode)
    drawn = colours_in(icon(name).pixmap(QSize(EDGE, EDGE), 4.0))
    assert set(drawn) == {theme.colours.text}
    assert sum(drawn.values()) > 100


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_not_cut_off_at_its_edges(theme: Theme, name: str):
    image = icon(name).pixmap(QSize(EDGE, EDGE), 1.0).toImage()
    last = EDGE - 1
    border = [(i, j) for i in range(EDGE) for j in range(EDGE) if {i, j} & {0, last}]
    assert all(image.pixelColor(x, y).alpha() < 64 for x, y in border)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_an_icon_is_sharp_at_every_scale(theme: Theme, scale: float):
    drawn = icon("settings").pixmap(QSize(EDGE, EDGE), scale)
    assert drawn.devicePixelRatio() == scale
    dots = round(EDGE * scale)
    assert drawn.size() == QSize(dots, dots)
    exact = QImage(dots, dots, QImage.Format.Format_ARGB32_Premultiplied)
    exact.fill(Qt.GlobalColor.transparent)
    painter = QPainter(exact)
    source = assets.text("icons/settings.svg").replace("currentColor", LIGHT.text)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, dots, dots))
    painter.end()
    assert drawn.toImage().convertToFormat(exact.format()) == exact


def test_a_disabled_and_a_selected_icon_differ_in_colour(theme: Theme):
    size = QSize(EDGE, EDGE)
    of = icon("stop", "danger")
    assert set(colours_in(of.pixmap(size, 1.0))) == {LIGHT.danger}
    assert set(colours_in(of.pixmap(size, 1.0, QIcon.Mode.Disabled))) == {LIGHT.disabled}
    assert set(colours_in(of.pixmap(size, 1.0, QIcon.Mode.Selected))) == {LIGHT.on_selection}


def test_an_icon_that_already_exists_follows_the_theme(theme: Theme):
    kept = icon("stop")
    kept.pixmap(QSize(EDGE, EDGE), 1.0)
    theme.set_mode(Mode.DARK)
    assert set(colours_in(kept.pixmap(QSize(EDGE, EDGE), 1.0))) == {DARK.text}


def test_a_copy_of_an_icon_outlives_the_original(theme: Theme):
    original = icon("stop")
    copy = QIcon(original)
    copy.setIsMask(True)  # makes Qt clone the engine
    del original
    assert set(colours_in(copy.pixmap(QSize(EDGE, EDGE), 1.0))) == {LIGHT.text}


def test_a_wrong_name_is_told_at_once(theme: Theme):
    with pytest.raises(FileNotFoundError):
        icon("unicorn")
    with pytest.raises(AttributeError):
        icon("stop", "mauve")
