"""Sessions as plain rows for a bundle, and back: column by column, so that what a turn learns travels along.

Rows that come in are put into a database in memory first, of the layout they were written under. SQLite's own
types and references check them, the migrations bring them up to date, and the session is read from there as
it will be read ever after; only then do they enter the database that is kept.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vision_studio.core.bundles import DIGEST, FILE_ID, ID
from vision_studio.core.conversation import Session
from vision_studio.core.links import picture_address
from vision_studio.storage.cells import time_cell, time_from
from vision_studio.storage.codec import draft_from, mentions_from
from vision_studio.storage.database import Database, Row, Transaction, Value
from vision_studio.storage.errors import SessionDamaged, SessionMissing, StorageFailed
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.rows import ANSWER_COLUMNS, IMAGE_COLUMNS, answer_from, sent_image_from
from vision_studio.storage.sessions import Sessions, recount

OLDEST_LAYOUT = 6
"""No bundle was ever written under an earlier one."""

Rows = dict[str, list[dict[str, Value]]]
"""The rows of each table, by column."""

_TABLES = {
    "sessions": ("id = ?", "key"),
    "drafts": ("session_id = ?", "session_id"),
    "turns": ("session_id = ?", "key"),
    "turn_images": ("turn_id IN (SELECT id FROM turns WHERE session_id = ?)", "turn_id, position"),
    "answers": ("turn_id IN (SELECT id FROM turns WHERE session_id = ?)", "turn_id"),
    "session_tags": ("session_id = ?", "tag"),
}
"""Which of its rows belong to a session, and their order: parents first."""

_OURS = frozenset(
    {
        *("key", "deleted_at", "pinned", "archived"),
        *("turn_count", "sent_images", "draft_images", "cost_usd", "sent_cover", "draft_cover"),
    }
)
"""Columns of ``sessions`` that say how this library keeps it, or can be counted again."""

_IDS = frozenset({"id", "session_id", "turn_id", "parent_id", "head_id", "followed_by", "image_id"})
_MAY_LACK = ("parent_id", "head_id", "followed_by")
"""Ids of turns that need not be there."""
_JSON = frozenset({"content", "mentions", "edits", "settings"})
"""Columns with JSON in which ids may stand."""


class NotTheirRows(ValueError):
    """Rows that make no session; the message says why, and quotes nothing.

    ``unknown``: they may well make one, for a version that knows more.
    """

    def __init__(self, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob that a session rests on: its bytes, and what they are said to be."""

    digest: str
    size_bytes: int | None = None
    media_type: str | None = None
    """Of a rendition."""
    width: int | None = None
    height: int | None = None


def session_rows(database: Database, session_id: str) -> Rows:
    """Return all that is kept of a session and means something elsewhere. Raises ``SessionMissing``."""
    rows: Rows = {}
    for table, (condition, order) in _TABLES.items():
        columns = [name for name in _columns(database, table) if name not in _left_here(table)]
        found = database.read(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {condition} ORDER BY {order}", (session_id,)
        )
        rows[table] = [dict(zip(columns, row, strict=True)) for row in found]
    if not rows["sessions"]:
        raise SessionMissing(session_id)
    for answer in rows["answers"]:
        if isinstance(failure := answer["failure"], str):
            answer["failure"] = _without_file_ids(failure)
    return rows


def blobs_of(database: Database, session_id: str) -> tuple[Blob, ...]:
    """Return the originals and renditions of a session and its draft, each once, by their digests."""
    pictures = database.read(
        "SELECT digest, size_bytes, rendition_digest, rendition_size_bytes, rendition_media_type, "
        "rendition_width, rendition_height FROM turn_images JOIN turns ON turn_id = id WHERE session_id = ?",
        (session_id,),
    )
    found: dict[str, Blob] = {}
    for digest, size_bytes, *made in pictures:
        if digest is not None:
            found.setdefault(digest, Blob(digest, size_bytes))
        if made[0] is not None:
            found[made[0]] = Blob(*made)
    for (content,) in database.read("SELECT content FROM drafts WHERE session_id = ?", (session_id,)):
        for image in draft_from(content).kept_images:
            if image.digest is not None:
                found.setdefault(image.digest, Blob(image.digest, image.size_bytes))
    return tuple(found[digest] for digest in sorted(found))


