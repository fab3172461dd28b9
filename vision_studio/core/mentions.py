"""A question's text with the pictures it mentions: while it is written, and once it was sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

MARK = "\ufffc"
"""Stands in a text for a picture that is mentioned there: "object replacement", as in Qt's documents."""

GONE = "Image gone"
"""What a mention is called, and sent as, while its picture is not in the request."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A chip: bound to a picture, wherever that stands and whatever its number is."""

    image_id: str
    name: str = ""
    """What the picture's file is called: all that is left to tell once the picture is gone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in which every ``MARK`` stands for one of ``mentions``, in their order."""

    text: str = ""
    mentions: tuple[Mention, ...] = ()

    def __post_init__(self) -> None:
        if self.text.count(MARK) != len(self.mentions):
            raise ValueError("a passage has as many mentions as marks")

    def __add__(self, other: Passage) -> Passage:
        return Passage(self.text + other.text, self.mentions + other.mentions)

    def part(self, start: int, end: int | None = None) -> Passage:
        """Return what stands between two places, counted in characters as ``str`` counts them."""
        before = self.text.count(MARK, 0, start)
        text = self.text[start:end]
        return Passage(text, self.mentions[before : before + text.count(MARK)])

    @property
    def units(self) -> Sequence[str | Mention]:
        """The characters, with each mark's mention in its place: what two passages are compared by."""
        if not self.mentions:
            return self.text
        following = iter(self.mentions)
        return [next(following) if one == MARK else one for one in self.text]

    def without(self, image_ids: Collection[str]) -> Passage:
        """Take the mentions of some pictures out, and one of two spaces that would meet."""
        first, *pieces = self.text.split(MARK)
        left = Passage(first)
        for mention, piece in zip(self.mentions, pieces, strict=True):
            if mention.image_id not in image_ids:
                left += Passage(MARK, (mention,)) + Passage(piece)
            else:
                meets = left.text[-1:] in ("", " ") and piece.startswith(" ")
                left += Passage(piece[1:] if meets else piece)
        return left

    def renamed(self, ids: Mapping[str, str]) -> Passage:
        """Return it bound to other pictures: ``ids`` maps their ids; others stay as they are."""
        mentions = (replace(one, image_id=ids.get(one.image_id, one.image_id)) for one in self.mentions)
        return Passage(self.text, tuple(mentions))


def plain(text: str) -> Passage:
    """Return a text from elsewhere. What looks like a mark in it is none, and is dropped."""
    return Passage(text.replace(MARK, ""))


def mended(text: str, mentions: Sequence[Mention]) -> Passage:
    """Return a passage of what was read: marks without a mention are dropped, and mentions without a mark."""
    if text.count(MARK) == len(mentions):
        return Passage(text, tuple(mentions))
    first, *pieces = text.split(MARK)
    made = Passage(first)
    for position, piece in enumerate(pieces):
        chip = Passage(MARK, (mentions[position],)) if position < len(mentions) else Passage()
        made += chip + Passage(piece)
    return made


def joined(passages: Iterable[Passage], between: str) -> Passage:
    """Put passages behind each other, but for empty ones."""
    whole = Passage()
    for one in passages:
        if one.text.strip():
            whole = whole + Passage(between) + one if whole.text else one
    return whole


@dataclass(frozen=True, slots=True)
class SentMention:
    """Where a sent question names a picture; places count characters as ``str`` does."""

    start: int
    length: int
    image_id: str
    name: str = ""

    @property
    def end(self) -> int:
        return self.start + self.length


def said(passage: Passage, called: Callable[[Mention], str]) -> tuple[str, tuple[SentMention, ...]]:
    """Return the plain text that is sent, and where it names pictures. ``called`` gives each its words."""
    text, *pieces = passage.text.split(MARK)
    spans = []
    for mention, piece in zip(passage.mentions, pieces, strict=True):
        words = called(mention)
        spans.append(SentMention(len(text), len(words), mention.image_id, mention.name))
        text += words + piece
    return text, tuple(spans)


def reopened(prompt: str, mentions: Iterable[SentMention]) -> Passage:
    """Return a sent question as it was written: each name of a picture is a chip again.

    Places that cannot be, in a record that was damaged, are passed over: their words stay.
    """
    passage, done = Passage(), 0
    for one in sorted(mentions, key=lambda mention: mention.start):
        if one.start < done or one.length < 1 or one.end > len(prompt):
            continue
        chip = Passage(MARK, (Mention(one.image_id, one.name),))
        passage += plain(prompt[done : one.start]) + chip
        done = one.end
    return passage + plain(prompt[done:])
