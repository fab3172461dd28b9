"""Pictures that stay on the web: sent by their addresses, never uploaded, looked at only when asked."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.engine.loopback import Loopback, Piece, error, reply
from tests.engine.stage import CATALOGUE, Stage, samples
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.core.events import ImagesRefused, ImagesStored, RefusalKind, ThumbnailReady
from vision_studio.core.failures import FailureKind
from vision_studio.core.links import image_at
from vision_studio.core.size import Size
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.options import Wish
from vision_studio.practice import PracticeServer

CAT = "https://example.com/photos/cat.png"


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as running:
        yield running


def png(size: tuple[int, int]) -> bytes:
    data = io.BytesIO()
    Pillow.new("RGB", size, "tomato").save(data, "PNG")
    return data.getvalue()


def contents(server: PracticeServer) -> list[Any]:
    return [one.json["messages"] for one in server.requests if one.path == "/v1/messages"]


def test_an_address_is_sent_as_it_is_and_again_with_the_next_turn(
    tmp_path: Path, server: PracticeServer
) -> None:
    stage = Stage(
        tmp_path / "data", wish=Wish(base_url=server.base_url), keys=None, make_gateway=ClaudeGateway
    )
    stage.environment["ANTHROPIC_API_KEY"] = "sk-ant-practice-0123456789"

    async def scenario() -> None:
        async with stage.open() as studio:
            stored = await stage.drop(studio, next(iter(samples())))
            draft = Draft((image_at(CAT, "cat"), *stored.images), "Is there a cat?")
            turn = await stage.answered(studio, draft)
            assert turn.answer.outcome is Outcome.ANSWERED, turn.answer.failure
            assert turn.images[0].rendition is None
            await stage.answered(studio, Draft(text="And now?"))
            studio.open_session(stage.session.id)
            assert stage.session.turns[0].images[0].image.url == CAT

    asyncio.run(scenario())
    first, second = contents(server)
    assert [block["type"] for block in first[0]["content"]] == ["text", "image", "text", "image", "text"]
    assert first[0]["content"][1]["source"] == {"type": "url", "url": CAT}
    assert first[0]["content"][3]["source"]["type"] == "file"
    assert second[0]["content"][1]["source"] == {"type": "url", "url": CAT}
    assert sum(one.path == "/v1/files" and one.method == "POST" for one in server.requests) == 1


class Unreachable(Loopback):
    """A server that cannot fetch the cat."""

    def _script(self, head: bytes) -> Sequence[Piece]:
        if head.startswith(b"POST /v1/messages "):
            return [error(400, "invalid_request_error", f"Unable to download {CAT}.")]
        return [error(404, "not_found_error", "There is nothing here.")]


def test_an_error_that_names_the_address_points_at_the_picture(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Unreachable() as server:
            stage = Stage(
                tmp_path / "data", wish=Wish(base_url=server.url), keys=None, make_gateway=ClaudeGateway
            )
            stage.environment["ANTHROPIC_API_KEY"] = "sk-ant-loopback-0123456789"
            async with stage.open() as studio:
                turn = await stage.answered(studio, Draft((image_at(CAT, "cat"),), "Is there a cat?"))
                assert turn.answer.failure is not None
                assert turn.answer.failure.kind is FailureKind.IMAGE_REJECTED
                assert turn.answer.failure.images == (1,)

    asyncio.run(scenario())


def test_a_look_tells_size_and_thumbnail_and_leaves_the_address(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "data")

    async def scenario() -> None:
        async with Loopback() as server, stage.open() as studio:
            server.answer(reply(png((640, 480)), content_type="image/png"))
            image = image_at(f"{server.url}/cat.png", "cat")
            await studio.look_at(stage.session.id, image)
            (seen,) = stage.told(ImagesStored)[-1].images
            assert (seen.id, seen.url, seen.size, seen.format) == ("cat", image.url, Size(640, 480), "PNG")
            assert stage.told(ThumbnailReady)[-1].key == seen.pixels
            server.answer(reply(b"<html>a page about cats</html>", content_type="text/html"))
            await studio.look_at(stage.session.id, image)
            (refused,) = stage.told(ImagesRefused)[-1].refusals
            assert (refused.name, refused.kind, refused.image_id) == (
                "cat.png",
                RefusalKind.NOT_AN_IMAGE,
                None,
            )

    asyncio.run(scenario())


def test_a_download_is_a_picture_like_any_other(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "data")

    async def scenario() -> None:
        async with Loopback() as server, stage.open() as studio:
            server.answer(reply(png((64, 48)), content_type="application/octet-stream"))
            await studio.download(stage.session.id, 0, f"{server.url}/a/cat%20one.png")
            await studio.images_read()
            (image,) = stage.told(ImagesStored)[-1].images
            assert (image.name, image.url, image.size) == ("cat one.png", None, Size(64, 48))
            server.answer(reply(b"", "410 Gone"))
            await studio.download(stage.session.id, 0, f"{server.url}/gone.png")
            (refused,) = stage.told(ImagesRefused)[-1].refusals
            assert (refused.kind, refused.detail) == (
                RefusalKind.NOT_DOWNLOADED,
                "127.0.0.1 answered 410 Gone",
            )

    asyncio.run(scenario())
