"""The request as JSON: the order of blocks is the order of the strip."""

from __future__ import annotations

from pathlib import Path

from vision_studio.engine.gateway import (
    FilePart,
    InlinePart,
    Request,
    RequestMessage,
    TextPart,
    VerbatimPart,
)
from vision_studio.engine.wire import messages_json


def test_blocks_keep_their_order_and_assistant_turns_go_back_whole(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG")
    request = Request(
        "m",
        10,
        (
            RequestMessage(
                "user",
                (
                    TextPart("Image 1:"),
                    FilePart("file_1", 1),
                    TextPart("Image 2:"),
                    InlinePart(picture, "image/png", 2),
                ),
            ),
            RequestMessage(
                "assistant",
                (
                    VerbatimPart(
                        '[{"type":"thinking","thinking":"","signature":"s"},{"type":"text","text":"Ja"}]'
                    ),
                ),
            ),
            RequestMessage("user", (TextPart("Why?"),)),
        ),
    )
    assert messages_json(request) == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Image 1:"},
                {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
                {"type": "text", "text": "Image 2:"},
                {
                    "type": "image",
                    "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="},
                },
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "", "signature": "s"},
                {"type": "text", "text": "Ja"},
            ],
        },
        {"role": "user", "content": [{"type": "text", "text": "Why?"}]},
    ]
