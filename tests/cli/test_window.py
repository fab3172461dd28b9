"""`vision-studio [IMAGE…]`: opens the window with what was asked for, or says why not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cli.conftest import Run
from vision_studio import app
from vision_studio.cli import system_parts


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Options that the window was opened with."""
    seen = SimpleNamespace(options=None)

    def open_window(options: Any) -> int:
        seen.options = options
        return 0

    monkeypatch.setattr(app, "main", open_window)
    return seen


def test_the_window_gets_what_the_command_line_says(run: Run, opened: SimpleNamespace) -> None:
    done = run("a.png", "b.png", "--practice", "--data-dir", "here", "--base-url", "https://gateway.example")
    assert done.status == 0
    options = opened.options
    assert options.open_with == (Path("a.png"), Path("b.png"))
    assert options.engine.data_dir == Path("here")
    assert (options.engine.wish.practice, options.engine.wish.base_url) == (True, "https://gateway.example")
    assert options.engine.samples
    assert "drop" in options.engine.mishaps


def test_the_window_chooses_the_connection_the_user_chose(run: Run, opened: SimpleNamespace) -> None:
    assert run().status == 0
    wish = opened.options.engine.wish
    assert (wish.practice, wish.base_url, wish.api) == (False, None, False)


def test_without_a_screen_it_says_so(
    run: Run, opened: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(system_parts.sys, "platform", "linux")
    done = run()
    assert (done.status, opened.options) == (1, None)
    assert done.err.startswith("There is no screen to open a window on.")


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_screen_is_found(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv(variable, ":0")
    assert system_parts.has_screen()
