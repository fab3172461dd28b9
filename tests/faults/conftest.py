"""What tests that kill processes share."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

import pytest


@pytest.fixture(scope="module")
def processes() -> Iterator[ForkServerContext]:
    """Copies of a process that has everything imported: a new interpreter for each would take minutes.

    There is one fork server in a process. Started by an engine of these tests, or of earlier ones, it would
    have loaded what that engine's workers need, and no more.
    """
    context = multiprocessing.get_context("forkserver")
    _stop_server()
    context.set_forkserver_preload(["tests.faults.killed", "tests.faults.killed_uploading"])
    forkserver.ensure_running()
    yield context
    _stop_server()


def _stop_server() -> None:
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # how the standard library's tests stop it
