"""Brings pictures to a server beside bare sockets, and counts the bytes that a long talk about some sends."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from tests.benchmarks.row import Row
from tests.benchmarks.slow_server import serving
from tests.engine.stage import CATALOGUE, MODEL, Stage
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.practice import PracticeServer

RUNS = 5
UPLOAD_RUNS = 7
"""By the clock, which other programs disturb more."""
IMAGES, TURNS = 20, 10
SIZE = (1000, 750)
"""No model needs them smaller, so that they are sent as they are."""


def rows() -> Iterator[Row]:
    with serving() as port:
        runs = [_uploaded(port) for _ in range(UPLOAD_RUNS)]
    ratios = tuple(run["ours_s"] / run["bare_s"] for run in runs)
    floor = "bare sockets, the same requests, 8 at a time"
    yield Row("upload 48 × 300 kB, 100 ms away at 12.5 MB/s, by the clock", floor, ratios, "≤ 1.1")
    floor = f"bare: {min(run['bare_s'] for run in runs):.2f} s at best"
    yield Row("the same, in all", floor, tuple(run["ours_s"] for run in runs), "", "s")
    yield Row("the same, of the processor", "–", tuple(run["cpu_s"] for run in runs), "", "s")
    extra = tuple(run["extra_mb"] for run in runs)
    yield Row("memory for these uploads", "before the first of them", extra, "≤ 16", "MB")
    pictures = list(_pictures())
    talks = [_talk(pictures) for _ in range(RUNS)]
    once = sum(map(len, pictures))
    floor = f"the images once ({once / 1e6:.1f} MB)"
    work = f"bytes sent in {TURNS} turns about {IMAGES} images"
    yield Row(
        f"{work}, but for the text", floor, tuple((sent - text) / once for sent, text in talks), "≤ 1.02"
    )
    yield Row(f"{work}, in all", floor, tuple(sent / once for sent, _ in talks), "")


def _uploaded(port: int) -> dict[str, float]:
    """Upload in a process of its own: what other benchmarks left in this one's memory would count."""
    command = [sys.executable, "-m", "tests.benchmarks.uploading", str(port)]
    finished = subprocess.run(command, capture_output=True, check=True, text=True)
    measured: dict[str, float] = json.loads(finished.stdout)
    return measured


def _pictures() -> Iterator[bytes]:
    for _ in range(IMAGES):
        data = io.BytesIO()
        Pillow.effect_noise(SIZE, 60).convert("RGB").save(data, "JPEG", quality=80)
        yield data.getvalue()


def _talk(pictures: list[bytes]) -> tuple[int, int]:
    """Talk about pictures with a new server. Return the bytes sent to it, and those of them that are text."""
    server = PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True)
    with tempfile.TemporaryDirectory(prefix="vs-") as name:
        asyncio.run(_turns(Stage(Path(name) / "data", practice=server, make_gateway=ClaudeGateway), pictures))
    sent = sum(
        len(f"{one.method} {one.path}?{one.query} HTTP/1.1\r\n\r\n")
        + sum(len(f"{key}: {value}\r\n") for key, value in one.headers.items())
        + one.body_bytes
        for one in server.requests
    )
    return sent, sum(_text_bytes(one.json) for one in server.requests)


async def _turns(stage: Stage, pictures: list[bytes]) -> None:
    async with stage.open() as studio:
        paths = [stage.data_dir / f"photograph-{number:02}.jpg" for number in range(len(pictures))]
        for path, data in zip(paths, pictures, strict=True):
            path.write_bytes(data)
        draft = (await stage.drop(studio, *paths)).with_text("What differs between these?")
        for turn in range(TURNS):
            # The window has each question counted while it is written.
            await studio.count_tokens(stage.session.id, draft, MODEL, "")
            ended = await stage.answered(studio, draft)
            assert ended.answer.outcome is Outcome.ANSWERED
            draft = Draft(text=f"And what else is there to be seen, number {turn + 2}?")


def _text_bytes(value: Any) -> int:
    """Return how much of a request's JSON is words: questions and answers, which every turn repeats."""
    if isinstance(value, list):
        return sum(map(_text_bytes, value))
    if not isinstance(value, dict):
        return 0
    words = value["text"] if value.get("type") == "text" else ""
    return len(json.dumps(words, ensure_ascii=False).encode()) - 2 + sum(map(_text_bytes, value.values()))
