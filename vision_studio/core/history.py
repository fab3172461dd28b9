"""What the earlier turns bring into the next request: their pictures, tokens and bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vision_studio.core import request_size
from vision_studio.core.catalogue import Limits, Model, ModelTable
from vision_studio.core.conversation import SentImage, Turn
from vision_studio.core.fitting import resent_size
from vision_studio.core.size import Size
from vision_studio.core.tokens import REQUEST_TOKENS, image_tokens, text_tokens


@dataclass(frozen=True, slots=True)
class History:
    """The earlier turns in numbers."""

    images: int
    tokens: int
    billed: bool
    """The tokens rest on the last bill, and only what came after it is estimated."""
    request_bytes: int
    """With uploaded pictures, the frame of the next message included."""
    inline_extra_bytes: int
    """What comes on top when every picture is in the request itself."""
    inline_estimated: bool
    refitted: tuple[int, ...]
    """Numbers of the pictures that will be sent smaller than before."""


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
        for sent in turn.images
    }
    refitted = tuple(
        sent.number
        for turn in turns
        for sent in turn.images
        if sent.rendition is not None and sent.rendition.size != sizes[sent.number]
    )
    bill = None if refitted else _last_bill(turns, model, catalogue)
    tokens, covered = (max(0, bill[0] - system_tokens - REQUEST_TOKENS), bill[1]) if bill else (0, 0)
    tokens += sum(_estimated_tokens(turn, model, sizes) for turn in turns[covered:])
    inline, estimated = 0, False
    for turn in turns:
        for sent in turn.images:
            if (size := sizes[sent.number]) is None or sent.image.url is not None:
                continue
            size_bytes, known = _image_bytes(sent, size, limits)
            inline += request_size.inline_extra_bytes(size_bytes)
            estimated = estimated or not known
    return History(
        images=len(sizes),
        tokens=tokens,
        billed=bill is not None,
        request_bytes=request_size.history_bytes(turns),
        inline_extra_bytes=inline,
        inline_estimated=estimated,
        refitted=refitted,
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


def _estimated_tokens(turn: Turn, model: Model, sizes: dict[int, Size | None]) -> int:
    """A picture at an address that nobody looked at counts for nothing: nothing is known of it."""
    seen = (size for sent in turn.images if (size := sizes[sent.number]) is not None)
    pictures = sum(image_tokens(size, model.tier) for size in seen)
    pictures += sum(text_tokens(sent.caption) for sent in turn.images)
    return pictures + text_tokens(turn.prompt) + text_tokens(turn.answer.text)


def _image_bytes(sent: SentImage, size: Size, limits: Limits) -> tuple[int, bool]:
    if sent.rendition is not None and sent.rendition.size == size:
        return sent.rendition.size_bytes, True
    return request_size.image_bytes(sent.image, size, limits)
