"""What is kept is found by its words, and nothing else is; whatever is written, the index follows."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.samples import NOW, later, picture, question
from tests.storage.test_migrations import MIGRATIONS, of_version
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.search import Part, parse
from vision_studio.storage.database import Database
from vision_studio.storage.errors import SessionMissing, TurnMissing
from vision_studio.storage.search import HITS, Search
from vision_studio.storage.sessions import Sessions


def answered(text: str, outcome: Outcome = Outcome.ANSWERED, **fields) -> Answer:
    return Answer("claude-opus-test", outcome, text, **fields)


@pytest.fixture
def search(database):
    return Search(database)


@pytest.fixture
def one(sessions):
    """A session about a roof, a turn each for what can be found."""
    session = sessions.create("claude-opus-test", NOW)
    labelled = replace(picture("IMG_0042.jpg"), label="after repair")
    sessions.add_turn(session.id, question("t1", "What changed on the roof?", labelled), NOW)
    sessions.save_answer("t1", answered("Two tiles are missing. Größe: naïve café.", cost_usd=Decimal("0.5")))
    sessions.add_turn(session.id, question("t2", "And the north wing?"), later(60))
    sessions.save_answer("t2", answered("Nothing changed there.", cost_usd=Decimal("0.7")))
    return session.id


def found(search, text):
    return [hit.turn_id for hit in search.find(parse(text)).hits]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        pytest.param("roof", ["t1"], id="in the question"),
        pytest.param("missing", ["t1"], id="in the answer"),
        pytest.param("img_0042", ["t1"], id="the name of an image"),
        pytest.param("repair", ["t1"], id="the label of an image"),
        pytest.param("changed", ["t2", "t1"], id="newest first"),
        pytest.param("TILES roof repair", ["t1"], id="all words, wherever in the turn"),
        pytest.param("roof wing", [], id="not in different turns"),
        pytest.param("ti", ["t1"], id="as it is typed"),
        pytest.param("missi", ["t1"], id="further typed"),
        pytest.param("t", [], id="one letter is a word of its own"),
        pytest.param("grosse cafe", [], id="sharp s is no double s"),
        pytest.param("große cafe", ["t1"], id="without accents"),
        pytest.param("CAFÉ", ["t1"], id="whatever the case"),
        pytest.param('"two tiles"', ["t1"], id="a phrase"),
        pytest.param('"tiles two"', [], id="not in another order"),
        pytest.param('"tile"', [], id="a phrase is of whole words"),
        pytest.param("north-wing", ["t2"], id="a sign between words"),
        pytest.param("changed has:image", ["t1"], id="with images"),
        pytest.param("changed model:OPUS", ["t2", "t1"], id="of a model"),
        pytest.param("changed model:haiku", [], id="of another model"),
        pytest.param("changed cost>1", ["t2", "t1"], id="of a session that cost more"),
        pytest.param("changed cost>1.2", [], id="not more"),
        pytest.param("changed after:2026-11-22", [], id="later"),
        pytest.param("changed before:2026-11-22 after:2026-11-18", ["t2", "t1"], id="between"),
        pytest.param("changed is:archived", [], id="in the archive"),
    ],
)
def test_turns_are_found_by_their_words(search, one, text, turns):
    assert found(search, text) == turns


def test_a_snippet_marks_the_words_and_says_where_they_are(search, one):
    (hit,) = search.find(parse("cafe")).hits
    assert (hit.session_id, hit.title, hit.part) == (one, "What changed on the roof?", Part.ANSWER)
    assert [span.text for span in hit.snippet if span.marked] == ["café"]
    assert "".join(span.text for span in hit.snippet) == "Two tiles are missing. Größe: naïve café."


def test_a_snippet_is_text_and_no_markup(search, sessions, one):
    text = "<b>bold</b> \ufdd0a\ufdd1 <img src=x> needle \ufdd1\ufdd0"
    sessions.save_answer("t2", answered(text))
    (hit,) = search.find(parse("needle")).hits
    shown = "".join(span.text for span in hit.snippet)
    assert shown == "<b>bold</b> a <img src=x> needle "
    assert "needle" in [span.text for span in hit.snippet if span.marked]


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.STOPPED, Outcome.FAILED])
def test_a_turn_is_found_once_its_answer_is_over(search, sessions, one, outcome):
    sessions.add_turn(one, question("t3", "zebra"), later(120))
    sessions.save_answer("t3", answered("quagga", Outcome.STREAMING))
    assert found(search, "zebra") == found(search, "quagga") == []
    sessions.save_answer("t3", answered("quagga and okapi", outcome))
    assert found(search, "zebra okapi") == ["t3"]


def test_an_answer_that_streams_costs_the_index_nothing(database, sessions, one):
    sessions.add_turn(one, question("t3", "zebra"), later(120))
    before = database.read("SELECT count(*), sum(length(block)) FROM turn_words_data")
    for length in range(1, 50):
        sessions.save_answer("t3", answered("word " * length, Outcome.STREAMING))
    assert database.read("SELECT count(*), sum(length(block)) FROM turn_words_data") == before


def test_what_was_interrupted_is_found_after_recovery(search, sessions, one):
    sessions.add_turn(one, question("t3", "zebra"), later(120))
    sessions.save_answer("t3", answered("quagga", Outcome.STREAMING))
    sessions.mark_interrupted()
    assert found(search, "quagga") == ["t3"]


def test_what_is_deleted_is_not_found_until_it_is_restored(search, sessions, one):
    sessions.delete(one)
    assert found(search, "roof") == []
    assert search.find(parse("roof")).sessions == ()
    sessions.restore(one)
    assert found(search, "roof") == ["t1"]


def test_sessions_are_found_by_title_and_tag_and_filters_alone(search, database, sessions, one):
    with database.writing() as transaction:
        transaction.execute("INSERT INTO session_tags VALUES (?, 'Inspections')", (one,))
    other = sessions.create("claude-haiku-test", later(1))
    sessions.rename(other.id, "Receipts")
    for text, ids in (
        ("recei", [other.id]),
        ("inspect", [one]),
        ("tag:inspections", [one]),
        ("cost>1", [one]),
        ("has:image", [one]),
        ("tag:inspections cost>9", []),
    ):
        assert [summary.id for summary in search.find(parse(text)).sessions] == ids, text
    sessions.rename(other.id, "Bills")
    assert search.find(parse("receipts")).sessions == ()


def test_pages_follow_each_other_to_the_end(search, sessions, one):
    for number in range(HITS + 5):
        sessions.add_turn(one, question(f"n{number}", "numbered"), NOW)
        sessions.save_answer(f"n{number}", answered(""))
    first = search.find(parse("numbered"))
    second = search.find(parse("numbered"), first.after)
    assert [hit.turn_id for hit in (*first.hits, *second.hits)] == [
        f"n{number}" for number in reversed(range(HITS + 5))
    ]
    assert second.after is None


HOSTILE = [*"\"()*-^:+'\0😀", "NEAR(", "AND", "OR", "NOT", "{prompt}", "roof", "model:", "cost>x"]

one_database_is_enough = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


@one_database_is_enough
@given(st.text(max_size=30) | st.lists(st.sampled_from(HOSTILE)).map(" ".join))
def test_nothing_that_is_typed_is_an_error(search, text):
    search.find(parse(text))


# The index against a look at everything

WORDS = ["roof", "roofs", "tile", "été", "Ete", "north", "x1", "x12"]
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
turn_ids = st.integers(0, 5).map("t{}".format)
writes = st.one_of(
    st.tuples(st.just("ask"), turn_ids, texts, st.lists(texts, max_size=2)),
    st.tuples(st.just("answer"), turn_ids, texts, st.sampled_from(Outcome)),
    st.tuples(st.just("images"), turn_ids, st.lists(texts, max_size=3)),
    st.tuples(st.just("take back"), turn_ids),
    st.tuples(st.just("recover")),
    st.tuples(st.just("rename"), texts),
    st.tuples(st.just("delete"), st.booleans()),
    st.tuples(st.just("tag"), st.sampled_from(WORDS)),
    st.tuples(st.just("purge")),
)


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def begins_words(wanted: str, text: str) -> bool:
    return all(
        any(word.startswith(folded(one)) for word in re.findall(r"\w+", folded(text)))
        for one in wanted.split()
    )


def write(database, sessions, session_id, step):
    match step:
        case "ask", turn_id, prompt, names:
            sessions.add_turn(session_id, question(turn_id, prompt, *map(picture, names)), NOW)
        case "answer", turn_id, text, outcome:
            sessions.save_answer(turn_id, answered(text, outcome))
        case "images", turn_id, names:
            sessions.save_sent_images(turn_id, question(turn_id, "", *map(picture, names)).images)
        case "take back", turn_id:
            sessions.remove_turn(turn_id)
        case ("recover",):
            sessions.mark_interrupted()
        case "rename", title:
            sessions.rename(session_id, title)
        case "delete", whether:
            (sessions.delete if whether else sessions.restore)(session_id)
        case "tag", tag:
            with database.writing() as transaction:
                if not transaction.change("DELETE FROM session_tags WHERE tag = ?", (tag,)):
                    transaction.execute("INSERT INTO session_tags VALUES (?, ?)", (session_id, tag))
        case ("purge",):
            with database.writing() as transaction:
                transaction.execute("DELETE FROM sessions WHERE id = ?", (session_id,))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(writes, max_size=14), st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join))
def test_the_index_finds_what_a_look_at_everything_finds(database, sessions, search, steps, wanted):
    with database.writing() as transaction:
        transaction.execute("DELETE FROM sessions")
    session_id = sessions.create("claude-test", NOW).id
    for step in steps:
        # A turn that is not there, or is there already.
        with suppress(TurnMissing, SessionMissing, sqlite3.IntegrityError):
            write(database, sessions, session_id, step)
    assert search.problems() == ()
    kept = [sessions.load(summary.id) for summary in sessions.list()]
    expected = [
        turn.id
        for session in kept
        for turn in reversed(session.turns)
        if turn.answer.outcome.is_over
        and begins_words(
            wanted, "\n".join([turn.prompt, turn.answer.text, *(sent.image.name for sent in turn.images)])
        )
    ]
    assert found(search, wanted) == expected
    tags = [tag for (tag,) in database.read("SELECT tag FROM session_tags")]
    assert [summary.id for summary in search.find(parse(wanted)).sessions] == [
        session.id for session in kept if begins_words(wanted, "\n".join([session.title, *tags]))
    ]


def test_images_that_change_after_the_answer_are_found_by_their_new_names(search, sessions, one):
    for names in (["tower.jpg"], ["tower.jpg", "bridge.jpg"], ["gate.jpg", "bridge.jpg"], ["bridge.jpg"], []):
        sessions.save_sent_images("t1", question("t1", "", *map(picture, names)).images)
        for word in ("tower", "bridge", "gate", "repair"):
            assert found(search, word) == ["t1"] * any(name.startswith(word) for name in names), (names, word)
        assert search.problems() == ()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_what_an_earlier_version_kept_is_found(version, tmp_path: Path):
    path = tmp_path / "studio.db"
    of_version(version, path)
    database = Database.open(path)
    search = Search(database)
    assert found(search, "roof") == found(search, "gruße heic") == found(search, "changed") == ["turn-1"]
    assert search.problems() == ()
    Sessions(database).save_answer("turn-1", answered("A chimney."))
    assert (found(search, "roof"), found(search, "chimney")) == ([], ["turn-1"])
    database.close()


def test_an_index_that_is_wrong_is_noticed_and_built_anew(database, search, one):
    with database.writing() as transaction:
        transaction.execute("INSERT INTO turn_words (turn_words) VALUES ('delete-all')")
    assert search.problems() == ("turn_words: not what searched_turns is",)
    search.rebuild()
    assert search.problems() == ()
    assert found(search, "roof") == ["t1"]


def test_dates_are_those_of_this_computer(search, sessions, one):
    day = datetime(2026, 11, 20, tzinfo=UTC).astimezone().date()
    assert found(search, f"roof after:{day}") == ["t1"]
