"""Runs the servers a test needs, and ends exactly those."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_END_S = 10.0


@contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str], *, keep: Sequence[int] = (), reads: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run a program while the block lasts.

    `keep` are file descriptors it inherits; with `reads`, its standard output is there to be read.
    """
    process = subprocess.Popen(
        command,
        env=dict(environ),
        pass_fds=keep,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()
