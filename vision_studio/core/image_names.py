"""What a question calls the pictures of its conversation: "Image 3", or "Image 3 of turn 1"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vision_studio.core.conversation import SentImage, Session, Turn
from vision_studio.core.draft import Draft, Image
from vision_studio.core.findings import MentionGone
from vision_studio.core.mentions import GONE, MARK, SentMention, said


@dataclass(frozen=True, slots=True)
class Named:
    """A picture that can be mentioned."""

    image: Image
    number: int
    words: str
    """What it is called, shown and sent alike."""
    turn: int | None = None
    """The turn it was sent in, from 1; None for one of the draft."""


def image_names(
    images: Sequence[Image],
    turns: Sequence[Turn],
    first: int,
    wanted: Collection[str] | None = None,
) -> Mapping[str, Named]:
    """Return what the pictures of a request are called, by id, where the draft's numbers begin at ``first``.

    Those that are left out, of the draft or of an earlier turn, are not in it; ``wanted`` None means all.
    A number that means several pictures, or will, is told with the turn its picture was sent in.
    """
    names: dict[str, Named] = {}
    numbers = Counter(sent.shown for turn in turns for sent in turn.images)
    for place, turn in enumerate(turns, start=1):
        for sent in turn.carried:
            if wanted is None or sent.image.id in wanted:
                shared = numbers[sent.shown] > 1 or sent.shown >= first
                words = f"Image {sent.shown}" + (f" of turn {place}" if shared else "")
                names[sent.image.id] = Named(sent.image, sent.shown, words, place)
    number = first
    for image in images:
        if image.included:
            if wanted is None or image.id in wanted:
                names[image.id] = Named(image, number, f"Image {number}")
            number += 1
    return names


def sent_text(draft: Draft, session: Session) -> tuple[str, tuple[SentMention, ...]]:
    """Return a draft's text as it would be sent behind the session's turns, and where it names pictures."""
    passage = draft.passage
    if not passage.mentions:
        return passage.text, ()
    wanted = {mention.image_id for mention in passage.mentions}
    names = image_names(draft.images, session.turns, session.first_number, wanted)
    return said(passage, lambda mention: names[mention.image_id].words if mention.image_id in names else GONE)


def gone(draft: Draft, session: Session) -> MentionGone | None:
    """Tell which pictures are mentioned and are not in the request."""
    if MARK not in draft.text:
        return None
    mentioned = {mention.image_id: mention.name for mention in draft.passage.mentions}
    names = image_names(draft.images, session.turns, session.first_number, mentioned)
    lost = tuple(image_id for image_id in mentioned if image_id not in names)
    return (
        MentionGone(image_ids=lost, names=tuple(mentioned[one] or "an image" for one in lost))
        if lost
        else None
    )


def numbered(draft: Draft, session: Session) -> tuple[SentImage, ...]:
    """Return the draft's pictures as they would be sent behind the session's turns."""
    ahead = session.next_number - session.first_number
    return tuple(
        SentImage(image, number, called=number - ahead if ahead else None)
        for number, image in enumerate(draft.included, start=session.next_number)
    )
