#!/usr/bin/env python3
"""Sets up and runs Vision Studio from a checkout. It needs nothing but a Python.

    python3 packaging/dev.py run [ARG…]         open the window; ARG is what vision-studio takes
    python3 packaging/dev.py test [ARG…]        every check and test; ARG goes to pytest
    python3 packaging/dev.py test --quick       the same without slow, display and keyring tests
    python3 packaging/dev.py check              formatting, lint and types
    python3 packaging/dev.py bench [ARG…]       benchmarks
    python3 packaging/dev.py gallery [ARG…]     pictures of the window's main states
    python3 packaging/dev.py lock [--upgrade]   write the lock files from pyproject.toml

With --python PATH, or a version such as 3.13, another Python is used, in an environment of its own.
Commands work in the root of the checkout, except run, which stays in the current folder.
"""

from __future__ import annotations

import os
import shutil
import sys

from bootstrap.interpreters import NoFitPython, choose, hand_over, running
from bootstrap.words import say


def main(argv: list[str]) -> int:
    """Hand over to the command, under a Python that can run it."""
    requested, arguments = without_python_option(argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    try:
        interpreter = choose(requested, can_add_ensurepip=_is_root_with_apt())
    except NoFitPython as problem:
        say(str(problem))
        return 1
    if os.path.realpath(interpreter.path) != os.path.realpath(running().path):
        return hand_over([interpreter.path, __file__, *argv], os.environ)
    from bootstrap.commands import execute  # not before: older Pythons than ours cannot read it

    return execute(interpreter, arguments, own_environment=requested is not None)


def without_python_option(argv: list[str]) -> tuple[str | None, list[str]]:
    """Split `--python PATH` or `--python=PATH` off the arguments, wherever it stands."""
    arguments, requested = [], None
    rest = iter(argv)
    for argument in rest:
        if argument == "--python":
            requested = next(rest, "")
        elif argument.startswith("--python="):
            requested = argument[len("--python=") :]
        else:
            arguments.append(argument)
    return requested, arguments


def _is_root_with_apt() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
