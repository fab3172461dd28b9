"""`vision-studio import` and `export`: sessions from bundles and into files, without the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from vision_studio.cli.arguments import Command
from vision_studio.cli.console import Console
from vision_studio.cli.reports import failure_sentences
from vision_studio.core import bundle_words
from vision_studio.core.events import Event
from vision_studio.core.exported import FORMAT_ENDINGS, ExportFormat, format_of
from vision_studio.core.failure_words import printable
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.portable_events import SessionsExported, SessionsImported
from vision_studio.engine.bundling import Bundling
from vision_studio.engine.home import Home
from vision_studio.engine.session_exports import SessionExports
from vision_studio.headless import read_catalogue

T = TypeVar("T")


def import_sessions(asked: Command, console: Console) -> int:
    """Make sessions of bundles, each file for itself; returns 1 if one of them could not be."""
    status = 0
    for path in asked.files:
        try:
            done = _do(asked, partial(_take_in, path))
        except Failed as error:
            console.remark(printable(failure_sentences(error.failure)))
            status = 1
            continue
        if asked.json:
            console.record({"event": "imported", "sessions": list(done.session_ids)})
        else:
            console.line(printable(bundle_words.imported_sentence(done.packed)))
            for session_id in done.session_ids:
                console.line(f"session {session_id}")
    return status


def export_session(asked: Command, console: Console) -> int:
    """Write sessions into a file, whose ending says what kind it is."""
    assert asked.output is not None  # the parser requires it
    output = asked.output.absolute()
    try:
        done = _do(asked, partial(_export, asked.sessions, output))
    except Failed as error:
        console.remark(printable(failure_sentences(error.failure)))
        return 1
    if asked.json:
        console.record({"event": "exported", "file": str(output), "size_bytes": done.size_bytes})
    else:
        console.line(printable(bundle_words.exported_sentence(done.name, done.folder, done.size_bytes)))
    return 0


async def _take_in(path: Path, home: Home) -> SessionsImported:
    return await Bundling(home, read_catalogue(), _nobody_watches).take_in("import", path)


async def _export(session_ids: Sequence[str], path: Path, home: Home) -> SessionsExported:
    kind, catalogue = format_of(path.name), read_catalogue()
    if kind is None:
        known = ", ".join(ending for endings in FORMAT_ENDINGS.values() for ending in endings)
        raise Failed(Failure(FailureKind.NOT_WRITTEN, f"The file's name ends in one of {known}."))
    if kind is ExportFormat.BUNDLE:
        return await Bundling(home, catalogue, _nobody_watches).export("export", session_ids, path)
    if len(session_ids) > 1:
        raise Failed(Failure(FailureKind.NOT_WRITTEN, "Only a bundle holds several sessions."))
    exports = SessionExports(home.blobs, catalogue, _nobody_watches)
    return await exports.export("export", home.sessions.load(session_ids[0]), None, kind, path)


def _nobody_watches(event: Event) -> None: ...


def _do(asked: Command, work: Callable[[Home], Coroutine[Any, Any, T]]) -> T:
    """Open the data folder for one piece of work. Raises ``Failed``."""
    with closing(Home.open(asked.data_dir)) as home:
        return asyncio.run(work(home))