def _without_file_ids(failure: str) -> str | None:
    """Return a failure's record without the files that a server's words may name; its kind is a word, too."""
    try:
        said = json.loads(failure)
        said["message"] = FILE_ID.sub("file_…", said["message"])
    except (ValueError, LookupError, TypeError):
        return None  # nobody could read it here, either
    return json.dumps(said, separators=(",", ":"))


class Guests:
    """Sessions read from a bundle, in a database in memory, until they are taken in or turned away."""

    def __init__(self, database: Database, session_ids: Sequence[str]) -> None:
        self._database = database
        self.session_ids = tuple(session_ids)

    def session(self, session_id: str) -> Session:
        return Sessions(self._database).load(session_id)

    def blobs(self) -> tuple[Blob, ...]:
        return tuple(
            {blob.digest: blob for one in self.session_ids for blob in blobs_of(self._database, one)}.values()
        )

    def rows(self) -> list[Rows]:
        """Return the rows of each, brought up to date."""
        return [session_rows(self._database, session_id) for session_id in self.session_ids]


@contextmanager
def guests(layout: int, sessions: Sequence[Mapping[str, Any]]) -> Iterator[Guests]:
    """Check the rows of sessions, and have them ready to be taken in, under ids that nobody has.

    ``layout`` is between ``OLDEST_LAYOUT`` and this version's own. Raises ``NotTheirRows``.
    """
    with closing(Database.in_memory(MIGRATIONS[:layout])) as database:
        try:
            ids = [_admit(database, tables) for tables in sessions]
            database.upgrade(MIGRATIONS[layout:])
            admitted = Guests(database, ids)
            _check_all_turns(database)
            for session_id in ids:
                _check_content(database, session_id)
                admitted.session(session_id)
        except SessionDamaged as error:
            raise NotTheirRows(error.detail) from error
        except StorageFailed as error:
            raise NotTheirRows("its rows do not fit together") from error
        except (sqlite3.Error, OverflowError, TypeError, ValueError, RecursionError) as error:
            if isinstance(error, NotTheirRows):
                raise
            raise NotTheirRows("its rows do not fit together") from error
        yield admitted


def take_in(database: Database, admitted: Sequence[Rows], now: datetime) -> tuple[str, ...]:
    """Keep sessions, all of them or none; return their ids."""
    kept = []
    with database.writing() as transaction:
        for rows in admitted:
            for table, its_rows in rows.items():
                _insert(transaction, table, its_rows)
            session_id = _text(rows["sessions"][0]["id"])
            transaction.execute(
                "UPDATE sessions SET updated_at = ? WHERE id = ?", (time_cell(now), session_id)
            )
            recount(transaction, session_id)
            kept.append(session_id)
    return tuple(kept)


def _admit(database: Database, tables: Mapping[str, Any]) -> str:
    """Put one session's rows into the database in memory, under new ids; return the session's."""
    if not isinstance(tables, dict) or set(tables) - set(_TABLES):
        raise NotTheirRows("a table", unknown=True)
    rows: Rows = {table: _checked(database, table, tables.get(table, [])) for table in _TABLES}
    if len(rows["sessions"]) != 1 or len(rows["drafts"]) > 1:
        raise NotTheirRows("a session is there twice, or not at all")
    session_id = _text(rows["sessions"][0].get("id"))
    turn_ids = {_text(turn.get("id")) for turn in rows["turns"]}
    for table, its_rows in rows.items():
        for row in its_rows:
            _check_ids(table, row, session_id, turn_ids)
    for answer in rows["answers"]:
        if answer.get("outcome") in ("waiting", "streaming"):
            answer["outcome"] = "interrupted"  # nobody here waits for it
    if {_text(answer.get("turn_id")) for answer in rows["answers"]} != turn_ids:
        raise NotTheirRows("a question has lost the row of its answer")
    ids = _new_ids(rows)
    with database.writing() as transaction:
        for table, its_rows in rows.items():
            _insert(transaction, table, [_renamed(row, ids) for row in its_rows])
    return ids[session_id]


def _checked(database: Database, table: str, rows: Any) -> list[dict[str, Value]]:
    known = set(_columns(database, table)) - _left_here(table)
    if not isinstance(rows, list):
        raise NotTheirRows("its rows are no list")
    for row in rows:
        if not isinstance(row, dict):
            raise NotTheirRows("one of its rows is no row")
        if set(row) - known:
            # What it means cannot be known, and it may change what is sent.
            raise NotTheirRows("a column", unknown=True)
        if any(
            isinstance(value, bool) or not isinstance(value, str | int | float | None)
            for value in row.values()
        ):
            raise NotTheirRows("one of its values is none")
    return [dict(row) for row in rows]


