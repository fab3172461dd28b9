"""Drops hundreds of files into the open window, and watches for how long nothing else happens in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter, thread_time

from PySide6.QtCore import QEventLoop, Qt, QTimer

from tests.benchmarks import corpus
from tests.benchmarks.measuring import RUNS
from tests.benchmarks.row import Row
from tests.gallery.stage import Stage
from tests.support.surroundings import Surroundings
from vision_studio.app import make_qt_application
from vision_studio.ui.composer.incoming import Incoming

_BEAT_MS = 4
_WATCH_MS = 2_000
_COUNTS = (60, 600)


@dataclass(frozen=True, slots=True)
class Gap:
    """The longest time between two beats of a quick timer, in seconds."""

    by_the_clock: float
    of_the_processor: float
    """What this thread worked in it: on a busy machine, the clock tells of others' work as well."""


@dataclass(frozen=True, slots=True)
class Run:
    idle: Gap
    dropping: Gap
    decoding: Gap


def rows() -> Iterator[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    surroundings = Surroundings()
    surroundings.enter()
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name)
        sources = [*corpus.distinct(folder).values()]
        stage = Stage(make_qt_application(["bench"]), folder)
        stage.open()
        stage.window.resize(1440, 900)
        stage.window.show()
        try:
            paths = {count: corpus.linked(folder / f"{count}", sources, count) for count in _COUNTS}
            runs = [{count: _run(stage, paths[count]) for count in _COUNTS} for _ in range(RUNS)]
        finally:
            stage.close()
            surroundings.leave()
    yield from _rows(runs)


def _rows(runs: Sequence[dict[int, Run]]) -> Iterator[Row]:
    usual = [run[600] for run in runs]
    idle, gap = "the idle loop's", "the window's worst gap"
    yield Row(
        f"{gap} as 600 files are dropped",
        idle,
        tuple(run.dropping.by_the_clock / run.idle.by_the_clock for run in usual),
        "≤ 2",
    )
    yield Row(
        f"{gap} while 600 are decoded",
        idle,
        tuple(run.decoding.by_the_clock / run.idle.by_the_clock for run in usual),
        "≤ 2",
    )
    yield Row(
        "its own work in the gap as 600 are dropped",
        "–",
        tuple(1000 * run.dropping.of_the_processor for run in usual),
        "–",
        "ms",
    )
    yield Row(
        "its own work in the gap while 600 are decoded",
        "–",
        tuple(1000 * run.decoding.of_the_processor for run in usual),
        "–",
        "ms",
    )
    yield Row(
        "its own work in the gap as 600 are dropped",
        "60",
        tuple(run[600].dropping.of_the_processor / run[60].dropping.of_the_processor for run in runs),
        "≤ 10",
    )


def _run(stage: Stage, paths: Sequence[Path]) -> Run:
    stage.new_session()
    stage.settle()
    idle = _worst_gap(lambda: None)
    dropping = _worst_gap(lambda: stage.window.desk.bring(Incoming(paths=tuple(paths)), 0))
    decoding = _worst_gap(lambda: None)
    with stage.waiting(stage.bridge.import_progressed, lambda event: event.done == event.total):
        stage.window.composer.reading.cancelled.emit()
    return Run(idle, dropping, decoding)


def _worst_gap(begin: Callable[[], None]) -> Gap:
    """Return the worst gap while something that was begun goes on."""
    beats: list[tuple[float, float]] = []
    heart = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=_BEAT_MS)
    heart.timeout.connect(lambda: beats.append((perf_counter(), thread_time())))
    loop = QEventLoop()
    heart.start()
    QTimer.singleShot(0, begin)
    QTimer.singleShot(_WATCH_MS, loop.quit)
    loop.exec()
    heart.stop()
    beats.append((perf_counter(), thread_time()))  # the last gap may have no beat at its end
    return Gap(
        max(later[0] - earlier[0] for earlier, later in pairwise(beats)),
        max(later[1] - earlier[1] for earlier, later in pairwise(beats)),
    )
