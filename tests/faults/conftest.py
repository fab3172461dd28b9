"""What tests that kill processes share."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def processes() -> Iterator[ForkServerContext]:
    """Copies of a process that has the whole engine imported."""
    with copies_of_one_process("tests.faults.killed", "tests.faults.killed_uploading") as context:
        yield context


@contextmanager
def in_memory() -> Iterator[Path]:
    """Have a folder that is written to without waiting for a disk, where the system has such a place.

    What a process wrote before it was killed the system keeps either way.
    """
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="vs-", dir=place if place.is_dir() else None) as folder:
        yield Path(folder)


@contextmanager
def copies_of_one_process(*modules: str) -> Iterator[ForkServerContext]:
    """Have processes that are copies of one with these imported: a new interpreter for each takes minutes.

    There is one fork server in a process. Started by an engine of these tests, or of earlier ones, it would
    have loaded what that engine's workers need, and no more.
    """
    context = multiprocessing.get_context("forkserver")
    _stop_server()
    # Every copy imports anew what the main module is of, here pytest.
    context.set_forkserver_preload([*modules, "pytest"])
    forkserver.ensure_running()
    yield context
    _stop_server()


def _stop_server() -> None:
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # how the standard library's tests stop it
