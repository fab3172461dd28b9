"""The services and guards that tests of every package rely on do what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.keyring_session import KeyringSession
from tests.support.network import is_this_machine
from tests.support.processes import running
from tests.support.x_server import ask_screen_reader

ROOT = Path(__file__).resolve().parents[2]

_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication(sys.argv)
edit = QLineEdit()
edit.setWindowTitle("plumbing")
edit.setAccessibleName("Question")
edit.returnPressed.connect(lambda: (print(edit.text(), flush=True), app.quit()))
edit.show()
app.exec()
"""

_READ_NAMES = """
import sys, pyatspi
def names(node):
    yield node.name
    for child in node:
        yield from names(child)
desktop = pyatspi.Registry.getDesktop(0)
while not (apps := [app for app in desktop if app is not None and app.get_process_id() == int(sys.argv[1])]):
    pass
print("\\n".join(names(apps[0])))
"""


def test_keys_reach_a_window_on_the_private_x_server(x_server: dict[str, str]) -> None:
    with running([sys.executable, "-c", _WINDOW], x_server, reads=True) as window:
        find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "plumbing", "windowfocus", "--sync"]
        subprocess.run([*find, "type", "--delay", "10", "two cats"], env=x_server, check=True)
        subprocess.run(["xdotool", "key", "Return"], env=x_server, check=True)
        assert window.stdout is not None
        assert window.stdout.readline() == "two cats\n"


def test_a_screen_reader_finds_the_window(screen_reader: dict[str, str]) -> None:
    with running([sys.executable, "-c", _WINDOW], screen_reader) as window:
        names = ask_screen_reader(_READ_NAMES, screen_reader, str(window.pid))
    assert "Question" in names.splitlines()


def test_a_key_stays_in_the_private_keyring_and_can_be_locked_away(keyring_session: KeyringSession) -> None:
    def keyring(code: str, *, unlocked: bool = True) -> subprocess.CompletedProcess[str]:
        return keyring_session.run([sys.executable, "-c", f"import keyring; {code}"], unlocked=unlocked)

    assert keyring("keyring.set_password('vision-studio-test', 'key', 'sk-é')").returncode == 0
    assert keyring("print(keyring.get_password('vision-studio-test', 'key'))").stdout == "sk-é\n"
    assert (
        "KeyringLocked" in keyring("keyring.get_password('vision-studio-test', 'key')", unlocked=False).stderr
    )


_SAMPLE = """
import multiprocessing, socket, threading, time, warnings
import pytest

done = threading.Event()

def test_clean():
    threading.Thread(target=int).start()

def test_thread():
    threading.Thread(target=done.wait, name="straggler").start()

def test_process():
    multiprocessing.Process(target=time.sleep, args=[60], name="worker").start()

def test_warning():
    warnings.warn("old", stacklevel=1)

@pytest.mark.skip(reason="not today")
def test_skipped():
    pass

@pytest.mark.xfail(reason="known")
def test_expected():
    assert False

def test_outside():
    for host in ("192.0.2.1", "example.com"):
        with pytest.raises(Exception):
            socket.create_connection((host, 80), 1)

def test_last():
    done.set()
"""


def run_pytest(file: Path, *options: str, **environ: str) -> str:
    """Run pytest on a file outside the tests, under the same conftest, and return its report."""
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", "."]
    command += ["-p", "tests.conftest", "-p", "no:cacheprovider", "-v"]
    return subprocess.run(
        [*command, *options, str(file)],
        cwd=ROOT,
        env={**os.environ, "CI": "", **environ},
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.slow
def test_leaks_connections_and_skips_fail_a_run(tmp_path: Path) -> None:
    file = tmp_path / "test_sample.py"
    file.write_text(_SAMPLE)
    report = run_pytest(file, CI="true")
    assert "test_clean PASSED" in report
    assert "left running: thread 'straggler'" in report
    assert "left running: process 'worker'" in report
    assert "test_warning FAILED" in report
    assert "CI=true forbids this skip: Skipped: not today" in report
    assert "test_expected XFAIL" in report
    assert "tried to reach 192.0.2.1, example.com" in report
    assert "1 failed, 5 passed, 1 xfailed, 4 errors" in report.splitlines()[-1]


@pytest.mark.slow
def test_tests_without_their_system_parts_share_one_line_that_names_the_packages(tmp_path: Path) -> None:
    tests = "import pytest\ndef test_a(x_server): pass\ndef test_b(keyring_session): pass\n"
    (tmp_path / "test_one.py").write_text(tests)
    (tmp_path / "test_two.py").write_text(tests + "@pytest.mark.display\ndef test_c(): pass\n")
    report = run_pytest(tmp_path, PATH=str(tmp_path))
    (line,) = [line for line in report.splitlines() if line.startswith("SKIPPED")]
    assert "SKIPPED [5]" in line
    assert all(name in line for name in ("Xvfb", "openbox", "xdotool", "gnome-keyring-daemon"))
    assert "5 deselected" in run_pytest(tmp_path, "-m", "not display and not keyring", PATH=str(tmp_path))


@pytest.mark.parametrize(
    "host", [None, "", "localhost", "127.0.0.1", "127.8.9.1", "::1", b"localhost", "0.0.0.0"]
)
def test_this_machine(host: object) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["api.anthropic.com", "192.0.2.1", "10.0.0.1", "::2", b"example.com"])
def test_another_machine(host: object) -> None:
    assert not is_this_machine(host)
