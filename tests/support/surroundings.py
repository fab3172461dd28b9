"""Surroundings in which no test can reach the user's files, keyring, screen or account."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "home/AppData/Roaming",
    "LOCALAPPDATA": "home/AppData/Local",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_RUNTIME_DIR": "run",
}
_REMOVED_PREFIXES = ("ANTHROPIC_", "VISION_STUDIO_", "QT_", "GNOME_KEYRING_")
_REMOVED = frozenset(
    {
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "XDG_CURRENT_DESKTOP",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    }
)


class Surroundings:
    """Private folders and an environment without accounts, screens or proxies, until `leave` is called."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vs-"))  # short: sockets in it may have 107 characters
        self._patch = pytest.MonkeyPatch()

    def enter(self) -> None:
        for name in list(os.environ):
            if name.startswith(_REMOVED_PREFIXES) or name.upper() in _REMOVED:
                self._patch.delenv(name)
        for name, folder in _FOLDERS.items():
            path = self._folder / folder
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._patch.setenv(name, str(path))
        self._patch.setenv("QT_QPA_PLATFORM", "offscreen")
        self._patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        self._patch.setenv("LC_ALL", "C.UTF-8")

    def leave(self) -> None:
        self._patch.undo()
        shutil.rmtree(self._folder, ignore_errors=True)
