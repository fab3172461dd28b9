"""What to tell when a picture could not be uploaded: nothing was asked, and nothing billed."""

from __future__ import annotations

from vision_studio.core.amounts import image_numbers
from vision_studio.core.failures import Failure, FailureKind

_UNBILLED = "Retry: nothing was asked yet, and nothing is billed."


def upload_failure_words(failure: Failure, said: str) -> tuple[str, str] | None:
    """Return what happened and the next step; None where a failure means the same for every call.

    ``said`` are the server's own words, short enough to stand in a sentence.
    """
    several = len(set(failure.images)) > 1
    it, is_ = ("them", "are") if several else ("it", "is")
    pictures = image_numbers(failure.images)
    which = pictures or "the image"
    match failure.kind:
        case FailureKind.INTERRUPTED:
            was = "were" if several else "was"
            return f"The connection broke while {which} {was} uploaded.", _UNBILLED
        case FailureKind.TIMED_OUT:
            return f"The server fell silent while it took {which}.", _UNBILLED
        case FailureKind.TOO_LARGE:
            return (
                f"{pictures or 'The image'} {is_} larger than the server takes.",
                f"Make {it} smaller or leave {it} out, then retry.",
            )
        case FailureKind.BAD_REQUEST:
            because = f": {said}" if said else "."
            return (
                f"The server did not take {which}{because}",
                f"Replace {it} or leave {it} out, then retry.",
            )
        case FailureKind.NOT_PERMITTED:
            return (
                "This API key is not allowed to upload images.",
                "Ask its owner, or choose Never upload in Settings, then retry.",
            )
        case _:
            return None
