"""Reads the JSON of a message request and refuses what the API refuses, before any picture is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from vision_studio.core.catalogue import Catalogue, Model
from vision_studio.practice.blocks import Block, Json, check_text, read_blocks
from vision_studio.practice.refusals import Refusal, invalid

MOST_CACHE_MARKS = 4
SMALLEST_THINKING_BUDGET = 1024

_SAMPLING = frozenset({"temperature", "top_p", "top_k"})
_COUNTED_FIELDS = frozenset(
    {
        "model",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "cache_control",
        "speed",
    }
)
_FIELDS = _COUNTED_FIELDS | frozenset(
    {
        "max_tokens",
        "stream",
        "stop_sequences",
        "metadata",
        "service_tier",
        "inference_geo",
        "diagnostics",
        "container",
    }
)
_THINKING = ("adaptive", "between_tools", "disabled", "enabled")
_PREFILLABLE = ("claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-5")
"""The last models whose answer a request may begin."""


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A request that keeps the rules, as far as they can be judged from its JSON."""

    model: Model
    max_tokens: int
    stream: bool
    tools: tuple[Json, ...]
    system: tuple[Json, ...]
    """Text blocks."""
    blocks: tuple[Block, ...]
    """Every block of every message in order; those inside a tool's result follow it."""
    thinking: Json
    stop_sequences: tuple[str, ...]
    caches_itself: bool
    """Whether a cache breakpoint stands, unmarked, on the last block."""
    cache_ttl: str

    @property
    def images(self) -> Iterator[Block]:
        return (block for block in self.blocks if block.type == "image")

    @property
    def thinks(self) -> bool:
        """Whether the answer opens with a thinking block."""
        return self.model.thinking_always or self.thinking.get("type") in ("adaptive", "enabled")


def read_request(body: object, catalogue: Catalogue, *, counting: bool = False) -> MessageRequest:
    """Check a request for an answer, or, ``counting``, for a count of its tokens. Raises ``Refusal``."""
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object")
    required = ("model", "messages") if counting else ("model", "max_tokens", "messages")
    for field in required:
        if field not in body:
            raise invalid(f"{field}: Field required")
    for field in body:
        if field in _SAMPLING:
            raise invalid(f"{field}: Sampling parameters are not supported by this API version")
        if field not in (_COUNTED_FIELDS if counting else _FIELDS):
            raise invalid(f"{field}: Extra inputs are not permitted")
    model = _model(body["model"], catalogue)
    max_tokens = 1 if counting else _max_tokens(body["max_tokens"], model)
    thinking = _thinking(body.get("thinking"), model, None if counting else max_tokens)
    _check_effort(body.get("output_config"), model, thinking)
    request = MessageRequest(
        model=model,
        max_tokens=max_tokens,
        stream=_flag(body.get("stream", False), "stream"),
        tools=tuple(_objects(body.get("tools"), "tools")),
        system=tuple(_system(body.get("system"))),
        blocks=tuple(read_blocks(body["messages"])),
        thinking=thinking,
        stop_sequences=_strings(body.get("stop_sequences"), "stop_sequences"),
        caches_itself=body.get("cache_control") is not None,
        cache_ttl=_ttl(body.get("cache_control"), "cache_control"),
    )
    _check_turns(body["messages"], model)
    _check_cache_marks(request)
    return request


def _model(model_id: object, catalogue: Catalogue) -> Model:
    if not isinstance(model_id, str) or not model_id:
        raise invalid("model: Input should be a valid string")
    for model in catalogue.models:
        if model.id == model_id and model.lifecycle != "retired":
            return model
    raise Refusal(404, f"model: {model_id}")


def _max_tokens(value: object, model: Model) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("max_tokens: Input should be a valid integer")
    if value < 0:
        raise invalid("max_tokens: Input should be greater than or equal to 0")
    if value > model.max_output_tokens:
        raise invalid(
            f"max_tokens: {value} > {model.max_output_tokens}, which is the maximum allowed number of "
            f"output tokens for {model.id}"
        )
    return value


