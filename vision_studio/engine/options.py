"""What differs between the window, the command line and the tests; it loads nothing of the engine."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision_studio.engine.outside import Keys, MakeGateway


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for, before the preferences are looked at."""

    practice: bool = False
    base_url: str | None = None
    api: bool = False
    """Use the API where there is a key, though the user never chose so in the window."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an answer that streams is told and saved, in seconds."""

    tell_s: float = 0.03
    save_s: float = 0.5
    silence_s: float = 30.0
    """An answer that has brought nothing new for so long is told of."""


@dataclass(frozen=True, slots=True)
class Options:
    data_dir: Path | None = None
    """None: the platform's usual place."""
    wish: Wish = field(default_factory=Wish)
    samples: Sequence[Path] = ()
    mishaps: Mapping[str, Any] = field(default_factory=dict)
    """What the practice server can be told to do wrong, by the names ``Studio.misbehave`` takes."""
    rhythm: Rhythm = field(default_factory=Rhythm)
    worker_processes: int = 2
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    keys: Keys | None = None
    """None: the system's keyring."""
    make_gateway: MakeGateway | None = None
    """None: through the API's own library."""
    network_patience_s: float = 600.0
    """How long uploads wait for a server that cannot be reached, before what needs them fails."""
    housekeeping_after_s: float = 3.0
    """So long after the start it is tidied up, if there is nothing else to do: not while a window opens."""
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits between a failed try and the next one, in seconds."""
