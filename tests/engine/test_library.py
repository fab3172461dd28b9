"""The library as the window asks for it: pages, searches of which the newest is answered, and the shelf."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.core.events import SessionChanged, SessionOpened
from vision_studio.core.library_events import (
    SessionsArchived,
    SessionsDeleted,
    SessionsFound,
    SessionsListed,
    TagsListed,
)
from vision_studio.core.search import parse
from vision_studio.engine.searching import Searching
from vision_studio.engine.studio import Studio
from vision_studio.storage.database import Database
from vision_studio.storage.search import Search


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data")


async def begun(stage: Stage, studio: Studio, *questions: str) -> list[str]:
    """Ask each question in a session of its own; return their ids."""
    ids = []
    for question in questions:
        studio.new_session()
        await stage.answered(studio, Draft(text=question))
        ids.append(stage.session.id)
    return ids


def test_what_was_asked_and_answered_is_found(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            roof, wing = await begun(stage, studio, "Is the roof whole?", "Is the wing?")
            await studio.search.look_for(1, parse("roof"))
            found = stage.told(SessionsFound)[-1]
            assert [hit.session_id for hit in found.hits] == [roof]
            assert [summary.id for summary in found.sessions] == [roof]
            await studio.search.look_for(2, parse("seen"))
            found = stage.told(SessionsFound)[-1]
            assert (found.ticket, [hit.session_id for hit in found.hits]) == (2, [wing, roof])

    asyncio.run(scenario())


def test_only_the_newest_question_is_answered(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await begun(stage, studio, "Is the roof whole?")
            words = ("r", "ro", "roo", "roof")
            await asyncio.gather(
                *(studio.search.look_for(ticket, parse(word)) for ticket, word in enumerate(words))
            )
            assert [event.ticket for event in stage.told(SessionsFound)] == [3]
            looking = asyncio.ensure_future(studio.search.look_for(4, parse("roof")))
            await asyncio.sleep(0)
            studio.search.cancel()
            await looking
            assert [event.ticket for event in stage.told(SessionsFound)] == [3]

    asyncio.run(scenario())


def test_a_search_nobody_waits_for_ends_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "studio.db"
    Database.open(path).close()
    begun = asyncio.Event()

    async def scenario() -> None:
        loop = asyncio.get_running_loop()

        def endless(self: Search, query: object, after: object) -> None:
            loop.call_soon_threadsafe(begun.set)
            self._database.read(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            )

        searching = Searching(path)
        monkeypatch.setattr(Search, "find", endless)
        looking = asyncio.ensure_future(searching.find(parse("x")))
        await begun.wait()
        searching.cancel()
        assert await looking is None
        await searching.close()

    asyncio.run(scenario())


def test_what_is_done_to_several_sessions_is_told_of_each(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            ids = await begun(stage, studio, "One", "Two", "Three")
            studio.shelf.pin(ids[:1], True)
            studio.shelf.tag(ids[:2], "Roofs")
            assert stage.told(TagsListed)[-1].tags == ("Roofs",)
            studio.shelf.list()
            listed = stage.told(SessionsListed)[-1].summaries
            assert [(one.title, one.pinned, one.tags) for one in listed] == [
                ("One", True, ("Roofs",)),
                ("Three", False, ()),
                ("Two", False, ("Roofs",)),
            ]
            studio.shelf.untag(ids[:2], "Roofs")
            assert stage.told(TagsListed)[-1].tags == ()
            studio.shelf.archive(ids[1:2], True)
            assert stage.told(SessionsArchived)[-1] == SessionsArchived((ids[1],), archived=True)
            assert stage.told(SessionChanged)[-1].summary.archived
            studio.shelf.list(None, True)
            assert [one.id for one in stage.told(SessionsListed)[-1].summaries] == [ids[1]]

    asyncio.run(scenario())


def test_deleting_what_is_on_the_screen_opens_another_and_never_an_archived_one(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            kept, away, gone, shown = await begun(stage, studio, "Kept", "Away", "Gone", "Shown")
            studio.shelf.archive([away], True)
            studio.shelf.delete([gone, shown])
            assert stage.told(SessionsDeleted)[-1].session_ids == (gone, shown)
            assert stage.told(SessionOpened)[-1].session.id == kept
            studio.shelf.restore([gone, shown])
            studio.shelf.list()
            assert {one.title for one in stage.told(SessionsListed)[-1].summaries} == {
                "Kept",
                "Gone",
                "Shown",
            }

    asyncio.run(scenario())


def test_a_duplicate_is_opened_and_its_spend_is_not_counted_again(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            (one,) = await begun(stage, studio, "Is the roof whole?")
            studio.save_draft(one, Draft(text="And now?"))
            studio.shelf.duplicate(one)
            copy = stage.session
            assert copy.id != one
            assert (copy.title, copy.draft.text) == ("Is the roof whole? (copy)", "And now?")
            assert [turn.answer.outcome for turn in copy.turns] == [Outcome.ANSWERED]

    asyncio.run(scenario())
