"""Decides what becomes of tests that need parts of the system this machine may lack."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path
from typing import TypeVar

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

from bootstrap import system_parts

_NEEDED_BY_MARKER = {"display": system_parts.DISPLAY_TESTS, "keyring": system_parts.KEYRING_TESTS}
_MARKER_OF_FIXTURE = {"x_server": "display", "screen_reader": "display", "keyring_session": "keyring"}

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def is_ci() -> bool:
    """Tell whether this is a run in which nothing may be skipped."""
    return os.environ.get("CI", "").lower() == "true"


def mark_by_fixtures(item: pytest.Item) -> None:
    """Give a test the marker of the service it asks for, so that it can be left out by that marker."""
    for fixture in getattr(item, "fixturenames", ()):
        if marker := _MARKER_OF_FIXTURE.get(fixture):
            item.add_marker(marker)


def skip_without_parts(item: pytest.Item) -> None:
    """Skip a test whose parts are missing, all for one reason, which pytest sums up in one line."""
    if any(not _is_provided(marker) for marker in _NEEDED_BY_MARKER if item.get_closest_marker(marker)):
        pytest.skip(_reason())


def fail_if_skipped(report: Report) -> Report:
    """Turn a skip into a failure in a run in which nothing may be skipped."""
    if is_ci() and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI=true forbids this skip: {reason}"
    return report


@functools.cache
def _is_provided(marker: str) -> bool:
    return sys.platform.startswith("linux") and not system_parts.missing(_NEEDED_BY_MARKER[marker])


@functools.cache
def _reason() -> str:
    if not sys.platform.startswith("linux"):
        return "needs the private X server and keyring that only Linux has"
    absent = system_parts.missing(part for parts in _NEEDED_BY_MARKER.values() for part in parts)
    return f"to enable, as root: {system_parts.install_line(absent)}"
