"""What a data folder must hold after each piece of work, worked out without a disk."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path

from vision_studio.storage.blobs import Blobs
from vision_studio.storage.codec import draft_from
from vision_studio.storage.database import Database
from vision_studio.storage.search import Search
from vision_studio.storage.turns import read_path


class Kind(Enum):
    """What is done; each takes effect whole or not at all."""

    OPEN = auto()
    """The folder is opened: what was deleted in an earlier run is purged."""
    NEW = auto()
    IMPORT = auto()
    """A file is copied into the blobs."""
    BUNDLE = auto()
    """A session comes out of a bundle."""
    DRAFT = auto()
    RENAME = auto()
    INSTRUCT = auto()
    SEND = auto()
    AGAIN = auto()
    """Another version of a shown turn is asked."""
    SHOW = auto()
    """The branch of a turn after which nothing was asked is shown."""
    STREAM = auto()
    END = auto()
    MAKE = auto()
    """A rendition is made and kept."""
    FIT = auto()
    """A sent picture learns of its rendition."""
    UPLOAD = auto()
    TAKE_BACK = auto()
    DELETE = auto()
    RESTORE = auto()
    SWEEP = auto()


@dataclass(frozen=True, slots=True)
class Work:
    kind: Kind
    session_id: str = ""
    text: str = ""
    """The draft's text, the title, the instructions, the answer so far, or a turn's id."""
    pictures: tuple[str, ...] = ()
    """Digests."""
    number: int = 0
    """A picture's seed, how many steps a sweep goes on, or the place of a turn."""


@dataclass(frozen=True, slots=True)
class Asked:
    id: str
    prompt: str
    pictures: tuple[str, ...]
    answer: str = ""
    is_answered: bool = False
    parent: str | None = None
    """The turn before it."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One session."""

    title: str | None = None
    """None: whatever it is called by itself."""
    system: str = ""
    text: str = ""
    pictures: tuple[str, ...] = ()
    turns: tuple[Asked, ...] = ()
    """Those that are shown, in order."""
    hidden: frozenset[Asked] = frozenset()
    """Those of other branches."""
    is_deleted: bool = False

    def leaves(self) -> list[str]:
        """Return the hidden turns after which nothing was asked."""
        followed = {turn.parent for turn in (*self.turns, *self.hidden)}
        return sorted(turn.id for turn in self.hidden if turn.id not in followed)

    def showing(self, turn_id: str) -> Talk:
        """Return it with the branch shown that ends with a turn."""
        known = {turn.id: turn for turn in (*self.turns, *self.hidden)}
        path: list[Asked] = []
        here: str | None = turn_id
        while here is not None:
            path.insert(0, known[here])
            here = known[here].parent
        return replace(self, turns=tuple(path), hidden=frozenset(known.values()) - set(path))

    def is_alone(self, turn: Asked) -> bool:
        """Tell whether a turn has no other versions."""
        return all(other.parent != turn.parent for other in self.hidden)


@dataclass(frozen=True, slots=True)
class Kept:
    talks: Mapping[str, Talk] = field(default_factory=dict)
    uploaded: frozenset[str] = frozenset()

    @property
    def pictures(self) -> set[str]:
        """What is referred to."""
        talks = self.talks.values()
        return {digest for talk in talks for digest in talk.pictures} | {
            digest for talk in talks for turn in (*talk.turns, *talk.hidden) for digest in turn.pictures
        }


BUNDLED = Talk("From a bundle", text="What is this?")
"""What comes out of the bundle, but for its picture."""


def data_of(number: int) -> bytes:
    return random.Random(number).randbytes(1000)


def digest_of(number: int) -> str:
    return hashlib.sha256(data_of(number)).hexdigest()


