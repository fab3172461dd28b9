"""The lock files say exactly what is installed, on every system and Python, and from no address."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "packaging" / "requirements.lock"
DEV = ROOT / "packaging" / "requirements-dev.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def entries(lock: Path) -> list[str]:
    """Return the logical lines: a requirement with its hashes."""
    return lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def requirement(entry: str) -> Requirement:
    return Requirement(entry.partition("--hash")[0])


def environments() -> Iterator[dict[str, str]]:
    for platform, system in (("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows")):
        for minor in range(11, 15):
            python = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0"}
            yield {**default_environment(), **python, "sys_platform": platform, "platform_system": system}


@pytest.mark.parametrize("lock", [APP, DEV], ids=lambda path: path.name)
def test_a_lock_holds_hashes_and_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text(encoding="utf-8")
    for entry in entries(lock):
        assert re.fullmatch(r"[a-z0-9-]+==\S+ (; [^-]+)?( *--hash=sha256:[0-9a-f]{64})+", entry), entry


def test_the_development_lock_holds_all_of_the_applications() -> None:
    assert set(entries(APP)) <= set(entries(DEV))


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        pytest.param(APP, PROJECT["dependencies"], id="the application"),
        pytest.param(DEV, PROJECT["optional-dependencies"]["dev"], id="the tests"),
    ],
)
def test_a_lock_fulfils_the_project_everywhere(lock: Path, wanted: list[str]) -> None:
    locked = [requirement(entry) for entry in entries(lock)]
    for environment in environments():
        pinned = {
            canonicalize_name(found.name): next(iter(found.specifier)).version
            for found in locked
            if found.marker is None or found.marker.evaluate(environment)
        }
        for needed in map(Requirement, wanted):
            if needed.marker is None or needed.marker.evaluate(environment):
                assert needed.specifier.contains(pinned[canonicalize_name(needed.name)]), (
                    needed,
                    environment,
                )
