"""Makes the engine: for the window, the command line and the tests alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from vision_studio.core.catalogue import Catalogue
from vision_studio.core.events import Event
from vision_studio.engine.connection import Practice
from vision_studio.engine.parts import Options, assemble
from vision_studio.engine.studio import Studio


def build_studio(
    report: Callable[[Event], None],
    catalogue: Catalogue,
    practice: Callable[[Path], Practice],
    options: Options | None = None,
) -> Studio:
    """Return a studio that is not started: nothing is opened yet, on this thread or any other.

    ``report`` is called on the engine's thread. ``practice`` makes the practice server that keeps its uploads
    in a folder; it is started when it is first used.
    """
    return Studio(report, catalogue, partial(assemble, catalogue, practice, options or Options()))
