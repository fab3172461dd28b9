"""Carries the tokens inside Qt's own palette, so that whatever paints can ask for the scheme in force."""

from functools import cache

from PySide6.QtGui import QColor, QGuiApplication, QPalette

from vision_studio.ui.design.tokens import DARK, LIGHT, Colours

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup
_MIDDLE_LIGHTNESS = 128


def palette(scheme: Colours) -> QPalette:
    """Every role of a QPalette, so that nothing of the platform's own palette is left over."""
    roles = {
        _Role.Window: scheme.panel,
        _Role.WindowText: scheme.text,
        _Role.Base: scheme.surface,
        _Role.AlternateBase: scheme.panel,
        _Role.Text: scheme.text,
        _Role.PlaceholderText: scheme.muted,
        _Role.Button: scheme.surface,
        _Role.ButtonText: scheme.text,
        _Role.BrightText: scheme.on_accent,
        _Role.ToolTipBase: scheme.surface,
        _Role.ToolTipText: scheme.text,
        _Role.Light: scheme.surface,
        _Role.Midlight: scheme.hover,
        _Role.Mid: scheme.border,
        _Role.Dark: scheme.control_border,
        _Role.Shadow: scheme.control_border,
        _Role.Highlight: scheme.selection,
        _Role.HighlightedText: scheme.on_selection,
        _Role.Accent: scheme.accent,
        _Role.Link: scheme.link,
        _Role.LinkVisited: scheme.link,
    }
    made = QPalette()
    for role, value in roles.items():
        for group in (_Group.Active, _Group.Inactive, _Group.Disabled):
            made.setColor(group, role, colour(value))
    for role in (
        _Role.WindowText,
        _Role.Text,
        _Role.ButtonText,
        _Role.HighlightedText,
        _Role.PlaceholderText,
    ):
        made.setColor(_Group.Disabled, role, colour(scheme.disabled))
    return made


def colours() -> Colours:
    """The scheme in force, read from the application's palette: right inside any paintEvent or delegate."""
    window = QGuiApplication.palette().color(_Role.Window)
    return DARK if window.lightness() < _MIDDLE_LIGHTNESS else LIGHT


@cache
def colour(value: str) -> QColor:
    """A token's value as Qt wants it: `colour(colours().accent)`. Treat the answer as constant."""
    return QColor(value)
