"""The catalogue as it is known now: the shipped table, the server's own list, the user's entries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from vision_studio.core.catalogue import Catalogue, Limits, Model
from vision_studio.core.events import CatalogueChanged, Event
from vision_studio.core.failures import Failed, Failure
from vision_studio.core.listing import ModelEdit, merged
from vision_studio.engine.errands import Server
from vision_studio.storage.models import ModelLedger

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(hours=12)
"""A list this young is not asked for again: models come and go by the week."""


class Models:
    """A ``ModelTable`` that follows the server in use. For the engine's thread.

    Each change is told with ``CatalogueChanged``. A list that cannot be had changes nothing: the one kept
    from last time holds, and the shipped table before there was any.
    """

    def __init__(
        self,
        shipped: Catalogue,
        ledger: ModelLedger,
        report: Callable[[Event], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shipped = shipped
        self._ledger = ledger
        self._report = report
        self._clock = now
        self._server: Server | None = None
        self._told = CatalogueChanged(shipped)

    @property
    def now(self) -> Catalogue:
        return self._told.catalogue

    @property
    def limits(self) -> Limits:
        return self.now.limits

    @property
    def default_id(self) -> str:
        return self.now.default_id

    def model(self, model_id: str) -> Model:
        return self.now.model(model_id)

    async def follow(self, server: Server | None, *, anew: bool = False) -> None:
        """Take the list of the server in use: what it said last time at once, and then what it says today.

        ``anew`` asks for it whatever its age. The practice server knows the shipped table and nothing else.
        """
        self._server = server
        if server is None or server.practice:
            self.tell()
            return
        kept = self._ledger.listing(server.name)
        self.tell()
        if kept is not None and self._clock() - kept.at < FRESH_FOR and not anew:
            return
        try:
            listed = await server.gateway.models()
        except Failed as error:
            logger.info("The models were not listed: %s", error.failure.kind.value)
            if self._server is server:
                self.tell(error.failure)
            return
        self._ledger.put_listing(server.name, listed, self._clock())
        if self._server is server:
            self.tell()

    def edit(self, edit: ModelEdit) -> None:
        """Keep the user's entry about a model, in the place of an earlier one."""
        self._ledger.put_edit(edit)
        self.tell()

    def forget_edit(self, model_id: str) -> None:
        """Take a model back to what is published, or out of the table if the user added it."""
        self._ledger.drop_edit(model_id)
        self.tell()

    def tell(self, failure: Failure | None = None) -> None:
        """Work the catalogue out anew, and tell if that changed anything."""
        server = self._server
        listing = None if server is None or server.practice else self._ledger.listing(server.name)
        catalogue = merged(self._shipped, listing.models if listing else (), self._ledger.edits())
        changed = CatalogueChanged(catalogue, listing.at if listing else None, failure)
        if changed != self._told:
            self._told = changed
            self._report(changed)
