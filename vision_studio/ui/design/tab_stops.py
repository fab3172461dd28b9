"""Where Tab goes: through the window as it is laid out, whatever order its parts were made in."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)


def tab_stops(widget: QWidget) -> Iterator[QWidget]:
    """Yield `widget` and what is in it, in reading order, as far as Tab may stop there now."""
    if not widget.isVisible():
        return
    if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and _has_use_for_keys(widget):
        yield widget
    for part in _parts(widget):
        yield from tab_stops(part)


def go_to_next_stop(top: QWidget, *, forward: bool) -> bool:
    """Move the focus within `top` by one stop, round from the last to the first; tell whether it moved."""
    stops = list(tab_stops(top))
    if not stops:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    now = top.window().focusWidget()
    step = 1 if forward else -1
    place = stops.index(now) + step if now in stops else 0 if forward else -1
    stops[place % len(stops)].setFocus(reason)
    return True


def _has_use_for_keys(widget: QWidget) -> bool:
    """A column that only scrolls is a stop while there is something to scroll."""
    return not isinstance(widget, QScrollArea) or widget.verticalScrollBar().maximum() > 0


def _parts(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    if isinstance(widget, QScrollArea):
        if (content := widget.widget()) is not None:
            yield content
    elif isinstance(widget, QSplitter | QStackedWidget):
        yield from filter(None, (widget.widget(place) for place in range(widget.count())))
    elif layout is not None:
        yield from _in(layout)
    elif isinstance(widget, QAbstractScrollArea):
        # What stands on a text: it has no place in a layout.
        near = Qt.FindChildOption.FindDirectChildrenOnly
        yield from widget.viewport().findChildren(QAbstractButton, options=near)


def _in(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield widget
        elif (nested := item.layout()) is not None:
            yield from _in(nested)
