"""What each turn brings into the next request: the history, turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import Turn
from vision_studio.core.tokens import image_tokens, text_tokens


@dataclass(frozen=True, slots=True)
class TurnNumbers:
    """One turn of the history."""

    number: int
    """From 1."""
    prompt: str
    images: int
    image_tokens: int
    """By the formula, for the model that is asked now."""
    words_tokens: int
    """Of its question, its captions and its answer; as billed where it can be told."""
    billed: bool
    """``words_tokens`` is what was billed beyond the turns before and the images."""
    cost_usd: Decimal | None
    """What the turn has cost."""

    @property
    def tokens(self) -> int:
        return self.image_tokens + self.words_tokens


def turn_numbers(turns: Sequence[Turn], model: Model) -> tuple[TurnNumbers, ...]:
    """Return every turn's share.

    A bill is of everything up to its question, so a turn's own share is the difference of two bills that
    follow each other; where one of them is missing, or another tier was asked, the words are estimated.
    """
    rows, before = [], 0
    for number, turn in enumerate(turns, start=1):
        sizes = [sent.rendition.size if sent.rendition else sent.image.edited_size for sent in turn.images]
        pictures = sum(image_tokens(size, model.tier) for size in sizes if size is not None)
        words = text_tokens(turn.prompt) + sum(text_tokens(sent.caption) for sent in turn.images)
        answer = text_tokens(turn.answer.text)
        usage = turn.answer.usage
        billed = False
        if usage is not None and usage.prompt_tokens:
            own = usage.prompt_tokens - before - pictures
            billed = own >= 0 and (number == 1 or before > 0)
            words = own if billed else words
            answer = max(answer, usage.output_tokens)
            before = usage.prompt_tokens + answer
        else:
            before = 0
        rows.append(
            TurnNumbers(
                number, turn.prompt, len(turn.images), pictures, words + answer, billed, turn.answer.cost_usd
            )
        )
    return tuple(rows)
