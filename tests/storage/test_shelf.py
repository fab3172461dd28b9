"""The library's list comes page by page, and what is done to its sessions is there again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.storage.samples import NOW, later, picture, question
from vision_studio.core.conversation import Answer, Outcome, Usage
from vision_studio.core.draft import Draft, Editing
from vision_studio.core.search import parse
from vision_studio.storage.errors import SessionMissing
from vision_studio.storage.search import Search
from vision_studio.storage.shelf import PAGE, Shelf
from vision_studio.storage.usage import UsageLedger


@pytest.fixture
def shelf(database):
    return Shelf(database)


def made(sessions, *titles):
    ids = []
    for number, title in enumerate(titles):
        session = sessions.create("claude-test", later(number))
        sessions.rename(session.id, title)
        ids.append(session.id)
    return ids


def titles(page):
    return [summary.title for summary in page.summaries]


def test_pinned_sessions_come_first_and_archived_ones_by_themselves(sessions, shelf):
    old, away, new = made(sessions, "old", "away", "new")
    shelf.pin([old], pinned=True)
    shelf.archive([away], archived=True)
    assert titles(shelf.page()) == ["old", "new"]
    assert titles(shelf.page(archived=True)) == ["away"]
    shelf.pin([old], pinned=False)
    shelf.archive([away], archived=False)
    assert titles(shelf.page()) == ["new", "away", "old"]
    assert [summary.pinned for summary in shelf.page().summaries] == [False] * 3
    sessions.delete(new)
    assert titles(shelf.page()) == ["away", "old"]


@pytest.mark.parametrize("count", [0, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
def test_pages_hold_every_session_once(database, shelf, count):
    rows = [(f"s{number}", "m", number % 3, number // 2) for number in range(count)]
    with database.writing() as transaction:
        transaction.execute_many(
            "INSERT INTO sessions (id, model_id, pinned, created_at, updated_at) VALUES (?, ?, ?, 0, ?)",
            ((one, model, int(not rest), at) for one, model, rest, at in rows),
        )
    listed, after = [], None
    while True:
        page = shelf.page(after)
        assert len(page.summaries) <= PAGE
        listed += page.summaries
        if (after := page.after) is None:
            break
    assert len(listed) == len({summary.id for summary in listed}) == count
    keys = [(not summary.pinned, -summary.updated_at.timestamp()) for summary in listed]
    assert keys == sorted(keys)


def test_a_page_is_read_by_its_index(database, shelf):
    plan = database.read(
        "EXPLAIN QUERY PLAN SELECT id FROM sessions WHERE deleted_at IS NULL AND archived = 0 "
        "ORDER BY pinned DESC, updated_at DESC, key DESC LIMIT 100"
    )
    assert ["sessions_listed" in row[3] for row in plan] == [True]


def test_tags_are_spelt_in_one_way_and_told_with_the_session(sessions, shelf):
    one, other = made(sessions, "one", "other")
    shelf.tag([one, other], "  North\n wing ")
    shelf.tag([one], "north WING")
    shelf.tag([one], "Alpha")
    shelf.tag([one], " \0 ")
    assert sessions.summary(one).tags == ("Alpha", "North wing")
    assert shelf.tags() == ("Alpha", "North wing")
    shelf.untag([one, other], "North wing")
    assert (sessions.summary(one).tags, sessions.summary(other).tags) == (("Alpha",), ())
    sessions.delete(one)
    assert shelf.tags() == ()


def test_several_sessions_are_deleted_in_one_step_and_each_comes_back(sessions, shelf):
    one, other, kept = made(sessions, "one", "other", "kept")
    shelf.delete([one, other])
    assert titles(shelf.page()) == ["kept"]
    sessions.restore(one)
    assert titles(shelf.page()) == ["kept", "one"]
    assert sessions.summary(kept).title == "kept"


def test_a_duplicate_is_the_whole_conversation_and_costs_nothing(database, sessions, shelf):
    (one,) = made(sessions, "Roof")
    sessions.set_system(one, "Be brief.")
    sessions.add_turn(one, question("t1", "What?", picture("a.png"), picture("b.png")), NOW)
    bill = Answer("claude-test", Outcome.ANSWERED, "A cat.", usage=Usage(10, 5), cost_usd=Decimal("0.25"))
    sessions.save_answer("t1", bill)
    sessions.add_turn(one, question("t2", "And?"), NOW)
    sessions.save_answer("t2", Answer("claude-test", Outcome.STREAMING, "It is"))
    editing = Editing("t1", Draft(text="kept aside"))
    sessions.save_draft(one, Draft((picture("next.png"),), "and this?", editing=editing), NOW)
    shelf.tag([one], "Inspections")
    shelf.pin([one], pinned=True)
    ledger = UsageLedger(database)
    ledger.record(one, "t1", "claude-test", Usage(10, 5), Decimal("0.25"), NOW, practice=False)

    copy = shelf.duplicate(one, "Roof (copy)", later(60))

    original, copied = sessions.load(one), sessions.load(copy)
    assert [turn.answer.outcome for turn in original.turns] == [Outcome.ANSWERED, Outcome.STREAMING]
    assert [turn.answer.outcome for turn in copied.turns] == [Outcome.ANSWERED, Outcome.INTERRUPTED]
    assert {turn.id for turn in copied.turns}.isdisjoint(turn.id for turn in original.turns)
    assert copied.turns[0] == replace(original.turns[0], id=copied.turns[0].id)
    assert copied.draft == replace(original.draft, editing=replace(editing, turn_id=copied.turns[0].id))
    assert copied.system == original.system
    summary = sessions.summary(copy)
    assert (summary.title, summary.turns) == ("Roof (copy)", 2)
    assert (summary.images, summary.cover) == (sessions.summary(one).images, sessions.summary(one).cover)
    assert (summary.pinned, summary.tags) == (False, ("Inspections",))
    assert ledger.month_total(NOW) == Decimal("0.25")
    assert {hit.session_id for hit in Search(database).find(parse("cat")).hits} == {one, copy}
    parents = database.read("SELECT parent_id FROM turns WHERE session_id = ? ORDER BY key", (copy,))
    assert parents == [(None,), (copied.turns[0].id,)]
    # The copy has a life of its own.
    sessions.remove_turn(copied.turns[1].id)
    assert len(sessions.load(one).turns) == 2
    assert database.problems() == ()


def test_what_is_not_there_is_not_duplicated(sessions, shelf):
    (one,) = made(sessions, "one")
    sessions.delete(one)
    with pytest.raises(SessionMissing):
        shelf.duplicate(one, "copy", datetime.now(UTC))
