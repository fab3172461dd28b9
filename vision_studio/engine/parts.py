"""The engine's parts, made on its thread when it starts, each closed in the opposite order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from vision_studio.core.catalogue import Catalogue
from vision_studio.core.events import Event
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.accuracy import Accuracy
from vision_studio.engine.ahead import Ahead
from vision_studio.engine.asking import Asking
from vision_studio.engine.bundling import Bundling
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.coding import Coding
from vision_studio.engine.connection import Connection
from vision_studio.engine.counting import Counting
from vision_studio.engine.downloads import Downloads
from vision_studio.engine.exporter import Exporter
from vision_studio.engine.fitter import Fitter
from vision_studio.engine.held import Held
from vision_studio.engine.home import DATABASE, Home
from vision_studio.engine.housekeeping import Housekeeping
from vision_studio.engine.importer import Importer
from vision_studio.engine.library import Library
from vision_studio.engine.mending import Mending
from vision_studio.engine.models import Models
from vision_studio.engine.options import Options
from vision_studio.engine.outside import Practice
from vision_studio.engine.pasted import PasteBoard
from vision_studio.engine.reading import Reading
from vision_studio.engine.searching import Searching
from vision_studio.engine.server_uploads import ServerUploads
from vision_studio.engine.session_exports import SessionExports
from vision_studio.engine.sights import Sights
from vision_studio.engine.turns import Turns
from vision_studio.engine.uploader import Uploader
from vision_studio.engine.workers import Workers
from vision_studio.storage.file_uses import FileUses
from vision_studio.storage.secrets import KeyStore

PRACTICE_FOLDER = "practice"
"""Where, in the data folder, the practice server keeps what was uploaded to it."""


@dataclass(frozen=True, slots=True)
class Parts:
    home: Home
    mending: Mending
    reading: Reading
    library: Library
    importer: Importer
    downloads: Downloads
    pasted: PasteBoard
    exporter: Exporter
    uploader: Uploader
    server_uploads: ServerUploads
    ahead: Ahead
    turns: Turns
    connection: Connection
    models: Models
    counting: Counting
    accuracy: Accuracy
    sights: Sights
    bundling: Bundling
    housekeeping: Housekeeping
    coding: Coding
    searching: Searching
    session_exports: SessionExports
    options: Options


Report = Callable[[Event], None]
Assemble = Callable[[Report, Callable[[str], None], AsyncExitStack], Parts]
"""Where events go; who hears of a turn's end; what is to be closed → the parts. Raises ``Failed``."""


def assemble(
    catalogue: Catalogue,
    practice: Callable[[Path], Practice],
    options: Options,
    report: Report,
    on_ended: Callable[[str], None],
    closing: AsyncExitStack,
) -> Parts:
    """Open the data folder and build the engine over it."""
    home = Home.open(options.data_dir)
    closing.callback(home.close)
    searching = Searching(home.folder.path / DATABASE)
    closing.push_async_callback(searching.close)
    models = Models(catalogue, home.models, report)
    accuracy = Accuracy(home.estimates, report)
    workers = Workers(options.worker_processes)
    closing.push_async_callback(workers.close)
    connection = Connection(
        options.wish,
        home.preferences,
        options.keys or KeyStore(),
        options.environment,
        practice(home.folder.path / PRACTICE_FOLDER),
        options.make_gateway or ClaudeGateway,
        report,
    )
    closing.push_async_callback(connection.close)
    importer = Importer(workers, home.blobs, home.thumbnails, home.renditions, report)
    closing.push_async_callback(importer.close)
    downloads = Downloads(home.blobs, report)
    closing.push_async_callback(downloads.close)
    exporter = Exporter(importer, home.blobs, workers, report)
    closing.push_async_callback(exporter.close)
    uploader = Uploader(
        Held(home.uploads, report, options.pause),
        report,
        on_files_support=connection.note_files,
        settings=UploadSettings.read(home.preferences.get),
        patience_s=options.network_patience_s,
        sleep=options.pause,
    )
    closing.push_async_callback(uploader.close)
    server_uploads = ServerUploads(
        uploader, home.uploads, FileUses(home.database), home.blobs, report, options.pause
    )
    closing.push_async_callback(server_uploads.close)
    ahead = Ahead(uploader, home.blobs, importer.rendition, models, connection.server, report)
    closing.push_async_callback(ahead.close)
    fitter = Fitter(home.sessions, home.blobs, importer.rendition, models)
    turns = Turns(
        home.sessions,
        home.usage,
        Asking(fitter, uploader, home.blobs, models),
        uploader,
        models,
        report,
        on_contact=connection.note,
        on_ended=on_ended,
        rhythm=options.rhythm,
        sleep=options.pause,
    )
    closing.push_async_callback(turns.close)
    housekeeping = Housekeeping(
        home, lambda: turns.is_idle and uploader.is_idle and importer.is_idle, options.housekeeping_after_s
    )
    closing.push_async_callback(housekeeping.close)
    return Parts(
        home,
        Mending(home.sessions, importer.read),
        Reading(home.sessions),
        Library(home.sessions, home.preferences, models, report, turns.completed, accuracy),
        importer,
        downloads,
        PasteBoard(importer, workers, report),
        exporter,
        uploader,
        server_uploads,
        ahead,
        turns,
        connection,
        models,
        Counting(models, report, sleep=options.pause),
        accuracy,
        Sights(importer, workers, home.blobs, report),
        Bundling(home, models, report),
        housekeeping,
        Coding(fitter, home.blobs, models),
        searching,
        SessionExports(home.blobs, models, report),
        options,
    )
