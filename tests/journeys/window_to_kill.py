"""A process to be killed: types, or takes in pictures, in the real window, and tells how far it is."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from vision_studio.app import Application, Options, make_qt_application
from vision_studio.engine import options as engine_options
from vision_studio.engine.options import Wish
from vision_studio.ui.composer.incoming import Incoming

_STROKE_MS = 25
LETTERS = "abcdefghijklmnopqrstuvwxyz "


def tell(event: str, **facts: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, "at": time.monotonic(), **facts}) + "\n")
    sys.stdout.flush()


def main(data_dir: str, *pictures: str) -> int:
    """Take in the pictures; when all are there, type on and on, faster than anybody."""
    qt = make_qt_application(["vision-studio"])
    engine = engine_options.Options(Path(data_dir), Wish(practice=True), environment={})
    application = Application(qt, Options(engine))
    window, bridge = application.window, application.bridge
    typing = QTimer()
    typing.setInterval(_STROKE_MS)

    def type_on() -> None:
        prompt = window.composer.prompt
        QTest.keyClick(prompt, LETTERS[len(prompt.text) % len(LETTERS)], Qt.KeyboardModifier.NoModifier)
        tell("typed", text=prompt.text)

    def imported(event: Any) -> None:
        tell("read", pictures=event.done)
        if event.done == event.total:
            typing.start()

    typing.timeout.connect(type_on)
    bridge.session_opened.connect(
        lambda event: window.desk.bring(Incoming(paths=tuple(map(Path, pictures))), 0)
    )
    bridge.import_progressed.connect(imported)
    qt.aboutToQuit.connect(application.stop)
    application.start()
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
