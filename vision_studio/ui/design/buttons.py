"""Buttons: with words, and with an icon alone."""

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import icon as make_icon
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.labels import plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import focus_ring, painter_for, rounded_box, shows_focus
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type


class Kind(StrEnum):
    PLAIN = "plain"  # a white box with a hairline: the usual button
    PRIMARY = "primary"  # filled with the accent: one per window
    QUIET = "quiet"  # no box until the pointer comes: rows, toolbars, "Copy"
    LINK = "link"  # words alone, underlined under the pointer: "and 12 more", "rename"
    DANGER = "danger"  # plain, in the colour of what cannot be undone


class _Look(NamedTuple):
    fill: str | None
    border: str | None
    ink: str
    hint: str


class Button(QPushButton):
    """A button with words, and perhaps an icon, a shortcut hint and a menu.

    `text` follows Qt's rule for "&": double it in words that come from outside. `hint` is shown after the
    text in a quieter tone ("Ctrl+↵"); `spread` puts the text at the left edge and the hint at the right.
    """

    def __init__(
        self,
        text: str,
        *,
        object_name: str,
        accessible_name: str | None = None,
        kind: Kind = Kind.PLAIN,
        icon: str | None = None,
        hint: str = "",
        small: bool = False,
        spread: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        if accessible_name is None and not text.strip():
            raise ValueError(f"{object_name} needs a text or an accessible name")
        name(self, object_name, accessible_name)
        self._kind = kind
        self._icon = icon
        self._small = small
        self._spread = spread
        self._hint = ""
        self.setFont(font(Type.CONTROL if not small else Type.SMALL))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # A click must not take the caret out of the prompt; the keyboard reaches every button by Tab.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if spread else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed
        )
        self.set_hint(hint)

    @property
    def kind(self) -> Kind:
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        self._kind = kind
        self.update()

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        self.setAccessibleDescription(hint)
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str | None) -> None:
        """Change the drawing (a name under resources/icons/), or take it away."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def _look(self) -> _Look:
        scheme = colours()
        over, down = self.underMouse(), self.isDown() or self.isChecked()
        boxed = self._kind not in (Kind.QUIET, Kind.LINK)
        border = scheme.border if boxed else None
        if not self.isEnabled():
            return _Look(scheme.panel if boxed else None, border, scheme.disabled, scheme.disabled)
        if self._kind is Kind.PRIMARY:
            fill = scheme.accent_pressed if down else scheme.accent_hover if over else scheme.accent
            return _Look(fill, None, scheme.on_accent, scheme.on_accent)
        if self._kind is Kind.LINK:
            return _Look(None, None, scheme.link, scheme.muted)
        ground = scheme.sunken if down else scheme.hover if over else scheme.surface
        ink = scheme.danger if self._kind is Kind.DANGER else scheme.text
        return _Look(ground if boxed or over or down else None, border, ink, scheme.muted)

    def _parts(self) -> tuple[int, int, int, int]:
        """The widths of icon, text, hint and menu arrow, each with the gap before the next part."""
        metrics = QFontMetrics(self.font())
        words = metrics.size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        hint = QFontMetrics(font(Type.SMALL)).horizontalAdvance(self._hint) + Space.S if self._hint else 0
        drawing = Size.ICON + (Space.S - Space.HAIR if self.text() else 0) if self._icon else 0
        arrow = Size.ICON - Space.XS + Space.XS if self.menu() is not None else 0
        return drawing, words, hint, arrow

    @property
    def _margin(self) -> int:
        if self._kind is Kind.LINK:
            return 0
        return Space.S if self._small or (self._kind is Kind.QUIET and not self._spread) else Space.M

    def sizeHint(self) -> QSize:
        height = Size.CONTROL_SMALL if self._small else Size.CONTROL
        return QSize(sum(self._parts()) + 2 * self._margin, height)

    def minimumSizeHint(self) -> QSize:
        full = self.sizeHint()
        if not self._spread:
            return full
        words = self._parts()[1]
        return QSize(full.width() - max(words - Space.XXL, 0), full.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look()
        painter = painter_for(self)
        radius = Radius.S if self._small else Radius.M
        rounded_box(painter, QRectF(self.rect()), radius, fill=look.fill, border=look.border)
        if shows_focus(self):
            focus_ring(painter, QRectF(self.rect()), radius, on_accent=self._kind is Kind.PRIMARY)
        self._paint_content(painter, look)
        painter.end()

    def _paint_content(self, painter: QPainter, look: _Look) -> None:
        drawing, words, hint, arrow = self._parts()
        words = min(words, self.width() - 2 * self._margin - drawing - hint - arrow)
        total = drawing + words + hint + arrow
        left = self._margin if self._spread else (self.width() - total) / 2
        height = self.height()
        if self._icon:
            paint_icon(painter, self._icon, QRectF(left, 0, Size.ICON, height), colour(look.ink))
        painter.setPen(colour(look.ink))
        words_font = self.font()
        words_font.setUnderline(self._kind is Kind.LINK and self.underMouse() and self.isEnabled())
        painter.setFont(words_font)
        mnemonic = Qt.TextFlag.TextShowMnemonic
        shown = QFontMetrics(self.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, words, mnemonic.value
        )
        painter.drawText(
            QRectF(left + drawing, 0, words + Space.XS, height),
            mnemonic | Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter,
            shown,
        )
        if self._hint:
            start = self.width() - self._margin - hint - arrow if self._spread else left + drawing + words
            painter.setFont(font(Type.SMALL))
            painter.setPen(colour(look.hint))
            painter.drawText(
                QRectF(start, 0, hint, height),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._hint,
            )
        if arrow:
            edge = Size.ICON - Space.XS
            right = self.width() - self._margin - edge if self._spread else left + total - edge
            paint_icon(painter, "chevron-down", QRectF(right, 0, edge, height), colour(look.ink))


class IconButton(QToolButton):
    """A button that is only a drawing: its name is its tooltip, its target at least 24 px."""

    def __init__(
        self,
        icon: str,
        *,
        object_name: str,
        accessible_name: str,
        hint: str = "",
        edge: int = Size.CONTROL - Space.XS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        self._icon = icon
        self._hint = hint
        self._edge = max(edge, Size.TARGET)
        make_icon(icon)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFixedSize(self._edge, self._edge)
        self._explain()

    def set_icon(self, icon: str, accessible_name: str) -> None:
        """Change what the button does: drawing and name change together."""
        make_icon(icon)
        self._icon = icon
        name(self, self.objectName(), accessible_name)
        self._explain()
        self.update()

    def _explain(self) -> None:
        words = self.accessibleName()
        self.setToolTip(plain_tooltip(f"{words}  {self._hint}" if self._hint else words))
        self.setAccessibleDescription(self._hint)

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        over, down = self.underMouse() and self.isEnabled(), self.isDown() or self.isChecked()
        if over or down:
            rounded_box(painter, QRectF(self.rect()), Radius.S, fill=scheme.sunken if down else scheme.hover)
        if shows_focus(self):
            focus_ring(painter, QRectF(self.rect()), Radius.S)
        ink = scheme.disabled if not self.isEnabled() else scheme.text if over or down else scheme.muted
        size = Size.ICON if self._edge < Size.CONTROL else Size.ICON_LARGE
        square = QRectF(0, 0, size, size)
        square.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        paint_icon(painter, self._icon, square, colour(ink))
        painter.end()
