"""A session as JSON for other programs: what was asked and answered, without the bytes of the images."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import Answer, SentImage, Session, Turn
from vision_studio.core.request_json import digest_source, request_json


def session_json(session: Session, whole: Session, model: Callable[[str], Model]) -> dict[str, Any]:
    """Return the exported turns; ``whole`` is the session with all of them, which requests repeat."""
    return {
        "format": "vision-studio session",
        "version": 1,
        "title": session.title,
        "model": session.model_id,
        "system": session.system,
        "created_at": session.created_at.isoformat(),
        "turns": [_turn(turn, whole, model) for turn in session.turns],
    }


def response_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as the API gave it, as far as it is kept."""
    content = json.loads(answer.content_json) if answer.content_json else []
    return {
        "content": content or ([{"type": "text", "text": answer.text}] if answer.text else []),
        "model": answer.model_id,
        "request_id": answer.request_id,
        "stop_reason": answer.stop_reason,
        "usage": None if answer.usage is None else asdict(answer.usage),
        "outcome": answer.outcome,
    }


def _turn(turn: Turn, whole: Session, model: Callable[[str], Model]) -> dict[str, Any]:
    row = next(row for row, one in enumerate(whole.turns) if one.id == turn.id)
    asked = whole.turns[: row + 1]
    answer = turn.answer
    body = request_json(asked, whole.system, whole.settings, model(answer.model_id), digest_source)
    return {
        "asked_at": turn.created_at.isoformat(),
        "prompt": turn.prompt,
        "images": [_image(sent) for sent in turn.images],
        "answer": answer.text,
        "practice": answer.practice,
        "cost_usd": None if answer.cost_usd is None else str(answer.cost_usd),
        "request": {**body, "messages": body["messages"][-1:]},
        "response": response_json(answer),
    }


def _image(sent: SentImage) -> dict[str, Any]:
    image, made = sent.image, sent.rendition
    return {
        "number": sent.number,
        "caption": sent.caption,
        "name": image.name,
        "format": image.format,
        "size": None if image.size is None else list(image.size),
        "sha256": image.digest,
        "url": image.url,
        "left_out": sent.left_out,
        "sent": None
        if made is None
        else {"media_type": made.media_type, "size": list(made.size), "sha256": made.digest},
    }
