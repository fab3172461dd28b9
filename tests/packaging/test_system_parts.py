"""What the system lacks is found by looking, and named by the packages that bring it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bootstrap import system_parts
from bootstrap.system_parts import Kind, Part, install_line, missing, package_names


def add_program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_a_part_is_missing_when_it_cannot_be_loaded_or_found(programs: Path) -> None:
    add_program(programs, "here", "")
    absent = [
        Part("libnothing.so.9", ("libnothing9",)),
        Part("absent", ("absent",), Kind.PROGRAM),
        Part("/usr/lib/*/nothing.typelib", ("gir1.2-nothing",), Kind.FILE),
    ]
    present = [
        Part("libc.so.6", ("libc6",)),
        Part("here", ("here",), Kind.PROGRAM),
        Part(f"{programs.parent}/*/here", ("here",), Kind.FILE),
    ]
    assert missing([*absent, *present]) == absent


def test_other_systems_are_asked_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert missing([Part("libnothing.so.9", ("libnothing9",))]) == []


@pytest.mark.parametrize(
    ("known", "name"),
    [
        pytest.param("libglib2.0-0t64", "libglib2.0-0t64", id="Debian 13, Ubuntu 24.04"),
        pytest.param("libglib2.0-0", "libglib2.0-0", id="Debian 12"),
        pytest.param("nothing", "libglib2.0-0", id="before the first apt-get update"),
    ],
)
def test_a_package_has_the_name_this_release_gives_it(programs: Path, known: str, name: str) -> None:
    add_program(programs, "apt-cache", f'[ "$3" = {known} ] && echo Package: $3')
    assert package_names(system_parts.QT[:2]) == [name, "libgl1"]


def test_the_line_to_install_names_each_package_once(programs: Path) -> None:
    add_program(programs, "apt-get", "")
    line = install_line([*system_parts.KEYRING_TESTS, Part("dbus-daemon", ("dbus",), Kind.PROGRAM)])
    assert line == "apt-get update && apt-get install -y --no-install-recommends dbus gnome-keyring"


def test_without_apt_the_parts_themselves_are_named(programs: Path) -> None:
    assert install_line(system_parts.QT[1:3]) == "install what provides libGL.so.1, libEGL.so.1"


def test_installing_updates_the_lists_first(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = programs / "log"
    add_program(programs, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {log}')
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert system_parts.can_install()
    assert system_parts.install(system_parts.QT[1:2])
    update, install = log.read_text().splitlines()
    assert update.startswith("noninteractive update")
    assert install.startswith("noninteractive install -y")
    assert install.endswith(" libgl1")


def test_a_failing_apt_is_told(programs: Path) -> None:
    add_program(programs, "apt-get", "exit 100")
    assert not system_parts.install(system_parts.QT[1:2])


@pytest.mark.parametrize("user_id", [0, 1000])
def test_only_root_with_apt_installs(programs: Path, monkeypatch: pytest.MonkeyPatch, user_id: int) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user_id)
    assert not system_parts.can_install()
    add_program(programs, "apt-get", "")
    assert system_parts.can_install() == (user_id == 0)
