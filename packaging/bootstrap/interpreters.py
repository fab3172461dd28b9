"""Finds a Python the application runs on; itself runs on 3.7, since it is what notices an old one."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

OLDEST = (3, 11)
NEWEST = (3, 14)
RANGE = "Python 3.11 to 3.14"

_DESCRIBE = (
    "import importlib.util, sys; "
    "print('{}.{}'.format(*sys.version_info[:2])); "
    "print(int(importlib.util.find_spec('ensurepip') is not None)); "
    "print(getattr(sys, '_base_executable', None) or sys.executable)"
)


class Interpreter(NamedTuple):
    """A Python on this machine; `path` is the real one, never that of a virtual environment or a shim."""

    path: str
    version: tuple[int, int]
    has_ensurepip: bool

    @property
    def fits(self) -> bool:
        return OLDEST <= self.version <= NEWEST

    @property
    def label(self) -> str:
        return "{}.{}".format(*self.version)


class NoFitPython(Exception):
    """No interpreter in the supported range; the message says what was found and what to do."""


def describe(path: str) -> Interpreter | None:
    """Ask the program at `path` what it is; None when it is not a Python that starts."""
    try:
        answer = subprocess.run(
            [path, "-I", "-c", _DESCRIBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        ).stdout
        version, ensurepip, real_path = os.fsdecode(answer).splitlines()
        major, minor = version.split(".")
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter(real_path, (int(major), int(minor)), ensurepip == "1")


def running() -> Interpreter:
    """Return the interpreter that runs this, or the one its virtual environment was made from."""
    path = getattr(sys, "_base_executable", None) or sys.executable
    return Interpreter(path, sys.version_info[:2], importlib.util.find_spec("ensurepip") is not None)


def choose(requested: str | None, *, can_add_ensurepip: bool) -> Interpreter:
    """Return the requested interpreter, else the running one if it fits, else the newest one found.

    `can_add_ensurepip` tells that a missing ensurepip (Debian keeps it in another package) can be installed.
    Raises NoFitPython.
    """
    if requested is not None:
        return _requested(requested)
    here = running()
    if here.fits and (here.has_ensurepip or can_add_ensurepip):
        return here
    seen = [here]
    for path in _candidates():
        found = describe(path)
        if found is not None and all(found.path != known.path for known in seen):
            seen.append(found)
    fit = [found for found in seen if found.fits]
    if not fit:
        raise NoFitPython(
            f"Vision Studio needs {RANGE}; found here: {_listed(seen)}.\n"
            "Install one (Debian and Ubuntu: apt-get install -y python3 python3-venv; elsewhere:\n"
            "the installer of python.org), or name one with --python PATH."
        )
    return max(fit, key=lambda found: (found.has_ensurepip, found.version))


def hand_over(command: list[str], environ: Mapping[str, str]) -> int:
    """Become the command; where a process cannot (Windows), wait for it and return its status."""
    if os.name == "posix":
        os.execve(command[0], command, dict(environ))
    return subprocess.call(command, env=dict(environ))


def _requested(name: str) -> Interpreter:
    found = next(_of_version(name), None) if _is_label(name) else describe(shutil.which(name) or name)
    if found is None:
        raise NoFitPython(f"--python {name}: found no such Python that starts; Vision Studio needs {RANGE}.")
    if not found.fits:
        raise NoFitPython(f"--python {name}: Vision Studio needs {RANGE}, this is {found.label}.")
    return found


def _is_label(name: str) -> bool:
    return name.replace(".", "", 1).isdigit()


def _of_version(label: str) -> Iterator[Interpreter]:
    found = (describe(path) for path in _candidates())
    return (interpreter for interpreter in found if interpreter is not None and interpreter.label == label)


def _listed(interpreters: Iterable[Interpreter]) -> str:
    return ", ".join(f"{found.label} ({found.path})" for found in interpreters)


def _candidates() -> Iterator[str]:
    """Yield paths where a fit Python may be: PATH first, then where installers put one."""
    labels = [f"{OLDEST[0]}.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    names = ["python" + label for label in labels] + ["python3", "python"]
    for name in names:
        path = shutil.which(name)
        if path:
            yield path
    for label in labels:
        for folder, pattern in _installed_patterns(label):
            yield from (str(path) for path in sorted(folder.glob(pattern), reverse=True))


def _installed_patterns(label: str) -> Iterator[tuple[Path, str]]:
    """Yield where installers, pyenv, uv and Homebrew put Python `label`, as a folder and a pattern in it."""
    if os.name == "nt":
        short = label.replace(".", "")
        for variable in ("LOCALAPPDATA", "PROGRAMFILES"):
            folder = Path(os.environ.get(variable, ""))
            yield folder, f"Programs/Python/Python{short}/python.exe"
            yield folder, f"Python{short}/python.exe"
    else:
        yield Path.home(), f".pyenv/versions/{label}*/bin/python"
        yield Path.home(), f".local/share/uv/python/cpython-{label}*/bin/python3"
        for bin_folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin"):
            yield Path(bin_folder), f"python{label}"
        yield Path("/Library/Frameworks/Python.framework/Versions"), f"{label}/bin/python3"
