"""Checks a conversation's pictures before each request, and makes what is to be sent of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import SentImage, Session, Turn
from vision_studio.core.draft import Image, Rendition
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.fitting import resent_size
from vision_studio.core.size import Size
from vision_studio.engine.mishaps import failure_of, kind_of
from vision_studio.engine.thinking import forget_beside, without_thinking
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.sessions import Sessions

MakeRendition = Callable[[Image, Recipe], Awaitable[Rendition]]


class Fitter:
    """Keeps a session sendable: its pictures are refitted when a request has grown into a crowd."""

    def __init__(self, sessions: Sessions, blobs: Blobs, make: MakeRendition, catalogue: ModelTable) -> None:
        self._sessions = sessions
        self._blobs = blobs
        self._make = make
        self._catalogue = catalogue

    async def fitted(self, session: Session) -> Session:
        """Return the session with a rendition for every picture, and save what had to be made.

        What was sent stays as it was, unless the API would refuse it now. Raises ``Failed`` with the numbers
        of the pictures that cannot be sent.
        """
        fitted = await self.as_sent(session)
        self._save(session.turns, fitted.turns)
        if (changed := _first_changed(session.turns, fitted.turns)) < len(fitted.turns):
            forget_beside(self._sessions, session.id, fitted.turns[changed].id)
        return fitted

    async def as_sent(self, session: Session) -> Session:
        """Return the session as ``fitted`` would, and save nothing: its last turn may be a draft."""
        tier = self._catalogue.model(session.model_id).tier
        limits = self._catalogue.limits
        sent_images = tuple(sent for turn in session.turns for sent in turn.carried)
        count = len(sent_images)
        made = await asyncio.gather(
            *(
                self._rendition(sent, resent_size(sent, tier, limits, count), limits.image_base64_bytes)
                for sent in sent_images
            ),
            return_exceptions=True,
        )
        if failures := [
            (sent.number, _failure(sent, outcome))
            for sent, outcome in zip(sent_images, made, strict=True)
            if isinstance(outcome, BaseException)
        ]:
            raise Failed(combined(failures))
        remaining = iter(made)
        turns = tuple(
            replace(
                turn,
                images=tuple(
                    sent
                    if sent.left_out or (rendition := next(remaining)) is sent.rendition
                    else _with(sent, rendition)
                    for sent in turn.images
                ),
            )
            for turn in session.turns
        )
        changed = _first_changed(session.turns, turns)
        return replace(session, turns=(*turns[:changed], *without_thinking(turns[changed:])))

    def without_thinking(self, session: Session) -> Session:
        """Return the session without signed thinking, and save it so."""
        turns = without_thinking(session.turns)
        self._save(session.turns, turns)
        return replace(session, turns=turns)

    async def _rendition(self, sent: SentImage, size: Size | None, max_base64_bytes: int) -> Rendition | None:
        """Return what is sent; None for a picture that the API fetches from its address."""
        if sent.image.url is not None:
            return None
        assert size is not None  # only what is at an address has none
        made = sent.rendition
        if made is not None and made.size == size and self._blobs.has(made.digest):
            return made
        image = sent.image
        return await self._make(image, Recipe.of(image, size, image.fidelity, max_base64_bytes))

    def _save(self, before: Sequence[Turn], after: Sequence[Turn]) -> None:
        for old, new in zip(before, after, strict=True):
            if new.images != old.images:
                self._sessions.save_sent_images(new.id, new.images)
            if new.answer != old.answer:
                self._sessions.save_answer(new.id, new.answer)


def combined(failures: Iterable[tuple[int, Failure]]) -> Failure:
    """Return the first failure, with the numbers of all pictures that met the same kind of it."""
    numbered = list(failures)
    first = numbered[0][1]
    numbers = sorted(number for number, failure in numbered if failure.kind is first.kind)
    return replace(first, images=tuple(dict.fromkeys(numbers)))


def _with(sent: SentImage, rendition: object) -> SentImage:
    assert isinstance(rendition, Rendition | None)
    return replace(sent, rendition=rendition)


def _first_changed(before: Sequence[Turn], after: Sequence[Turn]) -> int:
    """Return the row of the first turn with a sent picture that is another now; past the last: none has."""
    pairs = enumerate(zip(before, after, strict=True))
    return next((row for row, (old, new) in pairs if _differs(old, new)), len(after))


def _differs(old: Turn, new: Turn) -> bool:
    """Tell whether a picture that was sent before is another now."""
    return any(
        before.rendition is not None
        and after.rendition is not None
        and before.rendition.digest != after.rendition.digest
        for before, after in zip(old.images, new.images, strict=True)
    )


def _failure(sent: SentImage, error: BaseException) -> Failure:
    if isinstance(error, Refused):
        return Failure(kind_of(error), sent.image.name)
    if isinstance(error, FileNotFoundError):
        return Failure(FailureKind.IMAGE_LOST, sent.image.name)
    return failure_of(error)
