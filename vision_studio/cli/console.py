"""Standard output and error, safe against closed pipes and characters that the terminal lacks."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from decimal import Decimal
from typing import TextIO

_HARMLESS = {
    code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"
}


class OutputClosed(Exception):
    """Nothing more can be printed; ``reason`` is "" when the reader left, as after `… | head`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Console:
    """Where a command prints: results to standard output, remarks to standard error."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    def line(self, text: str = "") -> None:
        self._write(sys.stdout, text + "\n")

    def text(self, text: str) -> None:
        """Print a piece of a longer text, at once; what would command the terminal is shown, not obeyed."""
        self._write(sys.stdout, text.translate(_HARMLESS))

    def record(self, value: object) -> None:
        """Print a value as one line of JSON, at once. In ASCII: every reader on every system takes that."""
        self._write(sys.stdout, json.dumps(value, default=_number) + "\n")

    def remark(self, text: str) -> None:
        """Say something that is not part of the result; it may quote a server, and is made as harmless."""
        self._write(sys.stderr, text.translate(_HARMLESS) + "\n")

    def give_up(self, closed: OutputClosed) -> int:
        """Return the exit status for when nothing can be printed; what is still buffered is dropped."""
        if closed.reason:
            self.remark(f"The result cannot be written: {closed.reason}.")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1

    def _write(self, stream: TextIO, text: str) -> None:
        try:
            stream.write(text)
            stream.flush()
        except OSError as error:
            if stream is sys.stdout:
                left = isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL  # as on Windows
                raise OutputClosed("" if left else error.strerror or type(error).__name__) from error


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
