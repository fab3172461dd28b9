"""Reads the headers of hundreds of files, beside the least a disk must do and three other readers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from tests.benchmarks import corpus, peers
from tests.benchmarks.measuring import RUNS, seconds
from tests.benchmarks.row import Row
from vision_studio.engine.originals import look

FILES = 600
COUNTS = (60, 600, 6_000)

Look = Callable[[Path], object]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name)
        sources = [*corpus.distinct(folder).values()]
        many = {count: corpus.linked(folder / f"{count}", sources, count) for count in COUNTS}
        yield from _warm(many[FILES])
        yield from _cold(corpus.copied_heads(folder / "cold", sources, FILES))
        yield from _growing(many)


def _warm(paths: Sequence[Path]) -> Iterator[Row]:
    ways: tuple[Look, ...] = (peers.floor, look, peers.imagesize_facts, peers.pillow_facts)
    for way in ways:
        _all(way, paths)
    runs = [[seconds(lambda way=way: _all(way, paths)) for way in ways] for _ in range(RUNS)]
    work, least = f"inspect {FILES} files", "open and read 64 KB of each"
    yield Row(work, least, tuple(run[1] / run[0] for run in runs), "≤ 5")
    yield Row(work, "Pillow open + EXIF", tuple(run[1] / run[3] for run in runs), "≤ 0.2")
    yield Row(work, "–", tuple(1000 * run[1] for run in runs), "tens", "ms")
    yield Row(f"imagesize, {FILES} files", least, tuple(run[2] / run[0] for run in runs), "a peer")


def _cold(paths: Sequence[Path]) -> Iterator[Row]:
    """Compare by the clock: what a cold disk costs is waiting."""
    runs = [[_cold_seconds(way, paths) for way in (peers.four_kilobytes, look)] for _ in range(RUNS)]
    yield Row(
        f"inspect {FILES} files that are not in memory",
        "reading 4 KB of each",
        tuple(ours / least for least, ours in runs),
        "≤ 2",
    )


def _cold_seconds(way: Look, paths: Sequence[Path]) -> float:
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    start = perf_counter()
    _all(way, paths)
    return perf_counter() - start


def _growing(many: dict[int, list[Path]]) -> Iterator[Row]:
    runs = [[seconds(lambda paths=paths: _all(look, paths)) for paths in many.values()] for _ in range(RUNS)]
    few, usual, most = COUNTS
    yield Row(f"inspect {most} files", f"{usual} files", tuple(run[2] / run[1] for run in runs), "≤ 10")
    yield Row(f"inspect {usual} files", f"{few} files", tuple(run[1] / run[0] for run in runs), "≤ 10")


def _all(way: Look, paths: Sequence[Path]) -> None:
    for path in paths:
        way(path)
