"""A real Secret Service with a keyring of its own, for tests that store a key."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_TIMEOUT_S = 120.0
_WITHIN = """
import subprocess, sys
how, *command = sys.argv[1:]
subprocess.run(
    ["gnome-keyring-daemon", how, "--components=secrets"],
    input=b"a password for tests", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
)
sys.exit(subprocess.run(command).returncode)
"""


class KeyringSession:
    """Runs commands on a private D-Bus session with gnome-keyring; a test keeps what they store."""

    def __init__(self, folder: Path) -> None:
        for name in ("home", "run"):
            (folder / name).mkdir(mode=0o700)
        private = {"HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(folder / "run")}
        dropped = (
            "PYTHON_KEYRING_BACKEND",
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
        )
        self._environ = {name: value for name, value in os.environ.items() if name not in dropped} | private

    def run(
        self, command: Sequence[str], *, environ: Mapping[str, str] | None = None, unlocked: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the session and return it finished, with its output as text.

        `environ` adds to the environment. With `unlocked=False` a keyring made by an earlier run is locked,
        and no screen is there to ask for its password.
        """
        how = "--unlock" if unlocked else "--start"
        return subprocess.run(
            ["dbus-run-session", "--", sys.executable, "-c", _WITHIN, how, *command],
            env={**self._environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