def after(kept: Kept, work: Work, made_id: str = "") -> Kept:
    """Return what is kept once some work is done; ``made_id`` names the session that came of it."""
    talks = dict(kept.talks)
    talk = talks.get(work.session_id, Talk())
    match work.kind:
        case Kind.OPEN:
            talks = {key: talk for key, talk in talks.items() if not talk.is_deleted}
        case Kind.NEW:
            talks[made_id] = Talk()
        case Kind.BUNDLE:
            talks[made_id] = replace(BUNDLED, pictures=work.pictures)
        case Kind.DRAFT:
            talks[work.session_id] = replace(talk, text=work.text, pictures=work.pictures)
        case Kind.RENAME:
            talks[work.session_id] = replace(talk, title=work.text)
        case Kind.INSTRUCT:
            talks[work.session_id] = replace(talk, system=work.text)
        case Kind.SEND:
            parent = talk.turns[-1].id if talk.turns else None
            turn = Asked(work.text, talk.text, talk.pictures, parent=parent)
            talks[work.session_id] = replace(talk, text="", pictures=(), turns=(*talk.turns, turn))
        case Kind.AGAIN:
            other = talk.turns[work.number]
            turn = replace(other, id=work.text, answer="", is_answered=False)
            talks[work.session_id] = replace(
                talk,
                turns=(*talk.turns[: work.number], turn),
                hidden=talk.hidden | set(talk.turns[work.number :]),
            )
        case Kind.SHOW:
            talks[work.session_id] = talk.showing(work.text)
        case Kind.STREAM | Kind.END:
            turn = replace(talk.turns[-1], answer=work.text, is_answered=work.kind is Kind.END)
            talks[work.session_id] = replace(talk, turns=(*talk.turns[:-1], turn))
        case Kind.UPLOAD:
            return replace(kept, uploaded=kept.uploaded | set(work.pictures))
        case Kind.TAKE_BACK:
            turn = talk.turns[-1]
            talks[work.session_id] = replace(
                talk, text=turn.prompt, pictures=turn.pictures, turns=talk.turns[:-1]
            )
        case Kind.DELETE | Kind.RESTORE:
            talks[work.session_id] = replace(talk, is_deleted=work.kind is Kind.DELETE)
        case Kind.IMPORT | Kind.MAKE | Kind.FIT | Kind.SWEEP:
            pass
    return replace(kept, talks=talks)


class Plan:
    """What is done next, at random, in one run of the application."""

    def __init__(self, seed: int, kept: Kept) -> None:
        self._choices = random.Random(seed)
        self._seed = seed
        self._at_hand = sorted(kept.pictures)
        """What may be put into a draft: it was referred to when the run began, or came during it."""
        self._number = 0

    def next(self, kept: Kept) -> Work:
        choose = self._choices
        self._number += 1
        live = sorted(key for key, talk in kept.talks.items() if not talk.is_deleted)
        if not live:
            return Work(Kind.NEW)
        session_id = choose.choice(live)
        talk = kept.talks[session_id]
        possible = [Kind.IMPORT, Kind.IMPORT, Kind.DRAFT, Kind.DRAFT, Kind.SWEEP, Kind.SWEEP]
        possible += [Kind.RENAME, Kind.INSTRUCT]
        if len(live) < 5:
            possible += [Kind.NEW, Kind.BUNDLE]
        if len(live) > 2:
            possible.append(Kind.DELETE)
        if gone := sorted(set(kept.talks) - set(live)):
            possible += [Kind.RESTORE] * 2
        if self._at_hand:
            possible += [Kind.MAKE, Kind.UPLOAD]
        last = talk.turns[-1] if talk.turns else None
        if talk.text and (last is None or last.is_answered) and len(talk.turns) < 6:
            possible += [Kind.SEND] * 3
        if last is not None and last.is_answered:
            possible += [Kind.AGAIN] * (len(talk.hidden) < 6) + [Kind.SHOW] * bool(talk.leaves())
        if last is not None and not last.is_answered:
            possible += [Kind.STREAM] * 3 + [Kind.END] * 2 + [Kind.FIT] * bool(last.pictures)
            if not last.answer and talk.is_alone(last):
                possible.append(Kind.TAKE_BACK)
        kind = choose.choice(possible)
        text = f"{kind.name.lower()} {self._seed}-{self._number}"
        match kind:
            case Kind.IMPORT:
                number = choose.randrange(12)  # the same picture comes again and again
                self._at_hand.append(digest_of(number))
                return Work(kind, number=number)
            case Kind.DRAFT:
                some = choose.sample(self._at_hand, min(choose.randrange(4), len(self._at_hand)))
                return Work(kind, session_id, text, tuple(dict.fromkeys(some)))
            case Kind.SEND:
                return Work(kind, session_id, f"turn {self._seed}-{self._number}")
            case Kind.AGAIN:
                turn_id = f"turn {self._seed}-{self._number}"
                return Work(kind, session_id, turn_id, number=choose.randrange(len(talk.turns)))
            case Kind.SHOW:
                return Work(kind, session_id, choose.choice(talk.leaves()))
            case Kind.STREAM | Kind.END:
                assert last is not None
                return Work(kind, session_id, last.answer + text * choose.randrange(1, 40))
            case Kind.MAKE | Kind.UPLOAD:
                return Work(kind, pictures=(choose.choice(self._at_hand),))
            case Kind.RESTORE:
                return Work(kind, choose.choice(gone))
            case Kind.SWEEP:
                return Work(kind, number=choose.choice((1, 10, 300, 1000)))
            case Kind.BUNDLE:
                return Work(kind, pictures=(digest_of(99),))
            case _:
                return Work(kind, session_id, text)


