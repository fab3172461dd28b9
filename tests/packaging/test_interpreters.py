"""A Python the application runs on is found, or the user is told what to install."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest
from bootstrap import interpreters
from bootstrap.interpreters import Interpreter, NoFitPython, choose, describe

PACKAGING = Path(interpreters.__file__).parents[1]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty machine, on which this runs under Python 3.9."""
    old = Interpreter("/usr/bin/python3.9", (3, 9), has_ensurepip=True)
    monkeypatch.setattr(interpreters, "running", lambda: old)
    monkeypatch.setattr(
        interpreters, "_installed_patterns", lambda label: [(tmp_path / "opt", f"{label}/python")]
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def add_python(path: Path, label: str, *, ensurepip: bool = True) -> str:
    """Put a program there that answers as that Python would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {label}\necho {int(ensurepip)}\necho {path}\n")
    path.chmod(0o755)
    return str(path)


def test_the_running_python_is_used_if_it_fits() -> None:
    here = choose(None, can_add_ensurepip=False)
    assert here.version == sys.version_info[:2]
    assert os.path.realpath(here.path) == os.path.realpath(sys.executable)


def test_the_newest_that_fits_is_taken_when_the_running_one_does_not(machine: Path) -> None:
    add_python(machine / "python3", "3.10")
    add_python(machine / "python3.12", "3.12")
    newest = add_python(machine / "opt" / "3.13" / "python", "3.13")
    add_python(machine / "python", "3.15")
    assert choose(None, can_add_ensurepip=True) == Interpreter(newest, (3, 13), has_ensurepip=True)


def test_one_that_can_make_an_environment_is_preferred(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    debian = Interpreter("/usr/bin/python3.13", (3, 13), has_ensurepip=False)
    monkeypatch.setattr(interpreters, "running", lambda: debian)
    assert choose(None, can_add_ensurepip=False) is debian
    other = add_python(machine / "python3.11", "3.11")
    assert choose(None, can_add_ensurepip=False).path == other
    assert choose(None, can_add_ensurepip=True) is debian


def test_a_machine_without_a_fit_python_is_told_what_it_has_and_what_to_install(machine: Path) -> None:
    with pytest.raises(
        NoFitPython, match=r"(?s)found here: 3\.9 .*apt-get install -y python3 python3-venv"
    ) as told:
        choose(None, can_add_ensurepip=False)
    assert "Python 3.11 to 3.14" in str(told.value)


def test_a_requested_python_is_found_by_version_name_or_path(machine: Path) -> None:
    path = add_python(machine / "opt" / "3.12" / "python", "3.12")
    named = add_python(machine / "mine", "3.11")
    assert choose("3.12", can_add_ensurepip=False).path == path
    assert choose("mine", can_add_ensurepip=False).path == named
    assert choose(path, can_add_ensurepip=False).path == path


@pytest.mark.parametrize("requested", ["3.14", "nowhere", "/dev/null", "old"])
def test_a_requested_python_that_does_not_do_is_refused(machine: Path, requested: str) -> None:
    add_python(machine / "old", "3.10")
    with pytest.raises(NoFitPython, match=requested):
        choose(requested, can_add_ensurepip=False)


def test_a_program_that_is_no_python_is_not_taken_for_one(tmp_path: Path) -> None:
    liar = tmp_path / "python3"
    liar.write_text("#!/bin/sh\necho no such version\n")
    liar.chmod(0o755)
    assert describe(str(liar)) is None


@pytest.mark.parametrize(
    "module", ["dev.py", "bootstrap/__init__.py", "bootstrap/interpreters.py", "bootstrap/words.py"]
)
def test_what_notices_an_old_python_can_be_read_by_one(module: str) -> None:
    ast.parse((PACKAGING / module).read_text(encoding="utf-8"), feature_version=(3, 7))
