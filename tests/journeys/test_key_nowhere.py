"""The key is in the keyring and on the wire: in no file, log, output or export, whatever goes wrong."""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from tests.engine.stage import Keyring
from tests.journeys.seen import press, the
from vision_studio.app import read_catalogue
from vision_studio.core.conversation import Outcome
from vision_studio.engine.options import Wish
from vision_studio.practice import PracticeServer
from vision_studio.practice.faults import Endpoint, Fault, FaultKind

KEY = "sk-ant-api03-Zq7nowhereToBeFound9xK-wVtR4mYpLs2"
ROOT = Path(__file__).resolve().parents[2]
LOGGING_CLI = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
from vision_studio.cli import main
if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with PracticeServer(read_catalogue(), tmp_path / "uploads", None, record=True) as server:
        yield server


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A file that everything is logged to, however unimportant."""
    root, path = logging.getLogger(), tmp_path / "everything.log"
    handler, level = logging.FileHandler(path), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield path
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def test_the_windows_key_is_only_in_the_keyring(visit, photos, server, log, qtbot, capfd, tmp_path):
    keyring = Keyring()
    here = visit(wish=Wish(base_url=server.base_url), keys=keyring)
    press(here.window, "open-settings")
    settings = the(here.window, QWidget, "settings")
    qtbot.keyClicks(the(settings, QLineEdit, "api-key"), KEY)
    with here.waiting(here.application.bridge.key_checked):
        press(settings, "save-key")
    press(settings, "close-settings")
    here.drop(*photos)
    assert here.ask_and_wait("What are these?").answer.outcome is Outcome.ANSWERED

    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=401))
    assert here.ask_and_wait("And now?").answer.outcome is Outcome.FAILED
    press(here.window.transcript, "details")
    press(here.window, "copy-details")
    copied = QGuiApplication.clipboard().text()
    assert "authentication_error" in copied
    press(here.window, "close-details")
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.DROP, after=5))
    assert here.ask_and_wait("And now?").answer.outcome is Outcome.INTERRUPTED
    here.leave()
    again = visit(wish=Wish(base_url=server.base_url), keys=keyring)
    assert again.ask_and_wait("Still there?").answer.outcome is Outcome.ANSWERED
    again.leave()

    assert list(keyring.kept.values()) == [KEY]
    assert _key_was_used(server)
    printed = capfd.readouterr()
    assert not _holds_key("".join([copied, printed.out, printed.err, repr(again.noticed)]).encode())
    assert log.stat().st_size > 0
    assert _files_with_key(tmp_path, Path(os.environ["HOME"])) == []


def test_the_command_lines_key_is_nowhere(photos, server, tmp_path):
    program = tmp_path / "logging_cli.py"
    program.write_text(LOGGING_CLI)
    environ = os.environ | {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_LOG": "debug", "PYTHONPATH": str(ROOT)}

    def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(program), *map(str, arguments), "--data-dir", str(tmp_path / "data")]
        finished = subprocess.run(command, env=environ, capture_output=True, cwd=tmp_path, timeout=120)
        (tmp_path / f"{len(list(tmp_path.iterdir()))}.out").write_bytes(finished.stdout + finished.stderr)
        return finished

    sent = run("send", "--json", "--base-url", server.base_url, *photos, "-p", "What are these?")
    assert sent.returncode == 0, sent.stderr.decode()
    assert _key_was_used(server)
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=401))
    assert run("send", "--base-url", server.base_url, photos[0], "-p", "And now?").returncode == 1
    server.stop()
    assert run("doctor", "--base-url", "http://127.0.0.1:1").returncode == 1  # nobody listens there
    listed = run("sessions", "--json")
    assert b"What are these?" in listed.stdout
    assert b"DEBUG" in sent.stderr
    assert _files_with_key(tmp_path, Path(os.environ["HOME"])) == []


def _key_was_used(server: PracticeServer) -> bool:
    return any(KEY in value for request in server.requests for value in request.headers.values())


def _files_with_key(*folders: Path) -> list[str]:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if _holds_key(path.read_bytes())]


def _holds_key(data: bytes) -> bool:
    """Look for the key as text of one or two bytes a letter, and in base64 wherever that begins."""
    plain = KEY.encode()
    encoded = [base64.b64encode(plain[shift:])[:40] for shift in range(3)]
    return any(spelling in data for spelling in (plain, KEY.encode("utf-16-le"), *encoded))
