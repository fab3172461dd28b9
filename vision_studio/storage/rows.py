"""Turns, sent pictures and answers as database rows, and back."""

from __future__ import annotations

from vision_studio.core.conversation import Answer, Outcome, SentImage, SessionSummary, Usage
from vision_studio.core.draft import Image, Rendition
from vision_studio.storage.cells import (
    Undecodable,
    frame_from,
    money_cell,
    money_from,
    money_or_zero,
    size_from,
    size_or_unknown,
    time_or_epoch,
)
from vision_studio.storage.codec import (
    edits_from,
    failure_cell,
    failure_from,
    fidelity_from,
    traits_cell,
    traits_from,
)
from vision_studio.storage.database import Row, Value

SUMMARY_COLUMNS = (
    "id, title, updated_at, turn_count, sent_images + draft_images, cost_usd, "
    "coalesce(sent_cover, draft_cover), pinned, archived, "
    "(SELECT group_concat(tag, char(10)) FROM session_tags WHERE session_id = sessions.id)"
)

IMAGE_COLUMNS = (
    "number, image_id, name, format, width, height, size_bytes, digest, frames, frame, traits, label, "
    "fidelity, edge_px, url, "
    "rendition_digest, rendition_media_type, rendition_width, rendition_height, rendition_size_bytes, "
    "left_out, called, edits, file_time"
)

USAGE_COLUMNS = (
    "input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, "
    "thinking_tokens"
)

ANSWER_COLUMNS = (
    "model_id, outcome, text, content_json, stop_reason, stop_detail, cost_usd, request_id, duration_s, "
    f"failure, practice, thinking, {USAGE_COLUMNS}"
)


def summary_from(row: Row) -> SessionSummary:
    """What cannot be read shows as nothing spent, long ago: a damaged cell hides no session."""
    session_id, title, updated_at, turns, images, cost_usd, cover_digest, pinned, archived, tags, *_ = row
    return SessionSummary(
        session_id,
        title,
        time_or_epoch(updated_at),
        turns,
        images,
        money_or_zero(cost_usd),
        cover_digest,
        pinned != 0,
        archived != 0,
        () if tags is None else tuple(sorted(tags.split("\n"), key=str.casefold)),
    )


def sent_image_cells(sent: SentImage) -> tuple[Value, ...]:
    image, rendition = sent.image, sent.rendition
    return (
        sent.number,
        image.id,
        image.name,
        image.format,
        *(image.size or (None, None)),
        image.size_bytes,
        image.digest,
        image.frames,
        image.frame,
        traits_cell(image.traits),
        image.label,
        image.fidelity,
        image.edge_px,
        image.url,
        *(rendition_cells(rendition) if rendition else (None,) * 5),
        sent.left_out,
        sent.called,
        image.edits_text,
        image.file_time,
    )


def sent_image_from(row: Row) -> SentImage:
    """Raises ``Undecodable``."""
    number, image_id, name, kind, width, height, size_bytes, digest, frames, frame = row[:10]
    traits, label, fidelity, edge_px, url, *rendition, left_out, called, edits, file_time = row[10:]
    size = size_or_unknown(width, height, url)
    image = Image(
        id=image_id,
        name=name,
        format=kind,
        size=size,
        size_bytes=size_bytes,
        digest=digest,
        frames=frames,
        frame=frame_from(frame),
        traits=traits_from(traits),
        label=label,
        fidelity=fidelity_from(fidelity),
        edge_px=edge_px,
        url=url,
        edits=edits_from(edits, size, url),
        file_time=file_time,
    )
    made = rendition_from(tuple(rendition)) if rendition[0] is not None else None
    return SentImage(image, number, made, left_out=bool(left_out), called=called)


def rendition_cells(rendition: Rendition) -> tuple[Value, ...]:
    return (rendition.digest, rendition.media_type, *rendition.size, rendition.size_bytes)


def rendition_from(row: Row) -> Rendition:
    """Raises ``Undecodable``."""
    digest, media_type, width, height, size_bytes = row
    if None in row:
        raise Undecodable("a picture's rendition is incomplete")
    return Rendition(digest, media_type, size_from(width, height), size_bytes)


def usage_cells(usage: Usage) -> tuple[int, ...]:
    return (
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_tokens,
        usage.cache_write_5m_tokens,
        usage.cache_write_1h_tokens,
        usage.thinking_tokens,
    )


def answer_cells(answer: Answer) -> tuple[Value, ...]:
    return (
        answer.model_id,
        answer.outcome,
        answer.text,
        answer.content_json,
        answer.stop_reason,
        answer.stop_detail,
        money_cell(answer.cost_usd),
        answer.request_id,
        answer.duration_s,
        failure_cell(answer.failure) if answer.failure else None,
        answer.practice,
        answer.thinking,
        *(usage_cells(answer.usage) if answer.usage else (None,) * 6),
    )


def answer_from(row: Row) -> Answer:
    """Raises ``Undecodable``."""
    model_id, outcome, text, content_json, stop_reason, stop_detail, cost_usd = row[:7]
    request_id, duration_s, failure, practice, thinking = row[7:12]
    tokens = row[12:]
    try:
        ended = Outcome(outcome)
    except ValueError as error:
        raise Undecodable("an answer's outcome is unknown") from error
    return Answer(
        model_id=model_id,
        outcome=ended,
        text=text,
        thinking=thinking,
        content_json=content_json,
        stop_reason=stop_reason,
        stop_detail=stop_detail,
        usage=Usage(*(count or 0 for count in tokens)) if tokens[0] is not None else None,
        cost_usd=None if cost_usd is None else money_from(cost_usd),
        request_id=request_id,
        duration_s=duration_s,
        failure=None if failure is None else failure_from(failure),
        practice=bool(practice),
    )
