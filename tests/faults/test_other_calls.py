"""Listing models and counting tokens meet the same faults: they are told of, and never stand in the way."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.engine.loopback import HANG_UP, reply
from tests.engine.stage import MODEL, Stage
from tests.faults.catalogue import CONNECTIONS, PAGE, STATUSES, Fault
from tests.faults.meeting import play
from tests.faults.server import COUNT, MODELS, TEXT, FaultyServer
from tests.faults.test_messages import no_key_in
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.core.events import CatalogueChanged, TokensCounted
from vision_studio.core.failures import FailureKind as Kind
from vision_studio.engine.studio import Studio

BODIES = (
    Fault("a page with status 200", [reply(PAGE, content_type="text/html")], Kind.UNREADABLE_ANSWER),
    Fault("JSON of another kind", [reply(b'["no", "such", "thing"]')], Kind.UNREADABLE_ANSWER),
    Fault("JSON that is cut", [reply(b'{"data": [{"id": "clau')], Kind.UNREADABLE_ANSWER),
    Fault("garbage", [reply(bytes(range(256)))], Kind.UNREADABLE_ANSWER),
    Fault(
        "a reset in the middle of the body",
        [b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{", HANG_UP],
        Kind.INTERRUPTED,
    ),
)
FAULTS = (*STATUSES, *CONNECTIONS, *BODIES)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_models_cannot_be_listed(fault: Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        server.strike(MODELS, fault.script)
        await studio.list_models()
        told = await stage.until(CatalogueChanged, lambda event: event.failure is not None)
        assert told.failure is not None
        unasked = fault.kind is Kind.MODEL_UNKNOWN  # here, no model was asked for
        assert told.failure.kind is (Kind.BAD_REQUEST if unasked else fault.kind)
        assert told.catalogue.model(MODEL).name == "Claude Opus 5.5", "the shipped table stands"
        answer = (await stage.answered(studio, Draft(text="Hello?"))).answer
        assert (answer.outcome, answer.text) == (Outcome.ANSWERED, TEXT)

    play(tmp_path, act)
    assert no_key_in(tmp_path, caplog)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_tokens_cannot_be_counted(fault: Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    draft = Draft(text="Hello?")

    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        server.strike(COUNT, fault.script)
        await studio.count_tokens(stage.session.id, draft, MODEL, "")
        told = await stage.until(TokensCounted)
        assert told.failure is not None
        assert (told.failure.kind, told.tokens) == (fault.kind, None)
        answer = (await stage.answered(studio, draft)).answer
        assert (answer.outcome, answer.text) == (Outcome.ANSWERED, TEXT)

    play(tmp_path, act)
    assert no_key_in(tmp_path, caplog)
