"""What leaves in a bundle comes back the same but for its ids, whatever a session learns to hold."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage import samples
from tests.storage.samples import NOW, later
from vision_studio.core.conversation import Answer, Outcome, SentImage, Session, Turn
from vision_studio.core.draft import Draft, Image
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.request_settings import Cache, RequestSettings, Thinking
from vision_studio.storage.bundle_rows import guests, session_rows, take_in
from vision_studio.storage.database import Database
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.sessions import Sessions

SAID = json.dumps([{"type": "thinking", "thinking": "…", "signature": "s"}, {"type": "text", "text": "Yes."}])


def with_ids(turns: list[Turn], draft: Draft) -> tuple[list[Turn], Draft]:
    """Give everything an id as the application does; some mentions are bound to pictures that are there."""
    following = iter(range(1, 1000))

    def card(image: Image) -> Image:
        return replace(image, id=UUID(int=next(following)).hex)

    made = []
    for turn in turns:
        images = tuple(replace(sent, image=card(sent.image)) for sent in turn.images)
        bound = images[0].image.id if images else "gone"
        mentions = tuple(replace(mention, image_id=bound) for mention in turn.mentions)
        answer = replace(turn.answer, content_json=SAID if turn.answer.content_json else "")
        turn_id = str(UUID(int=next(following)))
        made.append(
            Turn(turn_id, turn.prompt, images, answer, turn.created_at, turn.estimated_tokens, mentions)
        )
    cards = tuple(card(image) for image in draft.images)
    bound = cards[0].id if cards else "gone"
    mentions = tuple(replace(mention, image_id=bound) for mention in draft.mentions)
    return made, replace(draft, images=cards, mentions=mentions)


def plain(session: Session) -> Session:
    """Return a session with places for ids, so that two can be compared."""
    names: dict[str, str] = {}

    def named(one: str) -> str:
        return names.setdefault(one, f"#{len(names)}") if one != "gone" else one

    def sent_image(sent: SentImage) -> SentImage:
        return replace(sent, image=replace(sent.image, id=named(sent.image.id)))

    turns = []
    for turn in session.turns:
        images = tuple(map(sent_image, turn.images))
        mentions = tuple(replace(one, image_id=named(one.image_id)) for one in turn.mentions)
        turns.append(replace(turn, id=named(turn.id), images=images, mentions=mentions))
    draft = session.draft
    cards = tuple(replace(image, id=named(image.id)) for image in draft.images)
    mentions = tuple(replace(one, image_id=named(one.image_id)) for one in draft.mentions)
    draft = replace(draft, images=cards, mentions=mentions)
    return replace(session, id="", turns=tuple(turns), draft=draft, updated_at=NOW)


def settled(session: Session) -> Session:
    """Return a session as it is elsewhere: nobody there waits for an answer."""

    def ended(answer: Answer) -> Answer:
        return answer if answer.outcome.is_over else replace(answer, outcome=Outcome.INTERRUPTED)

    return replace(session, turns=tuple(replace(turn, answer=ended(turn.answer)) for turn in session.turns))


chosen = st.builds(
    RequestSettings,
    effort=st.none() | st.sampled_from(["low", "max"]),
    thinking=st.sampled_from(Thinking),
    max_tokens=st.none() | st.integers(1, 9999),
    cache=st.sampled_from(Cache),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(samples.turns, max_size=3), samples.drafts, samples.texts, chosen)
def test_a_session_comes_back_the_same_but_for_ids(
    database: Database, sessions: Sessions, turns: list[Turn], draft: Draft, system: str, how: RequestSettings
) -> None:
    turns, draft = with_ids(turns, draft)
    session_id = sessions.create("claude-test", NOW).id
    for turn in turns:
        sessions.add_turn(session_id, turn, NOW)
        sessions.save_answer(turn.id, turn.answer)
    sessions.save_draft(session_id, draft, NOW)
    sessions.set_system(session_id, system)
    sessions.set_settings(session_id, how)
    with database.writing() as transaction:
        transaction.execute("INSERT INTO session_tags VALUES (?, 'kept')", (session_id,))
        transaction.execute(
            "UPDATE sessions SET numbering = 'restart', pinned = 1 WHERE id = ?", (session_id,)
        )
    before = sessions.load(session_id)
    rows = json.loads(json.dumps(session_rows(database, session_id)))
    try:
        with guests(len(MIGRATIONS), [rows]) as admitted:
            (made,) = take_in(database, admitted.rows(), later(60))
        after = sessions.load(made)
        assert plain(after) == plain(settled(before))
        assert before.draft != after.draft or not before.draft.images
        assert not {turn.id for turn in before.turns} & {turn.id for turn in after.turns}
        assert database.read("SELECT tag FROM session_tags WHERE session_id = ?", (made,)) == [("kept",)]
        (here, there) = (sessions.summary(one) for one in (session_id, made))
        assert (here.turns, here.images, here.cost_usd) == (there.turns, there.images, there.cost_usd)
        assert (here.cover, here.pinned, there.pinned) == (there.cover, True, False)
        assert there.updated_at == later(60)
    finally:
        with database.writing() as transaction:
            transaction.execute("DELETE FROM sessions")
    assert database.problems() == ()


def test_a_failure_travels_without_the_files_it_names(database: Database, sessions: Sessions) -> None:
    session_id = sessions.create("claude-test", NOW).id
    failure = Failure(FailureKind.FILE_MISSING, "No file file_011CNha8iCJcU1wXNR6q4V8w", 404)
    answer = Answer("claude-test", Outcome.FAILED, failure=failure)
    sessions.add_turn(session_id, Turn(str(UUID(int=1)), "What?", (), answer, NOW), NOW)
    rows = session_rows(database, session_id)
    assert "011CNha8" not in json.dumps(rows)
    with guests(len(MIGRATIONS), [rows]) as admitted:
        (turn,) = admitted.session(admitted.session_ids[0]).turns
    assert turn.answer.failure == replace(failure, message="No file file_…")
