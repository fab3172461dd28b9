"""Puts every test in safe surroundings, holds it to leaving nothing behind, and lends it desktop services."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import system
from tests.support.keyring_session import KeyringSession
from tests.support.leaks import Running
from tests.support.network import NetworkGuard
from tests.support.surroundings import Surroundings
from tests.support.x_server import accessibility_bus, private_bus, private_x_server

_surroundings = Surroundings()
_surroundings.enter()  # now, before any test module or Qt is imported
_guard = NetworkGuard()
_guard.install()
settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    # pytest-qt loads PySide in every run, the window or not: it must do to imports here what it does there.
    import vision_studio.ui  # noqa: F401

    # Qt 6.12 wants these events made with QPointF, which 6.11 does not take; both are tested.
    config.addinivalue_line("filterwarnings", "ignore:Function. 'QDrag.*QPoint:DeprecationWarning")
    # Python 3.12.0 to 3.12.3 take SQL's numbered parameters, ?1, for named ones.
    config.addinivalue_line("filterwarnings", "ignore:Binding .*named parameter:DeprecationWarning")


def pytest_unconfigure() -> None:
    _surroundings.leave()


@pytest.hookimpl(tryfirst=True)  # before pytest deselects by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        system.mark_by_fixtures(item)


@pytest.hookimpl(tryfirst=True)  # before fixtures are set up
def pytest_runtest_setup(item: pytest.Item) -> None:
    system.skip_without_parts(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    return system.fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    return system.fail_if_skipped((yield))


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves threads or processes running, or that tried to reach another machine."""
    running = Running()
    _guard.attempts.clear()
    yield
    if leaks := running.leaks():
        pytest.fail(f"left running: {', '.join(leaks)}")
    if _guard.attempts:
        pytest.fail(f"tried to reach {', '.join(_guard.attempts)}")


@pytest.fixture(scope="session")
def x_server() -> Iterator[dict[str, str]]:
    """The environment for programs whose windows are to appear on a private X server."""
    with private_x_server() as environ:
        yield environ


@pytest.fixture
def screen_reader(x_server: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment of `x_server`, with an accessibility bus of the test's own."""
    with accessibility_bus(x_server) as environ:
        yield environ


@pytest.fixture
def session_bus() -> Iterator[dict[str, str]]:
    """The environment for programs that talk over a session bus of the test's own."""
    with private_bus(os.environ) as environ:
        yield environ


@pytest.fixture
def keyring_session() -> Iterator[KeyringSession]:
    """A private, real keyring in which commands can be run."""
    folder = Path(tempfile.mkdtemp(prefix="vs-keyring-"))  # short: a socket's path may have 107 characters
    yield KeyringSession(folder)
    shutil.rmtree(folder)
