"""What the engine is handed from outside, as far as it knows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from vision_studio.engine.gateway import Gateway

MakeGateway = Callable[[str, str], Gateway]
"""Base URL, key → a door to that server."""


class Keys(Protocol):
    """Keys by account. Every method blocks and may raise ``Failed``."""

    def load(self, account: str) -> str | None: ...
    def save(self, account: str, key: str) -> None: ...
    def delete(self, account: str) -> None: ...


class Faults(Protocol):
    """What the practice server is still to do wrong. The engine hands faults on unseen."""

    def add(self, fault: Any, /) -> None: ...


class Practice(Protocol):
    """The practice server, as far as the engine knows it."""

    def start(self) -> str:
        """Start it unless it runs, and return its address."""
        ...

    def stop(self) -> None: ...

    @property
    def faults(self) -> Faults: ...
