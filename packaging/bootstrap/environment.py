"""Makes the virtual environment, and knows whether the one that is there can be trusted."""

from __future__ import annotations

import contextlib
import locale
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from bootstrap.interpreters import Interpreter
from bootstrap.stamp import Stamp
from bootstrap.words import say

_OLDEST_GLIBC = (2, 34)  # what Qt's wheels are built for
_WINDOWS = os.name == "nt"


class SetUpFailed(Exception):
    """The environment could not be made; the message says what to do, the tool's own words came before it."""


class Environment:
    """One virtual environment in the checkout, made from lock files and used by every command.

    Its stamp is written last. Without a stamp that still holds, the folder is taken for the rest of an
    interrupted set-up, and made anew.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._folder = folder
        self._stamp_file = folder / "ready.json"
        self._binaries = folder / ("Scripts" if _WINDOWS else "bin")
        self.python = self._binaries / ("python.exe" if _WINDOWS else "python")

    def is_ready(self, locks: Sequence[Path]) -> bool:
        """Tell whether all that these lock files name is installed here. Starts no process."""
        stamp = self._stamp()
        return stamp is not None and stamp.covers(locks)

    def version(self) -> str | None:
        """Return the Python version, such as `3.11`; None when the environment is not finished."""
        stamp = self._stamp()
        return stamp.version if stamp else None

    def make_ready(self, interpreter: Interpreter, locks: Sequence[Path]) -> None:
        """Install what the lock files name, each one holding all of the one before it. Raises SetUpFailed.

        A second set-up of the same checkout waits for the first. The lock is handed down to pip, so that it
        is also held against a pip that outlives a killed set-up.
        """
        with _sole_set_up(self._root / ".venv.lock") as lock:
            stamp = self._stamp()
            if stamp and stamp.covers(locks):
                return
            only_later_locks_missing = stamp and stamp.covers(locks[:1]) and len(stamp.locks) == 1
            self._stamp_file.unlink(missing_ok=True)
            if not only_later_locks_missing:
                self._recreate(interpreter, lock)
            self._install(locks[-1], lock)
            self._put_project_on_path()
            site_packages, version = self._site_packages(), interpreter.label
            made = Stamp.of(
                root=self._root, python=self.python, site_packages=site_packages, version=version, locks=locks
            )
            made.write(self._stamp_file)

    def _stamp(self) -> Stamp | None:
        """Return the stamp if it still holds."""
        stamp = Stamp.read(self._stamp_file)
        if stamp and stamp.holds(root=self._root, python=self.python, site_packages=self._site_packages()):
            return stamp
        return None

    def _site_packages(self) -> Path:
        if _WINDOWS:
            return self._folder / "Lib" / "site-packages"
        return next(self._folder.glob("lib/python3.*/site-packages"), self._folder / "lib")

    def _recreate(self, interpreter: Interpreter, lock: IO[bytes]) -> None:
        _check_c_library()
        try:
            if self._folder.is_symlink():
                self._folder.unlink()
            elif self._folder.exists():
                say(f"{self._folder.name} is unfinished or out of date; making it anew.")
                shutil.rmtree(self._folder)
        except OSError as problem:
            raise SetUpFailed(
                f"{self._folder} cannot be removed ({problem}); remove it and try again."
            ) from problem
        say(f"Making {self._folder.name} with Python {interpreter.label} ({interpreter.path}) …")
        _call([interpreter.path, "-m", "venv", str(self._folder)], lock, "The environment could not be made")

    def _install(self, requirements: Path, lock: IO[bytes]) -> None:
        say(f"Installing what {requirements.name} names (about 100 MB to download the first time) …")
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        quiet = [] if sys.stderr.isatty() else ["--quiet"]
        options = ["--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements)]
        _call([*pip, *quiet, *options], lock, "pip could not install everything")

    def _put_project_on_path(self) -> None:
        """Make the checkout importable, and `vision-studio` a command, without a build step."""
        encoding = locale.getencoding() if _WINDOWS else sys.getfilesystemencoding()
        path_file = self._site_packages() / "vision-studio-checkout.pth"
        path_file.write_text(f"{self._root}\n", encoding=encoding, errors="surrogateescape")
        if _WINDOWS:
            launcher = self._binaries / "vision-studio.cmd"
            launcher.write_text(f'@"{self.python}" -m vision_studio %*\n', encoding=encoding)
        else:
            launcher = self._binaries / "vision-studio"
            command = f'#!/bin/sh\nexec {shlex.quote(str(self.python))} -m vision_studio "$@"\n'
            launcher.write_text(command, encoding=encoding, errors="surrogateescape")
            launcher.chmod(0o755)


def clean_environ() -> dict[str, str]:
    """Return this process's environment without what would mix another Python's files into ours."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__")
    }


def _call(command: Sequence[str], lock: IO[bytes], failure: str) -> None:
    """Run a step of the set-up, its own words going to standard error unaltered. Raises SetUpFailed."""
    environ = {
        **clean_environ(),
        "PIP_USER": "0",
    }  # a user-wide `--user` setting is refused in an environment
    inherited = () if _WINDOWS else (lock.fileno(),)
    status = subprocess.run(command, env=environ, stdout=sys.stderr, pass_fds=inherited).returncode
    if status != 0:
        raise SetUpFailed(f"{failure} (status {status}, see above). The same command starts afresh.")


def _check_c_library() -> None:
    name, version = platform.libc_ver()
    if sys.platform.startswith("linux") and name == "glibc":
        found = tuple(int(part) for part in version.split(".")[:2])
        if found < _OLDEST_GLIBC:
            raise SetUpFailed(
                f"Qt needs the GNU C library 2.34 (Debian 12, Ubuntu 22.04); this system has {version}."
            )


@contextlib.contextmanager
def _sole_set_up(path: Path) -> Iterator[IO[bytes]]:
    """Hold the checkout's set-up lock, waiting while another process does."""
    with path.open("ab") as lock:
        if not _try_lock(lock):
            say("Another set-up of this checkout is running; waiting for it to finish …")
            while not _try_lock(lock):
                time.sleep(0.2)
        yield lock  # closing the file lets go of it


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
