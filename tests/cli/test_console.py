"""What strangers wrote reaches the terminal as text, never as a command to it."""

from __future__ import annotations

import pytest

from vision_studio.cli.console import Console

HOSTILE = "\x1b]0;owned\a\x1b[2J\x9b31m harmless\n\tend"
SHOWN = "�]0;owned��[2J�31m harmless\n\tend"


def test_an_answer_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Console().text(HOSTILE)
    assert capsys.readouterr().out == SHOWN


def test_a_servers_words_in_a_remark_cannot_either(capsys: pytest.CaptureFixture[str]) -> None:
    Console().remark(f"The server said: {HOSTILE}")
    assert capsys.readouterr().err == f"The server said: {SHOWN}\n"
