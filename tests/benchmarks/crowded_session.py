"""Runs the application with 600 photographs and prints what memory it took, for bench_memory."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from tests.benchmarks import corpus
from tests.gallery.stage import Stage
from tests.support.surroundings import Surroundings
from vision_studio.app import make_qt_application
from vision_studio.core.draft import Fidelity, FidelityChoice
from vision_studio.ui.composer.incoming import Incoming

_FILES = 600
_SAMPLE_MS = 500


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    surroundings = Surroundings()
    surroundings.enter()
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name)
        stage = Stage(make_qt_application(["bench"]), folder)
        stage.open()
        stage.window.resize(1440, 900)
        stage.window.show()
        try:
            samples = dict(_phases(stage, _photographs(folder)))
        finally:
            stage.close()
            surroundings.leave()
    json.dump(samples, sys.stdout)


def _photographs(folder: Path) -> list[Path]:
    """Save photographs that are alike but for their last bytes: each is read, kept and shown by itself."""
    source = folder / "source.jpg"
    corpus.photograph((600, 400)).resize((6000, 4000)).save(source, quality=60)
    data = source.read_bytes()
    paths = [folder / f"{number:03d}.jpg" for number in range(_FILES)]
    for number, path in enumerate(paths):
        path.write_bytes(data + number.to_bytes(4, "big"))
    return paths


def _phases(stage: Stage, paths: list[Path]) -> Iterator[tuple[str, list[float]]]:
    composer = stage.window.composer
    stage.new_session()
    yield "empty", _sampled(lambda done: QTimer.singleShot(3_000, done))

    def read(done: Callable[[], None]) -> None:
        stage.bridge.import_progressed.connect(lambda event: event.done == event.total and done())
        stage.window.desk.bring(Incoming(paths=tuple(paths)), 0)

    yield "reading", _sampled(read)

    def scroll(done: Callable[[], None]) -> None:
        bar = composer.strip.verticalScrollBar()
        bar.setValue(0)
        timer = QTimer(composer, interval=30)

        def step() -> None:
            if bar.value() >= bar.maximum():
                timer.stop()
                done()
            bar.setValue(bar.value() + 60)

        timer.timeout.connect(step)
        timer.start()

    yield "scrolling", _sampled(scroll)
    composer.cards.set_fidelity(list(composer.draft.images), FidelityChoice(Fidelity.ECONOMY))
    composer.prompt.insertPlainText("What is the same in all of these?")

    def send(done: Callable[[], None]) -> None:
        stage.bridge.turn_ended.connect(lambda event: done())
        composer.send()

    yield "sending", _sampled(send)


def _sampled(work: Callable[[Callable[[], None]], None]) -> list[float]:
    """Return how many megabytes are resident, twice a second until what was begun is done."""
    samples: list[float] = []
    loop = QEventLoop()
    sampling = QTimer(interval=_SAMPLE_MS)
    sampling.timeout.connect(lambda: samples.append(_resident_mb()))
    sampling.start()
    QTimer.singleShot(0, lambda: work(loop.quit))
    loop.exec()
    sampling.stop()
    while len(samples) < 5:
        samples.append(_resident_mb())
    return samples


def _resident_mb() -> float:
    """Return the memory of this process and its descendants; what they share counts once."""
    return sum(map(_proportional_kb, _family(os.getpid()))) / 1000


def _proportional_kb(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0  # it has just ended
    return int(text.split("Pss:")[1].split()[0])


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


if __name__ == "__main__":
    main()
