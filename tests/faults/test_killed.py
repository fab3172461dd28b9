"""Killed at any moment of asking, streaming and saving: what was seen a second ago is there again."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import closing
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.engine.stage import CATALOGUE, Stage
from tests.faults.killed import Seen, ask_until_killed
from tests.faults.killing import seen_before_kill
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.practice import PracticeServer
from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions

SERIES, KILLS_EACH = 2, 8
"""Of the whole engine, with a server and a stream; `test_kill_points` has the many."""
LATEST_S = 1.2
"""After the first question was asked; another may have been asked by then."""
MAY_BE_LOST_S = 0.5
"""Five times as long as an answer goes unsaved: the machine may be busy."""


def check(folder: Path, seen: list[Seen], killed: float) -> None:
    """Hold what is on the disk against what was on the screen."""
    streamed: defaultdict[str, str] = defaultdict(str)
    for one in seen:
        if one.what == "text" and one.at < killed - MAY_BE_LOST_S:
            streamed[one.turn_id] += one.text
    with closing(Database.open(folder / "studio.db")) as database:
        assert database.problems() == ()
        sessions = Sessions(database)
        turns = {turn.id: turn for row in sessions.list() for turn in sessions.load(row.id).turns}
    for one in seen:
        if one.what == "asked":
            assert turns[one.turn_id].prompt == one.text
        elif one.what == "ended":
            answer = turns[one.turn_id].answer
            assert (answer.outcome, answer.text) == (Outcome.ANSWERED, one.text)
    for turn_id, text in streamed.items():
        assert turns[turn_id].answer.text.startswith(text)


@pytest.mark.slow
@pytest.mark.parametrize("series", range(SERIES))
def test_nothing_that_was_seen_is_lost(processes: ForkServerContext, tmp_path: Path, series: int) -> None:
    choices = random.Random(series)
    questions = 0
    for _ in range(KILLS_EACH):  # a folder that was left in a hurry is found again, again and again
        after_s = choices.uniform(0, LATEST_S)
        seen, killed = seen_before_kill(processes, ask_until_killed, tmp_path, since="asked", after_s=after_s)
        questions += sum(one.what == "asked" for one in seen)
        check(tmp_path, seen, killed)
    assert questions >= KILLS_EACH
    _goes_on(tmp_path)


def _goes_on(folder: Path) -> None:
    """The session can be asked again, its last answer is said to have been interrupted."""

    async def scenario() -> None:
        with PracticeServer(CATALOGUE, pace_tokens_per_s=None) as server:
            stage = Stage(folder, practice=server, make_gateway=ClaudeGateway)
            async with stage.open() as studio:
                outcomes = {turn.answer.outcome for turn in stage.session.turns}
                assert outcomes <= {Outcome.ANSWERED, Outcome.INTERRUPTED}
                turn = await stage.answered(studio, Draft(text="And now?"))
                assert turn.answer.outcome is Outcome.ANSWERED

    asyncio.run(scenario())
