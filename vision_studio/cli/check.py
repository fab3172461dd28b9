"""What the doctor finds out about one thing."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a check went; only a problem keeps the main job from being done."""

    FINE = "✓"
    NOTE = "·"
    PROBLEM = "✗"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``mend``: the line to type, or what to do."""

    subject: str
    state: State
    said: str
    mend: str = ""


def pip_line(*arguments: str) -> str:
    """Return the line that installs packages where this program runs."""
    return shlex.join([sys.executable, "-m", "pip", "install", *arguments])
