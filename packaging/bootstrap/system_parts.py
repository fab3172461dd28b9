"""What the application and its tests need from the operating system, and the packages that bring it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Kind(Enum):
    """How the presence of a part is found out."""

    LIBRARY = "library"
    PROGRAM = "program"
    FILE = "file"


@dataclass(frozen=True)
class Part:
    """One thing the system must have; `packages` are its Debian names, the newest releases' first."""

    name: str
    packages: tuple[str, ...]
    kind: Kind = Kind.LIBRARY

    def is_present(self) -> bool:
        match self.kind:
            case Kind.LIBRARY:
                return _loads(self.name)
            case Kind.PROGRAM:
                return shutil.which(self.name) is not None
            case Kind.FILE:
                return any(Path("/").glob(self.name.lstrip("/")))


def _libraries(packages_of: dict[str, str]) -> tuple[Part, ...]:
    return tuple(Part(soname, tuple(packages.split())) for soname, packages in packages_of.items())


def _programs(package_of: dict[str, str]) -> tuple[Part, ...]:
    return tuple(Part(name, (package,), Kind.PROGRAM) for name, package in package_of.items())


QT = _libraries(
    {
        "libglib-2.0.so.0": "libglib2.0-0t64 libglib2.0-0",
        "libGL.so.1": "libgl1",
        "libEGL.so.1": "libegl1",
        "libdbus-1.so.3": "libdbus-1-3",
        "libfontconfig.so.1": "libfontconfig1",
        "libxkbcommon.so.0": "libxkbcommon0",
    }
)
"""Without these Qt does not import, window or no window."""

X11 = _libraries(
    {
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
)
"""A window on X11. Qt blames xcb-cursor0 whichever of these is missing, so each is looked for by name."""

WAYLAND = _libraries(
    {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}
)

DISPLAY_TESTS = (
    *X11,
    *_programs(
        {
            "Xvfb": "xvfb",
            "openbox": "openbox",
            "xdotool": "xdotool",
            "xclip": "xclip",
            "xprop": "x11-utils",
            "dbus-daemon": "dbus",
            "chromium": "chromium",
            "pcmanfm": "pcmanfm",
        }
    ),
    Part("/usr/libexec/at-spi-bus-launcher", ("at-spi2-core",), Kind.FILE),
    Part("/usr/lib/python3/dist-packages/pyatspi/__init__.py", ("python3-pyatspi",), Kind.FILE),
    Part("/usr/lib/*/girepository-1.0/Atspi-2.0.typelib", ("gir1.2-atspi-2.0",), Kind.FILE),
)
"""Tests with real keys, drags and a screen reader's view, on a private X server."""

KEYRING_TESTS = _programs({"dbus-run-session": "dbus", "gnome-keyring-daemon": "gnome-keyring"})
"""Tests that store a key in a real, private keyring."""


def venv_part(label: str) -> Part:
    """Return the part Debian splits off its Python; `label` is the version, such as `3.11`."""
    return Part(f"/usr/lib/python{label}/ensurepip/__init__.py", (f"python{label}-venv",), Kind.FILE)


def missing(parts: Iterable[Part]) -> list[Part]:
    """Return the parts this machine lacks; nothing is asked of systems other than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return [part for part in parts if not part.is_present()]


def install_line(parts: Sequence[Part]) -> str:
    """Return the exact line that installs the parts, or words to that effect where there is no apt."""
    if shutil.which("apt-get") is None:
        return "install what provides " + ", ".join(part.name for part in parts)
    return "apt-get update && apt-get install -y --no-install-recommends " + " ".join(package_names(parts))


def package_names(parts: Iterable[Part]) -> list[str]:
    """Return the packages that bring the parts, by the names this release uses."""
    names: dict[str, None] = {}
    for part in parts:
        known = (name for name in part.packages if len(part.packages) == 1 or _apt_knows(name))
        names[next(known, part.packages[-1])] = None
    return list(names)


def can_install() -> bool:
    """Tell whether this process may install packages: apt, as root."""
    return sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(parts: Sequence[Part]) -> bool:
    """Install the parts with apt, whose own words go to standard error; tell whether it said it succeeded."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    if subprocess.run(["apt-get", "update", "-qq"], env=environ, stdout=sys.stderr).returncode != 0:
        return False
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wait, *package_names(parts)]
    return subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _apt_knows(package: str) -> bool:
    """Tell whether apt has a version of the package to offer (its lists may be empty before an update)."""
    if shutil.which("apt-cache") is None:
        return False
    asked = subprocess.run(["apt-cache", "show", "--no-all-versions", package], capture_output=True)
    return asked.returncode == 0 and bool(asked.stdout)
