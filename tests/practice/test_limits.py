"""What the practice server refuses, as the API does: status, type, words and details."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from anthropic import (
    Anthropic,
    AuthenticationError,
    BadRequestError,
    ContentTooLargeError,
    NotFoundError,
)
from anthropic.types.image_dimensions_too_large_error import ImageDimensionsTooLargeError

from tests.practice.conftest import MODEL, WRONG_KEY, Wire
from tests.practice.pictures import by_id, inline, link, plain, text, user
from vision_studio.core.catalogue import Catalogue
from vision_studio.practice import PracticeServer

HELLO = {"role": "user", "content": "Hello"}
MARK = {"cache_control": {"type": "ephemeral"}}
PREFILLED = [HELLO, {"role": "assistant", "content": "It is"}]


def image(**source: Any) -> list[dict[str, Any]]:
    return [user({"type": "image", "source": source})]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        pytest.param({"model": None}, 400, "model: Field required", id="no model"),
        pytest.param({"max_tokens": None}, 400, "max_tokens: Field required", id="no max_tokens"),
        pytest.param({"messages": None}, 400, "messages: Field required", id="no messages"),
        pytest.param({"messages": []}, 400, "at least one message", id="no message"),
        pytest.param({"model": "claude-2"}, 404, "model: claude-2", id="unknown model"),
        pytest.param({"model": 7}, 400, "model: Input should be a valid string", id="model is a number"),
        pytest.param({"temperature": 1}, 400, "temperature: ", id="temperature"),
        pytest.param({"top_p": 1}, 400, "top_p: ", id="top_p"),
        pytest.param({"top_k": 1}, 400, "top_k: ", id="top_k"),
        pytest.param({"color": 1}, 400, "color: Extra inputs are not permitted", id="unknown field"),
        pytest.param({"max_tokens": 200_000}, 400, "200000 > 128000", id="more output than there can be"),
        pytest.param({"max_tokens": -1}, 400, "max_tokens: ", id="less than no output"),
        pytest.param({"max_tokens": True}, 400, "max_tokens: ", id="max_tokens is no number"),
        pytest.param({"stream": "yes"}, 400, "stream: ", id="stream is no flag"),
        pytest.param({"system": [{"type": "image"}]}, 400, "system.0: ", id="an image as system"),
        pytest.param({"stop_sequences": [" "]}, 400, "stop_sequences: ", id="a blank stop sequence"),
    ],
)
def test_fields(wire: Wire, fields: dict[str, Any], status: int, words: str) -> None:
    assert_refused(wire.ask(**fields), status, words)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        pytest.param("Hello", "messages: Input should be a valid list", id="not a list"),
        pytest.param(["Hello"], "messages.0: Input should be an object", id="not objects"),
        pytest.param([{"role": "user"}], "messages.0.content: Field required", id="no content"),
        pytest.param([{"role": "robot", "content": "Hi"}], "messages.0.role: ", id="unknown role"),
        pytest.param([{"role": [], "content": "Hi"}], "messages.0.role: ", id="a list as role"),
        pytest.param(
            [{"role": "assistant", "content": "Hi"}], "first message must use", id="assistant first"
        ),
        pytest.param(PREFILLED, "does not support assistant message prefill", id="assistant last"),
        pytest.param([user()], "non-empty content", id="no blocks"),
        pytest.param([{"role": "user", "content": ""}], "must be non-empty", id="empty text"),
        pytest.param([user(text(" \n"))], "non-whitespace", id="blank text"),
        pytest.param([user({"type": "text"})], "messages.0.content.0.text", id="text without text"),
        pytest.param([user({"type": "video"})], "does not match any expected tag", id="unknown block"),
        pytest.param([user({"type": []})], "does not match any expected tag", id="a list as type"),
        pytest.param([user({"type": "image"})], "content.0.image.source: ", id="image without source"),
        pytest.param(
            [user({"type": "tool_result", "content": [{"type": "tool_result", "content": "a"}]})],
            "content.0.content.0: Input tag 'tool_result'",
            id="a result in a result",
        ),
        pytest.param(image(type=["file"]), "content.0.image.source: ", id="a list as source"),
        pytest.param(image(type="file"), "image.source.file.file_id: Field required", id="no file_id"),
        pytest.param(image(type="url", url="http://a/b"), "Only HTTPS", id="a link that is not secret"),
        pytest.param(
            image(type="base64", media_type="image/tiff", data="AAAA"), "base64.media_type: ", id="tiff"
        ),
        pytest.param(
            image(type="base64", media_type="image/png", data="A"), "Invalid base64 data", id="not base64"
        ),
        pytest.param([user(inline(b"hello"))], "Could not process image", id="not an image"),
        pytest.param([user(inline(plain()[:-30]))], "Could not process image", id="half an image"),
        pytest.param(
            [user(inline(plain(), "image/jpeg"))],
            "does not match the provided media type image/jpeg",
            id="mistyped",
        ),
        pytest.param(
            [HELLO, {"role": "assistant", "content": [inline(plain())]}, HELLO],
            "only allowed in user",
            id="image said",
        ),
        pytest.param(
            [user({"type": "thinking", "thinking": "", "signature": "x"})],
            "only allowed in assistant",
            id="thought",
        ),
        pytest.param(
            [user(inline(plain()) | {"transformations": {"oversized_image": "crop"}})],
            "oversized_image",
            id="wish",
        ),
    ],
)
def test_messages(wire: Wire, messages: Any, words: str) -> None:
    assert_refused(wire.ask(messages=messages), 400, words)


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([HELLO, HELLO], id="two from the user"),
        pytest.param([HELLO, {"role": "system", "content": "Be brief."}, HELLO], id="system in between"),
        pytest.param([user(text("a"), {"type": "text", "text": "b", **MARK})], id="blocks"),
    ],
)
def test_roles_need_not_alternate(wire: Wire, messages: Any) -> None:
    assert wire.ask(messages=messages).status_code == 200


def test_a_retired_model_is_gone_and_a_deprecated_one_is_not(catalogue: Catalogue, wire: Wire) -> None:
    assert wire.ask(model="claude-sonnet-4-5").status_code == 200
    retired = tuple(replace(model, lifecycle="retired") for model in catalogue.models)
    with (
        PracticeServer(replace(catalogue, models=retired), pace_tokens_per_s=None) as later,
        httpx2.Client(base_url=later.base_url, headers=wire.client.headers) as client,
    ):
        assert_refused(Wire(client).ask(), 404, f"model: {MODEL}")


def test_the_last_models_that_take_a_prefill(wire: Wire) -> None:
    assert wire.ask(messages=PREFILLED, model="claude-haiku-4-5").status_code == 200
    trailing = [HELLO, {"role": "assistant", "content": "It is "}]
    assert_refused(wire.ask(messages=trailing, model="claude-haiku-4-5"), 400, "trailing whitespace")


@pytest.mark.parametrize(
    ("model", "thinking", "words"),
    [
        pytest.param(MODEL, {"type": "disabled"}, '"thinking.type.disabled" is not supported', id="off"),
        pytest.param(MODEL, {"type": "hard"}, "thinking: ", id="unknown"),
        pytest.param(MODEL, "adaptive", "thinking: ", id="not an object"),
        pytest.param("claude-haiku-4-5", {"type": "adaptive"}, "is not supported", id="too new"),
        pytest.param("claude-haiku-4-5", {"type": "enabled"}, "budget_tokens", id="no budget"),
        pytest.param(
            "claude-haiku-4-5", {"type": "enabled", "budget_tokens": 2000}, "must be greater", id="all of it"
        ),
    ],
)
def test_thinking(wire: Wire, model: str, thinking: Any, words: str) -> None:
    assert_refused(wire.ask(model=model, thinking=thinking), 400, words)


def test_effort(wire: Wire) -> None:
    assert wire.ask(output_config={"effort": "low"}).status_code == 200
    assert_refused(wire.ask(output_config={"effort": "utmost"}), 400, "effort level 'utmost'")
    assert_refused(wire.ask(output_config={"effort": "low"}, model="claude-haiku-4-5"), 400, "effort level")


def test_at_most_four_cache_marks(wire: Wire) -> None:
    blocks = [text(str(n)) | MARK for n in range(4)]
    assert wire.ask(messages=[user(*blocks)]).status_code == 200
    too_many = wire.ask(messages=[user(*blocks)], **MARK)
    assert_refused(too_many, 400, "A maximum of 4 blocks with cache_control may be provided. Found 5.")
    forever = {"cache_control": {"type": "ephemeral", "ttl": "1y"}}
    assert_refused(wire.ask(messages=[user(text("a") | forever)]), 400, "ttl")


class TestImages:
    def test_as_many_as_the_context_window_takes(self, wire: Wire) -> None:
        small = inline(plain(size=(2, 2)))
        assert_refused(wire.ask(messages=[user(*[small] * 601)]), 400, "601 images > 600")
        old = {"model": "claude-haiku-4-5"}
        assert_refused(wire.ask(messages=[user(*[small] * 101)], **old), 400, "101 images > 100")
        assert wire.ask(messages=[user(*[small] * 100)], **old).status_code == 200

    def test_a_side_of_8000_pixels(self, client: Anthropic) -> None:
        long, longer = inline(plain(size=(8000, 1))), inline(plain(size=(1, 8001)))
        ask(client, user(long))
        with pytest.raises(ImageDimensionsTooLargeError) as caught:
            ask(client, user(text("Image 1:"), long, text("Image 2:"), longer))
        assert caught.value.error_code == "image_dimensions_too_large"
        assert caught.value.details.max_side_length_pixels == 8000
        assert caught.value.details.paths == ["messages.0.content.3"]

    def test_a_side_of_2000_pixels_in_a_crowd_over_all_turns(self, client: Anthropic) -> None:
        small, wide = inline(plain(size=(2, 2))), inline(plain(size=(2001, 1)))
        ask(client, user(wide, *[small] * 19))
        with pytest.raises(ImageDimensionsTooLargeError) as caught:
            ask(client, user(wide, *[small] * 19), {"role": "assistant", "content": "Yes"}, user(wide))
        assert caught.value.details.max_side_length_pixels == 2000
        assert caught.value.details.paths == ["messages.0.content.0", "messages.2.content.0"]

    def test_images_in_a_tools_result_count(self, client: Anthropic) -> None:
        call: Any = {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "a", "name": "look", "input": {}}],
        }
        result = {"type": "tool_result", "tool_use_id": "a", "content": [inline(plain(size=(8001, 1)))]}
        with pytest.raises(ImageDimensionsTooLargeError) as caught:
            ask(client, user(text("Look")), call, user(result))
        assert caught.value.details.paths == ["messages.2.content.0.content.0"]

    def test_the_weight_of_one_image_as_base64(self, wire: Wire) -> None:
        heavy = base64.b64encode(bytes(7_864_321)).decode()
        source = {"type": "base64", "media_type": "image/png", "data": heavy}
        refused = wire.ask(messages=[user({"type": "image", "source": source})])
        assert_refused(refused, 400, "image exceeds 10 MB maximum: 10485764 bytes > 10485760 bytes")

    def test_an_image_that_must_not_be_downsized(self, client: Anthropic) -> None:
        strict = inline(plain(size=(3840, 2160))) | {"transformations": {"oversized_image": "error"}}
        with pytest.raises(BadRequestError, match=r"3840x2160 .* 2576x1449"):
            ask(client, user(strict))

    def test_a_bomb_is_refused_by_its_size(self, client: Anthropic) -> None:
        header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
        import zlib

        bomb = header + zlib.crc32(header[12:]).to_bytes(4) + b"\0\0\0\0IDAT\x35\xaf\x06\x1e"
        with pytest.raises(ImageDimensionsTooLargeError):
            ask(client, user(inline(bomb)))


class TestSizes:
    def test_a_body_over_32_mb_is_refused_unread(self, server: PracticeServer, wire: Wire) -> None:
        refused = wire.ask(messages=[{"role": "user", "content": "x" * 32_000_000}])
        assert server.requests[-1].body_bytes == 0
        assert_refused(refused, 413, "Request exceeds the maximum size")
        assert refused.json()["error"]["type"] == "request_too_large"

    def test_the_sdk_knows_it_too(self, client: Anthropic) -> None:
        with pytest.raises(ContentTooLargeError):
            client.messages.count_tokens(
                model=MODEL, messages=[{"role": "user", "content": "x" * 32_000_000}]
            )

    def test_a_body_of_unknown_length_is_cut_off(self, wire: Wire) -> None:
        chunks = (b" " * 1_000_000 for _ in range(33))
        assert_refused(
            wire.post(content=chunks, headers={"content-type": "application/json"}), 413, "exceeds"
        )

    def test_the_context_window(self, wire: Wire) -> None:
        long = wire.ask(messages=[{"role": "user", "content": "x" * 701_000}], model="claude-haiku-4-5")
        assert_refused(long, 400, "prompt is too long: 200286 tokens > 200000 maximum")


class TestCounting:
    def test_files_and_links_are_not_counted(self, client: Anthropic) -> None:
        file = client.files.upload(file=("a.png", plain(), "image/png"))
        for block, words in [(by_id(file.id), "file sources"), (link(), "url sources")]:
            with pytest.raises(BadRequestError, match=words):
                client.messages.count_tokens(model=MODEL, messages=[user(block)])

    def test_only_dimensions_matter(self, client: Anthropic) -> None:
        damaged = user(inline(plain(size=(280, 280))[:-30]))
        assert client.messages.count_tokens(model=MODEL, messages=[damaged]).input_tokens == 100

    def test_fields_of_an_answer_have_no_place(self, wire: Wire) -> None:
        body = {"model": MODEL, "messages": [HELLO], "max_tokens": 5}
        assert_refused(wire.post("/v1/messages/count_tokens", json=body), 400, "max_tokens: Extra inputs")


class TestAdmission:
    def test_a_key_declared_wrong(self, client: Anthropic) -> None:
        with pytest.raises(AuthenticationError) as caught:
            client.with_options(api_key=WRONG_KEY).models.list()
        assert caught.value.type == "authentication_error"

    @pytest.mark.parametrize("headers", [{"x-api-key": WRONG_KEY}, {"x-api-key": ""}])
    def test_keys_in_the_other_header(self, wire: Wire, headers: dict[str, str]) -> None:
        assert_refused(wire.post(json={}, headers=headers), 401, "api-key")

    def test_a_version_is_wanted(self, wire: Wire) -> None:
        del wire.client.headers["anthropic-version"]
        assert_refused(wire.ask(), 400, "anthropic-version")

    @pytest.mark.parametrize(
        "headers",
        [
            pytest.param({"host": "practice.example.com"}, id="a name that was bent to this computer"),
            pytest.param({"host": "["}, id="no name at all"),
            pytest.param({"origin": "https://example.com"}, id="a page in a browser"),
        ],
    )
    def test_web_pages_stay_outside(self, wire: Wire, headers: dict[str, str]) -> None:
        refused = wire.client.get("/v1/files", headers=headers)
        assert_refused(refused, 403, "only programs on this computer")

    def test_unknown_places(self, wire: Wire, client: Anthropic) -> None:
        assert_refused(wire.post("/v1/complete", json={}), 404, "Not found")
        assert_refused(wire.client.get("/v1/messages"), 405, "Method Not Allowed")
        with pytest.raises(NotFoundError):
            client.messages.batches.list()


class TestOddBodies:
    """Bodies that no SDK sends."""

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN', b"[]", b"7"])
    def test_garbage(self, wire: Wire, body: bytes) -> None:
        response = wire.post(content=body, headers={"content-type": "application/json"})
        assert_refused(response, 400, "The request body")

    def test_another_content_type(self, wire: Wire) -> None:
        assert_refused(wire.post(data={"model": MODEL}), 400, "content-type must be application/json")

    def test_another_encoding(self, wire: Wire) -> None:
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        refused = wire.post(content=b"x", headers=headers)
        assert_refused(refused, 400, "Content-Encoding")
        assert refused.json()["error"]["details"]["error_code"] == "request_body_encoding_unsupported"

    def test_half_a_surrogate_pair_comes_back_whole(self, wire: Wire) -> None:
        body = rb'{"model": "%s", "max_tokens": 500, "messages": [{"role": "user", "content": "a\ud83d"}]}'
        response = wire.post(content=body % MODEL.encode(), headers={"content-type": "application/json"})
        assert response.status_code == 200
        assert r"> a\ud83d" in response.text


def ask(client: Anthropic, *messages: Any) -> None:
    client.messages.create(model=MODEL, max_tokens=5000, messages=list(messages))


def assert_refused(response: Any, status: int, words: str) -> None:
    assert response.status_code == status
    body = response.json()
    assert body["type"] == "error"
    assert words in body["error"]["message"]
    assert body["request_id"] == response.headers["request-id"]
