"""A database in a folder of its own, and a look at the system as someone without rights."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions

NOBODY = 65534


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "studio.db")
    yield database
    database.close()


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


@pytest.fixture
def folder_of_nobody() -> Iterator[Path]:
    """A new folder in which the test runs without the rights of the superuser."""
    folder = Path(tempfile.mkdtemp(prefix="vs-"))
    superuser = os.geteuid() == 0
    if superuser:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if superuser:
            os.seteuid(0)
        shutil.rmtree(folder)
