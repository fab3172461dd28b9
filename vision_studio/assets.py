"""Finds the files under resources/, whether the program runs from its source tree or is installed."""

from functools import cache
from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parent
_BESIDE_THE_PACKAGE = _PACKAGE.parent / "resources"
_INSTALLED = _PACKAGE / "resources"


def path(name: str) -> Path:
    """The file called `name` ("icons/send.svg"), relative to resources/, with forward slashes.

    Raises ValueError for a name that leads outside resources/, FileNotFoundError for one that is not there.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name:
        raise ValueError(f"{name!r} is not the name of a resource")
    found = root() / relative
    if not found.exists():
        raise FileNotFoundError(
            f"The installation is incomplete: {name} is missing from {found.parent.name}/"
        )
    return found


def text(name: str) -> str:
    """The contents of a text resource."""
    return path(name).read_text(encoding="utf-8")


@cache
def root() -> Path:
    """The folder that holds every resource: beside the package, else in it."""
    for folder in (_BESIDE_THE_PACKAGE, _INSTALLED):
        if (folder / "icons").is_dir():
            return folder
    raise FileNotFoundError("The installation is incomplete: its resources folder is missing")
