"""An engine that does nothing of its own: it remembers commands, and tells what a test has it tell."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from vision_studio.ui.bridge import EngineBridge


class SilentEngine:
    """Stands where ``EngineThread`` and ``Studio`` stand; everything happens on the calling thread."""

    def __init__(self) -> None:
        self.commands: list[tuple[Any, ...]] = []
        """The name of each command and what it was given, in order."""
        self.running = False
        self.bridge = EngineBridge(self._assemble)

    def tell(self, *events: Any) -> None:
        """Have the window hear of these, and wait until it has."""
        for event in events:
            self._report(event)
        QCoreApplication.processEvents()

    def asked(self, command: str) -> list[tuple[Any, ...]]:
        """Return what a command was given, each time."""
        return [given for name, *given_ in self.commands if name == command for given in [tuple(given_)]]

    def _assemble(self, report: Any) -> Any:
        self._report = report
        return self, _Names()

    # What the bridge needs of an engine

    def start(self, opening: Any, closing: Any) -> None:
        self.running = True

    def post(self, command: str, *given: Any) -> None:
        self.commands.append((command, *given))

    def stop(self) -> None:
        self.running = False


class _Names:
    """Has every command, each being its own name; those of a subject have it in front: "sights.show"."""

    def __getattr__(self, name: str) -> _Name:
        return _Name(name)


class _Name(str):
    __slots__ = ()

    def __getattr__(self, name: str) -> _Name:
        return _Name(f"{self}.{name}")
