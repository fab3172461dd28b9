"""What is said about branches, versions and the editing of sent turns."""

from __future__ import annotations

from decimal import Decimal

from vision_studio.core.words import usd

EDITING = "Send makes a new version; the one that was sent stays."
ANSWER_FIRST = "Wait for the answer, or stop it with Esc. Then other versions can be shown."
ASK_LATER = "Wait for the answer, or stop it with Esc. Then another question can be asked."


def branch_title(title: str) -> str:
    """Return the title of a session that branched off."""
    return f"{title} (branch)".strip()


def version_words(place: int, count: int) -> str:
    """Return "Version 2 of 3"."""
    return f"Version {place} of {count}"


def editing_words(turn: int | None) -> str:
    """Return "Editing turn 3"; None: it is not among the turns that are shown."""
    return f"Editing turn {turn}" if turn is not None else "Editing a turn of another version"


def edit_first_words(turn: int) -> str:
    return f"Send or cancel your edit of turn {turn} first: this would change what comes before it."


def unread_words(turn: int) -> str:
    return f"Turn {turn} can be edited when the images of your draft have been read."


def hidden_cost_words(total_usd: Decimal, hidden_usd: Decimal) -> str:
    """Say what of a session's cost is not to be seen in its turns; "" for nothing."""
    if not hidden_usd:
        return ""
    return f"{usd(total_usd)} in all; {usd(hidden_usd)} of it for versions that are not shown."
