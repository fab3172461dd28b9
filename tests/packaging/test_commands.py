"""Each command of dev.py makes sure of what it needs, and starts the right thing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from bootstrap import commands, system_parts
from bootstrap.environment import SetUpFailed
from bootstrap.interpreters import running
from bootstrap.system_parts import Part

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "packaging" / "dev.py"


class ReadyMachine:
    """A set-up with nothing to do, whose Python notes what it is to run and fails what it is told to."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "log"
        self._log.touch()
        self._python = folder / "python"
        self.needs: Sequence[Part] = ()
        self.wishes: Sequence[Part] = ()
        self.insists = False
        self.let_fail("nothing")

    def let_fail(self, module: str) -> None:
        self._python.write_text(f'#!/bin/sh\necho "$@" >> {self._log}\n[ "$2" != {module} ]\n')
        self._python.chmod(0o755)

    def python(
        self, *locks: Path, needs: Sequence[Part] = (), wishes: Sequence[Part] = (), insist: bool = False
    ) -> str:
        self.needs, self.wishes, self.insists = needs, wishes, insist
        return str(self._python)

    def ran(self) -> list[str]:
        return self._log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadyMachine:
    def run_to_the_end(command: list[str], environ: Mapping[str, str]) -> int:
        return subprocess.run(command, env=environ).returncode

    monkeypatch.setattr(commands, "hand_over", run_to_the_end)
    return ReadyMachine(tmp_path)


def test_without_a_screen_run_says_so_and_does_the_main_job(
    machine: ReadyMachine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert commands.run(machine, ["--data-dir", "somewhere"]) == 0
    assert machine.ran() == ["-m vision_studio.demo --data-dir somewhere"]
    assert machine.needs == [*system_parts.QT]
    assert "There is no screen to open a window on: neither DISPLAY nor" in capfd.readouterr().err


def test_with_a_screen_run_opens_the_window(machine: ReadyMachine, x_server: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", x_server["DISPLAY"])
        patch.setenv("QT_QPA_PLATFORM", "xcb")
        assert commands.run(machine, ["--practice"]) == 0
    assert machine.ran() == ["-m vision_studio --practice"]
    assert machine.needs == [*system_parts.QT, *system_parts.X11]


@pytest.mark.parametrize("arguments", [["estimate", "--json", "a.png"], ["--practice", "send"], ["--help"]])
def test_a_command_without_a_window_needs_no_screen(machine: ReadyMachine, arguments: list[str]) -> None:
    assert commands.run(machine, arguments) == 0
    assert machine.ran() == [f"-m vision_studio {' '.join(arguments)}"]
    assert machine.needs == ()


def test_test_runs_the_checks_and_then_every_test(
    machine: ReadyMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert commands.test(machine, ["-x", "tests/core"]) == 0
    checks = ["-m ruff format --check .", "-m ruff check .", "-m mypy"]
    assert machine.ran() == [*checks, "-m pytest -n auto --dist worksteal -x tests/core"]
    assert {*system_parts.DISPLAY_TESTS, *system_parts.KEYRING_TESTS} <= {*machine.wishes}
    assert machine.insists


def test_quick_leaves_out_what_takes_time_or_a_desktop(
    machine: ReadyMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert commands.test(machine, ["--quick"]) == 0
    assert (
        machine.ran()[-1] == "-m pytest -n auto --dist worksteal -m not slow and not display and not keyring"
    )
    assert machine.wishes == ()
    assert not machine.insists


@pytest.mark.parametrize("module", ["ruff", "mypy", "pytest"])
def test_a_failure_fails_the_run_after_everything_has_run(machine: ReadyMachine, module: str) -> None:
    machine.let_fail(module)
    assert commands.test(machine, []) == 1
    assert len(machine.ran()) == 4


@pytest.mark.parametrize(("module", "status"), [("nothing", 0), ("ruff", 1), ("mypy", 1)])
def test_check_runs_the_checks_alone(machine: ReadyMachine, module: str, status: int) -> None:
    machine.let_fail(module)
    assert commands.check(machine, []) == status
    assert len(machine.ran()) == 3


def test_bench_and_gallery_start_their_modules(machine: ReadyMachine) -> None:
    assert commands.bench(machine, ["rows"]) == 0
    assert commands.gallery(machine, ["--dark"]) == 0
    assert machine.ran() == ["-m tests.benchmarks rows", "-m tests.gallery --dark"]


def test_a_part_that_cannot_be_installed_stops_a_command_with_the_exact_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    set_up = commands.SetUp(running(), own_environment=False)
    absent = [Part("libnothing.so.9", ("libnothing9",))]
    with pytest.raises(SetUpFailed, match=r"As root:\s+apt-get update && apt-get install .* libnothing9"):
        set_up.python(needs=absent)
    with pytest.raises(SetUpFailed, match="libnothing9"):
        set_up.python(wishes=absent, insist=True)


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_help_names_every_command(arguments: list[str]) -> None:
    told = subprocess.run([sys.executable, str(DEV), *arguments], capture_output=True, text=True)
    assert re.findall(r"dev\.py (\w+)", told.stdout) == [
        "run",
        "test",
        "test",
        "check",
        "bench",
        "gallery",
        "lock",
    ]


def test_an_unknown_command_is_refused_with_the_known_ones() -> None:
    told = subprocess.run([sys.executable, str(DEV), "tset"], capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (
        2,
        "dev.py: there is no command tset; there are run, test, check, bench, gallery, lock.\n",
    )


def test_the_readme_names_commands_that_exist_and_ci_runs_its_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"packaging/dev\.py (\w+)", readme))
    assert {"run", "test"} <= named <= {"run", "test", "check", "bench", "gallery", "lock"}
    last_line = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last_line == "exec python3 packaging/dev.py test"
    assert "python3 packaging/dev.py test\n" in readme
