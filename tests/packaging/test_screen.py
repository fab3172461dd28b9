"""Whether there is a screen is known before Qt is asked."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from bootstrap.screen import ScreenKind, find_screen


@pytest.fixture
def wayland(tmp_path: Path) -> Iterator[dict[str, str]]:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        yield {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}


@pytest.fixture
def x11() -> Iterator[dict[str, str]]:
    number = 10_000 + os.getpid()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        yield {"DISPLAY": f":{number}.0"}


def test_no_screen_is_named_where_none_is_set() -> None:
    screen = find_screen({}, "linux")
    assert (screen.kind, screen.why_not) == (ScreenKind.NONE, "neither DISPLAY nor WAYLAND_DISPLAY is set")


def test_x11(x11: dict[str, str]) -> None:
    assert find_screen(x11, "linux").kind is ScreenKind.X11


def test_x11_over_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        forwarded = f"127.0.0.1:{server.getsockname()[1] - 6000}.0"
        assert find_screen({"DISPLAY": forwarded}, "linux").kind is ScreenKind.X11


def test_wayland_comes_before_x11(wayland: dict[str, str], x11: dict[str, str]) -> None:
    assert find_screen({**wayland, **x11}, "linux").kind is ScreenKind.WAYLAND


def test_x11_serves_where_wayland_is_gone(x11: dict[str, str]) -> None:
    assert find_screen({"WAYLAND_DISPLAY": "wayland-9", **x11}, "linux").kind is ScreenKind.X11


@pytest.mark.parametrize("display", [":9999", "127.0.0.1:59000", "nonsense", ":", "unix:9999"])
def test_a_display_nobody_serves_is_no_screen(display: str) -> None:
    screen = find_screen({"DISPLAY": display}, "linux")
    assert (screen.kind, screen.why_not) == (ScreenKind.NONE, f"nothing answers at DISPLAY={display}")


def test_a_platform_that_shows_no_window_is_no_screen(x11: dict[str, str]) -> None:
    assert find_screen({**x11, "QT_QPA_PLATFORM": "offscreen"}, "linux").kind is ScreenKind.NONE


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_one(platform: str) -> None:
    assert find_screen({}, platform).kind is ScreenKind.NATIVE
