"""A whole engine on the test's own loop, and a way to wait for what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.support.scripted_gateway import ScriptedGateway
from vision_studio import assets
from vision_studio.core.catalogue import parse_catalogue
from vision_studio.core.conversation import Session, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionState,
    Event,
    ImagesFound,
    ImagesStored,
    SessionOpened,
    TurnEnded,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.options import Options, Rhythm, Wish
from vision_studio.engine.studio import Studio, build_studio
from vision_studio.practice import PracticeServer

E = TypeVar("E")
CATALOGUE = parse_catalogue(assets.text("models.toml"))
MODEL = "claude-opus-5-5"


class NoKeyring:
    """A system without a keyring."""

    def load(self, account: str) -> str | None:
        raise Failed(Failure(FailureKind.KEYRING_MISSING))

    def save(self, account: str, key: str) -> None:
        raise Failed(Failure(FailureKind.KEYRING_MISSING))

    def delete(self, account: str) -> None:
        raise Failed(Failure(FailureKind.KEYRING_MISSING))


@dataclass
class Keyring:
    """A keyring in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def load(self, account: str) -> str | None:
        return self.kept.get(account)

    def save(self, account: str, key: str) -> None:
        self.kept[account] = key

    def delete(self, account: str) -> None:
        self.kept.pop(account, None)


@dataclass
class IdlePractice:
    """A practice server that nobody reaches: its gateway is scripted."""

    faults: Any = None
    running: bool = False

    def start(self) -> str:
        self.running = True
        return "http://127.0.0.1:1"

    def stop(self) -> None:
        self.running = False


class LentPractice:
    """A practice server of the test's, which outlives the studio."""

    def __init__(self, server: PracticeServer) -> None:
        self._server = server
        self.faults = server.faults

    def start(self) -> str:
        return self._server.start()

    def stop(self) -> None: ...


@dataclass
class Stage:
    """What differs from test to test, and what was told."""

    data_dir: Path
    gateways: list[ScriptedGateway] = field(default_factory=list)
    """Every scripted door that was made, in order."""
    doors: list[tuple[str, str]] = field(default_factory=list)
    """Address and key of each."""
    events: list[Event] = field(default_factory=list)
    keys: Any = field(default_factory=NoKeyring)
    environment: dict[str, str] = field(default_factory=dict)
    wish: Wish = field(default_factory=Wish)
    practice: Any = field(default_factory=IdlePractice)
    make_gateway: Callable[[str, str], Any] | None = None
    samples: tuple[Path, ...] = ()
    mishaps: dict[str, Any] = field(default_factory=dict)
    paused: list[float] = field(default_factory=list)
    """Waits before another try, which take no time here."""
    next_gateway: ScriptedGateway | None = None
    """The door to hand out next."""

    def __post_init__(self) -> None:
        self._news = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def report(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    def scripted(self, base_url: str, key: str) -> ScriptedGateway:
        gateway, self.next_gateway = self.next_gateway or ScriptedGateway(), None
        self.gateways.append(gateway)
        self.doors.append((base_url, key))
        return gateway

    def build(self) -> Studio:
        options = Options(
            self.data_dir,
            self.wish,
            self.samples,
            self.mishaps,
            Rhythm(tell_s=0.001, save_s=0.001),
            environment=self.environment,
            keys=self.keys,
            make_gateway=self.make_gateway or self.scripted,
            pause=self.pause,
        )
        return build_studio(self.report, CATALOGUE, lambda folder: self.practice, options)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Studio]:
        """A studio that was started and is connected."""
        self._news = asyncio.Event()
        studio, before = self.build(), len(self.events)
        try:
            studio.start()
            await self.until(
                ConnectionChanged, lambda event: event.state is not ConnectionState.STARTING, since=before
            )
            yield studio
        finally:
            await studio.close()

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def until(
        self, kind: type[E], holds: Callable[[E], bool] = lambda event: True, since: int = 0
    ) -> E:
        """Wait for an event; one that was told already, after the first ``since``, will do."""
        seen = since
        async with asyncio.timeout(60):
            while True:
                for event in self.events[seen:]:
                    seen += 1
                    if isinstance(event, kind) and holds(event):
                        return event
                self._news.clear()
                await self._news.wait()

    @property
    def session(self) -> Session:
        """The session on the screen."""
        return self.told(SessionOpened)[-1].session

    async def answered(self, studio: Studio, draft: Draft, system: str = "") -> Turn:
        """Send a draft in the session on the screen, and return the turn when it has ended."""
        before = len(self.events)
        studio.send(self.session.id, draft, MODEL, system)
        return (await self.until(TurnEnded, since=before)).turn

    async def drop(self, studio: Studio, *paths: Path) -> Draft:
        """Drop files, and return the draft they make when all are read."""
        await studio.add_files(self.session.id, 0, paths)
        await studio.images_read()
        found = [image for event in self.told(ImagesFound) for image in event.images]
        stored = {image.id: image for event in self.told(ImagesStored) for image in event.images}
        return Draft(tuple(stored[image.id] for image in found[-len(paths) :]))


def samples() -> Iterator[Path]:
    """Four pictures that ship with the application."""
    for name in ("ridge-dusk.jpg", "ridge-midday.jpg", "revenue.png", "receipt.jpg"):
        yield assets.path(f"samples/{name}")
