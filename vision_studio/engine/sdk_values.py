"""Reads the library's values into ours, whatever shape a server gave them, without loading the library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from vision_studio.core.conversation import Usage
from vision_studio.core.listing import ListedModel
from vision_studio.engine.api_failures import Said, retry_after_s
from vision_studio.engine.gateway import MessageEnded


def said_by(error: Any) -> Said:
    """Read an ``APIStatusError``; its details may be of any shape, as may the body they came from."""
    body = error.body if isinstance(error.body, Mapping) else {}
    said = body.get("error")
    details = said.get("details") if isinstance(said, Mapping) else None
    details = details if isinstance(details, Mapping) else {}
    paths, limit_px = details.get("paths"), details.get("max_side_length_pixels")
    return Said(
        status=error.status_code,
        type=_text(error.type),
        code=_text(error.error_code),
        message=_text(error.api_message) or error.message,
        request_id=error.request_id or _text(body.get("request_id")),
        workspace_id=error.workspace_id,
        retry_after_s=retry_after_s(error.response.headers),
        paths=tuple(str(path) for path in paths) if isinstance(paths, list) else (),
        limit_px=limit_px if isinstance(limit_px, int) else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def usage_of(usage: Any) -> Usage:
    written = usage.cache_creation_input_tokens or 0
    kept = usage.cache_creation
    written_1h = (kept.ephemeral_1h_input_tokens or 0) if kept else 0
    details = usage.output_tokens_details
    return Usage(
        input_tokens=usage.input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_5m_tokens=max(0, written - written_1h),
        cache_write_1h_tokens=written_1h,
        thinking_tokens=(details.thinking_tokens or 0) if details else 0,
    )


def ending_of(message: Any, request_id: str | None) -> MessageEnded:
    # A text without words can be answered, but not sent back: the API refuses it.
    content = [block.to_dict() for block in message.content if block.type != "text" or block.text.strip()]
    refusal = message.stop_details
    detail = ": ".join(filter(None, (refusal.category, refusal.explanation))) if refusal else ""
    return MessageEnded(
        stop_reason=message.stop_reason,
        stop_detail=detail,
        content_json=json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        usage=usage_of(message.usage),
        request_id=request_id,
    )


_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_THINKING = ("adaptive", "between_tools", "enabled", "disabled")


def listed_model(info: Any) -> ListedModel:
    """Read a ``ModelInfo``, which the library does not check: a gateway may have left out what it likes."""
    able = getattr(info, "capabilities", None)
    effort, thinking = getattr(able, "effort", None), getattr(able, "thinking", None)
    types = getattr(thinking, "types", None)
    return ListedModel(
        id=str(info.id),
        name=_text(getattr(info, "display_name", None)) or str(info.id),
        lifecycle=_text(getattr(info, "lifecycle", None)) or "active",
        retires_on=_day(getattr(info, "retires_at", None)),
        context_tokens=_positive(getattr(info, "max_input_tokens", None)),
        max_output_tokens=_positive(getattr(info, "max_tokens", None)),
        efforts=None if effort is None else tuple(one for one in _EFFORTS if _supports(effort, one)),
        thinking=None if types is None else tuple(one for one in _THINKING if _supports(types, one)),
        takes_images=None if able is None else _supports(able, "image_input"),
    )


def _supports(capabilities: Any, one: str) -> bool:
    return bool(getattr(getattr(capabilities, one, None), "supported", False))


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, datetime) else None
