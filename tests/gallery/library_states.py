"""The library: sessions of several days with tags, and what a search finds."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.gallery.stage import Stage
from vision_studio.app import sample_paths

_TALKS = (
    ("Is the ridge at dusk sharper than at midday?", 2, ("field trip",), 0),
    ("Read the total from the receipt", 1, ("receipts", "2026", "to be checked by the office"), 1),
    ("What was the best month in the chart?", 1, (), 3),
    ("Describe the light on the ridge", 2, ("field trip", "light"), 12),
    ("Which receipt is from Lisbon?", 1, ("receipts",), 70),
)
_DAY_US = 86_400 * 1_000_000


def library(stage: Stage) -> None:
    """Grouped by date, one pinned, some tagged, several chosen."""
    ids = []
    for question, images, tags, _ in _TALKS:
        stage.new_session()
        stage.add(sample_paths()[:images])
        stage.ask(question)
        ids.append(stage.window.desk.session.id)
        for tag in tags:
            with stage.waiting(stage.bridge.tags_listed):
                stage.bridge.shelf.tag(ids[-1:], tag)
    with closing(sqlite3.connect(stage.folder / "data" / "studio.db")) as database, database:
        for session_id, (*_, days_ago) in zip(ids, _TALKS, strict=True):
            database.execute(
                "UPDATE sessions SET updated_at = updated_at - ? WHERE id = ?",
                (days_ago * _DAY_US, session_id),
            )
            database.execute(
                "UPDATE turns SET created_at = created_at - ? WHERE session_id = ?",
                (days_ago * _DAY_US, session_id),
            )
    stage.bridge.shelf.pin(ids[3:4], pinned=True)
    with stage.waiting(stage.bridge.session_opened):
        stage.bridge.open_session(ids[0])
    with stage.waiting(stage.bridge.sessions_listed):
        stage.bridge.shelf.list()
    stage.settle()


def found(stage: Stage) -> None:
    """What is found of words and two filters."""
    library(stage)
    with stage.waiting(stage.bridge.sessions_found):
        stage.window.library.search.setText("ridge light has:image after:2026")
    stage.settle()


def finding(stage: Stage) -> None:
    """Words of a conversation, marked in the question and the answer."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.ask("How are the ridges different?")
    stage.window.find_bar.open_bar()
    stage.window.find_bar.field.setText("ridge")
    stage.window.find_bar.step(forward=True)
    stage.settle()


def end_finding(stage: Stage) -> None:
    stage.window.find_bar.close_bar()


def end_found(stage: Stage) -> None:
    stage.window.library.clear_search()
    stage.settle()