def _thinking(value: object, model: Model, max_tokens: int | None) -> Json:
    if value is None:
        return {}
    if not isinstance(value, dict) or value.get("type") not in _THINKING:
        raise invalid(f"thinking: Input should have a type of {', '.join(_THINKING)}")
    kind = value["type"]
    if model.thinking and kind not in model.thinking:
        raise invalid(f'"thinking.type.{kind}" is not supported for this model.')
    if kind == "enabled":
        budget = value.get("budget_tokens")
        if not isinstance(budget, int) or budget < SMALLEST_THINKING_BUDGET:
            raise invalid(
                "thinking.enabled.budget_tokens: Input should be greater than or equal to "
                f"{SMALLEST_THINKING_BUDGET}"
            )
        if max_tokens is not None and budget >= max_tokens:
            raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")
    return value


def _check_effort(config: object, model: Model, thinking: Json) -> None:
    if config is None:
        return
    if not isinstance(config, dict):
        raise invalid("output_config: Input should be an object")
    effort = config.get("effort")
    if effort is not None and effort not in model.efforts:
        known = ", ".join(model.efforts) or "none"
        raise invalid(
            f"output_config.effort: This model does not support effort level {effort!r}. "
            f"Supported levels: {known}."
        )
    most = model.unthinking_effort
    if effort is None or most is None or thinking.get("type") != "disabled":
        return
    if model.efforts.index(effort) > model.efforts.index(most):
        raise invalid(f'"thinking.type.disabled" is not supported for this model above effort {most!r}.')


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(f"{name}: Input should be a valid boolean")
    return value


def _strings(value: object, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise invalid(f"{name}: each sequence must be a text that is not only white space")
    return tuple(value)


def _objects(value: object, name: str) -> Sequence[Json]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise invalid(f"{name}: Input should be a valid list of objects")
    return value


def _system(value: object) -> Iterator[Json]:
    if isinstance(value, str):
        if value:
            yield {"type": "text", "text": value}
        return
    for position, block in enumerate(_objects(value, "system")):
        if block.get("type") != "text":
            raise invalid(f"system.{position}: Input should be a text block")
        check_text(block, f"system.{position}")
        yield block


def _check_turns(messages: Sequence[Json], model: Model) -> None:
    if messages[0]["role"] != "user":
        raise invalid('messages: first message must use the "user" role')
    last = messages[-1]
    if last["role"] != "assistant":
        return
    if not model.id.startswith(_PREFILLABLE):
        raise invalid(
            "This model does not support assistant message prefill. The conversation must end with a user "
            "message."
        )
    content = last["content"]
    end = {"type": "text", "text": content} if isinstance(content, str) else content[-1]
    if end["type"] == "text" and end["text"] != end["text"].rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")


def _check_cache_marks(request: MessageRequest) -> None:
    marked = [
        block
        for block in (*request.tools, *request.system, *(block.json for block in request.blocks))
        if block.get("cache_control") is not None
    ]
    for block in marked:
        _ttl(block["cache_control"], "cache_control")
        if block.get("type") in ("thinking", "redacted_thinking"):
            raise invalid("cache_control: Extra inputs are not permitted")
    found = len(marked) + request.caches_itself
    if found > MOST_CACHE_MARKS:
        raise invalid(
            f"A maximum of {MOST_CACHE_MARKS} blocks with cache_control may be provided. Found {found}."
        )


def _ttl(mark: object, path: str) -> str:
    if mark is None:
        return "5m"
    if not isinstance(mark, dict) or mark.get("type") != "ephemeral":
        raise invalid(f"{path}.type: Input should be 'ephemeral'")
    ttl = mark.get("ttl", "5m")
    if ttl not in ("5m", "1h"):
        raise invalid(f"{path}.ttl: Input should be '5m' or '1h'")
    return cast(str, ttl)
