"""The main job on the sample pictures, for a machine without a screen: in the terminal, and as a picture."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

QUESTION = "How do Image 1 and Image 2 differ, and what does Image 4 add up to?"
PATIENCE_MS = 120_000
WINDOW_SIZE = (1440, 900)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window off screen, add the samples, ask, print the answer, save a picture of the window."""
    parser = argparse.ArgumentParser(prog="vision-studio demo", description=__doc__)
    parser.add_argument("--picture", type=Path, default=Path("vision-studio-demo.png"), metavar="FILE")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="default: a folder that is deleted at the end"
    )
    options, _ = parser.parse_known_args(arguments)  # what the window would take means nothing here
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options.data_dir is not None:
        return _run(options.data_dir, options.picture)
    with tempfile.TemporaryDirectory(prefix="vision-studio-") as folder:
        return _run(Path(folder), options.picture)


def _run(folder: Path, picture: Path) -> int:
    # Only now: Qt reads the platform when it is loaded.
    from PySide6.QtCore import QTimer

    from vision_studio.app import Application, Options, make_qt_application, sample_paths
    from vision_studio.core import words
    from vision_studio.core.conversation import Outcome
    from vision_studio.core.events import ImagesFound, ImportProgressed, Noticed, TextArrived, TurnEnded
    from vision_studio.engine import options as engine_options
    from vision_studio.engine.options import Wish

    qt = make_qt_application(["vision-studio"])
    engine = engine_options.Options(folder, Wish(practice=True), sample_paths())
    application = Application(qt, Options(engine))
    window, bridge = application.window, application.bridge
    status = [1]

    def tell_found(event: ImagesFound) -> None:
        for image in event.images:
            say(f"  added {image.name}: {image.size}, {words.bytes_text(image.size_bytes)} {image.format}")

    def ask_when_read(event: ImportProgressed) -> None:
        if event.done == event.total and not window.desk.is_answering:
            window.composer.prompt.insertPlainText(QUESTION)
            appraisal = window.desk.appraise()
            if appraisal is not None:
                tokens, cost = words.count(appraisal.total_tokens), words.usd(appraisal.cost_usd)
                say(f"\nWith Claude this would be ≈ {tokens} tokens, ≈ {cost}. Asking the practice server:\n")
            window.composer.send()

    def tell_text(event: TextArrived) -> None:
        sys.stdout.write(event.text)
        sys.stdout.flush()

    def end(event: TurnEnded) -> None:
        status[0] = 0 if event.turn.answer.outcome is Outcome.ANSWERED else 1
        QTimer.singleShot(200, window, save)  # the finished answer is laid out within a few frames

    def save() -> None:
        if window.grab().save(str(picture)):
            say(f"\n\nA picture of the window: {picture.resolve()}")
        else:
            say(f"\n\nThe picture of the window could not be written to {picture.resolve()}")
            status[0] = 1
        qt.quit()

    def give_up(event: Noticed) -> None:
        said = words.failure_words(event.failure)
        say(f"{said.title} {said.next_step}")
        qt.quit()

    bridge.session_opened.connect(window.desk.add_samples)
    bridge.images_found.connect(tell_found)
    bridge.import_progressed.connect(ask_when_read)
    bridge.text_arrived.connect(tell_text)
    bridge.turn_ended.connect(end)
    bridge.noticed.connect(give_up)
    QTimer.singleShot(PATIENCE_MS, qt.quit)
    qt.aboutToQuit.connect(application.stop)
    say(
        "There is no display, so the window is drawn off screen.\n"
        "Practice mode: nothing leaves this computer.\n"
    )
    window.resize(*WINDOW_SIZE)
    application.start()
    qt.exec()
    return status[0]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
