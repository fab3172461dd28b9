"""The API's own count: blank pictures for real ones, the newest question only, and what a bill says of it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tests.engine.stage import CATALOGUE, MODEL, Stage
from tests.support.scripted_gateway import Gate, ScriptedGateway, ending
from vision_studio.core.conversation import Usage
from vision_studio.core.draft import Draft
from vision_studio.core.events import CountChecked, EstimatesCompared, TokensCounted
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.size import Size
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.gateway import BlankPart, TextPart, VerbatimPart
from vision_studio.engine.options import Wish
from vision_studio.engine.studio import Studio
from vision_studio.practice import PracticeServer

HELLO = Draft(text="Hello")
THOUGHT = '[{"type":"thinking","thinking":"","signature":"abc"},{"type":"text","text":"Seen."}]'


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data", wish=Wish(base_url="https://gateway.example.com"))


def run(stage: Stage, act: Callable[[Studio], Awaitable[None]]) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await act(studio)

    asyncio.run(scenario())


async def count(stage: Stage, studio: Studio, draft: Draft) -> TokensCounted:
    await studio.count_tokens(stage.session.id, draft, MODEL, "Be brief.")
    return stage.told(TokensCounted)[-1]


async def picture(stage: Stage, studio: Studio, size: tuple[int, int]) -> Draft:
    path = stage.data_dir.parent / "photo.png"
    data = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(data, "PNG")
    path.write_bytes(data.getvalue())
    return await stage.drop(studio, path)


def parts(gateway: ScriptedGateway) -> list[object]:
    return [part for message in gateway.counted[-1].messages for part in message.parts]


def test_pictures_are_counted_by_blanks_of_the_size_they_are_sent_at(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        stage.gateways[0].counts.append(4800)
        draft = (await picture(stage, studio, (4032, 3024))).with_text("What is it?")
        told = await count(stage, studio, draft)
        assert (told.tokens, told.with_images, told.failure) == (4800, True, None)
        assert (told.asked.draft, told.asked.model_id, told.asked.system) == (draft, MODEL, "Be brief.")
        blank = BlankPart(Size(2212, 1659), 1)
        assert parts(stage.gateways[0]) == [TextPart("Image 1:"), blank, TextPart("What is it?")]
        assert stage.gateways[0].counted[0].system == "Be brief."
        assert not stage.gateways[0].uploads

    run(stage, act)


def test_signed_thinking_is_left_out_and_its_bill_added(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        gateway = stage.gateways[0]
        usage = Usage(input_tokens=50, output_tokens=200, thinking_tokens=150)
        gateway.script("Seen.", ending(THOUGHT, usage=usage))
        await stage.answered(studio, HELLO)
        gateway.counts.append(60)
        assert (await count(stage, studio, HELLO)).tokens == 60 + 150
        verbatim = [part for part in parts(gateway) if isinstance(part, VerbatimPart)]
        assert verbatim == [VerbatimPart('[{"type":"text","text":"Seen."}]')]

    run(stage, act)


def test_a_server_that_takes_no_blanks_counts_the_words_alone(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        gateway = stage.gateways[0]
        gateway.counts += [Failure(FailureKind.BAD_REQUEST, status=400), 70, 71]
        draft = (await picture(stage, studio, (1000, 1000))).with_text("What is it?")
        told = await count(stage, studio, draft)
        assert (told.tokens, told.with_images) == (70 + 1296, False)
        assert (await count(stage, studio, draft)).tokens == 71 + 1296
        assert len(gateway.counted) == 3  # the blanks were offered once

    run(stage, act)


def test_a_request_that_is_wrong_itself_is_no_reason_to_give_up_blanks(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        gateway = stage.gateways[0]
        wrong = Failure(FailureKind.BAD_REQUEST, status=400)
        gateway.counts += [wrong, wrong, 80]
        draft = await picture(stage, studio, (100, 100))
        assert (await count(stage, studio, draft)).failure == wrong
        assert (await count(stage, studio, draft)).with_images

    run(stage, act)


def test_a_server_without_counting_is_asked_once(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        gateway = stage.gateways[0]
        gateway.counts.append(Failure(FailureKind.BAD_REQUEST, status=404))
        for _ in range(2):
            told = await count(stage, studio, HELLO)
            assert told.tokens is None
            assert told.failure is not None
        assert len(gateway.counted) == 1

    run(stage, act)


def test_of_many_questions_only_the_newest_is_counted(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        gateway, gate = stage.gateways[0], Gate()
        gateway.counts += [gate, 1, 2]
        first = asyncio.create_task(count(stage, studio, Draft(text="a")))
        await gate.reached.wait()
        for text in ("ab", "abc"):
            await studio.count_tokens(stage.session.id, Draft(text=text), MODEL, "Be brief.")
        gate.open()
        told = await first
        assert (told.asked.draft.text, told.tokens) == ("abc", 2)
        assert [one.asked.draft.text for one in stage.told(TokensCounted)] == ["abc"]

    run(stage, act)


def test_asked_too_often_it_rests_for_as_long_as_it_is_told(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        limited = Failure(FailureKind.RATE_LIMITED, status=429, retry_after_s=7)
        stage.gateways[0].counts += [limited, 90]
        assert (await count(stage, studio, HELLO)).tokens == 90
        assert stage.paused == [7]
        assert stage.told(TokensCounted)[0].failure == limited

    run(stage, act)


@pytest.mark.parametrize(("billed", "off"), [(100, False), (150, True)])
def test_the_bill_after_a_count_checks_it(stage: Stage, billed: int, off: bool) -> None:
    async def act(studio: Studio) -> None:
        gateway = stage.gateways[0]
        gateway.counts.append(100)
        await studio.count_tokens(stage.session.id, HELLO, MODEL, "")
        gateway.script("Seen.", ending(usage=Usage(input_tokens=billed, output_tokens=5)))
        await stage.answered(studio, HELLO)

    run(stage, act)
    (one,) = stage.told(EstimatesCompared)[-1].comparisons
    assert (one.estimate.counted_tokens, one.billed_tokens) == (100, billed)
    assert stage.told(CountChecked) == ([CountChecked(MODEL, 100, billed)] if off else [])


def test_a_count_of_another_draft_is_not_held_against_the_bill(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        await studio.count_tokens(stage.session.id, Draft(text="Hell"), MODEL, "")
        await stage.answered(studio, HELLO)

    run(stage, act)
    (one,) = stage.told(EstimatesCompared)[-1].comparisons
    assert one.estimate.counted_tokens is None


def test_what_bills_taught_is_kept_used_and_given_up(stage: Stage) -> None:
    long = Draft(text="word " * 700)  # 1,000 tokens by the number of characters

    async def ask(studio: Studio) -> None:
        for _ in range(3):
            stage.gateways[-1].script("Seen.", ending(usage=Usage(input_tokens=1512, output_tokens=5)))
            studio.new_session()
            await stage.answered(studio, long)

    async def ask_again(studio: Studio) -> None:
        (((model_id, tier), correction),) = stage.told(EstimatesCompared)[-1].corrections
        assert (model_id, tier, correction.text) == (MODEL, "high", 1.5)
        turn = await stage.answered(studio, long)
        assert turn.estimated_tokens is not None
        assert turn.estimated_tokens > 1500
        studio.forget_estimates(model_id, tier)

    run(stage, ask)
    run(stage, ask_again)
    assert stage.told(EstimatesCompared)[-1] == EstimatesCompared((), ())


def test_through_the_real_library_the_practice_server_counts_what_it_bills(tmp_path: Path) -> None:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as server:
        stage = Stage(tmp_path / "data", wish=Wish(base_url=server.start()), make_gateway=ClaudeGateway)

        async def act(studio: Studio) -> None:
            draft = (await picture(stage, studio, (3000, 2000))).with_text("What is it?")
            await studio.count_tokens(stage.session.id, draft, MODEL, "")
            await stage.answered(studio, draft)

        run(stage, act)
        (asked,) = [one for one in server.requests if one.path.endswith("/count_tokens")]
        assert len(str(asked.json)) < 1500  # no pixel of a picture of 18 MB
    told = stage.told(TokensCounted)[-1]
    (one,) = stage.told(EstimatesCompared)[-1].comparisons
    assert told.with_images
    assert one.billed_tokens == told.tokens
    assert stage.told(CountChecked) == []
