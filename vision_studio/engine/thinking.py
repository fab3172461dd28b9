"""Removes signed thinking from answers, where what came before them has changed since.

Source: Claude platform documentation, "Preserved thinking" (2026-10): a signature binds a thinking block to
everything before it, and the API refuses one whose past is another.
"""

from __future__ import annotations

import json
from dataclasses import replace

from vision_studio.core.conversation import Answer, Turn
from vision_studio.storage.sessions import Sessions

_THINKING = ("thinking", "redacted_thinking")


def without_thinking(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns with answers that can follow any history; those that can already stay as they are."""
    return tuple(_stripped(turn) for turn in turns)


def forget_beside(sessions: Sessions, session_id: str, after: str | None) -> None:
    """Take signed thinking out of answers on branches that are not shown, where they follow what has changed.

    ``after``: a turn of the shown branch that changed; None: all changed. Raises ``Failed``.
    """
    for turn_id, answer in sessions.thoughts_beside(session_id, after):
        free = _without(answer)
        if free is not answer:
            sessions.save_answer(turn_id, free)


def _stripped(turn: Turn) -> Turn:
    free = _without(turn.answer)
    return turn if free is turn.answer else replace(turn, answer=free)


def _without(answer: Answer) -> Answer:
    if not any(kind in answer.content_json for kind in _THINKING):
        return answer
    blocks = json.loads(answer.content_json)
    kept = [block for block in blocks if block.get("type") not in _THINKING]
    return answer if len(kept) == len(blocks) else _with_content(answer, kept)


def _with_content(answer: Answer, blocks: list[object]) -> Answer:
    content = json.dumps(blocks, ensure_ascii=False, separators=(",", ":")) if blocks else ""
    return replace(answer, content_json=content)
