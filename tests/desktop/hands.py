"""Programs under test, and the pointer and keyboard that a person would use on them."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0
_STEPS_TO_START = 5  # small moves beyond the distance at which a drag begins
_STEPS_ACROSS = 8  # each tells the target where the drag is
_WIGGLES = 3  # a target may have to look at what is dragged before it agrees to it
_STEP_S = 0.06
_REPEATED_S = 0.9  # X repeats a key after two thirds of a second


class Program:
    """A program that tells what happens in it by JSON lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def expect(
        self, event: str, until: Callable[[dict[str, Any]], bool] = lambda facts: True
    ) -> dict[str, Any]:
        """Wait for an event that satisfies, passing over everything before it."""
        passed = []
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                facts = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {event}; there were {passed}") from None
            if facts["event"] == event and until(facts):
                return facts
            passed.append(facts)

    def leave(self) -> None:
        """Wait until the program has ended; what it says until then is read, or it could not."""
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))


@contextmanager
def program(module: str, environ: Mapping[str, str], *arguments: str) -> Iterator[Program]:
    """Run a module of the tests and end it."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, env=dict(environ), stdout=subprocess.PIPE, text=True) as process:
        running = Program(process)
        try:
            yield running
        finally:
            process.terminate()
            running.leave()


class Hands:
    """Moves the pointer and presses keys on one X display."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)

    def drag(
        self, start: list[int], end: list[int], *, cancel: bool = False, wiggles: int = _WIGGLES
    ) -> None:
        """Drag as a person does: a few small moves, then across, a little wiggle, and let go."""
        self._do("mousemove", *start)
        self._do("mousedown", 1)
        for _ in range(_STEPS_TO_START):
            self._do("mousemove_relative", "--", 5, 2)
        for step in range(1, _STEPS_ACROSS + 1):
            x, y = (a + (b - a) * step // _STEPS_ACROSS for a, b in zip(start, end, strict=True))
            self._do("mousemove", x, y)
        for _ in range(wiggles):
            self._do("mousemove_relative", "--", 2, 2)
            self._do("mousemove_relative", "--", -2, -2)
        self._do("mousemove_relative", "--", 2, 2)
        if cancel:
            self.key("Escape")
        self._do("mouseup", 1)

    def hold(self, key: str) -> None:
        """Press a key and keep it down, until it is let go of, for longer than X waits to repeat it."""
        self._do("keydown", key)
        time.sleep(_REPEATED_S)

    def let_go(self, key: str) -> None:
        self._do("keyup", key)

    def place(self, window_class: str, x: int, y: int) -> None:
        """Wait for a window of another program and put it somewhere."""
        search = ["xdotool", "search", "--onlyvisible", "--class", window_class]
        deadline = time.monotonic() + PATIENCE_S
        found = ""
        while not found:  # a search fails when some other window goes meanwhile
            assert time.monotonic() < deadline, f"{window_class} opened no window"
            time.sleep(_STEP_S)
            found = subprocess.run(search, env=self._environ, capture_output=True, text=True).stdout
        self._do("windowmove", "--sync", found.split()[-1], x, y)

    def await_file(self, path: Path, size_bytes: int) -> None:
        """Wait until another program has written a file."""
        deadline = time.monotonic() + PATIENCE_S
        while not (path.exists() and path.stat().st_size == size_bytes):
            assert time.monotonic() < deadline, f"{path.name} was not written"
            time.sleep(_STEP_S)  # another program's writing tells nobody

    def click(self, place: list[int], holding: str = "") -> None:
        self._do("mousemove", *place)
        if holding:
            self._do("keydown", holding)
        self._do("click", 1)
        if holding:
            self._do("keyup", holding)

    def key(self, keys: str) -> None:
        self._do("key", keys)  # not with --clearmodifiers, which lets go of the mouse button too

    def type(self, text: str) -> None:
        self._do("type", "--delay", 15, text)

    def _do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._environ, check=True)
        time.sleep(_STEP_S)  # a hand takes its time; the X server coalesces what comes at once
