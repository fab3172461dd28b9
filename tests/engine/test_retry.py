"""When a failed call gets another try."""

from __future__ import annotations

import pytest

from vision_studio.core.failures import Failure, FailureKind
from vision_studio.engine.retry import ANSWERS, UPLOADS, Persistence

TWICE = Persistence(frozenset({FailureKind.OVERLOADED}), attempts=3, first_wait_s=1.0, longest_wait_s=3.0)
OVERLOADED = Failure(FailureKind.OVERLOADED)


def test_waits_double_and_end() -> None:
    assert [TWICE.wait_s(OVERLOADED, tried, 0.0) for tried in (1, 2, 3)] == [1.0, 2.0, None]


def test_chance_takes_up_to_a_quarter_off() -> None:
    assert TWICE.wait_s(OVERLOADED, 1, 1.0) == 0.75


def test_a_server_is_left_alone_for_as_long_as_it_asks_or_for_good() -> None:
    assert TWICE.wait_s(Failure(FailureKind.OVERLOADED, retry_after_s=2.5), 1, 1.0) == 2.5
    assert TWICE.wait_s(Failure(FailureKind.OVERLOADED, retry_after_s=3.5), 1, 1.0) is None


@pytest.mark.parametrize(
    "kind",
    [FailureKind.SPEND_LIMIT, FailureKind.KEY_REJECTED, FailureKind.BAD_REQUEST, FailureKind.TOO_LARGE],
)
def test_what_another_try_cannot_mend_gets_none(kind: FailureKind) -> None:
    assert ANSWERS.wait_s(Failure(kind), 1, 0.0) is None
    assert UPLOADS.wait_s(Failure(kind), 1, 0.0) is None


@pytest.mark.parametrize("kind", [FailureKind.TIMED_OUT, FailureKind.INTERRUPTED])
def test_what_may_have_been_billed_is_not_asked_twice(kind: FailureKind) -> None:
    assert ANSWERS.wait_s(Failure(kind), 1, 0.0) is None
    assert UPLOADS.wait_s(Failure(kind), 1, 0.0) is not None
