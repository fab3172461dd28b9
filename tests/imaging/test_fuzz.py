"""Whatever bytes arrive, the answer is facts, a picture or a refusal, and no budget is broken."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.imaging import pictures, walker
from tests.imaging.seeds import NATIVE, SEEDS, SMALL_BUDGET, outcomes
from tests.support.worker import Worker
from vision_studio.imaging import budget
from vision_studio.imaging.inspect import inspect, inspect_quickly
from vision_studio.imaging.metadata import without_metadata
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.thumbnails import examine

EXTREMES = [
    bytes(4),
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x01",
    b"\x01\0\0\0",
    struct.pack(">L", 1 << 16),
]

Damage = Callable[[bytes], bytes]


def cut(share: float) -> Damage:
    return lambda data: data[: int(len(data) * share)]


def flip(bits: list[tuple[float, int]]) -> Damage:
    def damaged(data: bytes) -> bytes:
        changed = bytearray(data)
        for place, bit in bits:
            if changed:
                changed[int(place * len(changed))] ^= 1 << bit
        return bytes(changed)

    return damaged


def overwrite(place: float, value: bytes) -> Damage:
    def damaged(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + value + data[at + len(value) :]

    return damaged


def splice(other: str, end: float, start: float) -> Damage:
    return lambda data: data[: int(end * len(data))] + SEEDS[other][int(start * len(SEEDS[other])) :]


# Headers are where damage does most: half of it goes there.
PLACE = st.one_of(st.floats(0, 0.999), st.floats(0, 0.08))
DAMAGE = st.one_of(
    st.builds(cut, PLACE),
    st.builds(flip, st.lists(st.tuples(PLACE, st.integers(0, 7)), min_size=1, max_size=6)),
    st.builds(overwrite, PLACE, st.sampled_from(EXTREMES)),
    st.builds(splice, st.sampled_from(sorted(SEEDS)), PLACE, PLACE),
)

HARD = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LIGHT = settings(HARD, max_examples=150)


@pytest.fixture(autouse=True)
def _small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flipped bit in a size may ask for a gigabyte that the real budget grants; tests share a machine."""
    monkeypatch.setattr(budget, "PIXEL_BUDGET", SMALL_BUDGET)


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker


def ends_of(worker: Worker, path: Path, target: Path) -> list[str]:
    """Return what became of everything that is done with a file, each in its own time; or of the process."""
    target.unlink(missing_ok=True)
    try:
        return worker.run(outcomes, path, target, timeout_s=20.0)
    except Refused as refused:
        return [f"{refused.kind.value}: {refused.detail}"]


CRASHED = ["damaged: the decoder crashed"]


@HARD
@given(st.sampled_from(sorted(SEEDS)), st.lists(DAMAGE, min_size=1, max_size=3))
def test_inspecting_damaged_files(tmp_path: Path, seed: str, damage: list[Damage]) -> None:
    data = SEEDS[seed]
    for one in damage:
        data = one(data)
    try:
        facts = inspect_quickly(pictures.write(tmp_path / "a", data))
    except Refused:
        return
    if facts is None:
        return  # only a decoder could say more
    assert 1 <= facts.size.width * facts.size.height <= SMALL_BUDGET
    assert facts.frames >= 1
    assert 1 <= facts.orientation <= 8


@HARD
@given(st.sampled_from(sorted(SEEDS)), st.lists(DAMAGE, min_size=1, max_size=3))
def test_decoding_damaged_files(tmp_path: Path, worker: Worker, seed: str, damage: list[Damage]) -> None:
    """Decoders are written in languages where a mistake ends the process: so they run where they do here."""
    data = SEEDS[seed]
    for one in damage:
        data = one(data)
    path, target = pictures.write(tmp_path / "a", data), tmp_path / "target"
    ends = ends_of(worker, path, target)
    assert ends == CRASHED or len(ends) > 1
    if ends[-1] == "taken":
        assert walker.extras(target.read_bytes()) in ([], [walker.PROFILE])
        assert max(inspect(target).size) <= 24


@LIGHT
@given(st.sampled_from(sorted(NATIVE)), st.lists(DAMAGE, min_size=1, max_size=2))
def test_cleaning_damaged_files(seed: str, damage: list[Damage]) -> None:
    data = SEEDS[seed]
    for one in damage:
        data = one(data)
    cleaned = without_metadata(data, NATIVE[seed])
    assert cleaned is None or len(cleaned) <= len(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"P6\n1", id="ValueError: a header that ends"),
        pytest.param(b"II*\0\x08\0\0\0\0\0\0\0\0\0", id="TypeError: a page without a size"),
        pytest.param(
            SEEDS["PNG"].replace(b"IDAT", b"\xd2{\xae\xc4"), id="SyntaxError: a chunk without a name"
        ),
        pytest.param(SEEDS["AVIF"][:-40], id="SyntaxError: a frame that ends"),
        pytest.param(
            SEEDS["ICO"].replace(b"\0\0\0\rIHDR", b"\0\0\0\5IHDR"), id="ValueError: an icon's header"
        ),
    ],
)
def test_decoders_raise_all_kinds_of_things(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused):
        examine(pictures.write(tmp_path / "a", data), 16)


@LIGHT
@given(st.binary(max_size=300))
def test_inspecting_noise(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused):
        inspect(pictures.write(tmp_path / "a", data))


def test_what_once_broke_something_is_harmless(tmp_path: Path, worker: Worker) -> None:
    """Every file of the corpus has ended a process, met with a mistake of ours, or taken too long."""
    corpus = sorted((Path(__file__).parent / "corpus").iterdir())
    assert corpus
    for path in corpus:
        with suppress(Refused):
            inspect_quickly(path)
        ends = ends_of(worker, path, tmp_path / "target")
        assert ends == CRASHED or len(ends) > 1, path.name
