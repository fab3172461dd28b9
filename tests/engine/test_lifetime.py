"""The engine on its own thread: a quick end whatever is under way, and nothing lost when there is none."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.engine.stage import CATALOGUE, MODEL, NoKeyring
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.core.events import EngineStopped, Event, Noticed, SessionOpened, TextArrived, TurnEnded
from vision_studio.engine.options import Options
from vision_studio.engine.studio import Studio, build_studio
from vision_studio.engine.thread import EngineThread
from vision_studio.practice import PracticeServer
from vision_studio.storage.database import Database
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.sessions import Sessions

ROOT = Path(__file__).resolve().parents[2]


class Window:
    """Hears what the engine tells, as the window does."""

    def __init__(self, data_dir: Path) -> None:
        self.events: list[Event] = []
        self.opened = threading.Event()
        self.text = threading.Event()
        self.engine = EngineThread(self.report)
        self.studio: Studio = build_studio(
            self.report,
            CATALOGUE,
            lambda folder: PracticeServer(CATALOGUE, folder, pace_tokens_per_s=15),
            Options(data_dir, environment={}, keys=NoKeyring()),
        )

    def report(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, SessionOpened):
            self.opened.set()
        elif isinstance(event, TextArrived):
            self.text.set()


def test_stopping_in_the_middle_of_an_answer_is_clean_and_keeps_it(tmp_path: Path) -> None:
    window = Window(tmp_path / "data")
    window.engine.start(window.studio.start, window.studio.close)
    assert window.opened.wait(30)
    session = next(event.session for event in window.events if isinstance(event, SessionOpened))
    window.engine.post(window.studio.send, session.id, Draft(text="Hello"), MODEL, "")
    assert window.text.wait(60)
    assert window.engine.stop()
    answer = next(event.turn.answer for event in window.events if isinstance(event, TurnEnded))
    assert answer.outcome is Outcome.INTERRUPTED
    assert answer.text
    assert window.events[-1] == EngineStopped()
    assert [event for event in window.events if isinstance(event, Noticed)] == []
    DataFolder.open(tmp_path / "data").close()
    assert "practice server" not in [thread.name for thread in threading.enumerate()]


def test_stopping_right_after_the_start_is_clean(tmp_path: Path) -> None:
    window = Window(tmp_path / "data")
    window.engine.start(window.studio.start, window.studio.close)
    assert window.engine.stop()
    assert window.events[-1] == EngineStopped()
    assert [event for event in window.events if isinstance(event, Noticed)] == []
    DataFolder.open(tmp_path / "data").close()


def test_a_folder_in_use_is_told_and_the_thread_lives_on(tmp_path: Path) -> None:
    holder = DataFolder.open(tmp_path / "data")
    window = Window(tmp_path / "data")
    window.engine.start(window.studio.start, window.studio.close)
    window.engine.post(window.studio.new_session)
    assert window.engine.stop()
    told = [event.failure.message for event in window.events if isinstance(event, Noticed)]
    assert "Another Vision Studio window" in told[0]
    assert len(told) == 2
    holder.close()


def test_a_killed_process_loses_at_most_the_last_second(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.streaming_child", str(tmp_path / "data")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    shown: list[tuple[float, str]] = []
    assert child.stdout is not None
    with child.stdout as lines:
        for line in lines:
            piece = json.loads(line)
            shown.append((piece["at"], piece["text"]))
            if shown[-1][0] - shown[0][0] > 2.0:
                child.kill()
                break
    child.wait()
    killed_at = time.monotonic()  # the same clock in every process
    assert len(shown) > 5, "the answer must not be over before the process is killed"

    DataFolder.open(tmp_path / "data").close()
    database = Database.open(tmp_path / "data" / "studio.db")
    sessions = Sessions(database)
    assert sessions.mark_interrupted() == 1
    (turn,) = sessions.load(sessions.list()[0].id).turns
    database.close()
    assert turn.answer.outcome is Outcome.INTERRUPTED
    everything = "".join(text for _, text in shown)
    told_before_the_last_second = "".join(text for at, text in shown if at < killed_at - 1.0)
    assert told_before_the_last_second
    assert turn.answer.text.startswith(told_before_the_last_second)
    assert turn.answer.text.startswith(everything) or everything.startswith(turn.answer.text)
