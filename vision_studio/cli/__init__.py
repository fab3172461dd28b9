"""The command line: the window, or the same jobs without one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from vision_studio.cli.arguments import Command, parse
from vision_studio.cli.console import Console, OutputClosed


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit status; usage errors end with ``SystemExit``."""
    asked = parse(sys.argv[1:] if argv is None else argv)
    console = Console()
    try:
        return _run(asked, console)
    except OutputClosed as closed:
        return console.give_up(closed)
    except KeyboardInterrupt:
        return INTERRUPTED


INTERRUPTED = 130
"""The exit status of programs that Ctrl+C ended."""


def _run(asked: Command, console: Console) -> int:
    # Each job is imported when it is asked for: an estimate needs no engine, and nothing but the window Qt.
    match asked.name:
        case "estimate":
            from vision_studio.cli.estimate import estimate

            return estimate(asked, console)
        case "send":
            from vision_studio.cli.send import send

            return send(asked, console)
        case "sessions":
            from vision_studio.cli.sessions import sessions

            return sessions(asked, console)
        case "import":
            from vision_studio.cli.portable import import_sessions

            return import_sessions(asked, console)
        case "export":
            from vision_studio.cli.portable import export_session

            return export_session(asked, console)
        case "doctor":
            from vision_studio.cli.doctor import doctor

            return doctor(asked, console)
        case _:
            from vision_studio.cli.window import window

            return window(asked, console)
