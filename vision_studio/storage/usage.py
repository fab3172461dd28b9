"""The ledger of what was billed: one row for every answer, added to and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from vision_studio.core.conversation import Usage
from vision_studio.core.spending import Bill
from vision_studio.storage.cells import money_cell, money_or_zero, time_cell, time_or_epoch
from vision_studio.storage.database import Database, Row
from vision_studio.storage.rows import USAGE_COLUMNS, usage_cells

NEWEST_ANSWERS = 20
"""So many tell how long answers usually are."""


class UsageLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        session_id: str,
        turn_id: str,
        model_id: str,
        usage: Usage,
        cost_usd: Decimal | None,
        at: datetime,
        *,
        practice: bool,
    ) -> None:
        """Enter an answer; ``cost_usd`` None where no price is known. Practice answers cost nothing."""
        with self._database.writing() as transaction:
            transaction.execute(
                f"INSERT INTO usage (at, practice, session_id, turn_id, model_id, cost_usd, {USAGE_COLUMNS}, "
                "estimated_tokens) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                "(SELECT estimated_tokens FROM turns WHERE id = ?4))",
                (
                    time_cell(at),
                    practice,
                    session_id,
                    turn_id,
                    model_id,
                    money_cell(cost_usd),
                    *usage_cells(usage),
                ),
            )

    def bills(self, since: datetime | None) -> tuple[Bill, ...]:
        """Return every bill from a moment on, None: ever, the oldest first.

        The days are those of the moment's time zone; of the computer's, where there is no moment.
        """
        zone = None if since is None else since.tzinfo
        rows = self._database.read(
            f"SELECT at, usage.practice, session_id, title, usage.model_id, usage.cost_usd, "
            f"estimated_tokens, {USAGE_COLUMNS} FROM usage LEFT JOIN sessions ON sessions.id = session_id "
            "WHERE at >= ? ORDER BY at, usage.key",
            (0 if since is None else time_cell(since),),
        )
        return tuple(_bill(row, zone) for row in rows)

    def month_total(self, at: datetime) -> Decimal:
        """Return the US dollars spent in the calendar month of ``at``, on the clock of its time zone.

        Pass the user's local time: the month on the wall is the one they budget. A zone with daylight
        saving has true month boundaries; with a fixed offset one may be an hour off.
        """
        start = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
        return self._total(start, start.replace(year=at.year + at.month // 12, month=at.month % 12 + 1))

    def day_total(self, at: datetime) -> Decimal:
        """Return the US dollars spent on the day of ``at``, on the clock of its time zone."""
        start = at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return self._total(start, start + timedelta(days=1))

    def usual_answer_tokens(self) -> int | None:
        """Return the average length of the newest answers, thinking included; None while there are none."""
        rows = self._database.read(
            "SELECT output_tokens FROM usage WHERE practice = 0 AND output_tokens > 0 "
            "ORDER BY key DESC LIMIT ?",
            (NEWEST_ANSWERS,),
        )
        return round(sum(tokens for (tokens,) in rows) / len(rows)) if rows else None

    def _total(self, start: datetime, end: datetime) -> Decimal:
        rows = self._database.read(
            "SELECT cost_usd FROM usage WHERE at >= ? AND at < ? AND practice = 0 AND cost_usd IS NOT NULL",
            (time_cell(start), time_cell(end)),
        )
        return sum((money_or_zero(cost) for (cost,) in rows), Decimal())


def _bill(row: Row, zone: tzinfo | None) -> Bill:
    at, practice, session_id, title, model_id, cost_usd, estimated_tokens, *tokens = row
    moment = time_or_epoch(at)
    return Bill(
        moment.astimezone(zone).date(),
        moment.isoformat(timespec="seconds"),
        session_id,
        title,
        model_id,
        Usage(*tokens),
        None if cost_usd is None else money_or_zero(cost_usd),
        estimated_tokens,
        bool(practice),
    )
