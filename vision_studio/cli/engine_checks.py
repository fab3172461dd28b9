"""The doctor's look at what the engine rests on: data folder, keyring, server."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator

from vision_studio.cli.arguments import Command
from vision_studio.cli.check import Check, State, pip_line
from vision_studio.cli.folder_checks import repair_line, sessions_checks
from vision_studio.cli.reports import failure_sentences
from vision_studio.core import words
from vision_studio.core.events import KeySource
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.checkup import (
    FolderState,
    FolderTrouble,
    Reach,
    call,
    folder_state,
    keyring_name,
    reach,
)
from vision_studio.headless import practice_server, read_catalogue


def engine_checks(asked: Command) -> Iterator[Check]:
    """Yield how the data folder, the keyring and the server are; the last takes a while."""
    folder = folder_state(asked.data_dir)
    yield _folder(folder)
    if folder.trouble in (None, FolderTrouble.IN_USE):
        yield from sessions_checks(asked.data_dir)
    try:
        yield Check("Keyring", State.FINE, keyring_name())
    except Failed as error:
        yield _keyring(error.failure)
    reached = None if asked.practice else reach(asked.base_url or folder.address, os.environ)
    if reached is not None:
        yield _server(reached)
    if reached is None or (reached.failure is not None and reached.failure.kind is FailureKind.NO_KEY):
        yield _practice()


def _folder(state: FolderState) -> Check:
    said = words.failure_words(state.failure).title if state.failure is not None else ""
    match state.trouble:
        case None if not state.exists:
            return Check("Data folder", State.FINE, f"{state.path}, made when it is needed")
        case None:
            return Check(
                "Data folder", State.FINE, f"{state.path}, {words.counted(state.sessions, 'session')}"
            )
        case FolderTrouble.IN_USE:
            kept = words.counted(state.sessions, "session")
            return Check("Data folder", State.NOTE, f"{state.path}, {kept}; a window has it open just now")
        case FolderTrouble.TOO_NEW:
            return Check("Data folder", State.PROBLEM, said, pip_line("--upgrade", "vision-studio"))
        case FolderTrouble.DAMAGED:
            return Check("Data folder", State.PROBLEM, said, repair_line(state.path))
        case FolderTrouble.UNUSABLE:
            return Check("Data folder", State.PROBLEM, f"{state.path}: {said}", _make_usable(state))


def _make_usable(state: FolderState) -> str:
    """Return what gives the folder back, if it is ours, else a way without it."""
    place = shlex.quote(str(state.path))
    if state.failure is not None and state.failure.kind is FailureKind.DISK_FULL:
        return "free some space on its disk"
    if state.path.exists() and not state.path.is_dir():
        return f"mv {place} {place}.old"
    if state.exists and hasattr(os, "getuid") and state.path.stat().st_uid == os.getuid():
        return f"chmod -R u+rwX {place}"
    return "vision-studio --data-dir ~/vision-studio"


def _keyring(failure: Failure) -> Check:
    """Without a keyring everything works; a key has to be given anew each time."""
    said = words.failure_words(failure).title
    if failure.kind is FailureKind.KEYRING_LOCKED:
        return Check("Keyring", State.NOTE, said, "unlock it, then start again")
    mend = "export ANTHROPIC_API_KEY=…"
    if sys.platform.startswith("linux"):
        mend = f"sudo apt-get install gnome-keyring, or {mend}"
    return Check("Keyring", State.NOTE, said, mend)


def _server(reached: Reach) -> Check:
    if reached.failure is None:
        return Check("Server", State.FINE, f"{reached.base_url} answers; {_KEYS[reached.key_source]}")
    said = words.failure_words(reached.failure)
    if reached.failure.kind is FailureKind.NO_KEY:
        return Check(
            "Server",
            State.NOTE,
            f"{said.title} Practice mode needs none.",
            "export ANTHROPIC_API_KEY=…, or add it in the window's Settings",
        )
    return Check("Server", State.PROBLEM, f"{reached.base_url}: {said.title}", said.next_step)


_KEYS = {
    KeySource.NONE: "without a key",
    KeySource.ENVIRONMENT: "the key is from ANTHROPIC_API_KEY",
    KeySource.KEYRING: "the key is from the keyring",
    KeySource.THIS_RUN: "the key is for this run",
}


def _practice() -> Check:
    server = practice_server(read_catalogue())
    try:
        failure = call(server.start(), "practice")
    except OSError as error:
        return Check("Practice server", State.PROBLEM, error.strerror or str(error))
    finally:
        server.stop()
    if failure is None:
        return Check("Practice server", State.FINE, "works")
    return Check("Practice server", State.PROBLEM, failure_sentences(failure))
