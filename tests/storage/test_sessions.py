"""Sessions come back as they were left, and one that is damaged stands in no other's way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage import samples
from tests.storage.samples import NOW, later, picture, question
from vision_studio.core.conversation import Answer, Outcome, SentImage, Usage
from vision_studio.core.draft import Draft, Rendition
from vision_studio.core.failures import FailureKind
from vision_studio.core.numbering import Numbering
from vision_studio.core.size import Size
from vision_studio.storage.database import Database
from vision_studio.storage.errors import SessionDamaged, SessionMissing, TurnMissing
from vision_studio.storage.sessions import Sessions

DONE = Answer("claude-test", Outcome.ANSWERED, "A cat.", usage=Usage(10, 5), cost_usd=Decimal("0.0231"))

one_database_is_enough = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50
)


def titles(sessions):
    return [summary.title for summary in sessions.list()]


def titled(sessions, title, at=NOW):
    session = sessions.create("claude-test", at)
    sessions.rename(session.id, title)
    return session.id


# What comes back


def test_a_new_session_is_empty_and_listed(sessions):
    session = sessions.create("claude-test", NOW)
    assert sessions.load(session.id) == session
    assert [summary.id for summary in sessions.list()] == [session.id]


@one_database_is_enough
@given(samples.drafts)
def test_a_draft_comes_back_as_it_was(sessions, draft):
    session = sessions.create("claude-test", NOW)
    sessions.save_draft(session.id, draft, NOW)
    assert sessions.load(session.id).draft == draft


@one_database_is_enough
@given(st.lists(samples.turns, max_size=4))
def test_turns_come_back_as_they_were_in_their_order(sessions, turns):
    session = sessions.create("claude-test", NOW)
    turns = [replace(turn, id=f"{session.id}/{place}") for place, turn in enumerate(turns)]
    for turn in turns:
        sessions.add_turn(session.id, turn, NOW)
    assert sessions.load(session.id).turns == tuple(turns)


@one_database_is_enough
@given(samples.answers, samples.answers)
def test_an_answer_replaces_the_one_before_it(sessions, first, second):
    session = sessions.create("claude-test", NOW)
    turn_id = f"turn of {session.id}"
    sessions.add_turn(session.id, question(turn_id), NOW)
    sessions.save_answer(turn_id, first)
    sessions.save_answer(turn_id, second)
    assert sessions.load(session.id).turns[0].answer == second


def test_everything_is_there_in_the_next_run(tmp_path):
    database = Database.open(tmp_path / "studio.db")
    sessions = Sessions(database)
    session = sessions.create("claude-test", NOW)
    sessions.set_system(session.id, "Réponds en français. 日本語 😀")
    sessions.set_numbering(session.id, Numbering.RESTART)
    sessions.add_turn(session.id, question("t1", "Qu'est-ce ?", picture("naïve 猫.png")), NOW)
    sessions.save_answer("t1", DONE)
    sessions.save_draft(session.id, Draft((picture("next.png"),), "and this?"), NOW)
    left = sessions.load(session.id)
    database.close()

    database = Database.open(tmp_path / "studio.db")
    assert Sessions(database).load(session.id) == left
    database.close()


def test_half_a_surrogate_pair_shows_as_a_replacement(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1", "a\ud83db"), NOW)
    sessions.rename(session.id, "\udc80 x")
    assert sessions.load(session.id).turns[0].prompt == "a\ufffdb"
    assert titles(sessions) == ["\ufffd x"]


def test_sent_pictures_get_what_was_made_of_them(sessions):
    session = sessions.create("claude-test", NOW)
    turn = question("t1", "What?", picture("a.png"), picture("b.png"))
    sessions.add_turn(session.id, turn, NOW)
    made = Rendition("d" * 64, "image/webp", Size(320, 240), 500)
    sent = tuple(SentImage(image.image, image.number, made) for image in turn.images)
    sessions.save_sent_images("t1", sent)
    assert sessions.load(session.id).turns[0].images == sent
    assert sessions.summary(session.id).images == 2


@pytest.mark.parametrize(
    ("save", "survives_loss_of_power"),
    [
        pytest.param(lambda sessions, s: sessions.rename(s, "x"), True, id="a title"),
        pytest.param(lambda sessions, s: sessions.save_answer("t1", DONE), True, id="an answer that is over"),
        pytest.param(lambda sessions, s: sessions.add_turn(s, question("t2"), NOW), True, id="a question"),
        pytest.param(
            lambda sessions, s: sessions.save_draft(s, Draft(text="x"), NOW, durable=True),
            True,
            id="a draft left behind",
        ),
        pytest.param(
            lambda sessions, s: sessions.save_draft(s, Draft(text="x"), NOW), False, id="a draft being typed"
        ),
        pytest.param(
            lambda sessions, s: sessions.save_answer("t1", Answer("claude-test", Outcome.STREAMING, "A")),
            False,
            id="an answer as it streams",
        ),
    ],
)
def test_what_was_called_saved_survives_a_loss_of_power(database, sessions, save, survives_loss_of_power):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1"), NOW)
    with database.writing(durable=not survives_loss_of_power):
        pass  # so that the level seen below was set by the save itself
    save(sessions, session.id)
    assert database.read("PRAGMA synchronous") == [(2 if survives_loss_of_power else 1,)]


# Sending


def test_sending_empties_the_draft_in_the_same_step(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.save_draft(session.id, Draft((picture(),), "What is this?"), NOW)
    sessions.add_turn(session.id, question("t1", "What is this?", picture()), later(1))
    kept = sessions.load(session.id)
    assert (kept.draft, len(kept.turns), kept.updated_at) == (Draft(), 1, later(1))


def test_a_question_that_cannot_be_kept_leaves_the_draft_alone(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1"), NOW)
    draft = Draft((picture(),), "again")
    sessions.save_draft(session.id, draft, NOW)
    with pytest.raises(Exception, match="UNIQUE"):
        sessions.add_turn(session.id, question("t1", "the same turn twice"), NOW)
    assert sessions.load(session.id).draft == draft
    assert len(sessions.load(session.id).turns) == 1


def test_taking_a_question_back_puts_it_into_the_draft_in_the_same_step(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1", "first"), NOW)
    sessions.add_turn(session.id, question("t2", "second", picture()), NOW)
    sessions.remove_turn("t2", Draft((picture(),), "second"))
    kept = sessions.load(session.id)
    assert [turn.id for turn in kept.turns] == ["t1"]
    assert kept.draft == Draft((picture(),), "second")


def test_a_turn_taken_back_makes_room_for_another(sessions):
    session = sessions.create("claude-test", NOW)
    for turn_id in ("t1", "t2"):
        sessions.add_turn(session.id, question(turn_id), NOW)
    sessions.remove_turn("t2")
    sessions.add_turn(session.id, question("t3"), NOW)
    assert [turn.id for turn in sessions.load(session.id).turns] == ["t1", "t3"]


def test_answers_nobody_is_working_on_any_more_are_called_interrupted(sessions):
    session = sessions.create("claude-test", NOW)
    outcomes = (Outcome.WAITING, Outcome.STREAMING, Outcome.ANSWERED, Outcome.STOPPED)
    for outcome in outcomes:
        sessions.add_turn(session.id, question(outcome), NOW)
        sessions.save_answer(outcome, Answer("claude-test", outcome, "as far as it came"))
    assert sessions.mark_interrupted() == 2
    answers = [turn.answer for turn in sessions.load(session.id).turns]
    assert [answer.outcome for answer in answers] == [
        Outcome.INTERRUPTED,
        Outcome.INTERRUPTED,
        Outcome.ANSWERED,
        Outcome.STOPPED,
    ]
    assert {answer.text for answer in answers} == {"as far as it came"}
    assert sessions.mark_interrupted() == 0


# The library


def test_the_last_changed_session_is_first(sessions):
    old = titled(sessions, "old", NOW)
    titled(sessions, "middle", later(1))
    titled(sessions, "new", later(2))
    assert titles(sessions) == ["new", "middle", "old"]
    sessions.save_draft(old, Draft(text="more"), later(3))
    assert titles(sessions) == ["old", "new", "middle"]
    assert [summary.title for summary in sessions.list(limit=2)] == ["old", "new"]


def test_saving_an_unchanged_draft_does_not_reorder_the_library(sessions):
    old = titled(sessions, "old", NOW)
    titled(sessions, "new", later(1))
    sessions.save_draft(old, Draft(), later(2))
    assert titles(sessions) == ["new", "old"]


def test_a_row_tells_what_is_in_the_session(sessions):
    session = sessions.create("claude-test", NOW)
    first, second, third = picture("a", "a" * 64), picture("b", "b" * 64), picture("c", None)
    sessions.add_turn(session.id, question("t1", "one", first, second), NOW)
    sessions.save_answer("t1", DONE)
    sessions.add_turn(session.id, question("t2", "two"), NOW)
    sessions.save_answer("t2", replace(DONE, cost_usd=Decimal("0.1")))
    sessions.save_draft(session.id, Draft((third,)), NOW)
    summary = sessions.summary(session.id)
    assert (summary.turns, summary.images, summary.cost_usd) == (2, 3, Decimal("0.1231"))
    assert summary.cover == "a" * 64
    assert summary.cost_usd == sessions.load(session.id).cost_usd


def test_before_the_first_question_the_draft_lends_its_picture(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.save_draft(session.id, Draft((picture("a", None), picture("b", "b" * 64))), NOW)
    summary = sessions.summary(session.id)
    assert (summary.images, summary.cover) == (2, "b" * 64)


def test_a_question_taken_back_costs_and_counts_no_more(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1", "one", picture()), NOW)
    sessions.save_answer("t1", DONE)
    sessions.remove_turn("t1")
    summary = sessions.summary(session.id)
    assert (summary.turns, summary.images, summary.cost_usd, summary.cover) == (0, 0, 0, None)


def test_an_untitled_session_is_named_by_its_first_question(sessions):
    session = sessions.create("claude-test", NOW)
    assert titles(sessions) == [""]
    sessions.add_turn(session.id, question("t1", "What is this?"), NOW)
    sessions.add_turn(session.id, question("t2", "And that?"), NOW)
    assert titles(sessions) == ["What is this?"]


def test_a_question_without_words_names_the_session_after_its_picture(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1", " ", picture("a.png"), picture("b.png")), NOW)
    assert titles(sessions) == ["a.png"]


def test_the_users_title_stays(sessions):
    session_id = titled(sessions, "  Receipts  ")
    sessions.add_turn(session_id, question("t1", "What is this?"), NOW)
    assert titles(sessions) == ["Receipts"]
    sessions.rename(session_id, " ")
    assert titles(sessions) == ["What is this?"]


def test_a_session_whose_only_question_was_taken_back_is_named_anew(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1", "What is tihs?"), NOW)
    sessions.remove_turn("t1")
    assert titles(sessions) == [""]
    sessions.add_turn(session.id, question("t2", "What is this?"), NOW)
    assert titles(sessions) == ["What is this?"]


def test_model_and_system_prompt_are_kept(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.set_model(session.id, "claude-other")
    sessions.set_system(session.id, "Be brief.")
    kept = sessions.load(session.id)
    assert (kept.model_id, kept.system) == ("claude-other", "Be brief.")


# Deleting


def test_a_deleted_session_is_gone_until_it_is_restored_whole(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1", "What?", picture()), NOW)
    before = sessions.load(session.id)
    sessions.delete(session.id)
    assert sessions.list() == ()
    with pytest.raises(SessionMissing):
        sessions.load(session.id)
    with pytest.raises(SessionMissing):
        sessions.summary(session.id)
    sessions.restore(session.id)
    assert sessions.load(session.id) == before


def test_a_draft_saved_late_reaches_a_session_just_deleted(sessions):
    session = sessions.create("claude-test", NOW)
    sessions.delete(session.id)
    sessions.save_draft(session.id, Draft(text="last words"), NOW)
    sessions.restore(session.id)
    assert sessions.load(session.id).draft.text == "last words"


def test_the_session_to_open_again(sessions):
    assert sessions.last_opened() is None
    session_id = titled(sessions, "one")
    sessions.set_last_opened(session_id)
    assert sessions.last_opened() == session_id
    sessions.delete(session_id)
    assert sessions.last_opened() is None


@pytest.mark.parametrize(
    "command",
    [
        lambda sessions: sessions.load("nowhere"),
        lambda sessions: sessions.summary("nowhere"),
        lambda sessions: sessions.save_draft("nowhere", Draft(text="x"), NOW),
        lambda sessions: sessions.rename("nowhere", "x"),
        lambda sessions: sessions.set_model("nowhere", "x"),
        lambda sessions: sessions.set_system("nowhere", "x"),
        lambda sessions: sessions.add_turn("nowhere", question("t1"), NOW),
        lambda sessions: sessions.delete("nowhere"),
        lambda sessions: sessions.restore("nowhere"),
    ],
)
def test_a_session_that_is_not_here_is_said_to_be_missing(sessions, command):
    with pytest.raises(SessionMissing) as caught:
        command(sessions)
    assert caught.value.failure.message == "This session is not here any more."


@pytest.mark.parametrize(
    "command",
    [
        lambda sessions: sessions.save_answer("nowhere", DONE),
        lambda sessions: sessions.save_sent_images("nowhere", ()),
        lambda sessions: sessions.remove_turn("nowhere"),
    ],
)
def test_a_turn_that_is_not_here_is_said_to_be_missing(sessions, command):
    with pytest.raises(TurnMissing):
        command(sessions)


# Damage


def damage(database, sql):
    with database.writing() as transaction:
        transaction.execute(sql)


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("UPDATE drafts SET content = '{\"vers'", "its draft"),
        ("UPDATE sessions SET created_at = 9223372036854775807", "its date"),
        ("UPDATE turns SET created_at = -9223372036854775808", "one of its turns"),
        ("UPDATE turn_images SET width = 0", "one of its turns"),
        ("UPDATE turn_images SET traits = 'gps'", "one of its turns"),
        ("UPDATE turn_images SET fidelity = 'grainy'", "one of its turns"),
        ("UPDATE turn_images SET rendition_digest = 'd'", "one of its turns"),
        ("UPDATE answers SET outcome = 'eaten'", "one of its turns"),
        ("UPDATE answers SET cost_usd = 'much'", "one of its turns"),
        ("UPDATE answers SET cost_usd = 'NaN'", "one of its turns"),
        ("UPDATE answers SET failure = '[]'", "one of its turns"),
        ("DELETE FROM answers", "one of its turns"),
    ],
)
def test_a_damaged_session_is_named_and_hides_no_other(database, sessions, sql, part):
    damaged = titled(sessions, "Receipts")
    sessions.add_turn(damaged, question("t1", "What?", picture()), NOW)
    damage(database, sql)
    titled(sessions, "healthy", later(1))
    with pytest.raises(SessionDamaged) as caught:
        sessions.load(damaged)
    assert caught.value.failure.kind is FailureKind.STORAGE
    assert f"“Receipts” cannot be opened: {part} is damaged" in caught.value.failure.message
    assert titles(sessions) == ["healthy", "Receipts"]
    assert sessions.load(sessions.list()[0].id).title == "healthy"


@pytest.mark.parametrize(
    "sql", ["UPDATE sessions SET cost_usd = 'much'", "UPDATE sessions SET updated_at = -9223372036854775808"]
)
def test_a_row_with_a_damaged_cell_is_still_listed(database, sessions, sql):
    titled(sessions, "Receipts")
    damage(database, sql)
    titled(sessions, "healthy", later(1))
    assert titles(sessions) == ["healthy", "Receipts"]


def test_a_damaged_letter_shows_as_a_replacement(database, sessions):
    titled(sessions, "Receipts")
    damage(database, "UPDATE sessions SET title = CAST(x'52ff63' AS TEXT)")
    assert titles(sessions) == ["R�c"]


def test_a_damaged_cost_does_not_keep_the_next_answer_from_being_saved(database, sessions):
    session = sessions.create("claude-test", NOW)
    for turn_id in ("t1", "t2"):
        sessions.add_turn(session.id, question(turn_id), NOW)
    damage(database, "UPDATE answers SET cost_usd = 'much' WHERE turn_id = 't1'")
    sessions.save_answer("t2", DONE)
    assert sessions.summary(session.id).cost_usd == DONE.cost_usd
