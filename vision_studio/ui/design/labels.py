"""Words on the window: always plain text, whatever a file or an answer may be called."""

import html
import re
from collections.abc import Sequence
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Space, TextStyle, Type

_LONG_WORD = re.compile(r"\S{20,}")
_WITHIN_MEASURE = re.compile(r"(?<=\d) (?=(?:px|bytes|KB|MB|GB|tokens)\b)|(?<=\d) (?=× \d)|(?<=×) (?=\d)")
_BREAK_EVERY = 8
_BREAK = "\N{ZERO WIDTH SPACE}"


class Tone(StrEnum):
    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    NOTE = "note"


def plain_tooltip(text: str) -> str:
    """A tooltip that shows `text` letter by letter: Qt guesses that "<b>.png" is HTML."""
    return f"<span>{html.escape(text).replace(chr(10), '<br>')}</span>" if text else ""


def unbroken(text: str) -> str:
    """Return words that are not to be torn apart by the end of a line: "answer ≤ 16,000"."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def whole_measures(text: str) -> str:
    """Return a sentence in which no line ends between a number and its unit, or within "2000 × 1500"."""
    return _WITHIN_MEASURE.sub("\N{NO-BREAK SPACE}", text)


class Label(QLabel):
    """Plain text in one step of the type scale. With `wrap`, even a word wider than the label is broken."""

    def __init__(
        self,
        text: str = "",
        *,
        style: TextStyle = Type.BODY,
        tone: Tone = Tone.TEXT,
        wrap: bool = False,
        figures: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(style, figures=figures))
        self.setWordWrap(wrap)
        self._text = ""
        self.setText(text)
        self.setProperty("tone", tone.value)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self.setCursor(Qt.CursorShape.IBeamCursor)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(text)
        self._break_long_words()

    def _break_long_words(self) -> None:
        """Let words break that would not fit into a line: Qt breaks between words alone."""
        if not self.wordWrap():
            return
        shown = self.broken(self._text)
        if shown != super().text():
            super().setText(shown)

    def broken(self, text: str) -> str:
        """Return a text with places to break in its words that are longer than a line."""
        room, metrics = self.contentsRect().width(), QFontMetrics(self.font())

        def broken(match: re.Match[str]) -> str:
            word = match.group()
            if metrics.horizontalAdvance(word) <= room:
                return word
            return _BREAK.join(word[at : at + _BREAK_EVERY] for at in range(0, len(word), _BREAK_EVERY))

        return _LONG_WORD.sub(broken, text)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(min(least.width(), Space.XXL), least.height()) if self.wordWrap() else least

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._break_long_words()

    def set_tone(self, tone: Tone) -> None:
        if self.property("tone") == tone.value:
            return
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)  # a stylesheet reads properties only when it polishes
        self.style().polish(self)


class ElidedLabel(Label):
    """One line that shortens itself to the room it has and shows the rest as a tooltip."""

    def __init__(
        self,
        text: str = "",
        *,
        style: TextStyle = Type.BODY,
        tone: Tone = Tone.TEXT,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        figures: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._elide = elide
        super().__init__(text, style=style, tone=tone, figures=figures, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def shown_text(self) -> str:
        """What fits: the text itself, or its beginning and "…"."""
        return QFontMetrics(self.font()).elidedText(self.text(), self._elide, self.contentsRect().width())

    def setText(self, text: str) -> None:
        super().setText(" ".join(text.split()) if "\n" in text else text)
        self._explain()

    def _explain(self) -> None:
        self.setToolTip(plain_tooltip(self.text()) if self.shown_text() != self.text() else "")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 1, metrics.height() + Space.HAIR)

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(min(metrics.averageCharWidth() * 4, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(
            self.contentsRect(), self.alignment() | Qt.TextFlag.TextSingleLine, self.shown_text()
        )
        painter.end()


class LeadLabel(QLabel):
    """A wrapped sentence whose first words are bold: "**Image 3** is 3024 × 4032: …", without rich text."""

    def __init__(
        self,
        lead: str,
        rest: str,
        *,
        tone: Tone = Tone.TEXT,
        style: TextStyle = Type.SMALL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(style))
        self._tone = tone
        self._lead = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_words(lead, rest)

    def set_words(self, lead: str, rest: str) -> None:
        self._lead = lead
        self.setText(f"{lead} {rest}".strip())
        self.updateGeometry()

    def _layout(self, width: float) -> tuple[QTextLayout, float]:
        """The lines at this width, and how high they are together."""
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.DemiBold)
        lead = QTextLayout.FormatRange()
        lead.start = 0
        lead.length = len(self._lead.encode("utf-16-le")) // 2
        lead.format = bold
        layout.setFormats([lead])
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height() + Space.HAIR
        layout.endLayout()
        return layout, max(height - Space.HAIR, 0.0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        room = max(width - margins.left() - margins.right(), 1)
        return ceil(self._layout(room)[1]) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        width = min(QFontMetrics(self.font()).horizontalAdvance(self.text()) + Space.S, Space.XXL * 7)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(Space.XXL * 2, QFontMetrics(self.font()).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = QPainter(self)
        painter.setPen(colour(getattr(scheme, "link" if self._tone is Tone.ACCENT else self._tone.value)))
        area = self.contentsRect()
        self._layout(area.width())[0].draw(painter, QPointF(area.topLeft()))
        painter.end()


class SectionHeading(QWidget):
    """A title and, at the right, a remark: "Checks … 1 warning"; `sum_up` makes the remark as loud."""

    def __init__(
        self,
        title: str,
        trailing: str = "",
        *,
        object_name: str,
        style: TextStyle = Type.STRONG,
        sum_up: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self._style = style
        self._title = ElidedLabel(title, style=style, tone=Tone.MUTED if style is Type.CAPTION else Tone.TEXT)
        trailing_style, tone = (style, Tone.TEXT) if sum_up else (Type.SMALL_MEDIUM, Tone.MUTED)
        self._trailing = Label(trailing, style=trailing_style, tone=tone, figures=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._title, 1)
        row.addWidget(self._trailing)
        self._describe()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._describe()

    def set_trailing(self, text: str) -> None:
        self._trailing.setText(text)
        self._describe()

    def _describe(self) -> None:
        self._trailing.setVisible(bool(self._trailing.text()))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(self._trailing.text())


class KeyValueGrid(QWidget):
    """Names and values in two columns; values can be selected and copied."""

    def __init__(self, *, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        self._rows: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnMinimumWidth(0, Space.XXL * 2)
        self._grid.setColumnStretch(1, 1)

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these (name, value) pairs; labels are kept, so a changing number does not flicker."""
        while len(self._rows) < len(rows):
            self._add_row()
        for index, (key, value) in enumerate(self._rows):
            used = index < len(rows)
            key.setVisible(used)
            value.setVisible(used)
            if used:
                key.setText(rows[index][0])
                value.setText(rows[index][1])
                value.setAccessibleName(f"{rows[index][0]}: {rows[index][1]}")

    def _add_row(self) -> None:
        key = Label(style=Type.SMALL, tone=Tone.MUTED)
        value = Label(style=Type.SMALL, wrap=True, figures=True, selectable=True)
        key.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row = len(self._rows)
        self._grid.addWidget(key, row, 0)
        self._grid.addWidget(value, row, 1)
        self._rows.append((key, value))
