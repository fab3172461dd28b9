"""What may stand on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision_studio import __version__
from vision_studio.core.request_settings import Cache

_COMMANDS = {
    "estimate": "tell what images would cost and what of them Claude would see; sends nothing",
    "send": "ask about images and print the answer",
    "sessions": "list the sessions that are kept",
    "import": "take in the sessions of bundles, each as a new one",
    "export": "save sessions as a file: a bundle, a page, Markdown, JSON or PDF",
    "doctor": "tell what is wrong with this installation, and what mends it",
}
_TAKING_A_VALUE = ("--data-dir", "--base-url")


@dataclass(frozen=True, slots=True)
class Command:
    """One command line, understood. ``name`` is "" for the window."""

    name: str
    files: tuple[Path, ...] = ()
    data_dir: Path | None = None
    base_url: str | None = None
    practice: bool = False
    json: bool = False
    model: str | None = None
    system: str | None = None
    session: str | None = None
    prompt: str = ""
    effort: str | None = None
    max_tokens: int | None = None
    cache: str | None = None
    repair: bool = False
    sessions: tuple[str, ...] = ()
    output: Path | None = None


def parse(argv: Sequence[str]) -> Command:
    """Understand a command line. Ends the process with a usage message for one that makes no sense."""
    place = _command_place(argv)
    if place is None:
        options = _window_parser().parse_args(argv)
        return Command("", **_fields(options))
    name = argv[place]
    parser = _command_parser(name)
    options = parser.parse_intermixed_args([*argv[:place], *argv[place + 1 :]])
    if name == "send" and not options.files and not options.prompt.strip():
        parser.error("there is nothing to send: name images, or ask something with -p")
    return Command(name, **_fields(options))


def _command_place(argv: Sequence[str]) -> int | None:
    """Return where the command stands: the first word that is no option, if it is one of ours.

    "vision-studio photo.jpg" opens the window with an image; a file called "send" must come as "./send".
    """
    place = 0
    while place < len(argv) and argv[place].startswith("-"):
        if argv[place] == "--":
            return None
        place += 2 if argv[place] in _TAKING_A_VALUE else 1
    return place if place < len(argv) and argv[place] in _COMMANDS else None


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "vision-studio",
        usage="%(prog)s [OPTION…] [IMAGE…]\n       %(prog)s COMMAND [OPTION…]",
        description="Open the window, with images if any are named, or carry out a command without it.",
        epilog="commands:\n" + "\n".join(f"  {name:<10} {what}" for name, what in _COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="IMAGE",
        help="an image, or a bundle of sessions, to begin with",
    )
    parser.add_argument("--version", action="version", version=f"Vision Studio {__version__}")
    _add_common(parser)
    return parser


def _command_parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        f"vision-studio {name}", description=f"{_COMMANDS[name].capitalize()}.", allow_abbrev=False
    )
    if name in ("estimate", "send"):
        parser.add_argument(
            "files",
            nargs="+" if name == "estimate" else "*",
            type=Path,
            metavar="FILE",
            help="an image, or a folder of images",
        )
        parser.add_argument("--model", metavar="ID", help="the model; else the one chosen last")
    if name == "send":
        parser.add_argument("-p", "--prompt", default="", metavar="PROMPT", type=_text, help="the question")
        parser.add_argument("--system", metavar="TEXT", type=_text, help="instructions for the session")
        parser.add_argument("--session", metavar="ID", help="go on with this session, not a new one")
        parser.add_argument("--effort", metavar="LEVEL", help="how hard the model tries, if it has levels")
        parser.add_argument(
            "--max-tokens", type=_count, metavar="N", help="the most tokens of the answer, thinking included"
        )
        parser.add_argument(
            "--cache",
            choices=[cache.value for cache in Cache],
            help="how long the server keeps the prompt for further questions; off for a new session",
        )
    if name == "import":
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .vstudio bundle")
    if name == "export":
        parser.add_argument("sessions", nargs="+", metavar="SESSION", help="as `sessions` lists them")
        parser.add_argument(
            "-o",
            "--output",
            required=True,
            type=Path,
            metavar="FILE",
            help="the file; its ending says what kind",
        )
    if name == "doctor":
        parser.add_argument(
            "--repair", action="store_true", help="first mend the data folder; what is damaged is kept aside"
        )
    else:
        parser.add_argument("--json", action="store_true", help="print JSON")
    _add_common(parser)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("everywhere")
    group.add_argument("--data-dir", type=Path, metavar="DIR", help="where sessions and images are kept")
    group.add_argument("--base-url", metavar="URL", help="a server that speaks the Claude Messages API")
    group.add_argument(
        "--practice", action="store_true", help="use the built-in practice server, which is not Claude"
    )


def _fields(options: argparse.Namespace) -> dict[str, Any]:
    several = {name: tuple(getattr(options, name, ())) for name in ("files", "sessions")}
    return {**vars(options), **several}


def _count(argument: str) -> int:
    count = int(argument)
    if count < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


def _text(argument: str) -> str:
    """Bytes that are no UTF-8 come as lone surrogates, which no request can hold."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
