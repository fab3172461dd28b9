"""The database's layout, and how an older file is brought up to it.

A released step is never edited. To change the layout, append a step; each is complete in itself and calls no
other code of the application, which will have moved on by the time the step runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from vision_studio.storage.search_layout import SEARCH_INDEX

Migration = str
"""SQL that takes a database from the layout of its place in the list to the next."""

APPLICATION_ID = 0x5653_5455
"""Marks the file as ours in its header: "VSTU"."""

# Times are whole microseconds since 1970 in UTC, money is decimal text, lists and drafts are JSON.
# Turns and sessions have integer keys beside their ids because a full-text index needs rowids that stay.
# The draft has a table of its own so that the library's rows stay short, and saving it touches little else.
VERSION_1: Migration = f"""
PRAGMA application_id = {APPLICATION_ID};

CREATE TABLE sessions (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    titled_by_user INTEGER NOT NULL DEFAULT 0,
    model_id TEXT NOT NULL,
    system TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    pinned INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    -- What the library shows of the turns and of the draft, kept so that listing reads nothing else.
    turn_count INTEGER NOT NULL DEFAULT 0,
    sent_images INTEGER NOT NULL DEFAULT 0,
    draft_images INTEGER NOT NULL DEFAULT 0,
    cost_usd TEXT NOT NULL DEFAULT '0',
    sent_cover TEXT,
    draft_cover TEXT
) STRICT;
CREATE INDEX sessions_by_update ON sessions (updated_at) WHERE deleted_at IS NULL;

