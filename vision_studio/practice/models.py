"""The Models API, answered from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vision_studio.core.catalogue import Catalogue, Model
from vision_studio.practice.refusals import Refusal, invalid

LINES = ("haiku", "sonnet", "opus", "fable", "mythos")
_LIFECYCLES = frozenset({"active", "deprecated", "retired"})
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_THINKING = ("adaptive", "between_tools", "disabled", "enabled")
_UNKNOWN_DATE = "1970-01-01T00:00:00Z"
"""The API's own way to say that a release date is not known."""


def list_models(
    catalogue: Catalogue, limit: int, after_id: str | None, before_id: str | None, lifecycles: Sequence[str]
) -> dict[str, Any]:
    """Return one page of the models in the wanted stages. Raises ``Refusal`` (400)."""
    if unknown := set(lifecycles) - _LIFECYCLES:
        raise invalid(
            f"lifecycle: Input should be 'active', 'deprecated' or 'retired', not {unknown.pop()!r}"
        )
    wanted = lifecycles or ("active", "deprecated")
    models = [model for model in catalogue.models if _lifecycle(model) in wanted]
    if after_id is not None:
        following = models[_position(models, after_id, "after_id") + 1 :]
        page, more = following[:limit], len(following) > limit
    elif before_id is not None:
        preceding = models[: _position(models, before_id, "before_id")]
        page, more = preceding[-limit:], len(preceding) > limit
    else:
        page, more = models[:limit], len(models) > limit
    return {
        "data": [describe(model) for model in page],
        "has_more": more,
        "first_id": page[0].id if page else None,
        "last_id": page[-1].id if page else None,
    }


def find_model(catalogue: Catalogue, model_id: str) -> dict[str, Any]:
    """Return one model. Raises ``Refusal`` (404)."""
    for model in catalogue.models:
        if model.id == model_id:
            return describe(model)
    raise Refusal(404, f"model: {model_id}")


def describe(model: Model) -> dict[str, Any]:
    """Return a model as the API describes it."""
    retires = None if model.retires_on is None else f"{model.retires_on.isoformat()}T00:00:00Z"
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.name,
        "created_at": _UNKNOWN_DATE,
        "lifecycle": _lifecycle(model),
        "deprecated_at": None if _lifecycle(model) == "active" else _UNKNOWN_DATE,
        "retires_at": retires,
        "line": next((line for line in LINES if line in model.id), None),
        "max_input_tokens": model.context_tokens,
        "max_tokens": model.max_output_tokens,
        "capabilities": _capabilities(model),
    }


def _lifecycle(model: Model) -> str:
    """Return the stage as the API knows it: "legacy" is a word of the documentation only."""
    return model.lifecycle if model.lifecycle in _LIFECYCLES else "active"


def _capabilities(model: Model) -> dict[str, Any]:
    """Tell what this server does with a model: it runs no tools and reads no documents."""
    return {
        "batch": _supported(False),
        "citations": _supported(False),
        "code_execution": _supported(False),
        "context_management": _supported(False),
        "effort": {
            "supported": bool(model.efforts),
            **{effort: _supported(effort in model.efforts) for effort in _EFFORTS},
        },
        "image_input": _supported(True),
        "pdf_input": _supported(False),
        "server_tools": {
            "supported": False,
            "code_execution": _supported(False),
            "web_search": _supported(False),
        },
        "structured_outputs": _supported(False),
        "thinking": {
            "supported": bool(model.thinking),
            "types": {kind: _supported(kind in model.thinking) for kind in _THINKING},
        },
    }


def _supported(supported: bool) -> dict[str, bool]:
    return {"supported": supported}


def _position(models: Sequence[Model], model_id: str, name: str) -> int:
    for position, model in enumerate(models):
        if model.id == model_id:
            return position
    raise invalid(f"{name}: {model_id} is not in this list")
