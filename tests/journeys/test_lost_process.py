"""A process that is killed: the next window has its sessions, pictures, answers and drafts again."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from tests.journeys.seen import lines, press, shown
from tests.journeys.window_to_kill import LETTERS
from tests.support.visit import Visit
from vision_studio.core.conversation import Outcome
from vision_studio.ui.library.rows import SessionRole

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5
EARLIEST, LATEST = 1, 40
"""Pieces of text after which a process is killed; an answer about three pictures has more."""


@contextmanager
def program(*arguments: object) -> Iterator[Iterator[dict[str, Any]]]:
    """Run a module; yield what it tells by JSON lines, and when that was heard; then kill it."""
    command = [sys.executable, "-m", *map(str, arguments)]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, **quiet) as process:
        assert process.stdout is not None
        try:
            yield ({"heard": time.monotonic(), **json.loads(line)} for line in process.stdout)
        finally:
            process.kill()


def test_an_answer_that_streamed_is_there_again(visit, photos, tmp_path):
    """The pictures, the question, and all of the answer but its last second."""
    shown_in_time: dict[str, str] = {}
    points = [EARLIEST, *(random.randint(EARLIEST, LATEST) for _ in range(KILLS - 2)), LATEST]
    for number, point in enumerate(points):
        question = f"Question {number}"
        asked = ("send", "--practice", "--json", "--data-dir", tmp_path / "data", *photos, "-p", question)
        pieces: list[tuple[float, str]] = []
        with program("vision_studio", *asked) as told:
            for event in told:
                assert event["event"] in ("uploaded", "text"), event
                if event["event"] == "text":
                    pieces.append((event["heard"], event["text"]))
                if len(pieces) == point:
                    break
        killed = time.monotonic()
        shown_in_time[question] = "".join(text for at, text in pieces if at < killed - 1.0)

    assert any(shown_in_time.values())
    here = visit()
    for question, text in shown_in_time.items():
        _open(here, question)
        (turn,) = here.window.desk.session.turns
        assert turn.prompt == question
        assert [sent.image.name for sent in turn.images] == [photo.name for photo in photos]
        assert turn.answer.outcome is Outcome.INTERRUPTED
        assert turn.answer.text.startswith(text), f"killed after {points} pieces"
        view = here.window.transcript.turn(turn.id)
        assert shown(view, "retry")
        assert shown(view, "continue") == bool(turn.answer.text)
    said = lines(here.window.transcript.turn(turn.id), "ending")[0]
    assert said in ("The answer broke off.", "No answer came: Vision Studio was closed too early.")

    with here.waiting(here.application.bridge.turn_ended) as ended:
        press(view, "retry")
    again = ended.args[0].turn
    assert (again.id == turn.id) == (not turn.answer.text), "what was said stays, as another version"
    assert again.answer.outcome is Outcome.ANSWERED
    assert "Image 3" in again.answer.text


def _open(here: Visit, title: str) -> None:
    """Click on the session of that title."""
    view = here.window.library.list
    rows = (view.model().index(row, 0) for row in range(view.model().rowCount()))
    (index,) = (
        row for row in rows if (found := row.data(SessionRole.SUMMARY)) is not None and found.title == title
    )
    if here.window.desk.session.title == title:
        return
    with here.waiting(here.application.bridge.session_opened):
        view.clicked.emit(index)


def test_a_draft_is_there_again_though_its_writer_never_paused(visit, photos, tmp_path):
    for point in sorted(random.randint(60, 100) for _ in range(2)):
        typed: list[tuple[float, str]] = []
        with program("tests.journeys.window_to_kill", tmp_path / "data", photos[0]) as told:
            for event in told:
                if event["event"] == "typed":
                    typed.append((event["at"], event["text"]))
                if len(typed) == point:
                    break
        killed = time.monotonic()
        here = visit()
        text = here.window.composer.draft.text
        before = [told for at, told in typed if at < killed - 1.0]
        assert before
        assert text.startswith(before[-1])
        here.leave()
    assert here.names() == ["red.png"] * 2
    assert set(text) <= set(LETTERS)


def test_pictures_that_were_still_being_read_are_named(visit, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        Image.new("RGB", (900, 700), (number, 2 * number, 99)).save(folder / f"{number}.png")
    with program("tests.journeys.window_to_kill", tmp_path / "data", folder) as told:
        for event in told:
            if event["event"] == "read" and event["pictures"] >= 20:
                break
    here = visit()
    (said, *sentences) = lines(here.window.composer, "composer-notice")
    kept = here.names()
    assert kept, "all of them were still being read"
    assert len(kept) + len(sentences) == 60
    assert said == f"{len(sentences)} files were not added"
    assert all("the application ended while it was read" in sentence for sentence in sentences)
    turn = here.ask_and_wait("And these?")
    assert turn.answer.outcome is Outcome.ANSWERED
    assert [sent.image.name for sent in turn.images] == kept
