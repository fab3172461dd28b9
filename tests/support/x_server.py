"""A private X server with a window manager, and what a screen reader sees of the windows on it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support.processes import running

_DEADLINE_S = 30.0
_SYSTEM_PYTHON = "/usr/bin/python3"  # pyatspi is installed for no other


@contextmanager
def private_x_server(screen: str = "1440x900x24") -> Iterator[dict[str, str]]:
    """Start Xvfb and openbox on a free display; yield the environment of programs that open windows there.

    Without a window manager no window would get the keyboard focus.
    """
    read_fd, write_fd = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_fd), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    with os.fdopen(read_fd, encoding="ascii") as announced, running(command, os.environ, keep=[write_fd]):
        os.close(write_fd)  # so that reading ends if the server does
        number = announced.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        environ = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        with running(["openbox"], environ):
            _await_window_manager(environ)
            yield environ


@contextmanager
def private_bus(environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start a session bus; yield the environment of programs that are to talk over it."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    with running(command, environ, reads=True) as bus:
        assert bus.stdout is not None
        yield {**environ, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}


@contextmanager
def accessibility_bus(environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start a session bus with AT-SPI; yield the environment in which Qt shows its windows to it."""
    with private_bus(environ) as bus:
        with_bus = {**bus, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        with running(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"], with_bus):
            yield with_bus


def ask_screen_reader(script: str, environ: Mapping[str, str], *arguments: str) -> str:
    """Run a script that imports pyatspi and return what it prints."""
    command = [_SYSTEM_PYTHON, "-c", script, *arguments]
    answer = subprocess.run(
        command, env=dict(environ), stdout=subprocess.PIPE, text=True, timeout=_DEADLINE_S, check=True
    )
    return answer.stdout


def _await_window_manager(environ: Mapping[str, str]) -> None:
    """Ask the root window until the manager has signed it; xprop cannot wait for a property yet unknown."""
    deadline = time.monotonic() + _DEADLINE_S
    ask = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    while "window id" not in subprocess.run(ask, env=dict(environ), capture_output=True, text=True).stdout:
        if time.monotonic() > deadline:
            raise RuntimeError("openbox did not start")