def _check_ids(table: str, row: Mapping[str, Value], session_id: str, turn_ids: set[str]) -> None:
    for name in _IDS & set(row):
        value = row[name]
        if value is None and name in _MAY_LACK:
            continue
        if not isinstance(value, str) or not ID.fullmatch(value):
            raise NotTheirRows("one of its ids is none")
        if name == "session_id" and value != session_id:
            raise NotTheirRows("a row belongs to another session")
        if name in ("turn_id", *_MAY_LACK) and value not in turn_ids:
            raise NotTheirRows("a row belongs to a turn that is not there")
    if table == "turns" and row.get("parent_id") == row.get("id"):
        raise NotTheirRows("a turn follows itself")


def _check_all_turns(database: Database) -> None:
    """Read the turns of every branch: a session is only loaded with the one that is shown."""
    for row in database.read(f"SELECT {IMAGE_COLUMNS} FROM turn_images"):
        sent_image_from(row)
    for row in database.read(f"SELECT {ANSWER_COLUMNS} FROM answers"):
        answer_from(row)
    for created_at, mentions in database.read("SELECT created_at, mentions FROM turns"):
        time_from(created_at)
        mentions_from(mentions)


def _check_content(database: Database, session_id: str) -> None:
    """Refuse what no reader of a session looks at before it is sent, or before it is a path."""
    for blob in blobs_of(database, session_id):
        if not DIGEST.fullmatch(blob.digest):
            raise NotTheirRows("a digest is none")
    addresses = database.read("SELECT url FROM turn_images WHERE url IS NOT NULL")
    drafts = database.read("SELECT content FROM drafts")
    composed = [image for (content,) in drafts for image in draft_from(content).kept_images]
    if not all(ID.fullmatch(image.id) for image in composed):
        raise NotTheirRows("one of its ids is none")
    linked = [image.url for image in composed if image.url is not None]
    if any(picture_address(url) != url for url in [*(url for (url,) in addresses), *linked]):
        raise NotTheirRows("an image's address is none")
    for (content_json,) in database.read("SELECT content_json FROM answers WHERE content_json <> ''"):
        blocks = json.loads(content_json)
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise NotTheirRows("an answer is not made of blocks")
        if any(block.get("type") not in _ANSWERED for block in blocks):
            raise NotTheirRows("an answer holds what no answer does")


_ANSWERED = frozenset({"text", "thinking", "redacted_thinking"})
"""The blocks of answers to requests without tools."""


def _new_ids(rows: Rows) -> dict[str, str]:
    """Map every id of a session, its turns and its pictures to one that nobody has."""
    ids = {_text(rows["sessions"][0]["id"]): str(uuid.uuid4())}
    ids |= {_text(turn["id"]): str(uuid.uuid4()) for turn in rows["turns"]}
    images = [_text(row["image_id"]) for row in rows["turn_images"]]
    drafts = [draft_from(_text(draft["content"])) for draft in rows["drafts"]]
    images += [image.id for draft in drafts for image in draft.kept_images]
    return ids | {image_id: uuid.uuid4().hex for image_id in images}


def _renamed(row: Mapping[str, Value], ids: Mapping[str, str]) -> dict[str, Value]:
    renamed = dict(row)
    for name, value in row.items():
        if not isinstance(value, str) or not value:
            continue
        if name in _IDS:
            renamed[name] = ids[value]
        elif name in _JSON:
            before = json.loads(value)
            after = _with_ids(before, ids)
            if after != before:
                renamed[name] = json.dumps(after, separators=(",", ":"))
    return renamed


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_with_ids(one, ids) for one in value]
    if isinstance(value, dict):
        return {ids.get(name, name): _with_ids(one, ids) for name, one in value.items()}
    return value


def _insert(transaction: Transaction, table: str, rows: Sequence[Mapping[str, Value]]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        transaction.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def _columns(database: Database, table: str) -> list[str]:
    found: list[Row] = database.read(f"PRAGMA table_info({table})")
    return [name for _, name, *_ in found]


def _left_here(table: str) -> frozenset[str]:
    return _OURS if table == "sessions" else frozenset({"key"})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotTheirRows("one of its ids is none")
    return value
