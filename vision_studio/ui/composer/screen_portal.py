"""Asks the desktop for a screenshot, where windows may not take one themselves: Wayland, and sandboxes.

The interface is ``org.freedesktop.portal.Screenshot``: the desktop shows its own dialog, and answers later
by a signal of a request whose path is agreed on beforehand.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, QUrl, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCall, QDBusPendingCallWatcher

_SERVICE = "org.freedesktop.portal.Desktop"
_OBJECT = "/org/freedesktop/portal/desktop"
_SCREENSHOT = "org.freedesktop.portal.Screenshot"
_REQUEST = "org.freedesktop.portal.Request"
_PATIENCE_MS = 25_000
"""For the desktop to accept a call; the person may take all the time there is."""

_DONE, _CANCELLED = 0, 1
_ANSWER: Any = SLOT("answer(uint,QVariantMap)")  # the stub wants bytes of what PySide takes as str alone
"""As parameters of a slot, QtDBus unpacks the map; PySide cannot."""


class ScreenPortal(QObject):
    """The desktop's door to the screen, on the session's bus."""

    found = Signal()  # there is one
    taken = Signal(object)  # Path
    cancelled = Signal()
    failed = Signal(str)  # what the desktop said

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = QDBusConnection.sessionBus()
        self._request = ""

    def look(self) -> None:
        """Find out whether the desktop takes screenshots; ``found`` comes of it, or nothing."""
        if not self._bus.isConnected():
            return
        ask = QDBusMessage.createMethodCall(_SERVICE, _OBJECT, "org.freedesktop.DBus.Properties", "Get")
        ask.setArguments([_SCREENSHOT, "version"])
        self._call(ask, self._take_version)

    def ask(self) -> None:
        """Have the desktop take one. Exactly one of the other three signals comes of it."""
        token = f"vision_studio_{uuid.uuid4().hex}"
        caller = self._bus.baseService().removeprefix(":").replace(".", "_")
        # Before the call: the answer may come before its return.
        request = f"{_OBJECT}/request/{caller}/{token}"
        self._listen(request)
        ask = QDBusMessage.createMethodCall(_SERVICE, _OBJECT, _SCREENSHOT, "Screenshot")
        ask.setArguments(["", {"handle_token": token, "interactive": True, "modal": True}])
        self._call(ask, lambda call: self._take_handle(call, request))

    def _call(self, message: QDBusMessage, take: object) -> None:
        call: QDBusPendingCall = self._bus.asyncCall(message, _PATIENCE_MS)
        watcher = QDBusPendingCallWatcher(call, self)
        watcher.finished.connect(take)
        watcher.finished.connect(watcher.deleteLater)

    def _listen(self, request: str) -> None:
        self._hang_up()
        self._request = request
        self._bus.connect(_SERVICE, request, _REQUEST, "Response", self, _ANSWER)

    def _hang_up(self) -> None:
        if self._request:
            self._bus.disconnect(_SERVICE, self._request, _REQUEST, "Response", self, _ANSWER)
            self._request = ""

    def _take_version(self, call: QDBusPendingCallWatcher) -> None:
        if not call.isError():
            self.found.emit()

    def _take_handle(self, call: QDBusPendingCallWatcher, request: str) -> None:
        if self._request != request:
            return  # it is answered already
        if call.isError():
            self._hang_up()
            self.failed.emit(call.error().message())
            return
        handle = call.reply().arguments()[0].path()
        if handle != request:  # portals before version 0.9 choose it themselves
            self._listen(handle)

    @Slot("uint", "QVariantMap")
    def answer(self, code: int, results: dict[str, object]) -> None:
        """Take the desktop's answer."""
        self._hang_up()
        url = QUrl(str(results.get("uri", "")))
        if code == _DONE and url.isLocalFile():
            self.taken.emit(Path(url.toLocalFile()))
        elif code == _CANCELLED:
            self.cancelled.emit()
        else:
            self.failed.emit("The desktop took no screenshot.")
