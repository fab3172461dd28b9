"""Why each rule is there, and where it comes from: what is read behind a finding by whoever wants to know."""

from __future__ import annotations

from typing import NamedTuple

from vision_studio.core.findings import Finding


class Reason(NamedTuple):
    why: str
    source: str


_VISION = "Claude platform documentation, “Vision”, 20 September 2026"
_GUIDES = "Anthropic's vision guides; Claude platform documentation, “Vision”, 20 September 2026"
_CONTEXT = "Claude platform documentation, “Context windows”, 2026"
_PRICING = "Claude platform documentation, “Pricing”, 7 October 2026"
_MODELS = "The server's list of models, else “Model deprecations”, October 2026"
_OURS = "A rule of Vision Studio's own"

_REASONS = {
    "too_many_images": Reason(
        "A request takes 600 images where the context window holds a million tokens, and 100 where it holds "
        "less. Images of earlier turns are sent again and count.",
        _VISION,
    ),
    "request_too_large": Reason(
        "The API refuses a request of more than 32 MB, counted as it travels: images inside it grow by a "
        "third as base64 text, uploaded ones weigh nothing.",
        "Claude platform documentation, “API overview”, 2026",
    ),
    "context_exceeded": Reason(
        "History, images, text and the answer share one window. The tokens here are estimated, so you can "
        "still send: the API counts for itself.",
        _CONTEXT,
    ),
    "over_side_limit": Reason(
        "The API refuses an image with a side over 8000 px, and over 2000 px as soon as the request, earlier "
        "turns included, holds more than 20 images.",
        _VISION,
    ),
    "over_byte_limit": Reason(
        "An image may have 10 MiB as base64 text, which is 7.9 MB as a file.",
        _VISION,
    ),
    "downscaled": Reason(
        "The API shrinks what is larger than the model sees before the model sees it. Bytes beyond that cost "
        "time to the first word, and change nothing in the answer.",
        _GUIDES,
    ),
    "small_side": Reason("Images with a side under 200 px may degrade the answer.", _GUIDES),
    "extreme_ratio": Reason(
        "An image is shrunk until its longer side fits. What is five times as long as it is wide loses so "
        "much of its width that text becomes unreadable.",
        _OURS,
    ),
    "small_text": Reason(
        "Letters are told apart by strokes and gaps one above the other: an “e” needs five rows of pixels, "
        "and one more where its strokes do not lie on whole rows. Measured by the shape of lines, once an "
        "image was chosen; rows of small windows may be taken for text.",
        _OURS,
    ),
    "first_frame_only": Reason("Animation is not supported: one frame is looked at.", _VISION),
    "duplicate": Reason("The same pixels twice cost twice and tell nothing new.", _OURS),
    "model_retired": Reason("Requests that name a retired model fail.", _MODELS),
    "model_retiring": Reason(
        "From the day it retires, requests that name the model fail. Another model may see images at another "
        "size: see what changes before you switch.",
        _MODELS,
    ),
    "price_unknown": Reason(
        "No price is published, or the model is of your own server. Enter one in Settings, Models and "
        "prices.",
        _PRICING,
    ),
    "dearer_band": Reason(
        "Past this many tokens in the prompt, cached ones included, the higher price holds for all of it.",
        _PRICING,
    ),
    "cap_near": Reason("You set this cap in Settings.", "Your own setting"),
    "cap_passed": Reason("You set this cap in Settings.", "Your own setting"),
    "at_address": Reason(
        "The API fetches the image when you send. What is there then may differ from what you saw.",
        _VISION,
    ),
    "converted": Reason("The API takes JPEG, PNG, GIF and WebP.", _VISION),
    "rotated": Reason(
        "The camera noted how it was held. The image is turned before it is sent, so that what Claude sees "
        "and what you see agree, coordinates too.",
        _VISION,
    ),
    "metadata_removed": Reason(
        "Claude reads no metadata. What is not needed is not sent.",
        _VISION,
    ),
    "location_removed": Reason(
        "The file says where it was taken. Claude reads no metadata, and what is not needed is not sent.",
        _VISION,
    ),
    "history_refitted": Reason(
        "More than 20 images in a request hold each of them to 2000 px, those of earlier turns too. Without "
        "this the API would refuse every request from now on.",
        f"{_VISION}; “Preserved thinking”, October 2026",
    ),
    "facts_assumed": Reason(
        "The server lists the model, but tells neither how large it sees images nor how many it takes. The "
        "estimate is made so as not to be too low.",
        "The server's list of models",
    ),
    "mention_gone": Reason(
        "The image was removed or left out after it was mentioned, so Claude would read “Image gone”. A red "
        "chip offers to bring it back, to mention another image, or to be removed.",
        _OURS,
    ),
    "no_question": Reason("Claude then describes the images, or asks what you want to know.", _OURS),
    "caution": Reason("Claude's published limitations; Help says more.", _GUIDES),
}
UNKNOWN = Reason("", "")


def reason(finding: Finding) -> Reason:
    """Return why a finding's rule is there; nothing for a rule that nobody has explained."""
    return _REASONS.get(finding.rule, UNKNOWN)
