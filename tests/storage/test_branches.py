"""Whatever is asked again or edited, every turn stays, and one branch is shown from its first turn on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.samples import NOW, picture, question
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.draft import Draft, Editing
from vision_studio.storage.branches import Link, Tree
from vision_studio.storage.bundle_rows import guests, session_rows, take_in
from vision_studio.storage.database import Database
from vision_studio.storage.errors import TurnMissing
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.shelf import Shelf

DONE = Answer("claude-test", Outcome.ANSWERED, "A cat.", cost_usd=Decimal("0.01"))


def shown(sessions, session_id):
    return [turn.id for turn in sessions.load(session_id).turns]


@pytest.fixture
def asked(sessions):
    """A session with three turns: a, b and c."""
    session_id = sessions.create("claude-test", NOW).id
    for turn_id in "abc":
        sessions.add_turn(session_id, question(turn_id, turn_id, picture(f"{turn_id}.png")), NOW)
        sessions.save_answer(turn_id, DONE)
    return session_id


def test_a_turn_beside_another_begins_a_branch_that_is_shown(sessions, asked):
    sessions.add_turn(asked, question("b2"), NOW, beside="b")
    session = sessions.load(asked)
    assert [turn.id for turn in session.turns] == ["a", "b2"]
    assert session.versions == (("b", "b2"),)
    assert [session.versions_of(turn_id) for turn_id in ("a", "b2")] == [("a",), ("b", "b2")]
    assert [session.place_of(turn_id) for turn_id in ("a", "b", "b2", "c")] == [0, 1, 1, None]


def test_another_version_of_the_first_question_is_no_other_session(sessions, asked):
    sessions.add_turn(asked, question("a2"), NOW, beside="a")
    assert shown(sessions, asked) == ["a2"]
    assert sessions.summary(asked).title == "a"


def test_what_comes_next_follows_what_is_shown(sessions, asked):
    sessions.add_turn(asked, question("b2"), NOW, beside="b")
    sessions.add_turn(asked, question("d"), NOW)
    sessions.show_branch(asked, "b")
    sessions.add_turn(asked, question("e"), NOW)
    assert shown(sessions, asked) == ["a", "b", "c", "e"]
    sessions.show_branch(asked, "b2")
    assert shown(sessions, asked) == ["a", "b2", "d"]


def test_a_branch_comes_back_as_it_was_last_shown(sessions, asked):
    sessions.add_turn(asked, question("c2"), NOW, beside="c")
    sessions.show_branch(asked, "c")  # the older one
    sessions.add_turn(asked, question("a2"), NOW, beside="a")
    sessions.show_branch(asked, "a")
    assert shown(sessions, asked) == ["a", "b", "c"]


def test_a_session_costs_what_all_its_branches_do(sessions, asked):
    sessions.add_turn(asked, question("b2", "b2", picture("b2.png"), picture("b3.png")), NOW, beside="b")
    sessions.save_answer("b2", DONE)
    session, summary = sessions.load(asked), sessions.summary(asked)
    assert session.cost_usd == summary.cost_usd == Decimal("0.04")
    assert session.hidden_usd == Decimal("0.02")
    assert (summary.turns, summary.images) == (2, 3)
    sessions.show_branch(asked, "b")
    summary = sessions.summary(asked)
    assert (summary.turns, summary.images, summary.cost_usd) == (3, 3, Decimal("0.04"))


def test_the_draft_that_was_aside_takes_the_place_of_what_was_sent(sessions, asked):
    before = Draft((picture("later.png"),), "and this?")
    editing = Draft(text="b, please", editing=Editing("b", before))
    sessions.save_draft(asked, editing, NOW)
    assert sessions.load(asked).draft == editing
    sessions.add_turn(asked, question("b2"), NOW, beside="b", draft=before)
    assert sessions.load(asked).draft == before


def test_a_version_that_is_taken_back_leaves_the_others(sessions, asked):
    sessions.add_turn(asked, question("b2"), NOW, beside="b")
    sessions.remove_turn("b2")
    assert shown(sessions, asked) == ["a", "b", "c"]
    assert sessions.load(asked).versions == ()


def test_only_a_turn_of_the_session_has_branches_beside_it(sessions, asked):
    other = sessions.create("claude-test", NOW)
    sessions.add_turn(other.id, question("elsewhere"), NOW)
    with pytest.raises(TurnMissing):
        sessions.add_turn(asked, question("x"), NOW, beside="elsewhere")
    with pytest.raises(TurnMissing):
        sessions.show_branch(asked, "elsewhere")
    assert shown(sessions, asked) == ["a", "b", "c"]


def test_a_session_that_branched_off_begins_with_the_same_turns_and_costs_nothing_yet(sessions, asked):
    sessions.set_system(asked, "Be brief.")
    session = sessions.load(asked)
    made = sessions.load(sessions.branch_off(session, session.turns[:2], "a (branch)", NOW))
    assert made.title == "a (branch)"
    assert made.system == "Be brief."
    assert [replace(turn, id="") for turn in made.turns] == [
        replace(turn, id="", answer=replace(turn.answer, cost_usd=None)) for turn in session.turns[:2]
    ]
    assert made.cost_usd == 0
    sessions.delete(made.id)
    assert sessions.load(asked) == session


def test_thoughts_beside_the_shown_branch_are_found_by_what_they_follow(sessions, asked):
    thought = replace(DONE, content_json='[{"type":"thinking","signature":"s"}]')
    sessions.save_answer("c", thought)
    sessions.add_turn(asked, question("b2"), NOW, beside="b")
    sessions.save_answer("b2", thought)
    assert [turn_id for turn_id, _ in sessions.thoughts_beside(asked, None)] == ["c"]
    assert [turn_id for turn_id, _ in sessions.thoughts_beside(asked, "a")] == ["c"]
    assert sessions.thoughts_beside(asked, "b2") == ()


@dataclass
class Model:
    """What should be: who was asked after whom, and where each turn led when it was last shown."""

    parents: dict[str, str | None] = field(default_factory=dict)
    leaf: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)

    def show(self, last: str | None) -> None:
        self.path = []
        while last is not None:
            self.path.insert(0, last)
            last = self.parents[last]
        for turn_id in self.path:
            self.leaf[turn_id] = self.path[-1]

    def beside(self, turn_id: str) -> tuple[str, ...]:
        return tuple(one for one, parent in self.parents.items() if parent == self.parents[turn_id])

    def take_back(self) -> None:
        gone = self.path[-1]
        parent = self.parents[gone]
        others = [one for one in self.beside(gone) if one != gone]
        del self.parents[gone]
        self.show(self.leaf[others[-1]] if others else parent)


STEPS = ["ask", "edit", "show", "take back", "reopen"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 99))))
def test_any_sequence_of_edits_leaves_every_turn_and_one_branch_shown(database, steps):
    sessions, model = Sessions(database), Model()
    session_id = sessions.create("claude-test", NOW).id
    prompts: dict[str, str] = {}
    for number, (step, choice) in enumerate(steps):
        turn_id = f"{session_id}/{number}"
        known = list(model.parents)
        if step == "ask" or (step == "edit" and not known):
            model.parents[turn_id] = model.path[-1] if model.path else None
            sessions.add_turn(session_id, question(turn_id, turn_id), NOW)
            model.show(turn_id)
        elif step == "edit":
            beside = known[choice % len(known)]
            model.parents[turn_id] = model.parents[beside]
            sessions.add_turn(session_id, question(turn_id, turn_id), NOW, beside=beside)
            model.show(turn_id)
        elif step == "show" and known:
            target = known[choice % len(known)]
            sessions.show_branch(session_id, target)
            model.show(model.leaf[target])
        elif step == "take back" and known:
            sessions.remove_turn(model.path[-1])
            model.take_back()
        elif step == "reopen":
            sessions = Sessions(database)
        session = sessions.load(session_id)
        assert [turn.id for turn in session.turns] == model.path
        assert [session.versions_of(one) for one in model.path] == [model.beside(one) for one in model.path]
        prompts = {one: one for one in model.parents}
    kept = database.read("SELECT id, prompt FROM turns WHERE session_id = ?", (session_id,))
    assert dict(kept) == prompts
    assert database.problems() == ()


ids = st.sampled_from(["a", "b", "c", "d", "e"])


@given(
    st.dictionaries(ids, st.tuples(st.none() | ids, st.none() | ids)).map(
        lambda links: [Link(turn_id, *others) for turn_id, others in links.items()]
    ),
    st.none() | ids,
)
def test_damaged_links_make_a_shorter_branch_but_never_an_endless_one(links, head_id):
    tree = Tree(links)
    path = tree.path(head_id)
    assert len(set(path)) == len(path)
    assert bool(path) == bool(links)
    for turn_id in path:
        assert turn_id in tree.beside(turn_id)
        assert len(tree.beneath(turn_id)) <= len(links)


def test_a_session_of_an_earlier_version_shows_its_turns_in_a_row(tmp_path, asked, database):
    with database.writing() as transaction:
        transaction.execute("UPDATE sessions SET head_id = NULL")
        transaction.execute("UPDATE turns SET followed_by = NULL")
    assert shown(Sessions(database), asked) == ["a", "b", "c"]


def test_the_shown_branch_is_the_same_in_the_next_run(tmp_path):
    path = tmp_path / "again.db"
    database = Database.open(path)
    sessions = Sessions(database)
    session_id = sessions.create("claude-test", NOW).id
    sessions.add_turn(session_id, question("a"), NOW)
    sessions.add_turn(session_id, question("a2"), NOW, beside="a")
    sessions.show_branch(session_id, "a")
    database.close()
    database = Database.open(path)
    assert shown(Sessions(database), session_id) == ["a"]
    database.close()


def test_a_bundle_carries_every_branch_and_what_is_being_edited(database, sessions):
    one, two, other, card = (str(UUID(int=number)) for number in range(1, 5))
    session_id = sessions.create("claude-test", NOW).id
    for turn_id in (one, two):
        sessions.add_turn(session_id, question(turn_id, turn_id), NOW)
    sessions.add_turn(session_id, question(other, "other"), NOW, beside=two)
    sessions.show_branch(session_id, two)
    aside = Draft((replace(picture("later.png"), id=card),), "and this?")
    sessions.save_draft(session_id, Draft(text="Please.", editing=Editing(two, aside)), NOW)
    with guests(len(MIGRATIONS), [session_rows(database, session_id)]) as admitted:
        (made,) = take_in(database, admitted.rows(), NOW)
    session = sessions.load(made)
    assert [turn.prompt for turn in session.turns] == [one, two]
    assert session.draft.editing.turn_id == session.turns[-1].id != two
    (later,) = session.draft.editing.aside.images
    assert (later.name, later.id != card) == ("later.png", True)
    ((_, beside),) = session.versions
    sessions.show_branch(made, beside)
    assert [turn.prompt for turn in sessions.load(made).turns] == [one, "other"]
    assert database.problems() == ()


def test_a_copy_of_a_session_edits_its_own_turn(database, sessions, asked):
    sessions.add_turn(asked, question("b2", "b2"), NOW, beside="b")
    sessions.save_draft(asked, Draft(text="b2, please", editing=Editing("b2", Draft(text="later"))), NOW)
    made = sessions.load(Shelf(database).duplicate(asked, "Copy", NOW))
    assert [turn.prompt for turn in made.turns] == ["a", "b2"]
    assert made.draft.editing == Editing(made.turns[1].id, Draft(text="later"))
