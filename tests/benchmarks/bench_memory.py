"""Counts the memory with 600 photographs of 24 megapixels in a session: read, scrolled past, and sent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.row import Row


def rows() -> Iterator[Row]:
    # In a process of its own: what other benchmarks left in this one's memory would count.
    command = [sys.executable, "-m", "tests.benchmarks.crowded_session"]
    finished = subprocess.run(command, capture_output=True, check=True, text=True)
    samples: dict[str, list[float]] = json.loads(finished.stdout)
    for phase, megabytes in samples.items():
        yield Row(f"memory with 600 × 24 MP, {phase}", "–", tuple(megabytes), "≤ 350", "MB")
