"""Says whether a window can be shown, before Qt answers that question with a misleading error."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_ANSWER_TIMEOUT_S = 3.0


class ScreenKind(Enum):
    """The window system that answers, which decides the libraries Qt needs."""

    NATIVE = "native"
    X11 = "x11"
    WAYLAND = "wayland"
    NONE = "none"


@dataclass(frozen=True)
class Screen:
    """The screen found; `why_not` says in words why there is none."""

    kind: ScreenKind
    why_not: str = ""


def find_screen(environ: Mapping[str, str], platform: str = sys.platform) -> Screen:
    """Return the screen a window would appear on, having asked its server to answer."""
    chosen = environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if chosen in ("offscreen", "minimal"):
        return Screen(ScreenKind.NONE, f"QT_QPA_PLATFORM is {chosen}, which shows no window")
    if not platform.startswith("linux") or chosen in ("vnc", "linuxfb", "eglfs"):
        return Screen(ScreenKind.NATIVE)
    wayland, x11 = environ.get("WAYLAND_DISPLAY", ""), environ.get("DISPLAY", "")
    if not wayland and not x11:
        return Screen(ScreenKind.NONE, "neither DISPLAY nor WAYLAND_DISPLAY is set")
    if wayland and _answers(_wayland_address(wayland, environ)):
        return Screen(ScreenKind.WAYLAND)
    if x11 and any(_answers(address) for address in _x11_addresses(x11)):
        return Screen(ScreenKind.X11)
    named = " and ".join(
        f"{name}={environ[name]}" for name in ("WAYLAND_DISPLAY", "DISPLAY") if environ.get(name)
    )
    return Screen(ScreenKind.NONE, f"nothing answers at {named}")


def _wayland_address(name: str, environ: Mapping[str, str]) -> str:
    return str(Path(environ.get("XDG_RUNTIME_DIR", "")) / name)


def _x11_addresses(display: str) -> list[str | tuple[str, int]]:
    """Return where the server of a display name such as `:0`, `unix:1` or `localhost:10.0` listens."""
    if not (match := re.fullmatch(r"(?P<host>.*):(?P<number>\d+)(\.\d+)?", display)):
        return []
    host, number = match["host"].partition("/")[0], int(match["number"])
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        return [path, "\0" + path]  # a file, and the same name in the abstract namespace
    return [(host, 6000 + number)]


def _answers(address: str | tuple[str, int]) -> bool:
    """Tell whether a server accepts a connection at a socket path or a (host, port)."""
    try:
        if isinstance(address, tuple):
            socket.create_connection(address, _ANSWER_TIMEOUT_S).close()
        else:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_ANSWER_TIMEOUT_S)
                connection.connect(address)
    except (OSError, ValueError):
        return False
    return True
