"""What the earlier turns bring into the next request: their pictures, tokens and bytes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vision_studio.core import request_size
from vision_studio.core.accuracy import Correction, corrected
from vision_studio.core.catalogue import Limits, Model, ModelTable
from vision_studio.core.conversation import SentImage, Turn, has_signed_thinking
from vision_studio.core.fitting import resent_size
from vision_studio.core.size import Size
from vision_studio.core.tokens import REQUEST_TOKENS, image_tokens, text_tokens


@dataclass(frozen=True, slots=True)
class History:
    """The earlier turns in numbers. Tokens are as estimated, before any correction."""

    images: int
    billed_tokens: int
    """What the last bill says of the turns it covers; 0 where there is none that holds."""
    image_tokens: int
    """Of the pictures that no bill covers, by the formula."""
    text_tokens: int
    """Of the words that no bill covers."""
    billed: bool
    """The tokens rest on the last bill, and only what came after it is estimated."""
    request_bytes: int
    """With uploaded pictures, the frame of the next message included."""
    inline_extra_bytes: int
    """What comes on top when every picture is in the request itself."""
    inline_estimated: bool
    largest: Largest | None
    """The picture with the longest side, as it is sent again."""
    over_crowded_side: tuple[int, ...]
    """Numbers of the pictures with a side that a crowded request may not have."""
    refitted: tuple[int, ...]
    """Numbers of the pictures that will be sent smaller than before."""
    signed_turns: int
    """Turns behind a refitted picture whose thinking is signed: it cannot be sent again."""

    def tokens(self, correction: Correction) -> int:
        """Return what the turns cost when they are sent again, with what was learnt about the model."""
        return (
            self.billed_tokens
            + corrected(self.image_tokens, correction.images)
            + corrected(self.text_tokens, correction.text)
        )


class Largest(NamedTuple):
    """The longest side in a request, and whose it is."""

    side_px: int
    number: int


def summarise(
    turns: Sequence[Turn], model: Model, catalogue: ModelTable, images_in_request: int, system_tokens: int
) -> History:
    """Return what the turns cost when they are sent again, to a model, in a request of so many pictures.

    The last bill tells the tokens best; it is of no use when the pictures will be seen at other sizes.
    Its share for the system prompt, ``system_tokens``, is counted elsewhere.
    """
    limits = catalogue.limits
    sizes = {
        sent.number: resent_size(sent, model.tier, limits, images_in_request)
        for turn in turns
        for sent in turn.carried
    }
    refitted = tuple(
        sent.number
        for turn in turns
        for sent in turn.carried
        if sent.rendition is not None and sent.rendition.size != sizes[sent.number]
    )
    left_out = any(sent.left_out for turn in turns for sent in turn.images)
    bill = None if refitted or left_out else _last_bill(turns, model, catalogue)
    billed, covered = (max(0, bill[0] - system_tokens - REQUEST_TOKENS), bill[1]) if bill else (0, 0)
    estimates = [_estimated_tokens(turn, model, sizes) for turn in turns[covered:]]
    inline, estimated = 0, False
    for turn in turns:
        for sent in turn.carried:
            if (size := sizes[sent.number]) is None or sent.image.url is not None:
                continue
            size_bytes, known = _image_bytes(sent, size, limits)
            inline += request_size.inline_extra_bytes(size_bytes)
            estimated = estimated or not known
    shown = {sent.number: sent.shown for turn in turns for sent in turn.carried}
    sides = [(size.longest, shown[number]) for number, size in sizes.items() if size is not None]
    return History(
        images=len(sizes),
        billed_tokens=billed,
        image_tokens=sum(pictures for pictures, _ in estimates),
        text_tokens=sum(words for _, words in estimates),
        billed=bill is not None,
        request_bytes=request_size.history_bytes(turns),
        inline_extra_bytes=inline,
        inline_estimated=estimated,
        largest=Largest(*max(sides)) if sides else None,
        over_crowded_side=tuple(number for side, number in sides if side > limits.crowded_side_px),
        refitted=tuple(shown[number] for number in refitted),
        signed_turns=_signed_behind(turns, refitted),
    )


def _signed_behind(turns: Sequence[Turn], changed: Collection[int]) -> int:
    """Count the answers with signed thinking that follow a changed picture."""
    if not changed:
        return 0
    first = min(changed)
    return sum(
        has_signed_thinking(turn.answer)
        for row, turn in enumerate(turns)
        if any(sent.number >= first for earlier in turns[: row + 1] for sent in earlier.images)
    )


def _last_bill(turns: Sequence[Turn], model: Model, catalogue: ModelTable) -> tuple[int, int] | None:
    """Return the tokens of the last bill that holds for the model, and how many turns it covers."""
    for row in range(len(turns) - 1, -1, -1):
        answer = turns[row].answer
        if answer.usage is None or not answer.usage.prompt_tokens:
            continue
        if catalogue.model(answer.model_id).tier != model.tier:
            return None
        # A stream that was stopped has told its prompt, but not yet its output.
        said = max(answer.usage.output_tokens, text_tokens(answer.text)) if answer.text.strip() else 0
        return answer.usage.prompt_tokens + said, row + 1
    return None


def _estimated_tokens(turn: Turn, model: Model, sizes: dict[int, Size | None]) -> tuple[int, int]:
    """Return the tokens of a turn's pictures and of its words.

    A picture at an address that nobody looked at counts for nothing: nothing is known of it.
    """
    seen = (size for sent in turn.carried if (size := sizes[sent.number]) is not None)
    captions = sum(text_tokens(sent.caption) for sent in turn.carried)
    words = captions + text_tokens(turn.prompt) + text_tokens(turn.answer.text)
    return sum(image_tokens(size, model.tier) for size in seen), words


def _image_bytes(sent: SentImage, size: Size, limits: Limits) -> tuple[int, bool]:
    if sent.rendition is not None and sent.rendition.size == size:
        return sent.rendition.size_bytes, True
    return request_size.image_bytes(sent.image, size, limits)
