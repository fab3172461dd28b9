"""The data folder: one process at a time, private, and refused in words when it cannot be used."""

from __future__ import annotations

import stat
import subprocess
import sys

import pytest

from tests.storage.test_blobs import files_no_longer_than
from vision_studio.core.failures import FailureKind
from vision_studio.storage.errors import FolderInUse, FolderUnusable
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.place import default_folder

HOLDER = """
import sys
from pathlib import Path
from vision_studio.storage.folder import DataFolder
folder = DataFolder.open(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that has the folder open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path / "data"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_new_folder_is_private(tmp_path):
    folder = DataFolder.open(tmp_path / "deep" / "data")
    assert folder.path == tmp_path / "deep" / "data"
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.path.iterdir()] == [0o600]
    folder.close()


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    DataFolder.open(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_the_usual_place_is_the_platforms(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = DataFolder.open(None)
    assert folder.path == default_folder() == tmp_path / "vision-studio"
    folder.close()


def test_a_second_process_is_refused_until_the_first_dies(tmp_path, holder):
    with pytest.raises(FolderInUse) as caught:
        DataFolder.open(tmp_path / "data")
    assert caught.value.failure.message == "Another Vision Studio window uses this folder."
    holder.kill()
    holder.wait()
    DataFolder.open(tmp_path / "data").close()


def test_a_second_window_of_this_process_is_refused_until_the_first_closes(tmp_path):
    folder = DataFolder.open(tmp_path)
    with pytest.raises(FolderInUse):
        DataFolder.open(tmp_path)
    folder.close()
    DataFolder.open(tmp_path).close()


def test_a_file_in_its_place_is_said_so(tmp_path):
    (tmp_path / "data").write_text("mine")
    for path in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(FolderUnusable, match="There is a file where the folder should be"):
            DataFolder.open(path)
    assert (tmp_path / "data").read_text() == "mine"


@pytest.mark.parametrize("place", [".", "new"])
def test_no_right_to_write_is_said_so(folder_of_nobody, place):
    folder_of_nobody.chmod(0o500)
    with pytest.raises(FolderUnusable) as caught:
        DataFolder.open(folder_of_nobody / place)
    assert caught.value.reason == "You are not allowed to write there."


def test_a_full_disk_is_said_so_and_the_folder_let_go(tmp_path):
    with files_no_longer_than(100), pytest.raises(FolderUnusable) as caught:
        DataFolder.open(tmp_path)
    assert caught.value.reason == "The disk is full."
    assert caught.value.failure.kind is FailureKind.DISK_FULL
    DataFolder.open(tmp_path).close()
