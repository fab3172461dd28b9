"""Session → request: its pictures brought to the server, its turns put in the order the API wants."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from vision_studio.core.caching import marked_messages
from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import SentImage, Session
from vision_studio.core.draft import Image
from vision_studio.core.failures import Failed, Failure
from vision_studio.core.prompt import Block, Picture, Text, Verbatim, messages
from vision_studio.core.request_settings import settings_sent
from vision_studio.engine.errands import Errand, Server
from vision_studio.engine.fitter import Fitter, combined
from vision_studio.engine.gateway import (
    FilePart,
    InlinePart,
    Part,
    Request,
    RequestMessage,
    TextPart,
    UrlPart,
    VerbatimPart,
)
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.blobs import Blobs


class Asking:
    """Prepares requests. Everything that can fail here fails before anything is billed."""

    def __init__(self, fitter: Fitter, uploader: Uploader, blobs: Blobs, catalogue: ModelTable) -> None:
        self._fitter = fitter
        self._uploader = uploader
        self._blobs = blobs
        self._catalogue = catalogue

    async def fitted(self, session: Session) -> Session:
        """Return the session with something to send for every picture. Raises ``Failed``."""
        return await self._fitter.fitted(session)

    def without_thinking(self, session: Session) -> Session:
        """Return the session with answers that can follow any history, and keep it so. Raises ``Failed``."""
        return self._fitter.without_thinking(session)

    async def request(self, session: Session, server: Server, *, resumed: bool = False) -> Request:
        """Return the request that asks a fitted session's last question. Raises ``Failed``.

        ``resumed``: it has the model go on with an answer that paused.
        """
        said = messages(session.turns, resumed=resumed)
        pictures = [
            block.sent
            for message in said
            for block in message.blocks
            if isinstance(block, Picture) and block.sent.image.url is None
        ]
        file_ids = await self._file_ids(session.id, pictures, server)
        sent = settings_sent(session.settings, self._catalogue.model(session.model_id))
        return Request(
            model_id=session.model_id,
            max_tokens=sent.max_tokens,
            messages=tuple(
                RequestMessage(message.role, tuple(self._part(block, file_ids) for block in message.blocks))
                for message in said
            ),
            system=session.system.strip(),
            effort=sent.effort,
            thinking=sent.thinking,
            cache=sent.cache,
            cached=marked_messages(said),
        )

    async def forget_missing(self, request: Request, failure: Failure, server: Server) -> bool:
        """Forget the request's files that the server does not hold; tell whether there was one.

        What the failure names is gone, whatever a listing says; a server that lists nothing is believed
        only that far.
        """
        parts = [part for message in request.messages for part in message.parts if isinstance(part, FilePart)]
        gone = {part.file_id for part in parts if part.number in failure.images}
        asked = list(dict.fromkeys(part.file_id for part in parts))
        with suppress(Failed):
            await self._uploader.held.pace(server).turn()
            held = await server.gateway.existing_files(asked)
            self._uploader.held.learn_workspace(server, held.workspace_id)
            gone |= set(asked) - held.ids
        self._uploader.held.forget(gone, server)
        return bool(gone)

    async def _file_ids(
        self, session_id: str, pictures: Iterable[SentImage], server: Server
    ) -> dict[int, str | None]:
        """Map each picture's number to its file on the server; None for one that goes inline."""
        sent_images = list(pictures)
        await self._uploader.prepare(
            [sent.rendition.digest for sent in sent_images if sent.rendition is not None], server
        )
        outcomes = await asyncio.gather(
            *(self._uploader.file_id(self._errand(session_id, sent), server) for sent in sent_images),
            return_exceptions=True,
        )
        failures: list[tuple[int, Failure]] = []
        file_ids: dict[int, str | None] = {}
        for sent, outcome in zip(sent_images, outcomes, strict=True):
            if isinstance(outcome, Failed):
                failures.append((sent.number, outcome.failure))
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                file_ids[sent.number] = outcome
        if failures:
            raise Failed(combined(failures))
        return file_ids

    def _errand(self, session_id: str, sent: SentImage) -> Errand:
        rendition = sent.rendition
        assert rendition is not None
        return Errand(
            session_id,
            sent.image.id,
            rendition.digest,
            self._blobs.path(rendition.digest),
            sent.image.name,
            rendition.media_type,
            rendition.size_bytes,
        )

    def _part(self, block: Block, file_ids: dict[int, str | None]) -> Part:
        match block:
            case Text(text):
                return TextPart(text)
            case Verbatim(content_json):
                return VerbatimPart(content_json)
            case Picture(SentImage(image=Image(url=str(url)), number=number)):
                return UrlPart(url, number)
            case Picture(sent):
                assert sent.rendition is not None
                if (file_id := file_ids[sent.number]) is not None:
                    return FilePart(file_id, sent.number)
                path = self._blobs.path(sent.rendition.digest)
                return InlinePart(path, sent.rendition.media_type, sent.number)
