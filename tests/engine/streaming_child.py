"""A process to be killed: asks the practice server, and writes down what the user was shown and when."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from tests.engine.stage import CATALOGUE, MODEL, NoKeyring
from vision_studio.core.draft import Draft
from vision_studio.core.events import Event, SessionOpened, TextArrived
from vision_studio.engine.options import Options
from vision_studio.engine.studio import build_studio
from vision_studio.engine.thread import EngineThread
from vision_studio.practice import PracticeServer


def main(data_dir: Path) -> None:
    """Ask a question with a long answer, told slowly. One JSON line for each piece of it."""

    def report(event: Event) -> None:
        if isinstance(event, SessionOpened):
            engine.post(studio.send, event.session.id, Draft(text="Tell me about yourself"), MODEL, "")
        elif isinstance(event, TextArrived):
            sys.stdout.write(json.dumps({"at": time.monotonic(), "text": event.text}) + "\n")
            sys.stdout.flush()

    engine = EngineThread(report)
    studio = build_studio(
        report,
        CATALOGUE,
        lambda folder: PracticeServer(CATALOGUE, folder, pace_tokens_per_s=15),
        Options(data_dir, environment={}, keys=NoKeyring()),
    )
    engine.start(studio.start, studio.close)
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
