"""Looks at what the engine rests on, without starting it or changing anything: folder, keyring, server."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.events import KeySource
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.addresses import CLAUDE_API, base_url, origin
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.connection import ADDRESS, CHECK_TIMEOUT_S, KEY_VARIABLE
from vision_studio.engine.home import DATABASE, Home
from vision_studio.engine.outside import Keys
from vision_studio.storage.database import Database
from vision_studio.storage.errors import DatabaseDamaged, DatabaseTooNew, FolderInUse
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.place import default_folder
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.secrets import KeyStore
from vision_studio.storage.sessions import Sessions

T = TypeVar("T")

_KEYRING_WITHIN_S = 10.0
"""A locked keyring may ask for its password and wait for ever."""


class FolderTrouble(StrEnum):
    """What is wrong with the data folder, by what mends it."""

    IN_USE = "in_use"
    """Another process works in it. For this folder that is as it should be."""
    UNUSABLE = "unusable"
    TOO_NEW = "too_new"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class FolderState:
    path: Path
    exists: bool
    sessions: int = 0
    address: str = ""
    """Of the server chosen in the window."""
    trouble: FolderTrouble | None = None
    failure: Failure | None = None
    database: Path | None = None


def folder_state(data_dir: Path | None) -> FolderState:
    """Look at a data folder, None for the platform's usual one; it is not made if it is not there."""
    path = data_dir or default_folder()
    if not path.exists():
        return _absent(path)
    in_use = False
    try:
        DataFolder.open(path).close()
    except FolderInUse:
        in_use = True
    except Failed as error:
        return FolderState(path, True, trouble=FolderTrouble.UNUSABLE, failure=error.failure)
    database = path / DATABASE
    sessions, address = 0, ""
    try:
        if database.exists():
            with closing(Database.open_to_read(database)) as opened:
                if opened.is_current:
                    sessions = len(Sessions(opened).list())
                    address = Preferences(opened).get(ADDRESS)
    except Failed as error:
        return FolderState(path, True, trouble=_trouble(error), failure=error.failure, database=database)
    trouble = FolderTrouble.IN_USE if in_use else None
    return FolderState(path, True, sessions, address, trouble, database=database)


def session_summaries(data_dir: Path | None) -> tuple[SessionSummary, ...]:
    """Return every session that is kept, the last changed first, even while the window has the folder.

    Raises ``Failed``.
    """
    path = (data_dir or default_folder()) / DATABASE
    if not path.exists():
        return ()
    with closing(Database.open_to_read(path)) as database:
        if database.is_current:
            return Sessions(database).list()
    with closing(Home.open(data_dir)) as home:  # brings an older file up to date
        return home.sessions.list()


def keyring_name(keys: KeyStore | None = None) -> str:
    """Return the name of the keyring that keeps keys. Raises ``Failed``."""
    return _soon((keys or KeyStore()).describe)


@dataclass(frozen=True, slots=True)
class Reach:
    """A server, and whether it could be reached."""

    base_url: str
    key_source: KeySource
    failure: Failure | None = None


def reach(typed: str, environment: Mapping[str, str], keys: Keys | None = None) -> Reach:
    """Make the cheapest call that proves address and key; ``typed`` is "" for the Claude API."""
    try:
        url = base_url(typed) if typed.strip() else CLAUDE_API
    except Failed as error:
        return Reach(typed, KeySource.NONE, error.failure)
    source, key = _key(url, keys or KeyStore(), environment)
    if key is None and url == CLAUDE_API:
        return Reach(url, KeySource.NONE, Failure(FailureKind.NO_KEY))
    return Reach(url, source, call(url, key or "none"))


def call(url: str, key: str) -> Failure | None:
    """Return why a server cannot be used with a key; None when it can."""

    async def check() -> None:
        gateway = ClaudeGateway(url, key)
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                await gateway.check()
        except TimeoutError:
            raise Failed(Failure(FailureKind.TIMED_OUT)) from None
        finally:
            await gateway.close()

    try:
        asyncio.run(check())
    except Failed as error:
        return error.failure
    return None


def _key(url: str, keys: Keys, environment: Mapping[str, str]) -> tuple[KeySource, str | None]:
    if given := environment.get(KEY_VARIABLE, "").strip():
        return KeySource.ENVIRONMENT, given
    try:
        kept = _soon(lambda: keys.load(origin(url)))
    except Failed:
        kept = None  # the keyring has a line of its own
    return (KeySource.KEYRING, kept) if kept else (KeySource.NONE, None)


def _absent(path: Path) -> FolderState:
    nearest = next(parent for parent in path.absolute().parents if parent.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return FolderState(path, exists=False)
    failure = Failure(FailureKind.STORAGE, "You are not allowed to make it.")
    return FolderState(path, exists=False, trouble=FolderTrouble.UNUSABLE, failure=failure)


def _trouble(error: Failed) -> FolderTrouble:
    match error:
        case DatabaseTooNew():
            return FolderTrouble.TOO_NEW
        case DatabaseDamaged():
            return FolderTrouble.DAMAGED
        case _:
            return FolderTrouble.UNUSABLE


def _soon(ask: Callable[[], T]) -> T:
    """Return what a call returns, or raise ``KEYRING_LOCKED`` if it does not return soon."""
    outcome: list[T] = []
    failures: list[Failed] = []

    def run() -> None:
        try:
            outcome.append(ask())
        except Failed as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(_KEYRING_WITHIN_S)
    if outcome:
        return outcome[0]
    raise failures[0] if failures else Failed(Failure(FailureKind.KEYRING_LOCKED))
