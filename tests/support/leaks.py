"""Notices what a test leaves running."""

from __future__ import annotations

import multiprocessing
import threading

_GRACE_S = 2.0


class Running:
    """The threads and worker processes alive at one moment, to compare a later moment with."""

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        self._processes = set(multiprocessing.active_children())

    def leaks(self) -> list[str]:
        """Name what has been started since and does not end by itself; daemon threads are let be."""
        started = [t for t in threading.enumerate() if t not in self._threads and not t.daemon]
        for thread in started:
            thread.join(_GRACE_S)
        leaks = [f"thread {thread.name!r}" for thread in started if thread.is_alive()]
        for process in set(multiprocessing.active_children()) - self._processes:
            process.join(_GRACE_S)
            if process.is_alive():
                process.kill()
                leaks.append(f"process {process.name!r}")
        return leaks
