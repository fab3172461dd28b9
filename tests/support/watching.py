"""Tells which files of a folder anybody in the system opens, as Linux reports it."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_OPEN = 0x20
_EVENT = struct.Struct("iIII")


@contextmanager
def opened_files(folder: Path) -> Iterator[set[str]]:
    """Collect the names of the files in ``folder`` that are opened; the set is complete after the block."""
    names: set[str] = set()
    system = ctypes.CDLL(None, use_errno=True)
    descriptor = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    assert descriptor >= 0
    try:
        assert system.inotify_add_watch(descriptor, os.fsencode(folder), _IN_OPEN) >= 0
        yield names
        names |= set(_names(descriptor))
    finally:
        os.close(descriptor)


def _names(descriptor: int) -> Iterator[str]:
    while True:
        try:
            events = os.read(descriptor, 65_536)
        except BlockingIOError:
            return
        at = 0
        while at < len(events):
            *_, length = _EVENT.unpack_from(events, at)
            at += _EVENT.size
            yield os.fsdecode(events[at : at + length].rstrip(b"\0"))
            at += length
