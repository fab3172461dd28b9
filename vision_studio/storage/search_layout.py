"""The step of the database's layout that makes turns and sessions findable by their words.

Like every step, it is not edited once it was released.

The index keeps no text of its own: two views say what is findable, and triggers on the tables below them keep
the index equal to the views, whoever writes. Before a row changes, the document it belongs to is taken out of
the index with the words the view still shows; afterwards it is put in again. A turn is findable from the
moment its answer is over, so an answer that is saved every second while it streams is indexed once.
"""

from __future__ import annotations

_OVER = "NOT IN ('waiting', 'streaming')"

_IMAGES = (
    "coalesce((SELECT group_concat(name || ' ' || label, char(10)) FROM turn_images "
    "WHERE turn_id = {turn_id}{but}), '')"
)
_TAGS = (
    "coalesce((SELECT group_concat(tag, char(10)) FROM session_tags "
    "WHERE session_id = {session_id}{but}), '')"
)

_TURN = "INSERT INTO turn_words (rowid, prompt, answer, images) SELECT key, prompt, answer, images"
_NO_TURN = (
    "INSERT INTO turn_words (turn_words, rowid, prompt, answer, images) "
    "SELECT 'delete', key, prompt, answer, {images}"
)
_SESSION = "INSERT INTO session_words (rowid, title, tags) SELECT key, title, tags"
_NO_SESSION = (
    "INSERT INTO session_words (session_words, rowid, title, tags) SELECT 'delete', key, title, {tags}"
)


def _trigger(name: str, event: str, statements: str, condition: str = "") -> str:
    when = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} {event}{when} BEGIN {statements} END;\n"


def _turn_in(where: str) -> str:
    return f"{_TURN} FROM searched_turns WHERE {where};"


def _turn_out(where: str, images: str = "images") -> str:
    return f"{_NO_TURN.format(images=images)} FROM searched_turns WHERE {where};"


def _session_in(where: str) -> str:
    return f"{_SESSION} FROM searched_sessions WHERE {where};"


def _session_out(where: str, tags: str = "tags") -> str:
    return f"{_NO_SESSION.format(tags=tags)} FROM searched_sessions WHERE {where};"


def _of_turn(row: str) -> str:
    return f"key = (SELECT key FROM turns WHERE id = {row}.turn_id)"


def _of_session(row: str) -> str:
    return f"key = (SELECT key FROM sessions WHERE id = {row}.session_id)"


_IMAGES_BUT_NEW = _IMAGES.format(turn_id="NEW.turn_id", but=" AND position <> NEW.position")
_TAGS_BUT_NEW = _TAGS.format(session_id="NEW.session_id", but=" AND tag <> NEW.tag")

# "unicode61 remove_diacritics 2": a word is found whatever its case and accents. The short prefixes have
# lists of their own, as the first letters typed stand before the most words. No column sizes: nothing is
# ranked.
SEARCH_INDEX = f"""
CREATE VIEW searched_turns (key, prompt, answer, images) AS
    SELECT turns.key, turns.prompt, answers.text, {_IMAGES.format(turn_id="turns.id", but="")}
    FROM turns JOIN answers ON answers.turn_id = turns.id WHERE answers.outcome {_OVER};

CREATE VIEW searched_sessions (key, title, tags) AS
    SELECT key, title, {_TAGS.format(session_id="sessions.id", but="")} FROM sessions;

CREATE VIRTUAL TABLE turn_words USING fts5 (
    prompt, answer, images, content='searched_turns', content_rowid='key',
    tokenize="unicode61 remove_diacritics 2", prefix='2 3', columnsize=0
);
CREATE VIRTUAL TABLE session_words USING fts5 (
    title, tags, content='searched_sessions', content_rowid='key',
    tokenize="unicode61 remove_diacritics 2", prefix='2 3', columnsize=0
);

{_trigger("turn_found", "AFTER INSERT ON turns", _turn_in("key = NEW.key"))}
{_trigger("turn_gone", "BEFORE DELETE ON turns", _turn_out("key = OLD.key"))}
{
    _trigger(
        "prompt_leaves",
        "BEFORE UPDATE OF prompt ON turns",
        _turn_out("key = OLD.key"),
        "OLD.prompt IS NOT NEW.prompt",
    )
}
{
    _trigger(
        "prompt_found",
        "AFTER UPDATE OF prompt ON turns",
        _turn_in("key = NEW.key"),
        "OLD.prompt IS NOT NEW.prompt",
    )
}

{_trigger("answer_found", "AFTER INSERT ON answers", _turn_in(_of_turn("NEW")))}
{_trigger("answer_gone", "BEFORE DELETE ON answers", _turn_out(_of_turn("OLD")))}
{
    _trigger(
        "answer_leaves",
        "BEFORE UPDATE OF text, outcome ON answers",
        _turn_out(_of_turn("OLD")),
        f"OLD.outcome {_OVER} AND (OLD.text IS NOT NEW.text OR NOT NEW.outcome {_OVER})",
    )
}
{
    _trigger(
        "answer_changed",
        "AFTER UPDATE OF text, outcome ON answers",
        _turn_in(_of_turn("NEW")),
        f"NEW.outcome {_OVER} AND (OLD.text IS NOT NEW.text OR NOT OLD.outcome {_OVER})",
    )
}

{
    _trigger(
        "image_found",
        "AFTER INSERT ON turn_images",
        _turn_out(_of_turn("NEW"), _IMAGES_BUT_NEW) + " " + _turn_in(_of_turn("NEW")),
    )
}
{_trigger("image_leaves", "BEFORE DELETE ON turn_images", _turn_out(_of_turn("OLD")))}
{_trigger("image_gone", "AFTER DELETE ON turn_images", _turn_in(_of_turn("OLD")))}
{
    _trigger(
        "image_renamed",
        "BEFORE UPDATE OF name, label ON turn_images",
        _turn_out(_of_turn("OLD")),
        "OLD.name IS NOT NEW.name OR OLD.label IS NOT NEW.label",
    )
}
{
    _trigger(
        "image_changed",
        "AFTER UPDATE OF name, label ON turn_images",
        _turn_in(_of_turn("NEW")),
        "OLD.name IS NOT NEW.name OR OLD.label IS NOT NEW.label",
    )
}

{_trigger("session_found", "AFTER INSERT ON sessions", _session_in("key = NEW.key"))}
{_trigger("session_gone", "BEFORE DELETE ON sessions", _session_out("key = OLD.key"))}
{
    _trigger(
        "title_leaves",
        "BEFORE UPDATE OF title ON sessions",
        _session_out("key = OLD.key"),
        "OLD.title IS NOT NEW.title",
    )
}
{
    _trigger(
        "title_found",
        "AFTER UPDATE OF title ON sessions",
        _session_in("key = NEW.key"),
        "OLD.title IS NOT NEW.title",
    )
}
{
    _trigger(
        "tag_found",
        "AFTER INSERT ON session_tags",
        _session_out(_of_session("NEW"), _TAGS_BUT_NEW) + " " + _session_in(_of_session("NEW")),
    )
}
{_trigger("tag_leaves", "BEFORE DELETE ON session_tags", _session_out(_of_session("OLD")))}
{_trigger("tag_gone", "AFTER DELETE ON session_tags", _session_in(_of_session("OLD")))}

-- The archive and the pins are looked up by themselves, and each session's newest turn by its date.
CREATE INDEX sessions_listed ON sessions (archived, pinned, updated_at, key) WHERE deleted_at IS NULL;

INSERT INTO turn_words (turn_words) VALUES ('rebuild');
INSERT INTO session_words (session_words) VALUES ('rebuild');
"""
