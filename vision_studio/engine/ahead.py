"""Uploads a draft's pictures while the question is still being written, where the user wants that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import SentImage, Session
from vision_studio.core.draft import Draft
from vision_studio.core.events import Event, Noticed
from vision_studio.core.failures import Failed
from vision_studio.core.fitting import resent_size
from vision_studio.engine.errands import Errand, Server
from vision_studio.engine.fitter import MakeRendition
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.tasks import Tasks
from vision_studio.engine.uploader import Uploader
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.storage.blobs import Blobs

_SETTLED_S = 1.0
"""What changes again before is not worth an upload: one more picture may change the size of all."""


class Ahead:
    """Follows drafts. What goes wrong shows on the cards; sending tries again, and says it in words."""

    def __init__(
        self,
        uploader: Uploader,
        blobs: Blobs,
        make: MakeRendition,
        catalogue: ModelTable,
        server: Callable[[], Awaitable[Server]],
        report: Callable[[Event], None],
        settled_s: float = _SETTLED_S,
    ) -> None:
        self._uploader = uploader
        self._blobs = blobs
        self._make = make
        self._catalogue = catalogue
        self._server = server
        self._settled_s = settled_s
        self._tasks = Tasks(lambda error: report(Noticed(failure_of(error))))
        self._following: dict[str, asyncio.Task[None]] = {}
        self._wanted: dict[str, frozenset[str]] = {}
        """By session: the pictures last uploaded, or on their way."""

    def follow(self, session: Session, draft: Draft) -> None:
        """Upload what the draft would send, once it stays as it is; stop uploading what left it."""
        here = frozenset(image.id for image in draft.included if image.digest)
        if gone := self._wanted.get(session.id, frozenset()) - here:
            self._uploader.cancel(session.id, gone)
            self._wanted[session.id] -= gone
        self._stop(session.id)
        if self._uploader.settings.ahead and not self._uploader.settings.inline and here:
            task = self._tasks.start(self._bring(session, draft), "upload ahead")
            self._following[session.id] = task

    def leave(self, session_id: str) -> None:
        """Follow no longer: the draft was sent, and its uploads belong to the question now."""
        self._stop(session_id)
        self._wanted.pop(session_id, None)

    async def close(self) -> None:
        await self._tasks.close()

    def _stop(self, session_id: str) -> None:
        if (task := self._following.pop(session_id, None)) is not None:
            task.cancel()

    async def _bring(self, session: Session, draft: Draft) -> None:
        await asyncio.sleep(self._settled_s)
        images = [image for image in draft.included if image.digest and image.url is None]
        tier = self._catalogue.model(session.model_id).tier
        limits = self._catalogue.limits
        first = session.next_number
        sent = [SentImage(image, number) for number, image in enumerate(images, first)]
        count = first - 1 + len(draft.included)
        errands = []
        with suppress(Failed, Refused, OSError):  # sending says which picture it is, and why
            for one in sent:
                size, image = resent_size(one, tier, limits, count), one.image
                if size is None:
                    continue
                recipe = Recipe.of(image, size, image.fidelity, limits.image_base64_bytes)
                made = await self._make(image, recipe)
                errands.append(
                    Errand(
                        session.id,
                        image.id,
                        made.digest,
                        self._blobs.path(made.digest),
                        image.name,
                        made.media_type,
                        made.size_bytes,
                    )
                )
            server = await self._server()
            await self._uploader.prepare([errand.digest for errand in errands], server)
            self._wanted[session.id] = frozenset(errand.image_id for errand in errands)
            await asyncio.gather(*(self._uploader.file_id(errand, server) for errand in errands))
