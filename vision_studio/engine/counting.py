"""Has the API count the tokens of the next request, with blank pictures in the place of the real ones.

Pictures are counted from their dimensions alone (Claude platform documentation, "Token counting",
2026-09-28), so no pixel leaves the machine: a blank of the same size weighs a few hundred bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import Answer, Session, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import Counted, Event, TokensCounted
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.fitting import resent_size
from vision_studio.core.image_names import numbered, sent_text
from vision_studio.core.prompt import Block, Picture, Text, messages
from vision_studio.core.request_settings import settings_sent
from vision_studio.core.size import Size
from vision_studio.core.tokens import image_tokens
from vision_studio.engine.errands import Server
from vision_studio.engine.gateway import BlankPart, Part, Request, RequestMessage, TextPart, VerbatimPart
from vision_studio.engine.thinking import without_thinking

RATE_LIMIT_PAUSE_S = 20.0
"""How long counting rests when a server is asked too often and does not say for how long."""

_NOT_THERE = frozenset({404, 405, 501})
"""What a server answers that does not count."""

_LEFT_TO_SEND = frozenset(
    {FailureKind.BAD_REQUEST, FailureKind.IMAGE_REJECTED, FailureKind.UNREADABLE_ANSWER}
)
"""Refusals that may be about the blank pictures; the text alone is counted then."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be counted: a session, and the draft that would be its next turn."""

    session: Session
    draft: Draft


class Counting:
    """One count at a time; of those that wait, only the newest is made. For the engine's thread."""

    def __init__(
        self,
        models: ModelTable,
        report: Callable[[Event], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._models = models
        self._report = report
        self._sleep = sleep
        self._newest: Question | None = None
        self._busy = False
        self._last: TokensCounted | None = None
        self._without_counting: set[str] = set()
        """Names of servers that do not count."""
        self._without_blanks: set[str] = set()
        """Names of servers that count no pictures."""

    async def count(self, session: Session, draft: Draft, connect: Callable[[], Awaitable[Server]]) -> None:
        """Count a draft unless a newer one comes meanwhile. ``TokensCounted`` comes of the newest."""
        self._newest = Question(session, draft)
        if self._busy:
            return
        self._busy = True
        try:
            while (newest := self._newest) is not None:
                self._newest = None
                counted = await self._counted(newest, connect)
                if self._newest is None:
                    self._last = counted
                    self._report(counted)
        finally:
            self._busy = False

    def last(self, asked: Counted) -> int | None:
        """Return the last count, pictures included, if it was of this very request."""
        last = self._last
        if last is None or not last.with_images:
            return None
        return last.tokens if last.asked == asked else None

    async def _counted(self, question: Question, connect: Callable[[], Awaitable[Server]]) -> TokensCounted:
        try:
            server = await connect()
            if server.name in self._without_counting:
                raise Failed(Failure(FailureKind.BAD_REQUEST, "The server does not count tokens", 404))
            tokens, with_images = await self._ask(question, server)
        except Failed as error:
            if error.failure.kind is FailureKind.RATE_LIMITED and self._newest is None:
                self._report(_outcome(question, failure=error.failure))
                await self._sleep(error.failure.retry_after_s or RATE_LIMIT_PAUSE_S)
                self._newest = self._newest or question
            return _outcome(question, failure=error.failure)
        return _outcome(question, tokens, with_images=with_images)

    async def _ask(self, question: Question, server: Server) -> tuple[int, bool]:
        """Return the tokens, and whether the server looked at the pictures' sizes or we did."""
        whole = counted_request(question, self._models)
        if server.name not in self._without_blanks:
            try:
                return await server.gateway.count_tokens(whole.request) + whole.signed_tokens, True
            except Failed as error:
                if error.failure.status in _NOT_THERE:
                    self._without_counting.add(server.name)
                if error.failure.kind not in _LEFT_TO_SEND or not whole.sizes:
                    raise
        counted = await server.gateway.count_tokens(without_pictures(whole.request))
        self._without_blanks.add(server.name)  # the words alone were taken
        tier = self._models.model(whole.request.model_id).tier
        return counted + whole.signed_tokens + sum(image_tokens(size, tier) for size in whole.sizes), False


@dataclass(frozen=True, slots=True)
class CountedRequest:
    request: Request
    sizes: tuple[Size, ...]
    """Of the pictures in it, as they would be sent."""
    signed_tokens: int
    """Billed for thinking that is left out: signed, it would not follow blank pictures."""


def counted_request(question: Question, models: ModelTable) -> CountedRequest:
    """Return what would be sent, with blank pictures and without what is signed."""
    session, draft = question.session, question.draft
    model, limits = models.model(session.model_id), models.limits
    sent = numbered(draft, session)
    turns = without_thinking(session.turns)
    signed = sum(
        before.answer.usage.thinking_tokens
        for before, after in zip(session.turns, turns, strict=True)
        if before is not after and before.answer.usage is not None
    )
    created_at = session.updated_at
    asked = Turn("", sent_text(draft, session)[0], sent, Answer(session.model_id), created_at)
    count = sum(len(turn.images) for turn in turns) + len(sent)
    sizes: list[Size] = []

    def part(block: Block) -> Part | None:
        """Return what stands for a block; nothing for a picture whose size nobody knows."""
        match block:
            case Text(text):
                return TextPart(text)
            case Picture(picture):
                size = resent_size(picture, model.tier, limits, count)
                if size is None:
                    return None
                sizes.append(size)
                return BlankPart(size, picture.number)
            case verbatim:
                return VerbatimPart(verbatim.content_json)

    said = tuple(
        RequestMessage(message.role, tuple(filter(None, map(part, message.blocks))))
        for message in messages((*turns, asked))
    )
    settings = settings_sent(session.settings, model)
    request = Request(
        session.model_id,
        settings.max_tokens,
        said,
        session.system.strip(),
        effort=settings.effort,
        thinking=settings.thinking,
    )
    return CountedRequest(request, tuple(sizes), signed)


def without_pictures(request: Request) -> Request:
    kept = tuple(
        replace(message, parts=tuple(part for part in message.parts if not isinstance(part, BlankPart)))
        for message in request.messages
    )
    return replace(request, messages=kept)


def _outcome(
    question: Question,
    tokens: int | None = None,
    *,
    with_images: bool = False,
    failure: Failure | None = None,
) -> TokensCounted:
    asked = Counted.of(question.session, question.draft)
    return TokensCounted(asked, tokens, with_images, failure)
