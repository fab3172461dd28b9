"""Runs a call that may block for long, or for ever, beside the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def aside(function: Callable[..., T], *args: object) -> T:
    """Call a function on a thread of its own and return its result.

    The thread is a daemon: a keyring that waits for its password must not keep the application from
    ending, as a thread of ``asyncio.to_thread`` would.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type]  # T may itself be optional

    def run() -> None:
        result: T | None = None
        failed: BaseException | None = None
        try:
            result = function(*args)
        except BaseException as error:  # noqa: BLE001  # carried over to the awaiting task
            failed = error
        with suppress(RuntimeError):  # the loop has closed; nobody waits any more
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name=f"aside-{function.__name__}", daemon=True).start()
    return await outcome
