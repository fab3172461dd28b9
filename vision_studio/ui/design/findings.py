"""What is wrong, or worth knowing, said in place: one finding, and a notice that may hold many lines."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vision_studio.ui.design.buttons import Button, IconButton, Kind
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.labels import Label, LeadLabel, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import painter_for, rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Radius, Size, Space, Type

_LINES_SHOWN = 3
_FIRST_LINE = Space.XS  # px above the words, so that their first line is centred on the icon and the buttons


class Severity(StrEnum):
    REJECT = "reject"
    WARNING = "warning"
    NOTE = "note"
    SUCCESS = "success"

    @property
    def word(self) -> str:
        return {"reject": "Problem", "warning": "Warning", "note": "Note", "success": "Done"}[self.value]

    @property
    def icon(self) -> str:
        return "check" if self is Severity.SUCCESS else self.value

    @property
    def tone(self) -> Tone:
        return Tone.DANGER if self is Severity.REJECT else Tone(self.value)


class SeverityIcon(QWidget):
    """The shape of a severity, for those who cannot tell the colours; its name is the word."""

    def __init__(self, severity: Severity, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "severity", severity.word)
        self._severity = severity
        self.setFixedSize(Size.ICON, Size.TARGET)  # as high as the button it shares its line with

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_for(self)
        ink = getattr(colours(), self._severity.tone.value)
        paint_icon(painter, self._severity.icon, QRectF(self.rect()), colour(ink))
        painter.end()


class _Tinted(QFrame):
    """A box on the ground colour of a severity."""

    def __init__(self, severity: Severity, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._severity = severity

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_for(self)
        ground = getattr(colours(), f"{self._severity.tone.value}_ground")
        rounded_box(painter, QRectF(self.rect()), Radius.M, fill=ground)
        painter.end()


class FindingRow(_Tinted):
    """One finding about one image: icon, bold name, sentence, and the button that mends it.

    ``why`` stands below the sentence while ``explain`` says so.
    """

    fix_requested = Signal()

    def __init__(
        self,
        severity: Severity,
        subject: str,
        sentence: str,
        *,
        object_name: str,
        fix: str | None = None,
        why: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(severity, parent)
        name(self, object_name, f"{severity.word}: {subject} {sentence}".strip())
        self.setAccessibleDescription(why)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M - Space.HAIR, Space.XS + Space.HAIR, Space.S, Space.XS + Space.HAIR)
        row.setSpacing(Space.S + Space.HAIR)
        row.addWidget(SeverityIcon(severity), 0, Qt.AlignmentFlag.AlignTop)
        words = LeadLabel(subject, sentence, tone=severity.tone)
        words.setContentsMargins(0, _FIRST_LINE, 0, Space.HAIR)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(words)
        self._why = Label(why, style=Type.SMALL, tone=Tone.MUTED, wrap=True, selectable=True)
        self._why.setContentsMargins(0, 0, 0, _FIRST_LINE)
        self._why.hide()
        said.addWidget(self._why)
        row.addLayout(said, 1)
        if fix is not None:
            about = f"{fix}: {subject}" if subject else fix
            button = Button(fix, object_name=f"{object_name}.fix", accessible_name=about, small=True)
            button.clicked.connect(self.fix_requested)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def explain(self, explained: bool) -> None:
        """Show why the rule is there, and where it comes from."""
        self._why.setVisible(explained and bool(self._why.text()))


class Notice(_Tinted):
    """An inline banner: what happened, perhaps line by line, what to do next, and a way to put it away.

    More than a few lines are folded to "and 12 more". Being shown, it is said by a screen reader.
    """

    dismissed = Signal()

    def __init__(
        self,
        severity: Severity,
        text: str,
        *,
        object_name: str,
        lines: Sequence[str] = (),
        dismissible: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(severity, parent)
        name(self, object_name, f"{severity.word}: {text}")
        self._text = Label(text, wrap=True)
        self._lines = Label(style=Type.SMALL, wrap=True, selectable=True)
        self._more = Button(
            "",
            object_name=f"{object_name}.more",
            accessible_name="Show all lines",
            kind=Kind.LINK,
            small=True,
        )
        self._more.clicked.connect(self._toggle)
        self._all: tuple[str, ...] = ()
        self._unfolded = False
        self._actions = FlowLayout()

        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.setContentsMargins(0, _FIRST_LINE, 0, _FIRST_LINE)
        words.addWidget(self._text)
        words.addWidget(self._lines)
        words.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.XS)
        words.addLayout(self._rows)
        words.addLayout(self._actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.XS + Space.HAIR, Space.S, Space.XS + Space.HAIR)
        row.setSpacing(Space.S + Space.HAIR)
        row.addWidget(SeverityIcon(severity), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if dismissible:
            close = IconButton(
                "close", object_name=f"{object_name}.dismiss", accessible_name="Dismiss", edge=Size.TARGET
            )
            close.clicked.connect(self.dismiss)
            row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_lines(lines)

    def add_action(
        self, text: str, slot: Callable[[], object], *, object_name: str, kind: Kind = Kind.PLAIN
    ) -> Button:
        """Put a button under the text; `slot` is called without arguments."""
        button = Button(text, object_name=object_name, kind=kind, small=True)
        button.clicked.connect(lambda: slot())
        self._actions.addWidget(button)
        return button

    def add_row(self, row: QWidget) -> None:
        """Put something between the text and the buttons."""
        self._rows.addWidget(row)

    def set_text(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(f"{self._severity.word}: {text}")

    def set_lines(self, lines: Sequence[str]) -> None:
        self._all = tuple(lines)
        self._unfolded = False
        self._show_lines()

    def dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def announce(self) -> None:
        """Have a screen reader say the notice now."""
        announce(self, self.accessibleName())

    def _toggle(self) -> None:
        self._unfolded = not self._unfolded
        self._show_lines()

    def _show_lines(self) -> None:
        hidden = len(self._all) - _LINES_SHOWN
        folds = hidden > 1  # a fold that saves one line costs one line
        shown = self._all if self._unfolded or not folds else self._all[:_LINES_SHOWN]
        self._lines.setText("\n".join(shown))
        self._lines.setVisible(bool(shown))
        self._more.setText("Show fewer" if self._unfolded else f"and {hidden} more")
        self._more.setAccessibleName("Show fewer lines" if self._unfolded else f"Show {hidden} more lines")
        self._more.setVisible(folds)
