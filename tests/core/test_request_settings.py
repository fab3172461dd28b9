"""What of a session's settings a model is sent: never anything that it would refuse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.builders import CATALOGUE
from vision_studio.core.catalogue import unknown_model
from vision_studio.core.request_settings import (
    RequestSettings,
    SettingsSent,
    Thinking,
    ThinkingSent,
    settings_sent,
    thinking_can_be_chosen,
    thinks,
)

ADAPTIVE = ThinkingSent("adaptive", summarised=True)


@pytest.mark.parametrize(
    ("model_id", "wish", "sent"),
    [
        pytest.param("claude-sonnet-5-5", Thinking.USUAL, ADAPTIVE, id="thinks by itself: ask for a summary"),
        pytest.param("claude-sonnet-5-5", Thinking.OFF, ThinkingSent("between_tools"), id="off is its own"),
        pytest.param("claude-sonnet-5", Thinking.OFF, ThinkingSent("disabled"), id="off"),
        pytest.param("claude-opus-5-5", Thinking.OFF, ADAPTIVE, id="cannot be turned off"),
        pytest.param("claude-opus-4-8", Thinking.USUAL, None, id="off by itself: nothing to say"),
        pytest.param("claude-opus-4-8", Thinking.OFF, None, id="off already"),
        pytest.param("claude-opus-4-8", Thinking.ON, ADAPTIVE, id="on"),
        pytest.param("claude-haiku-4-5", Thinking.ON, ThinkingSent("enabled", 8000), id="with a budget"),
    ],
)
def test_thinking(model_id, wish, sent):
    model = CATALOGUE.model(model_id)
    assert settings_sent(RequestSettings(thinking=wish), model).thinking == sent
    assert thinks(RequestSettings(thinking=wish), model) == (
        sent == ADAPTIVE or model_id == "claude-haiku-4-5"
    )


def test_a_model_nobody_knows_is_told_nothing():
    settings = RequestSettings("max", Thinking.ON, 900_000)
    assert settings_sent(settings, unknown_model("other")) == SettingsSent(max_tokens=8192)


def test_too_little_room_for_the_smallest_budget_means_no_thinking():
    haiku = CATALOGUE.model("claude-haiku-4-5")
    settings = RequestSettings(thinking=Thinking.ON, max_tokens=1024)
    assert settings_sent(settings, haiku).thinking is None
    budget = settings_sent(replace(settings, max_tokens=1025), haiku).thinking
    assert budget == ThinkingSent("enabled", 1024)


def test_an_effort_that_the_model_lacks_is_kept_for_another():
    settings = RequestSettings("xhigh")
    assert settings_sent(settings, CATALOGUE.model("claude-opus-4-6")).effort is None
    assert settings_sent(settings, CATALOGUE.model("claude-opus-5-5")).effort == "xhigh"


def test_without_thinking_some_models_take_less_effort():
    settings = RequestSettings("max", Thinking.OFF)
    assert settings_sent(settings, CATALOGUE.model("claude-opus-5")).effort == "high"
    assert settings_sent(replace(settings, effort="low"), CATALOGUE.model("claude-opus-5")).effort == "low"
    assert settings_sent(settings, CATALOGUE.model("claude-sonnet-5")).effort == "max"


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        pytest.param(None, 16_000, id="as the catalogue proposes"),
        pytest.param(500, 500, id="less"),
        pytest.param(999_999, 64_000, id="no more than the model writes"),
    ],
)
def test_the_length_of_an_answer(asked, sent):
    haiku = CATALOGUE.model("claude-haiku-4-5")
    assert settings_sent(RequestSettings(max_tokens=asked), haiku).max_tokens == sent


def test_every_listed_model_can_be_asked_in_every_way():
    """The practice server checks the same rules; here, that a choice is offered only where there is one."""
    for model in CATALOGUE.models:
        for wish in Thinking:
            sent = settings_sent(RequestSettings(thinking=wish), model).thinking
            assert sent is None or sent.kind in model.thinking
        if thinking_can_be_chosen(model):
            on, off = (RequestSettings(thinking=wish) for wish in (Thinking.ON, Thinking.OFF))
            assert thinks(on, model)
            assert not thinks(off, model)
