"""What the project's metadata says belongs to an installation is all that the program needs there."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
RESOURCES = "vision_studio.resources"


def test_every_package_is_installed() -> None:
    packages = {
        ".".join(file.parent.relative_to(ROOT).parts) for file in ROOT.glob("vision_studio/**/__init__.py")
    }
    assert {name for name in SETUPTOOLS["packages"] if not name.startswith(RESOURCES)} == packages


def test_every_resource_is_installed_inside_the_package() -> None:
    assert SETUPTOOLS["package-dir"] == {RESOURCES: "resources"}
    files = [path.relative_to(ROOT) for path in (ROOT / "resources").rglob("*") if path.is_file()]
    folders = {".".join(("vision_studio", *file.parent.parts)) for file in files}
    assert {name for name in SETUPTOOLS["packages"] if name.startswith(RESOURCES)} == folders
    patterns = SETUPTOOLS["package-data"]["*"]
    assert [file for file in files if not any(fnmatch(file.name, each) for each in patterns)] == []
