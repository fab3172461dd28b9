"""The rows of the library's lists, and what a view and a screen reader are told of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from vision_studio.core import words
from vision_studio.core.conversation import SessionSummary

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class SessionRole(IntEnum):
    SUMMARY = Qt.ItemDataRole.UserRole + 1
    """None for what is no session."""
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2
    DETAILS = Qt.ItemDataRole.UserRole + 3
    """The line below the title; "" for a heading."""
    ANSWERING = Qt.ItemDataRole.UserRole + 4
    """An answer is on its way."""
    OPEN = Qt.ItemDataRole.UserRole + 5
    """It is the session the window shows."""
    HIT = Qt.ItemDataRole.UserRole + 6
    """A turn that was found; None for what is none."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str

    def data(self, role: int) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text
        return "" if role == SessionRole.DETAILS else None


def session_data(summary: SessionSummary, role: int) -> object:
    """Return what is told of a session wherever it is listed."""
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return title(summary)
        case Qt.ItemDataRole.EditRole:
            return summary.title
        case Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([title(summary), *_told(summary)])
        case SessionRole.DETAILS:
            return details(summary)
        case SessionRole.SUMMARY:
            return summary
    return None


def title(summary: SessionSummary) -> str:
    return summary.title or "New session"


def details(summary: SessionSummary) -> str:
    """Return "5 images · 3 turns"."""
    said = [(summary.images, "image"), (summary.turns, "turn")]
    return " · ".join(words.counted(number, noun) for number, noun in said if number) or "empty"


def _told(summary: SessionSummary) -> list[str]:
    said = [details(summary)]
    if summary.cost_usd:
        said.append(words.usd(summary.cost_usd))
    if summary.tags:
        said.append("tagged " + words.listed(list(summary.tags)))
    if summary.pinned:
        said.append("pinned")
    if summary.archived:
        said.append("archived")
    return said
