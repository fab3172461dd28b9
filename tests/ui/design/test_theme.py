"""Light, dark, and following the system."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.design.pixels import colours_in
from vision_studio.ui.design import Badge, Button, Card, Ground, Kind, Mode, Theme, colours, font
from vision_studio.ui.design.stylesheet import stylesheet
from vision_studio.ui.design.tokens import DARK, LIGHT, Type


def test_the_scheme_in_force_is_the_one_chosen(theme: Theme):
    assert colours() is LIGHT
    theme.set_mode(Mode.DARK)
    assert colours() is DARK
    assert theme.colours is DARK


def test_a_change_is_told_once_and_only_when_the_look_changes(theme: Theme):
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.is_dark))
    theme.set_mode(Mode.SYSTEM)  # which is light too
    theme.set_mode(Mode.DARK)
    theme.set_mode(Mode.DARK)
    theme.set_mode(Mode.LIGHT)
    assert told == [True, False]


def test_in_system_mode_the_window_follows_the_system(theme: Theme, qapp: QApplication):
    theme.set_mode(Mode.SYSTEM)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert colours() is DARK
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert colours() is DARK, "a system that stops knowing its scheme changes nothing"
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert colours() is LIGHT


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_a_chosen_scheme_is_kept_whatever_the_system_does(theme: Theme, qapp: QApplication, mode: Mode):
    theme.set_mode(mode)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.is_dark is (mode is Mode.DARK)


def test_the_system_s_change_is_not_forgotten_while_a_scheme_is_chosen(theme: Theme, qapp: QApplication):
    theme.set_mode(Mode.SYSTEM)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    theme.set_mode(Mode.LIGHT)
    theme.set_mode(Mode.SYSTEM)
    assert theme.is_dark


def test_the_echo_of_a_chosen_scheme_is_not_taken_for_the_system_s(theme: Theme, qapp: QApplication):
    theme.set_mode(Mode.DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    theme.set_mode(Mode.SYSTEM)
    assert not theme.is_dark


@pytest.mark.parametrize(
    ("make", "token"),
    [
        pytest.param(Ground, "ground", id="ground"),
        pytest.param(Card, "surface", id="card"),
        pytest.param(lambda: Button("Go", object_name="go"), "surface", id="plain button"),
        pytest.param(
            lambda: Button("Go", object_name="go", kind=Kind.PRIMARY), "accent", id="primary button"
        ),
        pytest.param(lambda: Badge("new", object_name="new"), "note_ground", id="badge"),
        pytest.param(QLineEdit, "surface", id="Qt's own field"),
    ],
)
def test_what_is_on_screen_repaints_when_the_theme_changes(theme: Theme, qtbot, make, token: str):
    widget: QWidget = make()
    qtbot.addWidget(widget)
    widget.resize(160, 48)
    widget.show()
    assert colours_in(widget.grab()).most_common(1)[0][0] == getattr(LIGHT, token)
    theme.set_mode(Mode.DARK)
    assert colours_in(widget.grab()).most_common(1)[0][0] == getattr(DARK, token)


def test_no_colour_of_the_platform_is_left_in_the_palette(theme: Theme, qapp: QApplication):
    ours = {value.upper() for value in (getattr(LIGHT, field) for field in LIGHT.__slots__)}
    for role in QPalette.ColorRole:
        if role in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
            continue
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
            assert qapp.palette().color(group, role).name().upper() in ours, (group, role)


def test_the_stylesheet_has_no_hole_and_no_foreign_colour():
    for scheme in (LIGHT, DARK):
        rules = stylesheet(scheme)
        assert "$" not in rules
        assert rules.count("{") == rules.count("}")


@pytest.mark.parametrize("style", [Type.SMALL, Type.BODY, Type.CONTROL, Type.TITLE, Type.DISPLAY])
def test_words_are_set_in_the_bundled_typeface(theme: Theme, style):
    assert QFontInfo(font(style)).family() == "Inter"
    assert QFontInfo(font(style)).weight() == style.weight
    assert "Inter" in QFontDatabase.families()


def test_figures_of_equal_width_do_not_shake(theme: Theme):
    metrics = QFontMetrics(font(Type.SMALL, figures=True))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
    plain = QFontMetrics(font(Type.SMALL))
    assert plain.horizontalAdvance("1111") != plain.horizontalAdvance("0000")


def test_code_is_set_in_a_face_of_its_own_whatever_was_asked_for_first(theme: Theme):
    assert font(Type.SMALL).families() != font(Type.CODE).families()
    assert font(Type.CODE).fixedPitch()
    assert not font(Type.SMALL).fixedPitch()
