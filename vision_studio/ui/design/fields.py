"""Fields and choices that show the kit's border, ring and marks."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QStyledItemDelegate,
    QWidget,
)

from vision_studio.ui.design.buttons import IconButton
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import (
    focus_ring,
    line_of_text,
    painter_for,
    rounded_box,
    shows_focus,
)
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type


def refuse_drops(field: QLineEdit | QPlainTextEdit) -> None:
    """Let drops through to what lies below.

    Qt's own fields take a file's address as text, and agree when its source proposes a move: the source then
    deletes the file.
    """
    field.setAcceptDrops(False)
    if isinstance(field, QPlainTextEdit):
        field.viewport().setAcceptDrops(False)


class LineField(QLineEdit):
    """One line of text; `secret` hides it (keys)."""

    def __init__(
        self,
        *,
        object_name: str,
        accessible_name: str,
        placeholder: str = "",
        secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        refuse_drops(self)
        self.setPlaceholderText(placeholder)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)

    def set_invalid(self, invalid: bool) -> None:
        """Mark the field; say in words beside it what is wrong."""
        self.setProperty("invalid", invalid)
        self.style().unpolish(self)  # a stylesheet reads properties only when it polishes
        self.style().polish(self)


class SearchField(QLineEdit):
    """A field with a lens and, once it holds something, a button that empties it; Esc empties it too."""

    cleared = Signal()

    def __init__(
        self,
        *,
        object_name: str,
        accessible_name: str,
        placeholder: str = "Search…",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        refuse_drops(self)
        self.setPlaceholderText(placeholder)
        self.setTextMargins(Space.XL - Space.XS, 0, Space.XL - Space.XS, 0)
        self._clear = IconButton(
            "close",
            object_name=f"{object_name}.clear",
            accessible_name="Clear the search",
            edge=Size.TARGET,
            parent=self,
        )
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Esc does the same for the keyboard
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.hide()
        self._clear.clicked.connect(self._empty)
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))

    def _empty(self) -> None:
        self.clear()
        self.cleared.emit()

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()  # it empties the field, whatever Esc does in the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._empty()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = (self.height() - self._clear.height()) // 2
        self._clear.move(self.width() - self._clear.width() - gap, gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = painter_for(self)
        lens = QRectF(Space.S + Space.HAIR, 0, Size.ICON, self.height())
        paint_icon(painter, "search", lens, colour(colours().muted))
        painter.end()


class TextArea(QPlainTextEdit):
    """Several lines of text in a bordered field; Tab leaves it."""

    def __init__(
        self, *, object_name: str, accessible_name: str, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        refuse_drops(self)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)


class NumberField(QSpinBox):
    """A whole number, typed or changed with the arrow keys."""

    def __init__(
        self,
        *,
        object_name: str,
        accessible_name: str,
        least: int,
        most: int,
        step: int = 1,
        suffix: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setSuffix(suffix)
        self.setGroupSeparatorShown(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        widest = self.textFromValue(self.maximum()) + self.suffix()
        return QSize(metrics.horizontalAdvance(widest) + 2 * Space.M, Size.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_line()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_line()

    def _place_line(self) -> None:
        # Fusion reserves room for its frame and its arrows; this field has neither.
        self.lineEdit().setGeometry(self.rect().adjusted(Space.S, Size.FOCUS, -Space.S, -Size.FOCUS))

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        area = QRectF(self.rect())
        lit = self.underMouse() and self.isEnabled()
        rounded_box(
            painter,
            area,
            Radius.M,
            fill=scheme.surface if self.isEnabled() else scheme.panel,
            border=scheme.control_border if lit else scheme.border,
        )
        if self.isEnabled() and (self.hasFocus() or self.lineEdit().hasFocus()):
            focus_ring(painter, area, Radius.M)
        painter.end()


class Select(QComboBox):
    """One choice of a few, drawn like a plain button with an arrow.

    It is as wide as its widest choice, or, with `snug`, as the one that is made.
    """

    def __init__(
        self,
        choices: Sequence[tuple[str, object]] = (),
        *,
        object_name: str,
        accessible_name: str,
        snug: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._snug = snug
        name(self, object_name, accessible_name)
        # On Linux Qt names a combo box by its choice; what the choice is about must come from elsewhere.
        self.setAccessibleDescription(accessible_name)
        self.setFont(font(Type.CONTROL))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(QStyledItemDelegate(self))  # Fusion's own draws menus, deaf to the stylesheet
        for text, value in choices:
            self.addItem(text, value)
        if snug:
            self.currentIndexChanged.connect(self.updateGeometry)

    def _widest(self) -> int:
        metrics = QFontMetrics(self.font())
        return max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)

    def sizeHint(self) -> QSize:
        chosen = QFontMetrics(self.font()).horizontalAdvance(self.currentText())
        words = chosen if self._snug else self._widest()
        return QSize(words + Size.ICON + Space.XS + 2 * Space.M, Size.CONTROL)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self._widest() + 2 * (Space.M + Space.S))
        super().showPopup()

    def minimumSizeHint(self) -> QSize:
        return QSize(Space.XXL * 2, Size.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        area = QRectF(self.rect())
        fill = scheme.panel if not self.isEnabled() else scheme.hover if self.underMouse() else scheme.surface
        rounded_box(painter, area, Radius.M, fill=fill, border=scheme.border)
        if shows_focus(self):
            focus_ring(painter, area, Radius.M)
        ink = colour(scheme.text if self.isEnabled() else scheme.disabled)
        words = area.adjusted(Space.M, 0, -(Space.M + Size.ICON), 0)
        line_of_text(painter, words, self.currentText(), self.font(), ink)
        edge = Size.ICON - Space.XS
        paint_icon(
            painter, "chevron-down", QRectF(area.right() - Space.M - edge, 0, edge, area.height()), ink
        )
        painter.end()


def _paint_words(widget: QCheckBox | QRadioButton, painter: QPainter) -> None:
    scheme = colours()
    left = Size.ICON + Space.S
    painter.setFont(widget.font())
    painter.setPen(colour(scheme.text if widget.isEnabled() else scheme.disabled))
    painter.drawText(
        QRectF(left, 0, widget.width() - left, widget.height()),
        Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter,
        widget.text(),
    )


def _size_with_words(widget: QCheckBox | QRadioButton) -> QSize:
    words = QFontMetrics(widget.font()).size(Qt.TextFlag.TextShowMnemonic, widget.text()).width()
    return QSize(Size.ICON + Space.S + words + Space.XS, Size.TARGET)


class CheckBox(QCheckBox):
    """A yes or no, with words."""

    def __init__(self, text: str, *, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        name(self, object_name, text.replace("&", ""))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return _size_with_words(self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        box = QRectF(0, (self.height() - Size.ICON) / 2, Size.ICON, Size.ICON)
        on = self.checkState() != Qt.CheckState.Unchecked
        if on and self.isEnabled():
            rounded_box(painter, box, Radius.XS + 1, fill=scheme.accent)
        else:
            fill = scheme.hover if self.underMouse() and self.isEnabled() else scheme.surface
            border = scheme.control_border if self.isEnabled() else scheme.border
            rounded_box(painter, box, Radius.XS + 1, fill=fill, border=border)
        if on:
            mark = "check" if self.checkState() == Qt.CheckState.Checked else "minus"
            ink = scheme.on_accent if self.isEnabled() else scheme.disabled
            paint_icon(painter, mark, box.adjusted(1, 1, -1, -1), colour(ink))
        _paint_words(self, painter)
        if shows_focus(self):
            focus_ring(painter, QRectF(self.rect()).adjusted(-Size.FOCUS, 0, Size.FOCUS, 0), Radius.S)
        painter.end()


class RadioButton(QRadioButton):
    """One of several, all visible."""

    def __init__(self, text: str, *, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        name(self, object_name, text.replace("&", ""))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return _size_with_words(self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        centre = QPointF(Size.ICON / 2, self.height() / 2)
        reach = Size.ICON / 2 - Size.STROKE / 2
        ring = (
            scheme.border
            if not self.isEnabled()
            else scheme.accent
            if self.isChecked()
            else scheme.control_border
        )
        painter.setPen(QPen(colour(ring), Size.STROKE))
        painter.setBrush(colour(scheme.hover if self.underMouse() and self.isEnabled() else scheme.surface))
        painter.drawEllipse(centre, reach, reach)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(scheme.accent if self.isEnabled() else scheme.disabled))
            painter.drawEllipse(centre, Space.XS, Space.XS)
        _paint_words(self, painter)
        if shows_focus(self):
            focus_ring(painter, QRectF(self.rect()), Radius.S)
        painter.end()