CREATE TABLE drafts (
    session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE turns (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES turns (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    prompt TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    estimated_tokens INTEGER
) STRICT;
CREATE INDEX turns_of_session ON turns (session_id, position);
CREATE INDEX turns_of_parent ON turns (parent_id);

CREATE TABLE turn_images (
    turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    image_id TEXT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    digest TEXT,
    frames INTEGER NOT NULL,
    traits TEXT NOT NULL,
    label TEXT NOT NULL,
    fidelity TEXT NOT NULL,
    rendition_digest TEXT,
    rendition_media_type TEXT,
    rendition_width INTEGER,
    rendition_height INTEGER,
    rendition_size_bytes INTEGER,
    PRIMARY KEY (turn_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_images_by_digest ON turn_images (digest);

CREATE TABLE answers (
    turn_id TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
    model_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,
    content_json TEXT NOT NULL,
    stop_reason TEXT,
    stop_detail TEXT NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_write_5m_tokens INTEGER,
    cache_write_1h_tokens INTEGER,
    thinking_tokens INTEGER,
    cost_usd TEXT,
    request_id TEXT,
    duration_s REAL,
    failure TEXT,
    practice INTEGER NOT NULL
) STRICT;
-- After a crash the few unfinished answers are found without reading the others.
CREATE INDEX answers_unfinished ON answers (turn_id) WHERE outcome IN ('waiting', 'streaming');

CREATE TABLE renditions (
    original_digest TEXT NOT NULL,
    recipe TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (original_digest, recipe)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
    digest TEXT NOT NULL,
    server TEXT NOT NULL,
    workspace TEXT NOT NULL,
    file_id TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (digest, server, workspace)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_file ON uploads (file_id);

CREATE TABLE workspaces (
    server TEXT PRIMARY KEY,
    workspace TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was billed stays known when its session is gone, so nothing is referenced.
CREATE TABLE usage (
    key INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    model_id TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_5m_tokens INTEGER NOT NULL,
    cache_write_1h_tokens INTEGER NOT NULL,
    thinking_tokens INTEGER NOT NULL,
    cost_usd TEXT
) STRICT;
CREATE INDEX usage_by_time ON usage (at);

CREATE TABLE preferences (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

# What servers listed, what the user says of models, and estimates beside their bills.
MODELS_AND_ESTIMATES: Migration = """
CREATE TABLE model_lists (
    server TEXT PRIMARY KEY,
    listed_at INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE model_edits (
    model_id TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Like usage, this stays when the session goes: the more answers, the better the estimates.
CREATE TABLE estimates (
    key INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    practice INTEGER NOT NULL,
    model_id TEXT NOT NULL,
    tier TEXT NOT NULL,
    known_tokens INTEGER NOT NULL,
    image_tokens INTEGER NOT NULL,
    text_tokens INTEGER NOT NULL,
    counted_tokens INTEGER,
    billed_tokens INTEGER NOT NULL
) STRICT;
"""

# A picture may be one frame of several, may be sent at an edge of the user's choice, and may stay at an
# address, whose size nobody need know. SQLite drops no NOT NULL, so the table is built anew.
FRAMES_AND_ADDRESSES: Migration = """
CREATE TABLE new_turn_images (
    turn_id TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    image_id TEXT NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    size_bytes INTEGER NOT NULL,
    digest TEXT,
    frames INTEGER NOT NULL,
    frame INTEGER NOT NULL DEFAULT 0,
    traits TEXT NOT NULL,
    label TEXT NOT NULL,
    fidelity TEXT NOT NULL,
    edge_px INTEGER NOT NULL DEFAULT 0,
    url TEXT,
    rendition_digest TEXT,
    rendition_media_type TEXT,
    rendition_width INTEGER,
    rendition_height INTEGER,
    rendition_size_bytes INTEGER,
    PRIMARY KEY (turn_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO new_turn_images
    SELECT turn_id, position, number, image_id, name, format, width, height, size_bytes, digest, frames, 0,
        traits, label, fidelity, 0, NULL, rendition_digest, rendition_media_type, rendition_width,
        rendition_height, rendition_size_bytes
    FROM turn_images;
DROP TABLE turn_images;
ALTER TABLE new_turn_images RENAME TO turn_images;
CREATE INDEX turn_images_by_digest ON turn_images (digest);
"""

# How a session asks, as JSON, "" for one where nobody changed it; what could be read of a model's thoughts;
# a sent picture that the next requests go without.
REQUEST_SETTINGS: Migration = """
ALTER TABLE sessions ADD COLUMN settings TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN thinking TEXT NOT NULL DEFAULT '';
ALTER TABLE turn_images ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
"""

UPLOADS_IN_DOUBT: Migration = """
-- Each upload under the name it has on the server, until it is known whether a file came of it.
CREATE TABLE upload_attempts (
    name TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    server TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    -- Set once a file was found that nothing here refers to.
    file_id TEXT
) STRICT, WITHOUT ROWID;

-- Files to delete when their server can be reached.
CREATE TABLE file_deletions (
    file_id TEXT NOT NULL,
    server TEXT NOT NULL,
    workspace TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (file_id, server)
) STRICT, WITHOUT ROWID;
"""

COMPOSING_AND_KEEPING: Migration = """
-- What was done to a picture, as JSON, and when its file was last changed.
ALTER TABLE turn_images ADD COLUMN edits TEXT NOT NULL DEFAULT '';
ALTER TABLE turn_images ADD COLUMN file_time INTEGER;

-- The number a picture was sent under, where numbers had restarted; NULL for the number itself.
ALTER TABLE turn_images ADD COLUMN called INTEGER;

-- Where the question names pictures, as JSON.
ALTER TABLE turns ADD COLUMN mentions TEXT NOT NULL DEFAULT '';

-- How pictures are numbered, '' for the usual way, and the last turn of the branch that is shown.
ALTER TABLE sessions ADD COLUMN numbering TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN head_id TEXT;

CREATE TABLE session_tags (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (session_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_tags_by_tag ON session_tags (tag);

CREATE INDEX turn_images_by_rendition ON turn_images (rendition_digest);

-- What a request was expected to cost to be read, beside its bill.
ALTER TABLE usage ADD COLUMN estimated_tokens INTEGER;

CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

BRANCHES: Migration = """
-- Which of the turns after it was shown last, where there are several.
ALTER TABLE turns ADD COLUMN followed_by TEXT;
"""

MIGRATIONS: tuple[Migration, ...] = (
    VERSION_1,
    MODELS_AND_ESTIMATES,
    FRAMES_AND_ADDRESSES,
    REQUEST_SETTINGS,
    UPLOADS_IN_DOUBT,
    COMPOSING_AND_KEEPING,
    SEARCH_INDEX,
    BRANCHES,
)


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> Path | None:
    """Run the steps the file has not had, all or none; return the copy made of it before, if it held data.

    The connection is in autocommit mode, and its file is not newer than the steps.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == len(migrations):
        return None
    copy = _copy_aside(connection, path, version) if version else None
    # A step may rebuild a table that others refer to; the references are checked at the end instead.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    try:
        steps = "\n".join(migrations[version:])
        connection.executescript(f"BEGIN IMMEDIATE;\n{steps}\nPRAGMA user_version = {len(migrations)};")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise sqlite3.IntegrityError(f"references broken by a migration from version {version}: {broken}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return copy


def _copy_aside(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the database as it is, its write-ahead log included, beside itself."""
    copy = path.with_name(f"{path.stem}.version-{version}{path.suffix}")
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(unfinished)) as target:
        connection.backup(target)
    unfinished.replace(copy)
    return copy
