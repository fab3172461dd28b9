"""The composition root without a window: the same engine for the command line, and no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio import assets
from vision_studio.core.catalogue import Catalogue, parse_catalogue

if TYPE_CHECKING:
    from vision_studio.engine.options import Options
    from vision_studio.engine.studio import Studio
    from vision_studio.engine.thread import EngineThread, Report
    from vision_studio.practice import Fault, PracticeServer


def read_catalogue() -> Catalogue:
    return parse_catalogue(assets.text("models.toml"))


def build_engine(
    catalogue: Catalogue,
    options: Options,
    report: Report,
    practice: Callable[[Catalogue, Path], PracticeServer] | None = None,
) -> tuple[EngineThread, Studio]:
    """Return an engine that is not started; ``report`` will be called on its thread.

    ``practice`` makes the practice server that keeps its uploads in a folder; by default it writes as fast
    as one reads.
    """
    # Imported here, as an estimate needs the catalogue and no engine.
    from vision_studio.engine.studio import build_studio
    from vision_studio.engine.thread import EngineThread

    def server(folder: Path) -> PracticeServer:
        if practice is not None:
            return practice(catalogue, folder)
        from vision_studio.practice import PracticeServer  # on the engine's thread

        return PracticeServer(catalogue, folder)

    return EngineThread(report), build_studio(report, catalogue, server, options)


def mishaps() -> Mapping[str, Fault]:
    """Return what the practice server can be told to do wrong, by name."""
    from vision_studio.practice import NAMED_FAULTS

    return NAMED_FAULTS


def practice_server(catalogue: Catalogue) -> PracticeServer:
    """Return a practice server of one's own, which keeps nothing."""
    from vision_studio.practice import PracticeServer

    return PracticeServer(catalogue)
