"""Two starts over one data folder: the second hands its files to the window of the first, and ends."""

from __future__ import annotations

import getpass
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

# QtNetwork is loaded inside the functions: a first start needs none of it until its window is painted.
if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

logger = logging.getLogger(__name__)

MOST_BYTES = 4_000_000
"""Of one message: ten thousand files with long names."""

_MOST_CALLERS = 8
_LENGTH_BYTES = 4
_PATIENCE_MS = 3000
_TAKEN = b"taken"
_LONGEST_SOCKET_PATH = 100
"""Bytes. The system takes 107 on Linux and 103 on macOS, and Qt first makes a folder beside it."""


def address(folder: Path) -> str | None:
    """Return where the window over a data folder is to be reached; None where that cannot be.

    On Unix it is a socket in that very folder, which only its owner may connect to. Where the folder's path
    is too long for one, it is in the user's runtime folder. Elsewhere it is a named pipe of the user's.
    """
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    if os.name != "posix":
        return f"vision-studio-{getpass.getuser()}-{digest}"
    for place in (folder / "window", Path(os.environ.get("XDG_RUNTIME_DIR", "")) / f"vision-studio-{digest}"):
        if place.is_absolute() and len(os.fsencode(place)) <= _LONGEST_SOCKET_PATH:
            return str(place)
    return None


def hand_over(where: str, files: Iterable[Path]) -> bool:
    """Give files to the window that listens there, if one does, and bring it to the front. Blocks."""
    if os.name == "posix" and not Path(where).exists():
        return False
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(where)
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    message = {
        "files": [str(file.absolute()) for file in files],
        "activation": os.environ.get("XDG_ACTIVATION_TOKEN", ""),
    }
    # Names that are no UTF-8 are lone surrogates here, which JSON can write as they are.
    body = json.dumps(message).encode()
    socket.write(len(body).to_bytes(_LENGTH_BYTES, "big") + body)
    answer = b""
    while len(answer) < len(_TAKEN) and socket.waitForReadyRead(_PATIENCE_MS):
        answer += bytes(socket.readAll().data())
    socket.abort()
    return answer == _TAKEN


class Handover(QObject):
    """Listens for later starts. Only who holds the data folder may, for it takes the address over."""

    files_arrived = Signal(object)  # tuple of Paths, which may be empty: the window is wanted

    def __init__(self, where: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._where = where
        self._server: QLocalServer | None = None
        self._callers: set[_Caller] = set()

    def listen(self) -> None:
        """Begin to listen; again, it does nothing."""
        if self._server is not None:
            return
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setMaxPendingConnections(_MOST_CALLERS)
        if server.listen(self._where):  # in the place, too, of what a process left that was killed
            server.newConnection.connect(self._greet)
            self._server = server
        else:
            logger.info("Later starts cannot be heard: %s", server.errorString())
            server.deleteLater()

    def close(self) -> None:
        for caller in tuple(self._callers):
            caller.end()
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None

    def _greet(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            caller = _Caller(socket, self.files_arrived.emit, self._callers.discard)
            if len(self._callers) >= _MOST_CALLERS:
                caller.end()
            else:
                self._callers.add(caller)
                caller.listen()


class _Caller(QObject):
    """One later start, and what it has said so far."""

    def __init__(
        self,
        socket: QLocalSocket,
        take: Callable[[tuple[Path, ...]], None],
        forget: Callable[[_Caller], None],
    ) -> None:
        super().__init__()
        self._socket = socket
        self._take = take
        self._forget = forget
        self._said = b""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.end)
        socket.setReadBufferSize(MOST_BYTES + _LENGTH_BYTES)

    def listen(self) -> None:
        self._socket.readyRead.connect(self._hear)
        self._socket.disconnected.connect(self.end)
        self._patience.start(_PATIENCE_MS)
        self._hear()

    def end(self) -> None:
        """Hang up."""
        self._patience.stop()
        self._socket.blockSignals(True)
        self._socket.abort()
        self._socket.deleteLater()
        self._forget(self)

    def _hear(self) -> None:
        self._said += bytes(self._socket.readAll().data())
        length = int.from_bytes(self._said[:_LENGTH_BYTES], "big")
        if len(self._said) < _LENGTH_BYTES:
            return
        body = self._said[_LENGTH_BYTES : _LENGTH_BYTES + length]
        if length > MOST_BYTES:
            self.end()
        elif len(body) == length:
            self._understand(body)

    def _understand(self, body: bytes) -> None:
        try:
            files, activation = _understood(body)
        except ValueError:
            logger.info("A later start sent what makes no sense")
            self.end()
            return
        self._socket.readyRead.disconnect(self._hear)
        if activation:
            # Wayland lets a window come to the front only with the token of the start that wants it there.
            os.environ["XDG_ACTIVATION_TOKEN"] = activation
        self._socket.write(_TAKEN)
        self._socket.flush()
        self._take(files)


def _understood(body: bytes) -> tuple[tuple[Path, ...], str]:
    """Return the files of a message, and its token for activation. Raises ``ValueError``."""
    try:
        message = json.loads(body)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    match message:
        case {"files": list(names), "activation": str(activation)}:
            files = tuple(Path(name) for name in names if isinstance(name, str) and Path(name).is_absolute())
            return files, activation
        case _:
            raise ValueError("it is no message of ours")
