"""A sent turn as a draft again, to be asked in another version."""

from __future__ import annotations

from dataclasses import replace

from vision_studio.core.conversation import Session, Turn
from vision_studio.core.draft import Draft, Editing
from vision_studio.core.image_names import sent_text
from vision_studio.core.mentions import Passage, joined


def reopened(turn: Turn, draft: Draft) -> Draft:
    """Return a turn's question as a draft; ``draft``, in whose place it comes, is kept aside.

    What was going to be another version of a turn already is given up: only one is edited at a time.
    """
    images = tuple(replace(sent.image, included=not sent.left_out) for sent in turn.images)
    return Draft(images, editing=Editing(turn.id, put_back(draft))).with_passage(turn.passage)


def put_back(draft: Draft) -> Draft:
    """Return what was being composed before a draft became another version of a turn; else the draft."""
    return draft if draft.editing is None else draft.editing.aside


def left_over(draft: Draft, session: Session, turn: Turn) -> Draft:
    """Return what there is to compose once a turn was sent: what was left out, or came after Send.

    ``session`` may have the turn already where it is another version. What was kept aside comes first.
    A draft that edits a turn stays, the very same, when something else was sent.
    """
    if draft.editing is not None and turn.id not in session.versions_of(draft.editing.turn_id):
        return draft
    sent = {one.image.id for one in turn.images}
    kept = Draft() if draft.editing is None else draft.editing.aside
    images = (*kept.images, *(image for image in draft.images if image.id not in sent))
    asked = sent_text(draft, session.before(draft))[0] == turn.prompt
    said = (kept.passage, Passage() if asked else draft.passage)
    return Draft(images).with_passage(joined(said, "\n\n"))
