"""Removes signed thinking from answers, where what came before them has changed since.

Source: Claude platform documentation, "Preserved thinking" (2026-10): a signature binds a thinking block to
everything before it, and the API refuses one whose past is another.
"""

from __future__ import annotations

import json
from dataclasses import replace

from vision_studio.core.conversation import Answer, Turn

_THINKING = ("thinking", "redacted_thinking")


def without_thinking(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns with answers that can follow any history; those that can already stay as they are."""
    return tuple(_stripped(turn) for turn in turns)


def _stripped(turn: Turn) -> Turn:
    answer = turn.answer
    if not any(kind in answer.content_json for kind in _THINKING):
        return turn
    blocks = json.loads(answer.content_json)
    kept = [block for block in blocks if block.get("type") not in _THINKING]
    return turn if len(kept) == len(blocks) else replace(turn, answer=_with_content(answer, kept))


def _with_content(answer: Answer, blocks: list[object]) -> Answer:
    content = json.dumps(blocks, ensure_ascii=False, separators=(",", ":")) if blocks else ""
    return replace(answer, content_json=content)
