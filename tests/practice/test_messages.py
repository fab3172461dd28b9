"""What comes back for a message, through the real SDK."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from anthropic import Anthropic, AsyncAnthropic, BadRequestError
from anthropic.types import Message

from tests.practice.conftest import MODEL, Wire
from tests.practice.pictures import (
    QUESTION,
    by_id,
    chequered,
    encoded,
    inline,
    link,
    noise,
    plain,
    text,
    user,
)
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD, image_tokens, text_tokens
from vision_studio.practice import PracticeServer

THINKER = "claude-opus-5-5"
OLD = "claude-haiku-4-5"


def ask(
    client: Anthropic, *messages: Any, model: str = MODEL, max_tokens: int = 3000, **more: Any
) -> Message:
    return client.messages.create(model=model, max_tokens=max_tokens, messages=list(messages), **more)


def words(message: Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


TWO = user(
    text("Image 1:"), inline(plain("red")), text("Image 2: after repair"), inline(chequered()), QUESTION
)


def test_the_answer_says_first_that_it_is_not_claude(client: Anthropic) -> None:
    assert words(ask(client, TWO)).startswith("**This is the practice server, not Claude.**")


def test_each_picture_is_described_under_its_own_label(client: Anthropic) -> None:
    answer = words(ask(client, TWO))
    assert "**Image 1** is a PNG of 60 × 40 pixels, seen at that size. Mostly red (100%)." in answer
    assert "**Image 2: after repair** is a PNG of 64 × 64 pixels" in answer
    assert answer.index("**Image 1**") < answer.index("**Image 2: after repair**")
    assert "> What changed?" in answer


def test_several_pictures_are_tabled_and_compared(client: Anthropic) -> None:
    answer = words(ask(client, TWO))
    assert "| Image 2: after repair | PNG | 64 × 64 | 64 × 64 | 9 |" in answer
    assert "Largest: Image 2; smallest: Image 1." in answer
    assert "Sharpest: Image 2; softest: Image 1." in answer


def test_the_size_told_is_the_one_the_model_sees(client: Anthropic) -> None:
    large = user(inline(plain(size=(4032, 3024), kind="JPEG"), "image/jpeg"))
    assert "is a JPEG of 4032 × 3024 pixels, seen at 2212 × 1659." in words(ask(client, large))
    assert "is a JPEG of 4032 × 3024 pixels, seen at 1270 × 952." in words(ask(client, large, model=OLD))


def test_like_pictures_are_recognised(client: Anthropic) -> None:
    picture = noise((300, 200))
    twice = words(ask(client, user(inline(picture), inline(picture))))
    assert "Image 1 and Image 2 are the same file." in twice
    again = encoded(_reopened(picture), "JPEG")
    similar = words(ask(client, user(inline(picture), inline(again, "image/jpeg"))))
    assert "Image 1 and Image 2 are likely the same picture" in similar
    many = words(ask(client, user(*[inline(picture)] * 12)))
    assert many.count("are the same file.") == 10
    assert "56 more pairs are alike." in many


def test_the_same_request_gets_the_same_words(client: Anthropic) -> None:
    assert words(ask(client, TWO)) == words(ask(client, TWO))


def test_streaming_gives_the_same_message(client: Anthropic) -> None:
    with client.messages.stream(model=THINKER, max_tokens=3000, messages=[TWO]) as stream:
        streamed = stream.get_final_message()
        assert (stream.request_id or "").startswith("req_")
        assert (stream.workspace_id or "").startswith("wrkspc_")
    at_once = ask(client, TWO, model=THINKER)
    assert words(streamed) == words(at_once)
    assert streamed.usage == at_once.usage
    assert [block.type for block in streamed.content] == ["thinking", "text"]
    assert streamed.stop_reason == at_once.stop_reason == "end_turn"


def test_the_async_client_streams_and_may_leave_in_the_middle(server: PracticeServer) -> None:
    async def leave_and_ask_again() -> str:
        async with AsyncAnthropic(api_key="key", base_url=server.base_url, max_retries=0) as client:
            async with client.messages.stream(model=MODEL, max_tokens=3000, messages=[TWO]) as stream:
                async for _ in stream.text_stream:
                    break
            async with client.messages.stream(model=MODEL, max_tokens=3000, messages=[TWO]) as stream:
                return await stream.get_final_text()

    assert asyncio.run(leave_and_ask_again()).endswith("on average.")


def test_the_events_come_in_the_order_of_the_api(wire: Wire) -> None:
    response = wire.ask(stream=True, model=THINKER)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [
        dict(line.split(": ", 1) for line in part.split("\n")) for part in response.text.split("\n\n")[:-1]
    ]
    assert all(json.loads(event["data"])["type"] == event["event"] for event in events)
    names = [event["event"] for event in events]
    thinking = ["content_block_start", "content_block_delta", "content_block_stop"]
    assert names[:6] == ["message_start", *thinking, "content_block_start", "ping"]
    assert set(names[6:-3]) == {"content_block_delta"}
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_every_response_says_who_answered(wire: Wire) -> None:
    good, bad = wire.ask(), wire.ask(max_tokens=None)
    for response in (good, bad):
        assert response.headers["request-id"].startswith("req_")
        assert response.headers["anthropic-organization-id"]
        assert response.headers["anthropic-workspace-id"].startswith("wrkspc_practice")
        assert response.headers["anthropic-ratelimit-requests-limit"] == "1000"
        assert response.headers["anthropic-ratelimit-input-tokens-reset"].endswith("Z")
    assert bad.json()["request_id"] == bad.headers["request-id"] != good.headers["request-id"]


class TestUsage:
    """Tokens as they are counted and billed."""

    @pytest.mark.parametrize(("model", "tier"), [(MODEL, HIGH), (OLD, STANDARD)])
    def test_pictures_cost_what_the_models_tier_says(self, client: Anthropic, model: str, tier: Any) -> None:
        message = user(inline(plain(size=(1920, 1080))), text("Why?"))
        expected = image_tokens(Size(1920, 1080), tier) + text_tokens("Why?")
        assert ask(client, message, model=model).usage.input_tokens == expected

    def test_counting_agrees_with_the_bill(self, client: Anthropic) -> None:
        system = "Answer briefly."
        counted = client.messages.count_tokens(model=MODEL, messages=[TWO], system=system)
        assert counted.input_tokens == ask(client, TWO, system=system).usage.input_tokens

    def test_output_tokens_grow_with_the_answer(self, client: Anthropic) -> None:
        message = ask(client, TWO, model=THINKER)
        details = message.usage.output_tokens_details
        assert details is not None
        assert message.usage.output_tokens == text_tokens(words(message)) + details.thinking_tokens

    def test_nothing_is_cached_unasked(self, client: Anthropic) -> None:
        usage = ask(client, TWO).usage
        assert (usage.cache_creation_input_tokens, usage.cache_read_input_tokens) == (0, 0)

    def test_a_prefix_is_written_once_and_then_read(self, client: Anthropic) -> None:
        large = user(inline(plain("olive", (1000, 1000))), text("First"))
        mark: Any = {"type": "ephemeral"}
        first = ask(client, large, cache_control=mark).usage
        assert (first.input_tokens, first.cache_read_input_tokens) == (0, 0)
        assert first.cache_creation_input_tokens == 1296 + text_tokens("First")
        again = ask(client, large, cache_control=mark).usage
        assert again.cache_creation_input_tokens == 0
        assert again.cache_read_input_tokens == first.cache_creation_input_tokens
        grown = ask(
            client, large, {"role": "assistant", "content": "Yes"}, user(text("More")), cache_control=mark
        )
        assert grown.usage.cache_read_input_tokens == first.cache_creation_input_tokens
        assert grown.usage.cache_creation_input_tokens == text_tokens("Yes") + text_tokens("More")

    def test_a_marked_block_is_cached_for_as_long_as_it_says(self, client: Anthropic) -> None:
        block: Any = inline(plain("navy", (1000, 1000))) | {
            "cache_control": {"type": "ephemeral", "ttl": "1h"}
        }
        usage = ask(client, user(block, text("And?"))).usage
        assert usage.cache_creation is not None
        assert usage.cache_creation.ephemeral_1h_input_tokens == 1296
        assert usage.input_tokens == text_tokens("And?")

    def test_a_short_prefix_is_silently_not_cached(self, client: Anthropic) -> None:
        usage = ask(client, TWO, cache_control={"type": "ephemeral"}).usage
        assert usage.cache_creation_input_tokens == 0
        assert usage.input_tokens > 0


class TestEndings:
    def test_max_tokens_cuts_the_answer(self, client: Anthropic) -> None:
        message = ask(client, TWO, max_tokens=20)
        assert message.stop_reason == "max_tokens"
        assert 19 <= message.usage.output_tokens <= 20
        assert words(ask(client, TWO)).startswith(words(message))

    def test_thinking_can_use_up_max_tokens_before_any_text(self, client: Anthropic) -> None:
        with client.messages.stream(model=THINKER, max_tokens=5, messages=[TWO]) as stream:
            message = stream.get_final_message()
        assert [block.type for block in message.content] == ["thinking"]
        assert message.stop_reason == "max_tokens"

    def test_a_stop_sequence_ends_the_answer_before_it(self, client: Anthropic) -> None:
        message = ask(client, TWO, stop_sequences=["nowhere", "not Claude"])
        assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "not Claude")
        assert words(message) == "**This is the practice server, "


class TestConversations:
    """Follow-ups, and what they may not change."""

    def test_without_new_pictures_it_speaks_of_those_it_has(self, client: Anthropic) -> None:
        first = ask(client, TWO)
        answer = words(ask(client, TWO, first.to_param(), user(text("And now?"))))
        assert "No new picture came with this turn. Sent earlier: Image 1 and Image 2." in answer
        assert "**Image 1** is a PNG" in answer
        assert "> And now?" in answer
        assert "What changed" not in answer

    def test_a_label_in_the_question_picks_its_picture(self, client: Anthropic) -> None:
        history = TWO, {"role": "assistant", "content": "Well."}
        answer = words(ask(client, *history, user(text("What is in image 2?"))))
        assert "**Image 2: after repair** is a PNG" in answer
        assert "**Image 1** is a PNG" not in answer
        both = words(ask(client, *history, user(text("Compare images 1 and 2"))))
        assert "### How they differ" in both

    def test_new_pictures_are_described_and_the_earlier_ones_named(self, client: Anthropic) -> None:
        new = user(text("Image 3:"), inline(plain("blue")), text("And this one?"))
        answer = words(ask(client, TWO, {"role": "assistant", "content": "Well."}, new))
        assert "**Image 3** is a PNG" in answer
        assert "Earlier in this conversation: Image 1 and Image 2." in answer

    def test_a_question_without_any_picture_is_answered_honestly(self, client: Anthropic) -> None:
        assert "No picture has come yet." in words(ask(client, user(text("Hello?"))))

    def test_a_link_is_taken_but_not_followed(self, client: Anthropic) -> None:
        message = ask(client, user(text("Image 1:"), link(), QUESTION))
        assert "**Image 1** is a link. The practice server fetches nothing" in words(message)
        assert message.usage.input_tokens == text_tokens("Image 1:") + text_tokens("What changed?")

    def test_the_question_is_quoted_in_part_and_not_as_markdown(self, client: Anthropic) -> None:
        answer = words(ask(client, user(text("# <img src=x>\n[a](b) " + "x" * 300))))
        quote = next(line for line in answer.split("\n") if line.startswith("> "))
        assert quote.startswith(r"> \# \<img src=x\> \[a\](b) xxx")
        assert quote.endswith("x…")
        assert len(quote) < 215

    def test_many_pictures_get_a_table_that_ends(self, client: Anthropic) -> None:
        small = [inline(plain("green", (n + 8, 8))) for n in range(101)]
        answer = words(ask(client, user(*small), max_tokens=20_000))
        assert "| Image 100 |" in answer
        assert "| Image 101 |" not in answer
        assert "1 more arrived and were measured; the table stops here." in answer


class TestThinking:
    def test_always_thinking_models_open_with_an_empty_signed_block(self, client: Anthropic) -> None:
        block = ask(client, TWO, model=THINKER).content[0]
        assert block.type == "thinking"
        assert block.thinking == ""
        assert block.signature

    def test_the_others_think_when_asked_to(self, client: Anthropic) -> None:
        assert [block.type for block in ask(client, TWO).content] == ["text"]
        thinking: Any = {"type": "adaptive", "display": "summarized"}
        block = ask(client, TWO, thinking=thinking).content[0]
        assert block.type == "thinking"
        assert "does not think" in block.thinking

    def test_a_conversation_that_only_grew_is_accepted(self, client: Anthropic) -> None:
        first = ask(client, TWO, model=THINKER)
        second = ask(client, TWO, first.to_param(), user(text("More")), model=THINKER)
        ask(
            client,
            TWO,
            first.to_param(),
            user(text("More")),
            second.to_param(),
            user(text("Why")),
            model=THINKER,
        )

    def test_thinking_may_not_follow_what_was_changed(self, client: Anthropic) -> None:
        first = ask(client, TWO, model=THINKER).to_param()
        other = TWO | {"content": [TWO["content"][0], inline(plain("blue")), *TWO["content"][2:]]}
        with pytest.raises(BadRequestError, match="bound to a different conversation"):
            ask(client, other, first, user(text("More")), model=THINKER)
        with pytest.raises(BadRequestError, match=r"messages\.1\.content\.0"):
            ask(client, TWO, first, user(text("More")), model=THINKER, system="Be brief.")

    def test_the_same_picture_under_a_file_id_is_no_change(self, client: Anthropic) -> None:
        data = plain("orange")
        first = ask(client, user(inline(data), QUESTION), model=THINKER).to_param()
        file = client.files.upload(file=("a.png", data, "image/png"))
        ask(client, user(by_id(file.id), QUESTION), first, user(text("More")), model=THINKER)

    def test_another_models_thinking_is_dropped(self, client: Anthropic) -> None:
        first = ask(client, TWO, model=THINKER).to_param()
        ask(client, user(text("Something else")), first, user(text("More")), model="claude-fable-5-1")


def _reopened(data: bytes) -> Any:
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB")
