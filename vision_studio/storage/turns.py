"""Turns as rows of three tables: the question, its pictures, its answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from vision_studio.core.conversation import Answer, SentImage, Turn
from vision_studio.storage.branches import Link, Tree
from vision_studio.storage.cells import Undecodable, money_or_zero, time_cell, time_from
from vision_studio.storage.codec import mentions_cell, mentions_from
from vision_studio.storage.database import Database, Row, Transaction, Value
from vision_studio.storage.errors import TurnMissing
from vision_studio.storage.rows import (
    ANSWER_COLUMNS,
    IMAGE_COLUMNS,
    answer_cells,
    answer_from,
    sent_image_cells,
    sent_image_from,
)

Read = Callable[[str, Sequence[Value]], list[Row]]
"""Runs a query, within a transaction or without one."""


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


@dataclass(frozen=True, slots=True)
class Branch:
    """What is shown of a session, and what is beside it."""

    turns: tuple[Turn, ...]
    versions: tuple[tuple[str, ...], ...]
    """As ``Session`` has them."""
    hidden_usd: Decimal


_FOLLOW = "UPDATE turns SET followed_by = ? WHERE id = ? AND followed_by IS NOT ?"


def read_tree(read: Read, session_id: str) -> Tree:
    rows = read(
        "SELECT id, parent_id, followed_by FROM turns WHERE session_id = ? ORDER BY key", (session_id,)
    )
    return Tree([Link(*row) for row in rows])


def read_path(read: Read, session_id: str) -> tuple[Tree, tuple[str, ...]]:
    """Return all of a session's turns, and the ids of those on the branch that is shown."""
    tree = read_tree(read, session_id)
    rows = read("SELECT head_id FROM sessions WHERE id = ?", (session_id,))
    return tree, tree.path(rows[0][0] if rows else None)


def read_branch(database: Database, session_id: str) -> Branch:
    """Return the branch of a session that is shown. Raises ``Undecodable``."""
    tree, path = read_path(database.read, session_id)
    shown = ids_cell(path)
    pictures: dict[str, list[SentImage]] = {}
    for turn_id, *cells in database.read(
        f"SELECT turn_id, {IMAGE_COLUMNS} FROM turn_images "
        "WHERE turn_id IN (SELECT value FROM json_each(?)) ORDER BY turn_id, position",
        (shown,),
    ):
        pictures.setdefault(turn_id, []).append(sent_image_from(tuple(cells)))
    rows = database.read(
        f"SELECT id, prompt, created_at, estimated_tokens, mentions, {ANSWER_COLUMNS} "
        "FROM turns LEFT JOIN answers ON turn_id = id WHERE id IN (SELECT value FROM json_each(?))",
        (shown,),
    )
    turns = {row[0]: _turn(row, pictures.get(row[0], ())) for row in rows}
    costs = database.read(
        "SELECT cost_usd FROM turns JOIN answers ON turn_id = id WHERE session_id = ? "
        "AND cost_usd IS NOT NULL AND id NOT IN (SELECT value FROM json_each(?))",
        (session_id, shown),
    )
    versions = (tree.beside(turn_id) for turn_id in path)
    return Branch(
        tuple(turns[turn_id] for turn_id in path),
        tuple(ids for ids in versions if len(ids) > 1),
        sum((money_or_zero(cost) for (cost,) in costs), Decimal()),
    )


def read_thoughts_beside(
    database: Database, session_id: str, after: str | None
) -> tuple[tuple[str, Answer], ...]:
    """Return (turn id, answer) of answers with thoughts, on branches that are not shown.

    ``after``: of those that follow this turn; None: of all. Damaged ones are passed over.
    """
    tree, path = read_path(database.read, session_id)
    rows = database.read(
        f"SELECT id, {ANSWER_COLUMNS} FROM turns JOIN answers ON turn_id = id "
        "WHERE session_id = ? AND content_json LIKE '%thinking%' ORDER BY key",
        (session_id,),
    )
    wanted = None if after is None else tree.beneath(after)
    found = []
    for turn_id, *cells in rows:
        if turn_id not in path and (wanted is None or turn_id in wanted):
            with suppress(Undecodable):
                found.append((turn_id, answer_from(tuple(cells))))
    return tuple(found)


def ids_cell(ids: Sequence[str]) -> str:
    """Return ids as SQLite's ``json_each`` takes them."""
    return json.dumps(ids)


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


def append_turn(transaction: Transaction, session_id: str, turn: Turn, beside: str | None = None) -> None:
    """Put a turn after the last one of the branch that is shown, or ``beside`` one of the session.

    Its branch is the one that is shown then. Raises ``TurnMissing``.
    """
    tree, path = read_path(transaction.execute, session_id)
    if beside is None:
        parent_id = path[-1] if path else None
    else:
        if beside not in tree:
            raise TurnMissing(beside)
        parent_id = tree.parent(beside)
    position = 0
    if parent_id is not None:
        position = transaction.execute("SELECT position FROM turns WHERE id = ?", (parent_id,))[0][0]
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
    transaction.execute("UPDATE sessions SET head_id = ? WHERE id = ?", (turn.id, session_id))
    transaction.execute(_FOLLOW, (turn.id, parent_id, turn.id))


def show_branch(transaction: Transaction, session_id: str, turn_id: str) -> None:
    """Have the branch shown that was last shown with a turn in it. Raises ``TurnMissing``."""
    tree = read_tree(transaction.execute, session_id)
    if turn_id not in tree:
        raise TurnMissing(turn_id)
    path = tree.path(turn_id)
    transaction.execute("UPDATE sessions SET head_id = ? WHERE id = ?", (path[-1], session_id))
    transaction.execute_many(_FOLLOW, ((after, before, after) for before, after in pairwise(path)))


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
