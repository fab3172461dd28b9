"""A second start gives its files to the first; strangers and nonsense get nowhere."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.ui import handover
from vision_studio.ui.handover import MOST_BYTES, Handover, address, hand_over

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the socket is a file on Unix only")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vs-") as path:  # short: a socket's path may have 107 characters
        yield Path(path)


@pytest.fixture
def where(folder: Path) -> str:
    found = address(folder)
    assert found is not None
    return found


@pytest.fixture
def listening(qapp, where) -> Iterator[Handover]:
    made = Handover(where)
    made.listen()
    yield made
    made.close()
    made.deleteLater()


def in_another_process(where: str, *files: str) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from vision_studio.ui.handover import hand_over\n"
        "print(hand_over(sys.argv[1], map(Path, sys.argv[2:])))"
    )
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", code, where, *files], cwd=root, stdout=subprocess.PIPE, text=True
    )


def test_the_files_of_a_second_start_arrive(listening, where, qtbot):
    odd = os.fsdecode(b"/photos/\xff \xc3\xa9.png")
    with qtbot.waitSignal(listening.files_arrived, timeout=30_000) as arrived:
        second = in_another_process(where, odd, "relative.png")
    assert second.communicate()[0] == "True\n"
    root = Path(__file__).resolve().parents[2]
    assert arrived.args == [(Path(odd), root / "relative.png")]


def test_a_start_without_files_still_wants_the_window(listening, where, qtbot):
    with qtbot.waitSignal(listening.files_arrived, timeout=30_000) as arrived:
        second = in_another_process(where)
    assert second.communicate()[0] == "True\n"
    assert arrived.args == [()]


def test_with_no_window_there_is_nobody_to_hand_over_to(where):
    assert not hand_over(where, [Path("/a.png")])


def test_what_a_killed_process_left_does_not_stop_the_next(qapp, where, qtbot):
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(where)
    stale.close()
    assert not hand_over(where, [])
    listening = Handover(where)
    listening.listen()
    with qtbot.waitSignal(listening.files_arrived, timeout=30_000):
        second = in_another_process(where, "/a.png")
    assert second.communicate()[0] == "True\n"
    listening.close()
    assert not Path(where).exists()


def test_only_the_user_may_connect(listening, where):
    assert stat.S_IMODE(Path(where).stat().st_mode) & 0o077 == 0


def say(where: str, data: bytes) -> bytes:
    """Connect as any program may, say something, and hear the answer."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(30)
        caller.connect(where)
        caller.sendall(data)
        try:
            return caller.recv(100)
        except ConnectionError:
            return b""


def answered(where: str, data: bytes, qtbot) -> bytes:
    heard: list[bytes] = []
    thread = threading.Thread(target=lambda: heard.append(say(where, data)))
    thread.start()
    qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
    thread.join()
    return heard[0]


def message(body: bytes, length: int | None = None) -> bytes:
    return (len(body) if length is None else length).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(message(b"not json"), id="no JSON"),
        pytest.param(message(b"[]"), id="no object"),
        pytest.param(message(b'{"files": "a", "activation": ""}'), id="no list"),
        pytest.param(message(b"\xff\xfe\xfd"), id="no text"),
        pytest.param(message(b"[" * 100_000), id="a deep one"),
        pytest.param(message(b"", MOST_BYTES + 1), id="an endless one"),
    ],
)
def test_nonsense_gets_no_answer_and_others_are_heard_after_it(listening, where, qtbot, data):
    with qtbot.assertNotEmitted(listening.files_arrived):
        assert answered(where, data, qtbot) == b""
    with qtbot.waitSignal(listening.files_arrived):
        assert answered(where, message(b'{"files": ["/a"], "activation": ""}'), qtbot) == b"taken"


def test_who_says_nothing_is_not_waited_for(listening, where, qtbot, monkeypatch):
    monkeypatch.setattr(handover, "_PATIENCE_MS", 50)
    assert answered(where, b"\0\0", qtbot) == b""


def test_paths_that_are_not_absolute_are_passed_over(listening, where, qtbot):
    body = json.dumps({"files": ["/a.png", "b.png", 7], "activation": ""}).encode()
    with qtbot.waitSignal(listening.files_arrived) as arrived:
        assert answered(where, message(body), qtbot) == b"taken"
    assert arrived.args == [(Path("/a.png"),)]


@given(st.binary(max_size=200))
def test_no_message_hurts(body):
    try:
        files, _ = handover._understood(body)
    except ValueError:
        return
    assert all(file.is_absolute() for file in files)


def test_each_data_folder_has_an_address_of_its_own_however_long_its_path(folder, monkeypatch):
    long = folder / ("x" * 150)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    assert address(folder) == str(folder / "window")
    found = {address(long), address(long.with_name("y" * 150))}
    assert all(where is not None and Path(where).parent == folder / "run" for where in found)
    assert len(found) == 2
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert address(long) is None
