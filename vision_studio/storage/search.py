"""Finds turns and sessions by their words, the newest first. What keeps the index is in ``search_layout``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.search import Filters, Hit, Part, Query, Span
from vision_studio.storage.cells import time_cell, time_or_epoch
from vision_studio.storage.database import Database, Row, Value
from vision_studio.storage.errors import DatabaseDamaged
from vision_studio.storage.rows import SUMMARY_COLUMNS, summary_from

HITS = 20
"""Turns to a page: more than a panel shows at once."""

SESSIONS = 5
"""Sessions whose title or tags have the words, at most."""

SNIPPET_WORDS = 18

_BEGIN, _END = "\ufdd0", "\ufdd1"
"""Around a word that was found. Both are set aside by Unicode for such uses and stand for no character."""


@dataclass(frozen=True, slots=True)
class Found:
    sessions: tuple[SessionSummary, ...]
    """By their titles, tags and, in a query without words, by its filters."""
    hits: tuple[Hit, ...]
    after: int | None
    """Where the next page of hits begins; None after the last one."""


class Search:
    def __init__(self, database: Database) -> None:
        self._database = database
        database.read(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_in_use "
            "USING fts5vocab('main', 'turn_words', 'instance')"
        )

    def find(self, query: Query, after: int | None = None) -> Found:
        """Return a page of what is found; further pages hold no sessions."""
        if query.is_empty:
            return Found((), (), None)
        if not query.has_words:
            return Found(self._filtered(query.filters), (), None)
        rows = self._turns(query, after)
        more = len(rows) > HITS
        return Found(
            self._sessions(query) if after is None else (),
            tuple(map(_hit, rows[:HITS])),
            rows[HITS - 1][0] if more else None,
        )

    def _turns(self, query: Query, after: int | None) -> list[Row]:
        condition, cells = _conditions(query.filters)
        if after is not None:
            condition, cells = f"{condition} AND turn_words.rowid < ?", [*cells, after]
        # CROSS JOIN has the index read first, in its own order: nothing is gathered and sorted.
        return self._database.read(
            f"SELECT turn_words.rowid, sessions.id, turns.id, title, turns.created_at, {_SNIPPETS} "
            "FROM turn_words CROSS JOIN turns ON turns.key = turn_words.rowid "
            "CROSS JOIN sessions ON sessions.id = session_id "
            f"WHERE turn_words MATCH ? AND {condition} ORDER BY turn_words.rowid DESC LIMIT ?",
            (self._matching_turns(query), *cells, HITS + 1),
        )

    def _matching_turns(self, query: Query) -> str:
        """Return the query in the index's language, with the words that it may be about told one by one.

        A prefix that stands before a common word costs the whole of its list, a tenth of a second among a
        million answers; whole words are read only as far as the page goes.
        """
        said = [_literal(phrase) for phrase in query.phrases]
        for word in query.words:
            begun = self._words_begun(word.lower()) if _PLAIN.fullmatch(word) else ()
            said.append(f"({' OR '.join(map(_literal, begun))})" if begun else _beginning(word))
        return " AND ".join(said)

    def _words_begun(self, word: str) -> tuple[str, ...]:
        """Return the words in use that begin so; () for more than a few."""
        begun = self._database.read(_WORDS_BEGUN, (word, word + _LAST, _FEW + 1))
        return () if len(begun) > _FEW else tuple(term for (term,) in begun) or (word,)

    def _sessions(self, query: Query) -> tuple[SessionSummary, ...]:
        condition, cells = _session_conditions(query.filters)
        rows = self._database.read(
            f"SELECT {SUMMARY_COLUMNS} FROM "
            "(SELECT rowid AS found FROM session_words WHERE session_words MATCH ?) CROSS JOIN sessions "
            f"ON key = found WHERE {condition} ORDER BY found DESC LIMIT ?",
            (_matching_sessions(query), *cells, SESSIONS),
        )
        return tuple(map(summary_from, rows))

    def _filtered(self, filters: Filters) -> tuple[SessionSummary, ...]:
        condition, cells = _session_conditions(filters)
        rows = self._database.read(
            f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE {condition} "
            "ORDER BY updated_at DESC, key DESC LIMIT ?",
            (*cells, HITS),
        )
        return tuple(map(summary_from, rows))

    def problems(self) -> tuple[str, ...]:
        """Say where the index is not what the turns and sessions are. Reads everything."""
        wrong = []
        for index, view in _INDEXES:
            try:
                with self._database.writing() as transaction:
                    transaction.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
            except DatabaseDamaged:
                wrong.append(f"{index}: not what {view} is")
        return tuple(wrong)

    def rebuild(self) -> None:
        """Make the index anew from what is kept."""
        with self._database.writing() as transaction:
            for index, _ in _INDEXES:
                transaction.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


_INDEXES = (("turn_words", "searched_turns"), ("session_words", "searched_sessions"))

_SNIPPETS = ", ".join(
    f"snippet(turn_words, {column}, '{_BEGIN}', '{_END}', '…', {SNIPPET_WORDS})" for column in range(3)
)


_PLAIN = re.compile(r"[A-Za-z0-9]{4,}")
"""Words that the index knows by the same letters. Shorter beginnings have lists of their own in it."""

_FEW = 40
_LAST = "\U0010ffff"
"""After every character that a word goes on with; char(1) comes before them."""

# From each word straight to the next: what is listed of a word, and may be as long as the library, is left.
_WORDS_BEGUN = (
    "WITH RECURSIVE begun (term) AS ("
    "SELECT (SELECT term FROM temp.words_in_use WHERE term >= ?1 AND term < ?2 LIMIT 1) UNION ALL "
    "SELECT (SELECT word.term FROM temp.words_in_use AS word "
    "WHERE word.term >= begun.term || char(1) AND word.term < ?2 LIMIT 1) "
    "FROM begun WHERE begun.term IS NOT NULL LIMIT ?3) SELECT term FROM begun WHERE term IS NOT NULL"
)


def _matching_sessions(query: Query) -> str:
    return " AND ".join([*map(_literal, query.phrases), *map(_beginning, query.words)])


def _beginning(word: str) -> str:
    """A single letter is looked for whole: as a beginning it would say nothing, and cost the most."""
    return _literal(word) if len(word) == 1 and word.isascii() else f"{_literal(word)} *"


def _literal(text: str) -> str:
    """Between double quotes nothing has a meaning to the index."""
    return '"' + text.replace('"', '""').replace("\0", " ") + '"'


def _conditions(filters: Filters) -> tuple[str, list[Value]]:
    """Return what must hold of a session and, in it, of a turn that was found."""
    session, cells = _of_session(filters)
    turn, more = _of_turn(filters)
    return " AND ".join([*session, *turn]), [*cells, *more]


def _session_conditions(filters: Filters) -> tuple[str, list[Value]]:
    """Return what must hold of a session, and of any one of its turns."""
    session, cells = _of_session(filters)
    turn, more = _of_turn(filters)
    if turn:
        session.append(
            f"EXISTS (SELECT 1 FROM turns WHERE session_id = sessions.id AND {' AND '.join(turn)})"
        )
    return " AND ".join(session), [*cells, *more]


def _of_session(filters: Filters) -> tuple[list[str], list[Value]]:
    said = ["deleted_at IS NULL", "archived = ?"]
    cells: list[Value] = [filters.archived]
    for tag in filters.tags:
        said.append(
            "EXISTS (SELECT 1 FROM session_tags WHERE session_id = sessions.id AND tag = ? COLLATE NOCASE)"
        )
        cells.append(tag)
    if filters.cost_over_usd is not None:
        said.append("CAST(cost_usd AS REAL) > ?")
        cells.append(float(filters.cost_over_usd))
    return said, cells


def _of_turn(filters: Filters) -> tuple[list[str], list[Value]]:
    said: list[str] = []
    cells: list[Value] = []
    if filters.models:
        any_of = " OR ".join("instr(lower(model_id), ?)" for _ in filters.models)
        said.append(f"EXISTS (SELECT 1 FROM answers WHERE turn_id = turns.id AND ({any_of}))")
        cells += [model.lower() for model in filters.models]
    if filters.has_image:
        said.append("EXISTS (SELECT 1 FROM turn_images WHERE turn_id = turns.id)")
    if filters.after is not None:
        said.append("turns.created_at >= ?")
        cells.append(_midnight(filters.after))
    if filters.before is not None:
        said.append("turns.created_at < ?")
        cells.append(_midnight(filters.before))
    return said, cells


def _midnight(day: date) -> int:
    """Return when a day begins, on the clock of this computer."""
    return time_cell(datetime.combine(day, time()).astimezone())


def _hit(row: Row) -> Hit:
    _, session_id, turn_id, title, created_at, *snippets = row
    part, snippet = max(
        zip(Part, map(_spans, snippets), strict=True), key=lambda one: sum(span.marked for span in one[1])
    )
    return Hit(session_id, turn_id, title, time_or_epoch(created_at), part, snippet)


def _spans(snippet: str) -> tuple[Span, ...]:
    """Take a snippet apart at the signs around its words; stray ones in the text itself do no harm."""
    spans: list[Span] = []
    for piece in snippet.split(_BEGIN):
        word, end, after = piece.partition(_END)
        spans += [Span(word, marked=True), Span(after)] if end else [Span(piece)]
    return tuple(Span(text, span.marked) for span in spans if (text := span.text.replace(_END, "")))
