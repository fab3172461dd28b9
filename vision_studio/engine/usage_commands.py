"""What was spent, told and written to files. The adding up is done beside the engine's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.events import Event
from vision_studio.core.spending import Bill, bills_csv, spending
from vision_studio.core.spending_events import SpendingSaved, SpendingTold

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class UsageCommands:
    """For the engine's thread, once the data folder is open; ``now`` is the user's own clock."""

    def __init__(
        self,
        parts: Callable[[], Parts],
        report: Callable[[Event], None],
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._parts = parts
        self._report = report
        self._now = now

    async def tell(self, days: int | None) -> None:
        """Tell what was spent in so many days, today with them; None: ever. ``SpendingTold`` comes of it."""
        first, bills = self._bills(days)
        model, today = self._parts().models.now.model, self._now().date()
        self._report(SpendingTold(days, await asyncio.to_thread(spending, bills, model, first, today)))

    async def save(self, days: int | None, path: Path) -> None:
        """Write every bill of that time to a CSV file. ``SpendingSaved`` comes of it. Raises ``Failed``."""
        from vision_studio.engine.kept_files import export_failures, put_in_place  # not with the window

        _, bills = self._bills(days)

        def write(temporary: Path) -> None:
            temporary.write_text(bills_csv(bills), encoding="utf-8-sig", newline="")

        with export_failures():
            await asyncio.to_thread(put_in_place, path, write)
        self._report(SpendingSaved(path.name, len(bills)))

    def _bills(self, days: int | None) -> tuple[date | None, Sequence[Bill]]:
        usage = self._parts().home.usage
        if days is None:
            return None, usage.bills(None)
        midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        since = midnight - timedelta(days=days - 1)
        return since.date(), usage.bills(since)
