"""What the window needs of a Linux system, and the packages that bring it on Debian and Ubuntu."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable

QT = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""Without these Qt does not import."""

X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""A window on X11. Qt blames xcb-cursor0 whichever of these is missing, so each is looked for by name."""


def missing(libraries: Iterable[str]) -> list[str]:
    """Return the libraries that cannot be loaded; nothing is asked of systems other than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return [library for library in libraries if not _loads(library)]


def install_line(libraries: Iterable[str]) -> str:
    """Return the line that installs libraries, or what to look for where there is no apt."""
    if shutil.which("apt-get") is None:
        return f"install the packages that provide {', '.join(libraries)}"
    packages = " ".join({**QT, **X11}[library] for library in libraries)
    return f"sudo apt-get install {packages}"


def has_screen() -> bool:
    """Tell whether there is somewhere to put a window; only X11 and Wayland systems can lack that."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
