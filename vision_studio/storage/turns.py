"""Turns as rows of three tables: the question, its pictures, its answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from vision_studio.core.conversation import Answer, SentImage, Turn
from vision_studio.storage.cells import Undecodable, time_cell, time_from
from vision_studio.storage.codec import mentions_cell, mentions_from
from vision_studio.storage.database import Database, Row, Transaction
from vision_studio.storage.rows import (
    ANSWER_COLUMNS,
    IMAGE_COLUMNS,
    answer_cells,
    answer_from,
    sent_image_cells,
    sent_image_from,
)


def _marks(columns: str) -> str:
    return ", ".join("?" * (columns.count(",") + 1))


_PUT_IMAGE = (
    f"INSERT INTO turn_images (turn_id, position, {IMAGE_COLUMNS}) VALUES (?, ?, {_marks(IMAGE_COLUMNS)}) "
    "ON CONFLICT (turn_id, position) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in IMAGE_COLUMNS.split(", "))
)
_PUT_ANSWER = (
    f"INSERT INTO answers (turn_id, {ANSWER_COLUMNS}) VALUES (?, {_marks(ANSWER_COLUMNS)}) "
    "ON CONFLICT (turn_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in ANSWER_COLUMNS.split(", "))
)


def read_turns(database: Database, session_id: str) -> tuple[Turn, ...]:
    """Return a session's turns in order. Raises ``Undecodable``."""
    pictures: dict[str, list[SentImage]] = {}
    for turn_id, *cells in database.read(
        f"SELECT turn_id, {IMAGE_COLUMNS} FROM turns JOIN turn_images ON turn_id = id "
        "WHERE session_id = ? ORDER BY turns.position, turn_images.position",
        (session_id,),
    ):
        pictures.setdefault(turn_id, []).append(sent_image_from(tuple(cells)))
    rows = database.read(
        f"SELECT id, prompt, created_at, estimated_tokens, mentions, {ANSWER_COLUMNS} "
        "FROM turns LEFT JOIN answers ON turn_id = id WHERE session_id = ? ORDER BY position",
        (session_id,),
    )
    return tuple(_turn(row, pictures.get(row[0], ())) for row in rows)


def read_unfinished(database: Database) -> tuple[tuple[str, str, Answer], ...]:
    """Return (session id, turn id, answer) of the answers that are not over, but for damaged ones."""
    rows = database.read(
        f"SELECT session_id, id, {ANSWER_COLUMNS} FROM answers JOIN turns ON turn_id = id "
        "WHERE outcome IN ('waiting', 'streaming') ORDER BY created_at"
    )
    found = []
    for session_id, turn_id, *cells in rows:
        with suppress(Undecodable):
            found.append((session_id, turn_id, answer_from(tuple(cells))))
    return tuple(found)


def append_turn(transaction: Transaction, session_id: str, turn: Turn) -> None:
    """Put a turn after the session's last one, as its child."""
    last = transaction.execute(
        "SELECT id, position FROM turns WHERE session_id = ? ORDER BY position DESC LIMIT 1",
        (session_id,),
    )
    parent_id, position = last[0] if last else (None, 0)
    transaction.execute(
        "INSERT INTO turns "
        "(id, session_id, parent_id, position, prompt, created_at, estimated_tokens, mentions) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            turn.id,
            session_id,
            parent_id,
            position + 1,
            turn.prompt,
            time_cell(turn.created_at),
            turn.estimated_tokens,
            mentions_cell(turn.mentions),
        ),
    )
    put_images(transaction, turn.id, turn.images)
    put_answer(transaction, turn.id, turn.answer)


def put_answer(transaction: Transaction, turn_id: str, answer: Answer) -> None:
    """Write or overwrite the one row of a turn's answer."""
    transaction.execute(_PUT_ANSWER, (turn_id, *answer_cells(answer)))


def put_images(transaction: Transaction, turn_id: str, images: Sequence[SentImage]) -> None:
    """Make these the turn's pictures. Rows that are there are changed: by their names a turn is found."""
    transaction.execute("DELETE FROM turn_images WHERE turn_id = ? AND position >= ?", (turn_id, len(images)))
    transaction.execute_many(
        _PUT_IMAGE,
        ((turn_id, position, *sent_image_cells(sent)) for position, sent in enumerate(images)),
    )


def _turn(row: Row, pictures: Iterable[SentImage]) -> Turn:
    turn_id, prompt, created_at, estimated_tokens, mentions = row[:5]
    if row[5] is None:
        raise Undecodable("a question has lost the row of its answer")
    return Turn(
        turn_id,
        prompt,
        tuple(pictures),
        answer_from(row[5:]),
        time_from(created_at),
        estimated_tokens,
        mentions_from(mentions),
    )
