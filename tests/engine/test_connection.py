"""Where requests go and with which key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.engine.stage import MODEL, Keyring, Stage
from tests.support.scripted_gateway import Gate, ScriptedGateway, ending
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    KeyChecked,
    KeySource,
    TurnEnded,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.options import Wish
from vision_studio.engine.studio import Studio

CLAUDE = "https://api.anthropic.com"
KEY = "sk-ant-secret-0123456789"
GATEWAY = "https://gateway.example.com"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data")


def run(stage: Stage, *acts: Callable[[Studio], Awaitable[None]]) -> ConnectionChanged:
    """Open the studio once for each act, and return what was last told of the connection."""

    async def scenario() -> None:
        for act in acts:
            async with stage.open() as studio:
                await act(studio)

    asyncio.run(scenario())
    return stage.told(ConnectionChanged)[-1]


async def nothing(studio: Studio) -> None: ...


def test_practice_is_the_start(stage: Stage) -> None:
    stage.environment = {"ANTHROPIC_API_KEY": KEY}
    stage.keys = Keyring({CLAUDE: KEY})
    now = run(stage, nothing)
    assert (now.kind, now.state, now.key_source) == (
        ConnectionKind.PRACTICE,
        ConnectionState.UNTRIED,
        KeySource.NONE,
    )
    assert stage.doors == [("http://127.0.0.1:1", "practice")]


def test_the_api_is_remembered_and_its_key_found_in_the_keyring(stage: Stage) -> None:
    stage.keys = Keyring({CLAUDE: KEY})
    now = run(stage, lambda studio: studio.use_api(""), nothing)
    assert (now.kind, now.state, now.base_url) == (ConnectionKind.API, ConnectionState.UNTRIED, CLAUDE)
    assert now.key_source is KeySource.KEYRING
    assert stage.doors[-1] == (CLAUDE, KEY)


def test_the_environments_key_serves_without_a_keyring(stage: Stage) -> None:
    stage.environment = {"ANTHROPIC_API_KEY": f" {KEY}\n"}
    now = run(stage, lambda studio: studio.use_api(""))
    assert now.key_source is KeySource.ENVIRONMENT
    assert stage.doors[-1] == (CLAUDE, KEY)


def test_the_environments_key_is_not_for_every_server(stage: Stage) -> None:
    stage.environment = {"ANTHROPIC_API_KEY": KEY}
    now = run(stage, lambda studio: studio.use_api(GATEWAY))
    assert (now.kind, now.key_source) == (ConnectionKind.GATEWAY, KeySource.NONE)
    assert stage.doors[-1] == (GATEWAY, "none")


def test_an_address_on_the_command_line_gets_the_environments_key(stage: Stage) -> None:
    stage.environment = {"ANTHROPIC_API_KEY": KEY}
    stage.wish = Wish(base_url="http://127.0.0.1:8080/v1/")
    now = run(stage, nothing)
    assert (now.kind, now.base_url) == (ConnectionKind.GATEWAY, "http://127.0.0.1:8080")
    assert stage.doors == [("http://127.0.0.1:8080", KEY)]


def test_practice_on_the_command_line_comes_before_what_was_chosen(stage: Stage) -> None:
    stage.environment = {"ANTHROPIC_API_KEY": KEY}
    run(stage, lambda studio: studio.use_api(""))
    stage.wish = Wish(practice=True)
    assert run(stage, nothing).kind is ConnectionKind.PRACTICE


def test_the_command_line_may_want_the_api_where_there_is_a_key(stage: Stage) -> None:
    stage.wish = Wish(api=True)
    assert run(stage, nothing).kind is ConnectionKind.PRACTICE
    stage.environment = {"ANTHROPIC_API_KEY": KEY}
    assert run(stage, nothing).kind is ConnectionKind.API


def test_the_api_without_a_key_says_so_and_a_question_is_kept(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        await studio.use_api("")
        assert stage.told(ConnectionChanged)[-1].failure == Failure(FailureKind.NO_KEY)
        turn = await stage.answered(studio, Draft(text="Hello"))
        assert turn.answer.failure == Failure(FailureKind.NO_KEY)

    assert run(stage, act).state is ConnectionState.FAILED


def test_a_locked_keyring_is_not_taken_for_no_key(stage: Stage) -> None:
    class Locked(Keyring):
        def load(self, account: str) -> str | None:
            raise Failed(Failure(FailureKind.KEYRING_LOCKED))

    stage.keys = Keyring({CLAUDE: KEY})
    run(stage, lambda studio: studio.use_api(""))
    stage.keys = Locked()
    now = run(stage, nothing)
    assert (now.kind, now.failure) == (ConnectionKind.API, Failure(FailureKind.KEYRING_LOCKED))


def test_a_key_is_tested_stored_and_used(stage: Stage) -> None:
    stage.keys = Keyring()
    now = run(stage, lambda studio: studio.store_key(f"  {KEY}\n"))
    assert stage.told(KeyChecked) == [KeyChecked(KeySource.KEYRING)]
    assert stage.keys.kept == {CLAUDE: KEY}
    assert (now.kind, now.key_source) == (ConnectionKind.API, KeySource.KEYRING)
    assert run(stage, nothing).kind is ConnectionKind.API


def test_a_key_without_a_keyring_is_held_for_this_run(stage: Stage) -> None:
    now = run(stage, lambda studio: studio.store_key(KEY))
    assert stage.told(KeyChecked) == [
        KeyChecked(KeySource.THIS_RUN, not_kept=Failure(FailureKind.KEYRING_MISSING))
    ]
    assert (now.kind, now.key_source) == (ConnectionKind.API, KeySource.THIS_RUN)
    assert KEY not in repr(stage.events)
    assert all(KEY.encode() not in path.read_bytes() for path in stage.data_dir.rglob("*") if path.is_file())


def test_a_key_that_is_refused_is_not_stored(stage: Stage) -> None:
    stage.keys = Keyring()
    refused = Failure(FailureKind.KEY_REJECTED, status=401)

    async def act(studio: Studio) -> None:
        stage.next_gateway = ScriptedGateway(check_failure=refused)
        await studio.store_key(KEY)
        assert stage.gateways[-1].closed

    assert run(stage, act).kind is ConnectionKind.PRACTICE
    assert stage.told(KeyChecked) == [KeyChecked(KeySource.NONE, refused)]
    assert stage.keys.kept == {}


@pytest.mark.parametrize("key", ["", "  ", "sk-ant two", "sk-änt", "sk\nant"])
def test_what_cannot_be_a_key_is_not_sent_anywhere(stage: Stage, key: str) -> None:
    run(stage, lambda studio: studio.store_key(key))
    failure = stage.told(KeyChecked)[0].failure
    assert failure is not None
    assert failure.kind is FailureKind.KEY_REJECTED
    assert len(stage.doors) == 1, "only the practice server's"


def test_forgetting_the_key_goes_back_to_practice_for_good(stage: Stage) -> None:
    stage.keys = Keyring()

    async def act(studio: Studio) -> None:
        await studio.store_key(KEY)
        await studio.forget_key()

    assert run(stage, act).kind is ConnectionKind.PRACTICE
    assert stage.keys.kept == {}
    assert run(stage, nothing).kind is ConnectionKind.PRACTICE


def test_a_server_of_ones_own_keeps_a_key_of_its_own(stage: Stage) -> None:
    stage.keys = Keyring({CLAUDE: KEY})

    async def act(studio: Studio) -> None:
        await studio.use_api(f"{GATEWAY}/proxy/v1")
        await studio.store_key("sk-other")

    now = run(stage, act, nothing)
    assert (now.kind, now.base_url) == (ConnectionKind.GATEWAY, f"{GATEWAY}/proxy")
    assert stage.keys.kept == {CLAUDE: KEY, GATEWAY: "sk-other"}
    assert stage.doors[-1] == (f"{GATEWAY}/proxy", "sk-other")


@pytest.mark.parametrize("typed", ["ftp://example.com", "https://", "not an address", "https://a:b:c"])
def test_what_is_no_address_changes_nothing(stage: Stage, typed: str) -> None:
    async def act(studio: Studio) -> None:
        with pytest.raises(Failed):
            await studio.use_api(typed)

    assert run(stage, act).kind is ConnectionKind.PRACTICE


def test_credentials_in_an_address_are_not_kept(stage: Stage) -> None:
    now = run(stage, lambda studio: studio.use_api("https://user:secret@gateway.example.com/?key=1#x"))
    assert now.base_url == GATEWAY


def test_an_answer_under_way_outlives_a_change_of_connection(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        gate = Gate()
        old = stage.gateways[0]
        old.script("One", gate, " two", ending())
        studio.send(stage.session.id, Draft(text="Count"), MODEL, "")
        await gate.reached.wait()
        await studio.use_api(GATEWAY)
        assert not old.closed
        gate.open()
        assert (await stage.until(TurnEnded)).turn.answer.text == "One two"
        while not old.closed:
            await asyncio.sleep(0)

    run(stage, act)


def test_the_connection_shows_what_requests_met(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        await stage.answered(studio, Draft(text="Hello"))
        assert stage.told(ConnectionChanged)[-1].state is ConnectionState.CONNECTED
        stage.gateways[0].script(Failure(FailureKind.KEY_REJECTED, status=401))
        await stage.answered(studio, Draft(text="Hello"))
        now = stage.told(ConnectionChanged)[-1]
        assert (now.state, now.failure) == (
            ConnectionState.FAILED,
            Failure(FailureKind.KEY_REJECTED, status=401),
        )
        stage.gateways[0].script(Failure(FailureKind.IMAGE_REJECTED, status=400))
        await stage.answered(studio, Draft(text="Hello"))
        assert stage.told(ConnectionChanged)[-1] == now, "one picture says nothing about the connection"

    run(stage, act)


def test_whether_there_is_a_files_api_is_shown_once_known(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        studio._parts.connection.note_files("practice", False)
        assert stage.told(ConnectionChanged)[-1].files_supported is False

    run(stage, act)


def test_an_environment_key_that_cannot_be_sent_is_not_tried(stage: Stage) -> None:
    stage.environment = {"ANTHROPIC_API_KEY": "sk-ant\nsecret"}
    now = run(stage, lambda studio: studio.use_api(""))
    assert now.failure is not None
    assert now.failure.kind is FailureKind.KEY_REJECTED
    assert "secret" not in repr(stage.events)
    assert len(stage.doors) == 1, "only the practice server's"


def test_an_address_on_the_command_line_that_is_none_is_said(stage: Stage) -> None:
    stage.wish = Wish(base_url="ftp://example.com")
    now = run(stage, nothing)
    assert now.state is ConnectionState.FAILED
    assert now.failure is not None
    assert now.failure.kind is FailureKind.BAD_REQUEST
