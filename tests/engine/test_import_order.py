"""Whose picture is read next: what people look at first, what takes long last, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from vision_studio.core.draft import Image
from vision_studio.core.size import Size
from vision_studio.engine.import_order import ImportOrder


def image(name: str) -> Image:
    return Image(name, name, name.partition(" ")[0], Size(4, 3), 100)


class Queue:
    """Pictures that wait for their turn behind one that holds it."""

    def __init__(self, names: Sequence[str]) -> None:
        self.order = ImportOrder(1)
        self.read: list[str] = []
        self._open = asyncio.Event()
        self.tasks = {name: asyncio.create_task(self._read(name)) for name in ["first", *names]}

    async def _read(self, name: str) -> None:
        async with self.order.turn(image(name)):
            await self._open.wait()
            self.read.append(name)

    async def finish(self) -> list[str]:
        """Let every one of them go, and return the order in which they went, but for the first."""
        self._open.set()
        async with asyncio.timeout(10):
            endings = await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        assert all(ending is None or isinstance(ending, asyncio.CancelledError) for ending in endings)
        return self.read[1:]


def order_of(names: Sequence[str], meanwhile: Callable[[Queue], Awaitable[None]] | None = None) -> list[str]:
    async def scenario() -> list[str]:
        queue = Queue(names)
        await asyncio.sleep(0)
        if meanwhile is not None:
            await meanwhile(queue)
        return await queue.finish()

    return asyncio.run(scenario())


def wanting(*names: str) -> Callable[[Queue], Awaitable[None]]:
    async def want(queue: Queue) -> None:
        queue.order.want(names)

    return want


@pytest.mark.parametrize(
    ("dropped", "on_screen", "read"),
    [
        pytest.param(["JPEG 1", "PNG 2", "JPEG 3"], [], ["JPEG 1", "PNG 2", "JPEG 3"], id="as dropped"),
        pytest.param(["HEIC 1", "JPEG 2", "PNG 3"], [], ["JPEG 2", "PNG 3", "HEIC 1"], id="slow ones last"),
        pytest.param(
            ["JPEG 1", "JPEG 2", "JPEG 3", "JPEG 4"],
            ["JPEG 3", "JPEG 4"],
            ["JPEG 3", "JPEG 4", "JPEG 1", "JPEG 2"],
            id="what is on the screen first",
        ),
        pytest.param(
            ["JPEG 1", "HEIC 2", "JPEG 3"],
            ["HEIC 2", "JPEG 3"],
            ["JPEG 3", "HEIC 2", "JPEG 1"],
            id="slow ones last, but before what is off the screen",
        ),
        pytest.param(["JPEG 1", "JPEG 2"], ["gone", "JPEG 2"], ["JPEG 2", "JPEG 1"], id="some are not here"),
    ],
)
def test_who_is_next(dropped: list[str], on_screen: list[str], read: list[str]) -> None:
    assert order_of(dropped, wanting(*on_screen)) == read


def test_who_leaves_is_passed_over() -> None:
    async def leave(queue: Queue) -> None:
        queue.order.want(["JPEG 2"])
        queue.tasks["JPEG 2"].cancel()

    assert order_of(["JPEG 1", "JPEG 2", "JPEG 3"], leave) == ["JPEG 1", "JPEG 3"]


def test_a_turn_is_not_lost_with_who_left_when_it_came() -> None:
    async def leave_as_it_comes(queue: Queue) -> None:
        queue.tasks["first"].cancel()
        await asyncio.sleep(0)  # the first gives its turn to the next, who has not noticed yet
        queue.tasks["JPEG 1"].cancel()
        await asyncio.sleep(0)
        queue.read.append("first")

    assert order_of(["JPEG 1", "JPEG 2"], leave_as_it_comes) == ["JPEG 2"]


def test_who_is_just_leaving_is_passed_over() -> None:
    async def leave_together(queue: Queue) -> None:
        queue.order.want(["JPEG 2"])
        queue.tasks["first"].cancel()  # its turn is given on before the other has left
        queue.tasks["JPEG 2"].cancel()
        await asyncio.sleep(0)
        queue.read.append("first")

    assert order_of(["JPEG 1", "JPEG 2", "JPEG 3"], leave_together) == ["JPEG 1", "JPEG 3"]
