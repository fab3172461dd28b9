"""How a session asks: effort, thinking, the length of answers, the cache; and what of it a model is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vision_studio.core.catalogue import Model

SMALLEST_THINKING_BUDGET = 1024
"""Tokens. Source: anthropic 2.12, ``ThinkingConfigEnabledParam``."""

_THINKING_ON = ("adaptive", "enabled")
_THINKING_OFF = ("disabled", "between_tools")


class Thinking(StrEnum):
    """Whether the model thinks before it answers."""

    USUAL = "usual"
    """As it does when it is told nothing."""
    ON = "on"
    OFF = "off"


class Cache(StrEnum):
    """How long the server keeps what it has read, for the next turn to read it at a fraction of the price."""

    OFF = "off"
    MINUTES = "5m"
    HOUR = "1h"


@dataclass(frozen=True, slots=True)
class RequestSettings:
    """What a user chose for a session. It outlives a change of model, which may not have all of it."""

    effort: str | None = None
    """None: the model's own."""
    thinking: Thinking = Thinking.USUAL
    max_tokens: int | None = None
    """The most tokens of an answer, thinking included; None: as many as the catalogue proposes."""
    cache: Cache = Cache.MINUTES


@dataclass(frozen=True, slots=True)
class ThinkingSent:
    """The ``thinking`` of a request."""

    kind: str
    """adaptive, enabled, disabled or between_tools."""
    budget_tokens: int | None = None
    """Of ``enabled`` alone."""
    summarised: bool = False
    """Ask for a summary of the thoughts: without it newer models think in silence."""


@dataclass(frozen=True, slots=True)
class SettingsSent:
    """What goes out with a request: nothing that the model would refuse."""

    max_tokens: int
    effort: str | None = None
    thinking: ThinkingSent | None = None
    cache: Cache = Cache.MINUTES


def settings_sent(settings: RequestSettings, model: Model) -> SettingsSent:
    """Return what of the settings a model is sent."""
    max_tokens = max(1, min(settings.max_tokens or model.answer_tokens, model.max_output_tokens))
    thinking = _thinking(settings.thinking, model, max_tokens)
    effort = settings.effort if settings.effort in model.efforts else None
    if thinking is not None and thinking.kind == "disabled":
        effort = _at_most(effort, model)
    return SettingsSent(max_tokens, effort, thinking, settings.cache)


def thinks(settings: RequestSettings, model: Model) -> bool:
    """Tell whether an answer will open with thoughts, as far as the model is known."""
    sent = settings_sent(settings, model).thinking
    return model.thinking_always or (sent is not None and sent.kind in _THINKING_ON)


def thinking_can_be_chosen(model: Model) -> bool:
    """Tell whether a model can be told to think and told not to."""
    can_think, can_do_without = _first(_THINKING_ON, model), _first(_THINKING_OFF, model)
    return bool(can_think and can_do_without) and not model.thinking_always


def _thinking(wish: Thinking, model: Model, max_tokens: int) -> ThinkingSent | None:
    """Return None where the model is best told nothing."""
    on = wish is Thinking.ON or (wish is Thinking.USUAL and model.thinking_by_default)
    if model.thinking_always or on:
        kind = _first(_THINKING_ON, model)
        if kind == "adaptive":
            return ThinkingSent(kind, summarised=True)
        if kind == "enabled" and max_tokens > SMALLEST_THINKING_BUDGET:
            return ThinkingSent(kind, max(SMALLEST_THINKING_BUDGET, max_tokens // 2))
        return None
    if wish is Thinking.OFF and model.thinking_by_default:
        return ThinkingSent(kind) if (kind := _first(_THINKING_OFF, model)) else None
    return None


def _first(kinds: tuple[str, ...], model: Model) -> str:
    return next((kind for kind in kinds if kind in model.thinking), "")


def _at_most(effort: str | None, model: Model) -> str | None:
    """Hold an effort to the most that a model takes with its thinking off."""
    most = model.unthinking_effort
    if effort is None or most is None:
        return effort
    return model.efforts[min(model.efforts.index(effort), model.efforts.index(most))]
