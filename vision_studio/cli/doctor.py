"""`vision-studio doctor`: what is there, what is wrong, and the exact line that mends it."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from vision_studio import __version__
from vision_studio.cli import system_parts
from vision_studio.cli.arguments import Command
from vision_studio.cli.check import Check, State, pip_line
from vision_studio.cli.console import Console

_PACKAGES = (
    *("PySide6-Essentials", "Pillow", "anthropic", "keyring", "platformdirs", "filelock"),
    *("pebble", "starlette", "uvicorn", "python-multipart", "markdown-it-py"),
)
_ABORTING_QT = "6.12"
"""It ends Python 3.11 after some 5,000 calls, by losing references to None."""


def doctor(asked: Command, console: Console) -> int:
    """Look at everything the application rests on; returns 1 if something keeps it from working."""
    console.line(f"Vision Studio {__version__}")
    sick = False
    if asked.repair:
        # Not before it is asked for: it imports what the checks are about.
        from vision_studio.cli.folder_checks import mend_folder

        sick = not mend_folder(asked, console)
    for check in _checks(asked):
        console.line(f"{check.state.value} {check.subject}: {check.said}")
        if check.mend:
            console.line(f"    {check.mend}")
        sick = sick or check.state is State.PROBLEM
    console.line()
    console.line("Something is wrong; see ✗ above." if sick else "All is well.")
    return 1 if sick else 0


def _checks(asked: Command) -> Iterator[Check]:
    system = f"{sys.platform}, SQLite {sqlite3.sqlite_version}"
    yield Check("Python", State.FINE, f"{python_version()} on {system}")
    packages = list(_packages())
    yield from packages
    yield _libraries()
    yield _screen()
    yield _resources()
    if any(check.state is State.PROBLEM for check in packages):
        return
    # Not before: it imports those packages.
    from vision_studio.cli.engine_checks import engine_checks

    yield from engine_checks(asked)


def _packages() -> Iterator[Check]:
    found, absent = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            absent.append(name)
    if found:
        yield Check("Packages", State.FINE, ", ".join(found))
    if absent:
        yield Check("Packages", State.PROBLEM, f"missing: {', '.join(absent)}", pip_line(*absent))
    if sys.version_info < (3, 12) and any(f"{_PACKAGES[0]} {_ABORTING_QT}." in f"{one}." for one in found):
        yield Check(
            "Packages",
            State.PROBLEM,
            f"Qt for Python {_ABORTING_QT} aborts on Python 3.11",
            pip_line(f"{_PACKAGES[0]}<{_ABORTING_QT}"),
        )


def _libraries() -> Check:
    without_qt, without_x11 = system_parts.missing(system_parts.QT), system_parts.missing(system_parts.X11)
    absent = [*without_qt, *without_x11]
    if not absent:
        return Check("Libraries of the system", State.FINE, "all that the window needs")
    # A Wayland desktop does without those for X11.
    needed = without_qt or (
        without_x11 and os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    )
    return Check(
        "Libraries of the system",
        State.PROBLEM if needed else State.NOTE,
        f"missing: {', '.join(absent)}",
        system_parts.install_line(absent),
    )


def _screen() -> Check:
    if system_parts.has_screen():
        return Check("Screen", State.FINE, "a window can be opened")
    said = "none; `vision-studio send` and `estimate` work without one"
    return Check("Screen", State.NOTE, said)


def _resources() -> Check:
    from vision_studio.headless import read_catalogue

    try:
        catalogue = read_catalogue()
    except (OSError, ValueError) as error:
        line = pip_line("--force-reinstall", "vision-studio")
        return Check("Models", State.PROBLEM, f"the table of models cannot be read ({error})", line)
    return Check("Models", State.FINE, f"{len(catalogue.models)}, as of {catalogue.dated.isoformat()}")
