"""One real worker process, for tests that are not asynchronous themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self, TypeVar, TypeVarTuple

from vision_studio.engine.workers import Workers

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Worker:
    """Runs functions of modules in a worker like the application's. To be used in a ``with`` statement."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        self._runner.__enter__()
        self._workers = Workers(processes=1)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._workers.close())
        self._runner.close()

    def run(self, function: Callable[[*Arguments], T], *args: *Arguments, timeout_s: float = 60.0) -> T:
        return self._runner.run(self._workers.run(function, *args, timeout_s=timeout_s))
