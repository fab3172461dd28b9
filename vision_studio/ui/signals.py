"""Has the application end properly when it is asked to by the system or by Ctrl+C in its terminal."""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier


class SignalsEndTheApplication(QObject):
    """Turns SIGINT and SIGTERM into Qt's ``quit``.

    Python runs its handlers only between two of its own instructions, and Qt's loop has none: so the bytes
    that Python writes for every signal wake the loop.
    """

    def __init__(self, qt: QCoreApplication) -> None:
        super().__init__(qt)
        self._qt = qt
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # only to be told: the default would end us at once
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)

    def _end(self) -> None:
        self._read.recv(64)
        self._qt.quit()
