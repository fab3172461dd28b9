"""The ledger of estimates and their bills: what the accuracy of the numbers is judged by."""

from __future__ import annotations

from vision_studio.core.accuracy import Comparison, Estimate
from vision_studio.storage.cells import time_cell, time_or_epoch
from vision_studio.storage.database import Database

MOST_KEPT = 2000
"""More than any plot shows; older ones teach nothing."""

_COLUMNS = (
    "at, practice, model_id, tier, known_tokens, image_tokens, text_tokens, counted_tokens, billed_tokens"
)


class EstimateLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, one: Comparison) -> None:
        estimate = one.estimate
        with self._database.writing(durable=False) as transaction:
            transaction.execute(
                f"INSERT INTO estimates ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    time_cell(one.at),
                    one.practice,
                    one.model_id,
                    one.tier,
                    estimate.known_tokens,
                    estimate.image_tokens,
                    estimate.text_tokens,
                    estimate.counted_tokens,
                    one.billed_tokens,
                ),
            )
            transaction.execute(
                "DELETE FROM estimates WHERE key <= (SELECT MAX(key) FROM estimates) - ?", (MOST_KEPT,)
            )

    def all(self) -> tuple[Comparison, ...]:
        """Return every comparison, oldest first."""
        rows = self._database.read(f"SELECT {_COLUMNS} FROM estimates ORDER BY key")
        return tuple(
            Comparison(
                at=time_or_epoch(at),
                model_id=model_id,
                tier=tier,
                estimate=Estimate(known, images, text, counted),
                billed_tokens=billed,
                practice=bool(practice),
            )
            for at, practice, model_id, tier, known, images, text, counted, billed in rows
        )

    def forget(self, model_id: str, tier: str) -> None:
        """Drop what was learnt about a model on a tier."""
        with self._database.writing() as transaction:
            transaction.execute("DELETE FROM estimates WHERE model_id = ? AND tier = ?", (model_id, tier))
