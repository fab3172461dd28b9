"""`vision-studio doctor`: says what is wrong, and the line that mends it."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Run
from tests.storage.samples import NOW, picture, question
from vision_studio.cli import doctor, system_parts
from vision_studio.engine.home import Home
from vision_studio.headless import read_catalogue
from vision_studio.practice import PracticeServer
from vision_studio.storage import sweep
from vision_studio.storage.backup import back_up


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer(read_catalogue(), pace_tokens_per_s=None, wrong_keys=["sk-wrong"]) as server:
        yield server


def after(out: str, beginning: str) -> str:
    """The line after the one that begins so: what mends it."""
    lines = out.splitlines()
    return lines[next(row for row, line in enumerate(lines) if line.startswith(beginning)) + 1].strip()


def test_a_healthy_machine_without_a_key(run: Run, folder: Path) -> None:
    done = run("doctor", "--data-dir", folder)
    assert done.status == 0
    assert done.out.startswith("Vision Studio ")
    for part in ("Python", "PySide6-Essentials", "Pillow", "anthropic", "SQLite", "Keyring", str(folder)):
        assert part in done.out
    assert "✓ Practice server: works" in done.out
    assert "· Server: There is no API key yet. Practice mode needs none." in done.out
    assert "ANTHROPIC_API_KEY" in after(done.out, "· Server")
    assert done.out.endswith("All is well.\n")
    assert not folder.exists()


def test_a_server_that_answers(
    run: Run, folder: Path, server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    done = run("doctor", "--data-dir", folder, "--base-url", server.base_url)
    assert done.status == 0
    assert f"✓ Server: {server.base_url} answers; the key is from ANTHROPIC_API_KEY" in done.out
    assert "sk-secret" not in done.out + done.err


def test_a_key_that_is_not_accepted(
    run: Run, folder: Path, server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-wrong")
    done = run("doctor", "--data-dir", folder, "--base-url", server.base_url)
    assert done.status == 1
    assert f"✗ Server: {server.base_url}: The server does not accept this API key." in done.out
    assert after(done.out, "✗ Server") == "Check the key in Settings, or make a new one."
    assert done.out.endswith("Something is wrong; see ✗ above.\n")


def test_nobody_at_the_address(run: Run, folder: Path) -> None:
    done = run("doctor", "--data-dir", folder, "--base-url", "http://127.0.0.1:9")
    assert done.status == 1
    assert "✗ Server: http://127.0.0.1:9: The server cannot be reached." in done.out


def test_the_folder_is_open_in_a_window(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)):
        done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == 0
    assert f"· Data folder: {folder}, 0 sessions; a window has it open just now" in done.out


def test_a_database_of_a_newer_version(run: Run, folder: Path) -> None:
    Home.open(folder).close()
    with closing(sqlite3.connect(folder / "studio.db")) as database:
        database.execute("PRAGMA user_version = 99")
    done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == 1
    assert "✗ Data folder: Your sessions were saved by a newer Vision Studio" in done.out
    assert after(done.out, "✗ Data folder").endswith("-m pip install --upgrade vision-studio")


def test_a_damaged_database_is_mended_by_the_line_given(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "studio.db").write_bytes(b"not a database at all" * 100)
    done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == 1
    _, *line = shlex.split(after(done.out, "✗ Data folder"))
    mended = run(*line, "--practice")
    assert mended.status == 0
    assert "✓ Repair: The database was made anew, with 0 sessions." in mended.out
    assert "✓ Sessions: whole" in mended.out
    assert [path.read_bytes()[:5] for path in folder.glob("studio.damaged-*.db")] == [b"not a"]


def test_a_database_that_is_gone_comes_back_from_its_backup(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)) as home:
        home.sessions.create("claude-test", NOW)
    back_up(folder / "studio.db", NOW)
    (folder / "studio.db").unlink()
    done = run("doctor", "--practice", "--data-dir", folder)
    assert "✗ Sessions: the database is damaged (it is gone or empty)" in done.out
    _, *line = shlex.split(after(done.out, "✗ Sessions"))
    assert "with 1 session. What could not be read was taken from the backup" in run(*line, "--practice").out
    assert re.search(r"✓ Sessions: whole; backed up \d{4}-\d\d-\d\d", run(*line[:1], *line[2:]).out)


def test_lost_images_are_named_and_what_was_regained_is_told(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)) as home:
        session = home.sessions.create("claude-test", NOW)
        home.sessions.rename(session.id, "Roof")
        image = picture("photo.jpg", home.blobs.add_bytes(b"x" * 1000))
        home.sessions.add_turn(session.id, question("t1", "What?", image, picture("gone.jpg")), NOW)
        home.preferences.set(
            sweep.LAST, json.dumps({"at": "2026-11-20T12:00:00", "regained_bytes": 34_500_000})
        )
    done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == 0
    assert "✓ Sessions: whole; last tidied 2026-11-20, 34.5 MB regained" in done.out
    assert "· Image: “Roof” · Turn 1 · Image 2 (gone.jpg): its file is gone" in done.out
    assert after(done.out, "· Image").startswith("drop the same file")
    assert "photo.jpg" not in done.out


def test_an_open_folder_is_not_mended_and_one_that_is_not_there_not_made(run: Run, folder: Path) -> None:
    done = run("doctor", "--repair", "--practice", "--data-dir", folder)
    assert "There was nothing to mend." in done.out
    assert not folder.exists()
    with closing(Home.open(folder)):
        done = run("doctor", "--repair", "--practice", "--data-dir", folder)
    assert done.status == 1
    assert "✗ Repair: Another Vision Studio window uses this folder. Go on in that one" in done.out


def test_a_file_where_the_folder_should_be(run: Run, folder: Path) -> None:
    folder.write_text("in the way")
    done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == 1
    assert f"✗ Data folder: {folder}: There is a file where the folder should be." in done.out
    assert os.system(after(done.out, "✗ Data folder")) == 0
    assert run("doctor", "--practice", "--data-dir", folder).status == 0


def test_a_missing_library_of_the_system(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = {"libEGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(system_parts, "_loads", lambda library: library not in missing)
    monkeypatch.setattr(system_parts.shutil, "which", lambda name: f"/usr/bin/{name}")
    done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == 1
    assert "✗ Libraries of the system: missing: libEGL.so.1, libxcb-cursor.so.0" in done.out
    assert after(done.out, "✗ Libraries") == "sudo apt-get install libegl1 libxcb-cursor0"


def test_libraries_for_x11_alone_stop_nobody_on_wayland(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_parts, "_loads", lambda library: library not in system_parts.X11)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert run("doctor", "--practice", "--data-dir", folder).status == 0
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setenv("DISPLAY", ":0")
    assert run("doctor", "--practice", "--data-dir", folder).status == 1


def test_a_missing_package(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "pebble":
            raise doctor.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(doctor, "version", version)
    done = run("doctor", "--data-dir", folder)
    assert done.status == 1
    assert "✗ Packages: missing: pebble" in done.out
    assert after(done.out, "✗ Packages").endswith("-m pip install pebble")


@pytest.mark.parametrize(
    ("python", "qt", "status"), [((3, 11), "6.12.0", 1), ((3, 11), "6.11.3", 0), ((3, 12), "6.12.0", 0)]
)
def test_the_qt_that_aborts(
    run: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    python: tuple[int, int],
    qt: str,
    status: int,
) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: qt)
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=python, platform=sys.platform))
    done = run("doctor", "--practice", "--data-dir", folder)
    assert done.status == status
    if status:
        assert after(done.out, "✗ Packages").endswith("'PySide6-Essentials<6.12'")
