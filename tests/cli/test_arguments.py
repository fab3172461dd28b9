"""What may stand on the command line, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision_studio import __version__
from vision_studio.cli.arguments import Command, parse


@pytest.mark.parametrize(
    ("line", "command"),
    [
        pytest.param("", Command(""), id="the window"),
        pytest.param("a.png b.png", Command("", (Path("a.png"), Path("b.png"))), id="open with"),
        pytest.param("./send", Command("", (Path("send"),)), id="a file named like a command"),
        pytest.param("-- send", Command("", (Path("send"),)), id="a file after two dashes"),
        pytest.param("--practice --data-dir d", Command("", practice=True, data_dir=Path("d")), id="options"),
        pytest.param(
            "--base-url https://x send a.png -p Why?",
            Command("send", (Path("a.png"),), base_url="https://x", prompt="Why?"),
            id="options before a command",
        ),
        pytest.param(
            "send a.png -p Why? b.png --practice",
            Command("send", (Path("a.png"), Path("b.png")), practice=True, prompt="Why?"),
            id="files on both sides of options",
        ),
        pytest.param(
            "--data-dir send estimate a.png",
            Command("estimate", (Path("a.png"),), data_dir=Path("send")),
            id="a value named like a command",
        ),
        pytest.param(
            "send --session s --system Briefly --model m --json -p Why?",
            Command("send", json=True, model="m", system="Briefly", session="s", prompt="Why?"),
            id="a follow-up",
        ),
        pytest.param("sessions --json", Command("sessions", json=True), id="sessions"),
        pytest.param("doctor --practice", Command("doctor", practice=True), id="doctor"),
    ],
)
def test_command_lines(line: str, command: Command) -> None:
    assert parse(line.split()) == command


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("estimate", "FILE"),
        ("send", "there is nothing to send"),
        ("send -p", "expected one argument"),
        ("send --api-key sk-1 -p x", "unrecognized arguments: --api-key"),
        ("send --prac -p x", "unrecognized arguments: --prac"),
        ("sessions extra", "unrecognized arguments"),
        ("--json", "unrecognized arguments"),
    ],
)
def test_command_lines_that_make_no_sense(
    line: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line.split())
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_question_that_is_no_utf8_is_made_so() -> None:
    assert parse(["send", "-p", "caf\udce9?"]).prompt == "caf�?"


@pytest.mark.parametrize("line", ["--help", "send --help", "--version"])
def test_help_ends_well(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(line.split())
    assert not ended.value.code
    said = capsys.readouterr().out
    assert __version__ in said or "--practice" in said


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    said = capsys.readouterr().out
    assert all(
        name in said for name in ("estimate", "send", "sessions", "doctor", "--data-dir", "--base-url")
    )
