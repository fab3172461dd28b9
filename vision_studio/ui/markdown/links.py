"""Decides which links of an answer may leave the application, and asks before one does.

An answer can name any address: "file:", "javascript:", "https://bank.example@elsewhere.example". The opener
of the desktop runs what it is given, so only plain web addresses get that far, and a person sees them first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

_LONGEST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class WebLink:
    """An http or https address with a host and no user name. Both parts are ASCII: a look-alike letter
    shows as "xn--…" in the host and as "%…" elsewhere, and nothing in it can turn the line around."""

    address: str
    host: str


def web_link(href: str) -> WebLink | None:
    """Return the link if it may be opened at all."""
    url = QUrl(href, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in ("http", "https") or "@" in url.authority():
        return None
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    if not host or len(address) > _LONGEST_SHOWN:
        return None
    return WebLink(address, host)


def confirmation(link: WebLink, parent: QWidget | None = None) -> QMessageBox:
    """The question before a link opens; plain text throughout, and Enter does not open."""
    box = QMessageBox(parent)
    box.setObjectName("open_link")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Open link")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Open {link.host} in your browser?")
    box.setInformativeText(_breakable(link.address))
    open_button = box.addButton("Open", QMessageBox.ButtonRole.AcceptRole)
    open_button.setObjectName("open_link_open")
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    return box


def _breakable(address: str) -> str:
    """Let a line end anywhere in an address: a label cuts off what it cannot break."""
    return "\u200b".join(address)


def ask_in_dialog(link: WebLink, parent: QWidget | None = None) -> bool:
    box = confirmation(link, parent)
    box.exec()
    return box.buttonRole(box.clickedButton()) == QMessageBox.ButtonRole.AcceptRole


def open_in_browser(link: WebLink) -> bool:
    """Hand the address to the desktop; False when there is nothing to open it with."""
    return QDesktopServices.openUrl(QUrl.fromEncoded(link.address.encode()))


Ask = Callable[[WebLink, QWidget | None], bool]
Open = Callable[[WebLink], bool]
