"""How sessions stand in the library: page by page, pinned first; pinned, archived, tagged, duplicated."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from vision_studio.core import tags
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.library_events import Place
from vision_studio.storage.cells import Undecodable, time_cell
from vision_studio.storage.codec import draft_cell, draft_from
from vision_studio.storage.database import Database, Row, Transaction, Value
from vision_studio.storage.errors import SessionMissing
from vision_studio.storage.rows import SUMMARY_COLUMNS, summary_from

PAGE = 100
"""Sessions to a page: some more than a tall window shows."""


@dataclass(frozen=True, slots=True)
class Page:
    summaries: tuple[SessionSummary, ...]
    after: Place | None
    """Pinned, changed at and key of the last one; None after the last page."""


class Shelf:
    """For the thread that opened the database. Methods raise ``StorageFailed`` kinds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: Place | None = None, *, archived: bool = False) -> Page:
        """Return pinned sessions, then the others, the last changed first."""
        further, place = ("", ()) if after is None else ("AND (pinned, updated_at, key) < (?, ?, ?)", after)
        rows = self._database.read(
            f"SELECT {SUMMARY_COLUMNS}, key FROM sessions "
            f"WHERE deleted_at IS NULL AND archived = ? {further} "
            "ORDER BY pinned DESC, updated_at DESC, key DESC LIMIT ?",
            (archived, *place, PAGE + 1),
        )
        return Page(
            tuple(map(summary_from, rows[:PAGE])),
            _place(rows[PAGE - 1]) if len(rows) > PAGE else None,
        )

    def pin(self, session_ids: Iterable[str], *, pinned: bool) -> None:
        self._set("pinned", session_ids, pinned)

    def archive(self, session_ids: Iterable[str], *, archived: bool) -> None:
        self._set("archived", session_ids, archived)

    def tag(self, session_ids: Iterable[str], tag: str) -> None:
        """Give sessions a tag, spelt as it is spelt elsewhere; one that has it keeps it."""
        tag = tags.spelt(tags.tidy(tag), self.tags())
        if not tag:
            return
        with self._database.writing() as transaction:
            transaction.execute_many(
                "INSERT OR IGNORE INTO session_tags (session_id, tag) "
                "SELECT id, ? FROM sessions WHERE id = ?",
                ((tag, session_id) for session_id in session_ids),
            )

    def untag(self, session_ids: Iterable[str], tag: str) -> None:
        with self._database.writing() as transaction:
            transaction.execute_many(
                "DELETE FROM session_tags WHERE session_id = ? AND tag = ?",
                ((session_id, tag) for session_id in session_ids),
            )

    def tags(self) -> tuple[str, ...]:
        """Return the tags in use, in the order of the alphabet."""
        rows = self._database.read(
            "SELECT DISTINCT tag FROM session_tags JOIN sessions ON id = session_id WHERE deleted_at IS NULL"
        )
        return tuple(sorted((tag for (tag,) in rows), key=str.casefold))

    def duplicate(self, session_id: str, title: str, now: datetime) -> str:
        """Copy a conversation whole, with its draft and tags, under a title; return the copy's id.

        Its pictures are the same files. What was billed was billed once: no bill is copied. An answer that
        still comes is copied as far as it has come. Raises ``SessionMissing``.
        """
        made = str(uuid.uuid4())
        with self._database.writing() as transaction:
            turns = [
                turn_id
                for (turn_id,) in transaction.execute(
                    "SELECT id FROM turns WHERE session_id = ? ORDER BY key", (session_id,)
                )
            ]
            new: dict[str | None, str | None] = {turn_id: str(uuid.uuid4()) for turn_id in turns}
            new[None] = None
            found = transaction.execute(
                "SELECT head_id FROM sessions WHERE id = ? AND deleted_at IS NULL", (session_id,)
            )
            if not found:
                raise SessionMissing(session_id)
            own: dict[str, Value] = {"id": made, "title": title, "titled_by_user": True, "pinned": False}
            times: dict[str, Value] = {"created_at": time_cell(now), "updated_at": time_cell(now)}
            head: dict[str, Value] = {"head_id": new.get(found[0][0])}
            _copy(transaction, "sessions", "id", session_id, {"key": None, **own, **times, **head})
            for table in ("drafts", "session_tags"):
                _copy(transaction, table, "session_id", session_id, {"session_id": made})
            for turn_id in turns:
                ((parent, follower),) = transaction.execute(
                    "SELECT parent_id, followed_by FROM turns WHERE id = ?", (turn_id,)
                )
                links = {"parent_id": new.get(parent), "followed_by": new.get(follower)}
                turn = {"id": new[turn_id], "session_id": made, **links}
                _copy(transaction, "turns", "id", turn_id, {"key": None, **turn})
                for table in ("turn_images", "answers"):
                    _copy(transaction, table, "turn_id", turn_id, {"turn_id": new[turn_id]})
            transaction.execute(
                "UPDATE answers SET outcome = 'interrupted' WHERE outcome IN ('waiting', 'streaming') "
                "AND turn_id IN (SELECT id FROM turns WHERE session_id = ?)",
                (made,),
            )
            _edit_own_turn(transaction, made, new)
        return made

    def delete(self, session_ids: Sequence[str]) -> None:
        """Take sessions out of sight, in one step; ``Sessions.restore`` brings each back whole."""
        now = time_cell(datetime.now(UTC))
        with self._database.writing() as transaction:
            transaction.execute_many(
                "UPDATE sessions SET deleted_at = ? WHERE id = ?",
                ((now, session_id) for session_id in session_ids),
            )

    def _set(self, column: str, session_ids: Iterable[str], value: bool) -> None:  # private
        with self._database.writing() as transaction:
            transaction.execute_many(
                f"UPDATE sessions SET {column} = ? WHERE id = ?",
                ((value, session_id) for session_id in session_ids),
            )


def _place(row: Row) -> Place:
    """Return where a row of the list stands."""
    updated_at, pinned, key = row[2], row[7], row[-1]
    return pinned, updated_at, key


def _edit_own_turn(transaction: Transaction, session_id: str, new: Mapping[str | None, str | None]) -> None:
    """Have a copied draft that is to be another version of a turn mean the copy of that turn."""
    for (cell,) in transaction.execute("SELECT content FROM drafts WHERE session_id = ?", (session_id,)):
        try:
            draft = draft_from(cell)
        except Undecodable:
            return  # it is as damaged as the original
        if draft.editing is not None:
            editing = replace(draft.editing, turn_id=new.get(draft.editing.turn_id) or "")
            transaction.execute(
                "UPDATE drafts SET content = ? WHERE session_id = ?",
                (draft_cell(replace(draft, editing=editing)), session_id),
            )


def _copy(transaction: Transaction, table: str, column: str, cell: str, changed: Mapping[str, Value]) -> None:
    """Copy the rows of a table that are of something, with some cells changed."""
    columns = [row[1] for row in transaction.execute(f"PRAGMA table_info({table})")]
    values = ", ".join("?" if name in changed else name for name in columns)
    transaction.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {column} = ?",
        [*(changed[name] for name in columns if name in changed), cell],
    )
