"""Sessions, their turns and their drafts: what must be there again after the window or the power is gone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from vision_studio.core.conversation import Answer, SentImage, Session, SessionSummary, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import RequestSettings
from vision_studio.core.turn_editing import put_back
from vision_studio.storage.cells import Undecodable, money_or_zero, time_cell, time_from
from vision_studio.storage.codec import (
    draft_cell,
    draft_from,
    numbering_cell,
    numbering_from,
    settings_cell,
    settings_from,
)
from vision_studio.storage.database import Database, Transaction
from vision_studio.storage.errors import SessionDamaged, SessionMissing, TurnMissing
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.rows import SUMMARY_COLUMNS, summary_from
from vision_studio.storage.titles import automatic_title
from vision_studio.storage.turns import (
    append_turn,
    ids_cell,
    put_answer,
    put_images,
    read_branch,
    read_path,
    read_thoughts_beside,
    read_unfinished,
    show_branch,
)

LAST_OPENED = "sessions.last_opened"


class Sessions:
    """Every session that was not deleted. Methods raise ``StorageFailed`` kinds, and say which."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._preferences = Preferences(database)

    def create(self, model_id: str, now: datetime) -> Session:
        session = Session(str(uuid.uuid4()), "", model_id, created_at=now, updated_at=now)
        with self._database.writing() as transaction:
            transaction.execute(
                "INSERT INTO sessions (id, model_id, created_at, updated_at) VALUES (?, ?, ?, ?)",
                (session.id, model_id, time_cell(now), time_cell(now)),
            )
            transaction.execute("INSERT INTO drafts VALUES (?, ?)", (session.id, draft_cell(session.draft)))
        return session

    def list(self, limit: int | None = None) -> tuple[SessionSummary, ...]:
        """Return the library's rows, the last changed first; ``limit`` None means all."""
        rows = self._database.read(
            f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE deleted_at IS NULL "
            "ORDER BY updated_at DESC, key DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return tuple(map(summary_from, rows))

    def newest(self) -> SessionSummary | None:
        """Return the session that was changed last, but for archived ones; None when there is none."""
        rows = self._database.read(
            f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE deleted_at IS NULL AND NOT archived "
            "ORDER BY updated_at DESC, key DESC LIMIT 1"
        )
        return summary_from(rows[0]) if rows else None

    def summary(self, session_id: str) -> SessionSummary:
        """Raises ``SessionMissing``."""
        rows = self._database.read(
            f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE id = ? AND deleted_at IS NULL", (session_id,)
        )
        if not rows:
            raise SessionMissing(session_id)
        return summary_from(rows[0])

    def load(self, session_id: str) -> Session:
        """Read a session whole. Raises ``SessionMissing``, or ``SessionDamaged`` naming what is."""
        rows = self._database.read(
            "SELECT title, model_id, created_at, updated_at, system, settings, numbering, content "
            "FROM sessions LEFT JOIN drafts ON session_id = id WHERE id = ? AND deleted_at IS NULL",
            (session_id,),
        )
        if not rows:
            raise SessionMissing(session_id)
        title, model_id, created_at, updated_at, system, settings, numbering, draft = rows[0]
        part = "its date"
        try:
            created, updated = time_from(created_at), time_from(updated_at)
            part = "its draft"
            content = Draft() if draft is None else draft_from(draft)
            part = "the record of its settings"
            chosen = settings_from(settings)
            part = "one of its turns"
            branch = read_branch(self._database, session_id)
        except Undecodable as error:
            raise SessionDamaged(session_id, title, part, str(error)) from error
        return Session(
            session_id,
            title,
            model_id,
            created,
            updated,
            system,
            branch.turns,
            content,
            chosen,
            numbering_from(numbering),
            branch.versions,
            branch.hidden_usd,
        )

    def save_draft(self, session_id: str, draft: Draft, now: datetime, *, durable: bool = False) -> None:
        """Keep what is being composed; one that is already kept costs no write and leaves the order alone.

        It survives the process being killed; ``durable`` also makes it survive a loss of power.
        Raises ``SessionMissing``.
        """
        cell = draft_cell(draft)
        if self._database.read(
            "SELECT 1 FROM drafts WHERE session_id = ? AND content = ?", (session_id, cell)
        ):
            return
        with self._database.writing(durable=durable) as transaction:
            _put_draft(transaction, session_id, draft, cell)
            _touch(transaction, session_id, now)

    def rename(self, session_id: str, title: str) -> None:
        """Set the user's title; an empty one gives the session its automatic title again."""
        title = title.strip()
        with self._database.writing() as transaction:
            _change(
                transaction,
                session_id,
                "UPDATE sessions SET title = ?, titled_by_user = ? WHERE id = ?",
                (title, bool(title), session_id),
            )
            _title_automatically(transaction, session_id)

    def set_model(self, session_id: str, model_id: str) -> None:
        with self._database.writing() as transaction:
            _change(
                transaction,
                session_id,
                "UPDATE sessions SET model_id = ? WHERE id = ?",
                (model_id, session_id),
            )

    def set_system(self, session_id: str, text: str) -> None:
        with self._database.writing() as transaction:
            _change(
                transaction, session_id, "UPDATE sessions SET system = ? WHERE id = ?", (text, session_id)
            )

    def set_settings(self, session_id: str, settings: RequestSettings) -> None:
        with self._database.writing() as transaction:
            _change(
                transaction,
                session_id,
                "UPDATE sessions SET settings = ? WHERE id = ?",
                (settings_cell(settings), session_id),
            )

    def set_numbering(self, session_id: str, numbering: Numbering) -> None:
        with self._database.writing() as transaction:
            _change(
                transaction,
                session_id,
                "UPDATE sessions SET numbering = ? WHERE id = ?",
                (numbering_cell(numbering), session_id),
            )

    def add_turn(
        self,
        session_id: str,
        turn: Turn,
        now: datetime,
        *,
        beside: str | None = None,
        draft: Draft | None = None,
    ) -> None:
        """Append a question; in the same step replace the draft, and title an untitled session.

        It follows the last turn of the branch that is shown, or begins another branch ``beside`` a turn.
        ``draft`` None: there is no draft then. Raises ``SessionMissing`` and ``TurnMissing``.
        """
        left = draft or Draft()
        with self._database.writing() as transaction:
            _touch(transaction, session_id, now)
            append_turn(transaction, session_id, turn, beside)
            _put_draft(transaction, session_id, left, draft_cell(left))
            _title_automatically(transaction, session_id)
            _count(transaction, session_id)

    def show_branch(self, session_id: str, turn_id: str) -> None:
        """Have the branch shown that was last shown with a turn in it. Raises ``TurnMissing``."""
        with self._database.writing() as transaction:
            show_branch(transaction, session_id, turn_id)
            _count(transaction, session_id)

    def branch_off(self, session: Session, turns: Sequence[Turn], title: str, now: datetime) -> str:
        """Make a session of its own that begins with some of another's turns, and return its id.

        What they cost stays with the other one.
        """
        made = str(uuid.uuid4())
        with self._database.writing() as transaction:
            transaction.execute(
                "INSERT INTO sessions "
                "(id, title, titled_by_user, model_id, system, settings, numbering, created_at, updated_at) "
                "VALUES (?, ?, TRUE, ?, ?, ?, ?, ?, ?)",
                (
                    made,
                    title,
                    session.model_id,
                    session.system,
                    settings_cell(session.settings),
                    numbering_cell(session.numbering),
                    time_cell(now),
                    time_cell(now),
                ),
            )
            for turn in turns:
                answer = replace(turn.answer, cost_usd=None)
                append_turn(transaction, made, replace(turn, id=str(uuid.uuid4()), answer=answer))
            _put_draft(transaction, made, Draft(), draft_cell(Draft()))
            _count(transaction, made)
        return made

    def thoughts_beside(self, session_id: str, after: str | None) -> tuple[tuple[str, Answer], ...]:
        """Return (turn id, answer) of answers with thoughts that are on other branches than the shown one.

        ``after``: only of those that follow this turn.
        """
        return read_thoughts_beside(self._database, session_id, after)

    def save_answer(self, turn_id: str, answer: Answer) -> None:
        """Keep an answer as far as it has come: cheaply while it streams, durably once it is over.

        Raises ``TurnMissing``.
        """
        with self._database.writing(durable=answer.outcome.is_over) as transaction:
            session_id = _session_of(transaction, turn_id)
            put_answer(transaction, turn_id, answer)
            if answer.outcome.is_over:
                _count(transaction, session_id)

    def save_sent_images(self, turn_id: str, images: Sequence[SentImage]) -> None:
        """Replace a turn's pictures by the same ones with what was made of them. Raises ``TurnMissing``.

        What a loss of power takes of it is made again, the same: the way of a question does not wait for it.
        """
        with self._database.writing(durable=False) as transaction:
            session_id = _session_of(transaction, turn_id)
            put_images(transaction, turn_id, images)
            _count(transaction, session_id)

    def remove_turn(self, turn_id: str, draft: Draft | None = None) -> None:
        """Take the last turn out; ``draft``, its question, takes the place of the session's in the same step.

        Where it was one of several versions, the newest of the others is shown. Raises ``TurnMissing``.
        """
        with self._database.writing() as transaction:
            session_id = _session_of(transaction, turn_id)
            transaction.execute(
                "UPDATE sessions SET head_id = (SELECT parent_id FROM turns WHERE id = ?) WHERE id = ?",
                (turn_id, session_id),
            )
            transaction.execute("UPDATE turns SET followed_by = NULL WHERE followed_by = ?", (turn_id,))
            transaction.execute("DELETE FROM turns WHERE id = ?", (turn_id,))
            if draft is not None:
                _put_draft(transaction, session_id, draft, draft_cell(draft))
            _title_automatically(transaction, session_id)
            _count(transaction, session_id)

    def delete(self, session_id: str) -> None:
        """Take a session out of sight; ``restore`` brings it back whole."""
        with self._database.writing() as transaction:
            _change(
                transaction,
                session_id,
                "UPDATE sessions SET deleted_at = ? WHERE id = ?",
                (time_cell(datetime.now(UTC)), session_id),
            )

    def restore(self, session_id: str) -> None:
        with self._database.writing() as transaction:
            _change(
                transaction, session_id, "UPDATE sessions SET deleted_at = NULL WHERE id = ?", (session_id,)
            )

    def unfinished(self) -> tuple[tuple[str, str, Answer], ...]:
        """Return (session id, turn id, answer) of every answer that is not over."""
        return read_unfinished(self._database)

    def mark_interrupted(self) -> int:
        """Call answers that no one is working on any more what they are; return how many there were."""
        with self._database.writing() as transaction:
            return transaction.change(
                "UPDATE answers SET outcome = 'interrupted' WHERE outcome IN ('waiting', 'streaming')"
            )

    def last_opened(self) -> str | None:
        """Return the session to open again; None when there is none or it was deleted."""
        session_id = self._preferences.get(LAST_OPENED)
        found = self._database.read(
            "SELECT id FROM sessions WHERE id = ? AND deleted_at IS NULL", (session_id,)
        )
        return session_id if found else None

    def set_last_opened(self, session_id: str) -> None:
        self._preferences.set(LAST_OPENED, session_id)


def _change(transaction: Transaction, session_id: str, sql: str, cells: Sequence[str | int | None]) -> None:
    if not transaction.change(sql, cells):
        raise SessionMissing(session_id)


def _touch(transaction: Transaction, session_id: str, now: datetime) -> None:
    _change(
        transaction,
        session_id,
        "UPDATE sessions SET updated_at = ? WHERE id = ?",
        (time_cell(now), session_id),
    )


def _session_of(transaction: Transaction, turn_id: str) -> str:
    rows = transaction.execute("SELECT session_id FROM turns WHERE id = ?", (turn_id,))
    if not rows:
        raise TurnMissing(turn_id)
    session_id: str = rows[0][0]
    return session_id


def _put_draft(transaction: Transaction, session_id: str, draft: Draft, cell: str) -> None:
    composed = put_back(draft)  # the pictures of a turn that is edited are counted as sent
    cover = next((image.pixels for image in composed.images if image.pixels), None)
    _change(
        transaction,
        session_id,
        "UPDATE sessions SET draft_images = ?, draft_cover = ? WHERE id = ?",
        (len(composed.images), cover, session_id),
    )
    transaction.execute(
        "INSERT INTO drafts VALUES (?, ?) ON CONFLICT (session_id) DO UPDATE SET content = excluded.content",
        (session_id, cell),
    )


def _count(transaction: Transaction, session_id: str) -> None:
    """Bring the library's row in line with the turns: the shown ones, but for what all have cost."""
    shown = ids_cell(read_path(transaction.execute, session_id)[1])
    costs = transaction.execute(
        "SELECT cost_usd FROM turns JOIN answers ON turn_id = id "
        "WHERE session_id = ? AND cost_usd IS NOT NULL",
        (session_id,),
    )
    cost_usd = sum((money_or_zero(cost) for (cost,) in costs), Decimal())
    transaction.execute(
        "UPDATE sessions SET cost_usd = ?1, turn_count = json_array_length(?3), "
        "sent_images = (SELECT count(*) FROM turn_images "
        "WHERE turn_id IN (SELECT value FROM json_each(?3))), "
        "sent_cover = (SELECT CASE WHEN edits <> '' THEN digest || '-' || frame || '-' || edits "
        "WHEN frame = 0 THEN digest ELSE digest || '-' || frame END "
        "FROM json_each(?3) AS shown JOIN turn_images ON turn_id = shown.value WHERE digest IS NOT NULL "
        "ORDER BY shown.key, position LIMIT 1) WHERE id = ?2",
        (str(cost_usd), session_id, shown),
    )


def recount(transaction: Transaction, session_id: str) -> None:
    """Have the library's row of a session that was put there whole say what is in it."""
    for (content,) in transaction.execute("SELECT content FROM drafts WHERE session_id = ?", (session_id,)):
        _put_draft(transaction, session_id, draft_from(content), content)
    _count(transaction, session_id)


def _title_automatically(transaction: Transaction, session_id: str) -> None:
    """Name the session after its first turn, unless its user has named it."""
    first = transaction.execute(
        "SELECT prompt, (SELECT name FROM turn_images WHERE turn_id = turns.id ORDER BY position LIMIT 1) "
        "FROM turns WHERE session_id = ? ORDER BY position, key LIMIT 1",
        (session_id,),
    )
    title = automatic_title(first[0][0], first[0][1] or "") if first else ""
    transaction.execute(
        "UPDATE sessions SET title = ? WHERE id = ? AND NOT titled_by_user", (title, session_id)
    )
