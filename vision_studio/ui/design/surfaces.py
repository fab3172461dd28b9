"""The planes everything lies on, and the line between two of them."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from vision_studio.ui.design.tokens import Size

Edge = Literal["top", "bottom", "left", "right"]


class _Plane(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _set_property(self, key: str, value: object) -> None:
        if self.property(key) == value:
            return
        self.setProperty(key, value)
        self.style().unpolish(self)  # a stylesheet reads properties only when it polishes
        self.style().polish(self)


class Ground(_Plane):
    """What the conversation lies on."""


class Panel(_Plane):
    """What side panels and dialogs lie on."""


class Bar(_Plane):
    """A panel with a hairline on the edge that meets its neighbour."""

    def __init__(self, edge: Edge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("edge", edge)


class Card(_Plane):
    """A raised sheet with a border: the composer, a table, a dialog's group."""

    def set_focused(self, focused: bool) -> None:
        """Show that the caret is in the borderless field this card holds."""
        self._set_property("focused", focused)

    def set_target(self, target: bool) -> None:
        """Show that what is being dragged may be dropped here."""
        self._set_property("target", target)


class Separator(QFrame):
    """A hairline."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if vertical:
            self.setFixedWidth(Size.STROKE)
        else:
            self.setFixedHeight(Size.STROKE)
