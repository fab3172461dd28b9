"""How dev.py speaks: on standard error, so that what a command prints on standard output stays its own."""

from __future__ import annotations

import sys


def say(sentence: str) -> None:
    print(f"dev.py: {sentence}", file=sys.stderr, flush=True)
