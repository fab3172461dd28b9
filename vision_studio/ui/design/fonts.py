"""Brings the bundled typeface into Qt and turns a step of the type scale into a QFont."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from vision_studio import assets
from vision_studio.ui.design.tokens import TextStyle

FAMILY = "Inter"
_FILES = ("Regular", "Medium", "SemiBold", "Bold", "Italic", "BoldItalic")
# Inter has no CJK, Arabic or emoji: Qt falls back to the system's fonts for those, glyph by glyph.
_FALLBACKS = (FAMILY, "Noto Sans", "Segoe UI", "Helvetica Neue", "sans-serif")
_CODE_FAMILIES = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "Consolas", "DejaVu Sans Mono", "monospace")


@cache
def register() -> None:
    """Make the bundled faces known to Qt, once; needs a QGuiApplication.

    Raises RuntimeError when a font file is damaged, FileNotFoundError when it is missing.
    """
    for face in _FILES:
        file = assets.path(f"fonts/Inter-{face}.otf")
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise RuntimeError(f"The installation is damaged: {file.name} is not a font")


@cache  # a delegate asks for several with every card it paints
def font(style: TextStyle, *, figures: bool = False) -> QFont:
    """The font of one step of the scale; `figures` gives every digit one width, for numbers that change.

    Treat it as constant: everybody gets the same one.
    """
    made = QFont()
    made.setFamilies(list(_CODE_FAMILIES if style.code else _FALLBACKS))
    made.setPixelSize(style.size_px)
    made.setWeight(QFont.Weight(style.weight))
    if style.code:
        made.setStyleHint(QFont.StyleHint.Monospace)
        made.setFixedPitch(True)
    if style.spacing_px:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, style.spacing_px)
    if style.capitals:
        made.setCapitalization(QFont.Capitalization.AllUppercase)
    if figures:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
