"""A session and its turns, as frozen values: a sent turn is history and is only added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from vision_studio.core.draft import Draft, Image, Rendition
from vision_studio.core.failures import Failure
from vision_studio.core.marks import legend
from vision_studio.core.mentions import Passage, SentMention, reopened
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import RequestSettings


class Outcome(StrEnum):
    """How an answer ended, or that it has not."""

    WAITING = "waiting"
    """Asked for; uploads may be under way; no text yet."""
    STREAMING = "streaming"
    ANSWERED = "answered"
    STOPPED = "stopped"
    """The user stopped it; what arrived is kept."""
    FAILED = "failed"
    """An error ended it; what arrived is kept."""
    INTERRUPTED = "interrupted"
    """The stream or the application ended without saying why; what arrived is kept."""

    @property
    def is_over(self) -> bool:
        return self not in (Outcome.WAITING, Outcome.STREAMING)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the API billed them. ``input_tokens`` is only what follows the last cache breakpoint."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    thinking_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        """Everything the model read."""
        return (
            self.input_tokens
            + self.cache_read_tokens
            + self.cache_write_5m_tokens
            + self.cache_write_1h_tokens
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one turn."""

    model_id: str
    outcome: Outcome = Outcome.WAITING
    text: str = ""
    content_json: str = ""
    """The assistant's content blocks, to be sent back whole; "" when only ``text`` is known."""
    stop_reason: str | None = None
    stop_detail: str = ""
    """A refusal's category and explanation."""
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    """Of every try, when the question was asked again; ``usage`` is the last one's."""
    request_id: str | None = None
    duration_s: float | None = None
    failure: Failure | None = None
    practice: bool = False
    """The built-in practice server answered, not Claude."""
    thinking: str = ""
    """What the model let be read of its thoughts: a summary, "" for most models unless it is asked for."""


def has_signed_thinking(answer: Answer) -> bool:
    """Tell whether an answer holds thinking that can only follow the very history it was written after.

    Source: Claude platform documentation, "Preserved thinking" (2026-10).
    """
    return "signature" in answer.content_json or "redacted_thinking" in answer.content_json


@dataclass(frozen=True, slots=True)
class SentImage:
    """A picture in a sent turn, with the number and label it was sent under."""

    image: Image
    number: int
    """Its place among all pictures of the conversation, from 1: no other has it."""
    rendition: Rendition | None = None
    """What was sent; None until it was made."""
    left_out: bool = False
    """Its caption is still sent, and that it was left out; the numbers of the others stay."""
    called: int | None = None
    """The number it was sent under, where numbers restarted; None for ``number`` itself."""

    @property
    def shown(self) -> int:
        """The number people and the model know it by."""
        return self.number if self.called is None else self.called

    @property
    def caption(self) -> str:
        """The text block that stands before the picture."""
        return caption_of(self.image, self.shown)


def caption(number: int, label: str = "") -> str:
    """Return the line that names a picture: "Image 2:" or "Image 2: after repair"."""
    return f"Image {number}: {label}" if label else f"Image {number}:"


def caption_of(image: Image, number: int) -> str:
    """Return the text block that stands before a picture; what its marks mean is a line of its own."""
    named = caption(number, image.label)
    if not image.edits or image.size is None:
        return named
    marks = legend(image.size, image.edits, number)
    return f"{named}\n{marks}" if marks else named


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its pictures, and its answer."""

    id: str
    prompt: str
    images: tuple[SentImage, ...]
    answer: Answer
    created_at: datetime
    """In UTC."""
    estimated_tokens: int | None = None
    """What we expected the whole request to cost, to be held against the bill."""
    mentions: tuple[SentMention, ...] = ()
    """Where the prompt, which is plain text, names pictures."""

    @property
    def passage(self) -> Passage:
        """The prompt as it was written, to be edited: the names of pictures are chips again."""
        return reopened(self.prompt, self.mentions)

    @property
    def carried(self) -> tuple[SentImage, ...]:
        """The pictures that go out with the turn, now and in every later request."""
        return tuple(sent for sent in self.images if not sent.left_out)


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation with its draft."""

    id: str
    title: str
    model_id: str
    created_at: datetime
    updated_at: datetime
    system: str = ""
    turns: tuple[Turn, ...] = ()
    """Those of the branch that is shown, in order."""
    draft: Draft = field(default_factory=Draft)
    settings: RequestSettings = field(default_factory=RequestSettings)
    numbering: Numbering = Numbering.CONTINUE
    versions: tuple[tuple[str, ...], ...] = ()
    """Ids of turns that were asked at one place of the branch, in the order in which they were asked.

    A place where nothing was asked twice has no entry.
    """
    hidden_usd: Decimal = Decimal()
    """Spent on turns of other branches."""

    def versions_of(self, turn_id: str) -> tuple[str, ...]:
        """Return the ids of all that was asked in a turn's place, its own included."""
        return next((ids for ids in self.versions if turn_id in ids), (turn_id,))

    def place_of(self, turn_id: str) -> int | None:
        """Return where on the branch a turn, or another version of it, stands, from 0."""
        ids = self.versions_of(turn_id)
        return next((place for place, turn in enumerate(self.turns) if turn.id in ids), None)

    def before(self, draft: Draft) -> Session:
        """Return the session as a draft finds it: without the turn that it edits, and those after that."""
        place = None if draft.editing is None else self.place_of(draft.editing.turn_id)
        if place is None:
            return self
        return replace(
            self, turns=self.turns[:place], hidden_usd=self.hidden_usd + _cost_usd(self.turns[place:])
        )

    @property
    def sent_images(self) -> Iterator[SentImage]:
        """Every picture of the history, in order."""
        return (sent for turn in self.turns for sent in turn.images)

    @property
    def next_number(self) -> int:
        """The place the draft's first picture will have among all pictures: it runs on."""
        return 1 + sum(len(turn.images) for turn in self.turns)

    @property
    def first_number(self) -> int:
        """The number the draft's first picture is called by."""
        return 1 if self.numbering is Numbering.RESTART else self.next_number

    @property
    def cost_usd(self) -> Decimal:
        """Of all that was asked, on every branch."""
        return self.hidden_usd + _cost_usd(self.turns)


def _cost_usd(turns: Iterable[Turn]) -> Decimal:
    costs = (turn.answer.cost_usd for turn in turns)
    return sum((cost for cost in costs if cost is not None), Decimal())


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A row of the library."""

    id: str
    title: str
    updated_at: datetime
    turns: int
    """Of the branch that is shown, as ``images`` and ``cover``."""
    images: int
    cost_usd: Decimal
    """Of all branches."""
    cover: str | None = None
    """The pixels (``core.draft.pixels_key``) whose thumbnail stands for the session."""
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()
    """In the order of the alphabet."""
