"""The commands of dev.py: each makes sure of what it needs, then starts it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bootstrap import system_parts
from bootstrap.environment import Environment, SetUpFailed, clean_environ
from bootstrap.interpreters import Interpreter, hand_over
from bootstrap.locks import write_locks
from bootstrap.screen import ScreenKind, find_screen
from bootstrap.system_parts import Part
from bootstrap.words import say

ROOT = Path(__file__).resolve().parents[2]
APP_LOCK = ROOT / "packaging" / "requirements.lock"
DEV_LOCK = ROOT / "packaging" / "requirements-dev.lock"

_CHECKS = (
    ("formatting", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
)
_ON_EVERY_CORE = ("-n", "auto", "--dist", "worksteal")
"""With `-n 0` among the arguments, which come later, the tests run in one process after all."""
_QUICK = "not slow and not display and not keyring"
_WINDOWLESS = frozenset({"estimate", "send", "sessions", "doctor", "-h", "--help", "--version"})


def execute(interpreter: Interpreter, arguments: Sequence[str], *, own_environment: bool) -> int:
    """Carry out a command line and return its exit status."""
    name, *rest = arguments
    commands = {"run": run, "test": test, "check": check, "bench": bench, "gallery": gallery, "lock": lock}
    if name not in commands:
        say(f"there is no command {name}; there are {', '.join(commands)}.")
        return 2
    try:
        return commands[name](SetUp(interpreter, own_environment=own_environment), rest)
    except SetUpFailed as problem:
        say(str(problem))
        return 1
    except OSError as problem:
        say(f"stopped: {problem}")
        return 1
    except KeyboardInterrupt:
        return 130


class SetUp:
    """Brings the machine to where a command can start."""

    def __init__(self, interpreter: Interpreter, *, own_environment: bool) -> None:
        environment = Environment(ROOT, ROOT / ".venv")
        if own_environment or environment.version() not in (None, interpreter.label):
            environment = Environment(ROOT, ROOT / f".venv-{interpreter.label}")
        self._interpreter = interpreter
        self._environment = environment

    def python(
        self, *locks: Path, needs: Sequence[Part] = (), wishes: Sequence[Part] = (), insist: bool = False
    ) -> str:
        """Return the environment's Python, once all that the lock files name is installed.

        `needs` are the parts of the system without which nothing works; `wishes` those that only some tests
        need, which are done without unless `insist`. As root with apt, the missing ones are installed.
        Raises SetUpFailed.
        """
        ready = self._environment.is_ready(locks)
        if not ready and not self._interpreter.has_ensurepip:
            needs = [system_parts.venv_part(self._interpreter.label), *needs]
        absent = system_parts.missing([*needs, *wishes])
        if absent and system_parts.can_install():
            say("Installing system packages: " + " ".join(system_parts.package_names(absent)) + " …")
            system_parts.install(absent)
            absent = system_parts.missing(absent)
        if absent and (insist or any(part in needs for part in absent)):
            line = system_parts.install_line(absent)
            raise SetUpFailed(f"this system lacks some parts. As root:\n\n    {line}\n\nThen try again.")
        if not ready:
            self._environment.make_ready(self._interpreter, locks)
        return str(self._environment.python)


def run(set_up: SetUp, arguments: Sequence[str]) -> int:
    """Open the window, or carry out a windowless command; with no screen, do the main job in the terminal."""
    if _WINDOWLESS.intersection(arguments):
        return hand_over([set_up.python(APP_LOCK), "-m", "vision_studio", *arguments], clean_environ())
    screen = find_screen(os.environ)
    libraries = {ScreenKind.X11: system_parts.X11, ScreenKind.WAYLAND: system_parts.WAYLAND}
    python = set_up.python(APP_LOCK, needs=[*system_parts.QT, *libraries.get(screen.kind, ())])
    if screen.kind is not ScreenKind.NONE:
        return hand_over([python, "-m", "vision_studio", *arguments], clean_environ())
    say(f"There is no screen to open a window on: {screen.why_not}.")
    say("So here is the main job in the terminal, on the sample pictures, with the practice server.")
    environ = {**clean_environ(), "QT_QPA_PLATFORM": "offscreen"}
    return hand_over([python, "-m", "vision_studio.demo", *arguments], environ)


def test(set_up: SetUp, arguments: Sequence[str]) -> int:
    """Run the checks, then pytest, whose closing line comes last when all is well."""
    quick = "--quick" in arguments
    wishes = () if quick else (*system_parts.DISPLAY_TESTS, *system_parts.KEYRING_TESTS)
    insist = os.environ.get("CI", "").lower() == "true"
    python = set_up.python(APP_LOCK, DEV_LOCK, needs=system_parts.QT, wishes=wishes, insist=insist)
    failed = _failed_checks(python)
    options = [argument for argument in arguments if argument != "--quick"]
    if quick:
        options = ["-m", _QUICK, *options]
    status = _in_root([python, "-m", "pytest", *_ON_EVERY_CORE, *options])
    if failed:
        say(f"{' and '.join(failed)} failed; see above, before the tests.")
    return status or int(bool(failed))


def check(set_up: SetUp, arguments: Sequence[str]) -> int:
    """Run the checks that need no test."""
    failed = _failed_checks(set_up.python(APP_LOCK, DEV_LOCK))
    say(f"{' and '.join(failed)} failed." if failed else "All checks passed.")
    return int(bool(failed))


def bench(set_up: SetUp, arguments: Sequence[str]) -> int:
    """Run the benchmarks."""
    python = set_up.python(APP_LOCK, DEV_LOCK, needs=system_parts.QT)
    return _in_root([python, "-m", "tests.benchmarks", *arguments])


def gallery(set_up: SetUp, arguments: Sequence[str]) -> int:
    """Render the main states of the window to pictures."""
    python = set_up.python(APP_LOCK, DEV_LOCK, needs=system_parts.QT)
    return _in_root([python, "-m", "tests.gallery", *arguments])


def lock(set_up: SetUp, arguments: Sequence[str]) -> int:
    """Write the lock files from pyproject.toml."""
    write_locks(ROOT, APP_LOCK, DEV_LOCK, arguments)
    return 0


def _failed_checks(python: str) -> list[str]:
    failed = []
    for name, command in _CHECKS:
        say(f"{name}: {' '.join(command)}")
        if _in_root([python, "-m", *command]) != 0:
            failed.append(name)
    return failed


def _in_root(command: Sequence[str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=clean_environ()).returncode