def kept_in(folder: Path) -> Kept:
    """Read what a folder holds, once it is certain that nothing in it is broken."""
    with closing(Database.open(folder / "studio.db")) as database:
        assert database.problems() == ()
        assert Search(database).problems() == ()
        kept = Kept(dict(_talks(database)), _column(database, "SELECT digest FROM uploads"))
        made = _column(database, "SELECT digest FROM renditions")
        made |= _column(
            database, "SELECT rendition_digest FROM turn_images WHERE rendition_digest IS NOT NULL"
        )
    blobs = Blobs(folder / "blobs")
    here = {path.name for path in (folder / "blobs").glob("??/*")}
    missing = kept.pictures - here
    assert not missing, f"referred to and gone: {missing}"
    assert not made - here, f"renditions without a file: {made - here}"
    for digest in here:
        assert hashlib.sha256(blobs.path(digest).read_bytes()).hexdigest() == digest
    return kept


def _talks(database: Database) -> Iterator[tuple[str, Talk]]:
    turns: dict[str, dict[str, Asked]] = {}
    pictures: dict[str, list[str]] = {}
    for turn_id, digest in database.read(
        "SELECT turn_id, digest FROM turn_images ORDER BY turn_id, position"
    ):
        pictures.setdefault(turn_id, []).append(digest)
    for session_id, turn_id, prompt, text, outcome, parent in database.read(
        "SELECT session_id, id, prompt, text, outcome, parent_id FROM turns JOIN answers ON turn_id = id"
    ):
        asked = Asked(turn_id, prompt, tuple(pictures.get(turn_id, ())), text, outcome == "answered", parent)
        turns.setdefault(session_id, {})[turn_id] = asked
    for session_id, title, by_user, system, deleted_at, content in database.read(
        "SELECT id, title, titled_by_user, system, deleted_at, content "
        "FROM sessions JOIN drafts ON session_id = id"
    ):
        draft, asked_of_it = draft_from(content), turns.get(session_id, {})
        path = read_path(database.read, session_id)[1]
        yield (
            session_id,
            Talk(
                title if by_user else None,
                system,
                draft.text,
                tuple(image.digest or "" for image in draft.images),
                tuple(asked_of_it[turn_id] for turn_id in path),
                frozenset(turn for turn_id, turn in asked_of_it.items() if turn_id not in path),
                deleted_at is not None,
            ),
        )


def _column(database: Database, sql: str) -> frozenset[str]:
    return frozenset(cell for (cell,) in database.read(sql))


def may_be_kept(found: Kept, before: Kept, under_way: Work | None) -> bool:
    """Tell whether what was found is what there was, or that with the work that was under way."""
    if found == before:
        return True
    if under_way is None:
        return False
    made = set(found.talks) - set(before.talks)
    return len(made) <= 1 and found == after(before, under_way, next(iter(made), ""))
