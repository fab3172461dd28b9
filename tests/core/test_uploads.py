"""How pictures travel: the settings, and how fast it goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.speed import Speed, left_s
from vision_studio.core.upload_settings import LONGEST_LIFE_S, SHORTEST_LIFE_S, UploadSettings

SETTINGS = st.builds(
    UploadSettings,
    st.integers(1, 16),
    st.none() | st.integers(SHORTEST_LIFE_S, LONGEST_LIFE_S),
    st.booleans(),
    st.booleans(),
)


@given(SETTINGS)
def test_settings_are_read_as_they_were_kept(settings: UploadSettings) -> None:
    kept = dict(settings.preferences())
    assert UploadSettings.read(lambda name: kept.get(name, "")) == settings


def test_without_preferences_nothing_leaves_early_and_files_go_after_a_month() -> None:
    usual = UploadSettings.read(lambda name: "")
    assert usual == UploadSettings(at_once=8, lifetime_s=30 * 24 * 3600, inline=False, ahead=False)


@given(st.text())
def test_nonsense_becomes_something_the_api_takes(text: str) -> None:
    read = UploadSettings.read(lambda name: text)
    assert 1 <= read.at_once <= 16
    assert read.lifetime_s is None or SHORTEST_LIFE_S <= read.lifetime_s <= LONGEST_LIFE_S


@given(st.floats(1000, 1e8), st.integers(5, 200))
def test_a_steady_stream_has_its_speed(rate: float, ticks: int) -> None:
    speed = Speed()
    for tick in range(ticks + 1):
        speed.note(tick * 0.25, round(rate * 0.25) if tick else 0)
    told = speed.bytes_per_s(ticks * 0.25)
    assert told == pytest.approx(rate, rel=0.1)


def test_it_forgets_what_was_long_ago_and_falls_while_nothing_moves() -> None:
    speed = Speed()
    speed.note(0.0, 0)
    speed.note(1.0, 1_000_000)
    for second in range(2, 20):
        speed.note(float(second), 1000)
    assert speed.bytes_per_s(19.0) == pytest.approx(1000, rel=0.3)
    stalled = speed.bytes_per_s(60.0)
    assert stalled is not None
    assert stalled < 150


def test_nothing_is_told_before_there_is_something_to_go_by() -> None:
    speed = Speed()
    assert speed.bytes_per_s(0.0) is None
    speed.note(0.0, 65536)
    assert speed.bytes_per_s(0.1) is None
    assert left_s(100, None) is None
    assert left_s(100, 50.0) == 2.0
