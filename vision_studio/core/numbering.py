"""How a session's pictures are numbered."""

from __future__ import annotations

from enum import StrEnum


class Numbering(StrEnum):
    """What the first picture of a question is called. What was sent keeps its number either way."""

    CONTINUE = "continue"
    """One more than the last: each number means one picture of the conversation."""
    RESTART = "restart"
    """Image 1 again with every question, as in the example of the older guide."""
