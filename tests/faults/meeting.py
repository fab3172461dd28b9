"""An engine that meets faults: how it is set up, and what one meeting comes to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.engine.stage import Stage
from tests.faults.catalogue import Fault
from tests.faults.server import MESSAGES, FaultyServer
from vision_studio.core.conversation import Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import TurnEnded
from vision_studio.engine.claude_gateway import ClaudeGateway, Patience
from vision_studio.engine.options import Wish
from vision_studio.engine.studio import Studio

KEY = "sk-ant-api03-do-not-log-me-0123456789"
IMPATIENT = Patience(connect_s=2.0, silence_s=0.4, nothing_new_s=0.4)

Act = Callable[[Stage, Studio, FaultyServer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Met:
    """What became of a question that met a fault."""

    turn: Turn
    tries: int
    """Requests that it took."""
    kept: tuple[tuple[str, str], ...]
    """Every question and answer of its session, as they are on the disk right after."""
    again: Turn | None = None
    """The same question asked once more, the fault gone; None where the answer came all the same."""
    kept_then: tuple[tuple[str, str], ...] = ()


def stage_at(url: str, folder: Path, patience: Patience = IMPATIENT) -> Stage:
    """An engine whose server is at an address, with a key that must not show up anywhere."""
    return Stage(
        folder,
        wish=Wish(base_url=url),
        environment={"ANTHROPIC_API_KEY": KEY},
        make_gateway=lambda base_url, key: ClaudeGateway(base_url, key, patience),
    )


def play(folder: Path, act: Act, url: str | None = None, patience: Patience = IMPATIENT) -> None:
    async def scenario() -> None:
        async with FaultyServer() as server:
            stage = stage_at(url or server.url, folder, patience)
            async with stage.open() as studio:
                await act(stage, studio, server)

    asyncio.run(scenario())


def meet(fault: Fault, folder: Path) -> Met:
    """Ask a second question while the server has a fault, and once more when it is gone."""
    met: list[Met] = []

    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        await stage.answered(studio, Draft(text="First?"))
        before = server.asked[MESSAGES]
        server.strike(MESSAGES, fault.script, fault.times)
        turn = await stage.answered(studio, Draft(text="Second?"))
        tries = server.asked[MESSAGES] - before
        server.faults.clear()
        kept = saved(stage, studio)
        if turn.answer.failure is None:
            met.append(Met(turn, tries, kept))
            return
        again = await asked_again(stage, studio, turn)
        met.append(Met(turn, tries, kept, again, saved(stage, studio)))

    play(folder, act)
    return met[0]


def nobody_listens(folder: Path) -> Met:
    met: list[Met] = []

    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        turn = await stage.answered(studio, Draft(text="Hello?"))
        met.append(Met(turn, 1 + len(stage.paused), saved(stage, studio)))

    play(folder, act, f"http://127.0.0.1:{unused_port()}")
    return met[0]


async def asked_again(stage: Stage, studio: Studio, turn: Turn) -> Turn:
    before = len(stage.events)
    studio.retry(stage.session.id, turn.id)
    return (await stage.until(TurnEnded, since=before)).turn


def saved(stage: Stage, studio: Studio) -> tuple[tuple[str, str], ...]:
    """Every question and answer, as they are read from the disk."""
    studio.open_session(stage.session.id)
    return tuple((turn.prompt, turn.answer.text) for turn in stage.session.turns)


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
