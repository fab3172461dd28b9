"""Servers that are away, keys that are not accepted, keyrings that are missing: said once, nothing lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from tests.engine.stage import Keyring, NoKeyring
from tests.journeys.seen import lines, press, shown, the
from tests.support.visit import PATIENCE_MS, Visit
from vision_studio.app import read_catalogue
from vision_studio.core.conversation import Outcome, Turn
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.options import Wish
from vision_studio.practice import PracticeServer
from vision_studio.practice.faults import Endpoint, Fault, FaultKind

KEY, WRONG = "sk-test-right", "sk-test-wrong"


async def at_once(seconds: float) -> None:
    """Wait no time before another try."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    """A server elsewhere, which knows a wrong key when it sees one."""
    with PracticeServer(
        read_catalogue(), tmp_path / "elsewhere", None, wrong_keys=[WRONG], record=True
    ) as server:
        yield server


@pytest.fixture
def closed_port() -> Iterator[str]:
    """An address where nobody listens, and where nobody else will while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_server_that_cannot_be_reached(visit, photos, closed_port):
    here = visit(wish=Wish(base_url=closed_port), keys=NoKeyring(), pause=at_once)
    here.drop(*photos)
    turn = here.ask_and_wait("Is anybody there?")
    assert turn.answer.outcome is Outcome.FAILED
    assert _ending(here, turn) == [
        "The server cannot be reached.",
        "Check the network, and the address in Settings, then retry.",
    ]
    assert _status(here) == "The server cannot be reached."

    settings = _settings(here)
    with here.waiting(here.application.bridge.connection_changed):
        press(settings, "use-practice")
    press(settings, "close-settings")
    answered = _retry(here, turn)
    assert answered.id == turn.id
    assert answered.answer.outcome is Outcome.ANSWERED
    assert "Image 3" in answered.answer.text
    assert len(here.window.desk.session.turns) == 1
    assert _status(here).startswith("Practice mode")


def test_a_wrong_key_is_not_kept_and_a_question_asked_with_it_is_not_lost(visit, photos, server, qtbot):
    keyring = Keyring()
    environment = {"ANTHROPIC_API_KEY": WRONG}
    here = visit(wish=Wish(base_url=server.base_url), keys=keyring, environment=environment, pause=at_once)
    here.drop(photos[0])
    turn = here.ask_and_wait("May I come in?")
    assert turn.answer.outcome is Outcome.FAILED
    rejected = [
        "The server does not accept this API key.",
        "Check the key in Settings, or make a new one.",
    ]
    assert _ending(here, turn) == rejected
    assert _status(here) == rejected[0]

    assert _give_key(here, qtbot, WRONG) == rejected
    assert keyring.kept == {}
    assert _give_key(here, qtbot, KEY) == ["The key works.", "A key is stored in this computer's keyring."]
    assert list(keyring.kept.values()) == [KEY]
    press(_settings(here), "close-settings")
    answered = _retry(here, turn)
    assert answered.answer.outcome is Outcome.ANSWERED
    assert [sent.image.name for sent in answered.images] == ["red.png"]
    assert answered.prompt == "May I come in?"


def test_without_a_keyring_a_key_serves_this_run(visit, server, qtbot):
    here = visit(wish=Wish(base_url=server.base_url), keys=NoKeyring())
    assert _give_key(here, qtbot, KEY) == [
        "The key works.",
        "There is no keyring to keep the API key in. The key serves this run only. "
        "Run vision-studio doctor: it tells how to get a keyring.",
    ]
    press(_settings(here), "close-settings")
    assert here.ask_and_wait("Hello?").answer.outcome is Outcome.ANSWERED
    assert _key_sent(server) == KEY


@dataclass
class LockedKeyring(Keyring):
    """A keyring that keeps nothing and tells nothing until it is unlocked."""

    locked: bool = True

    def load(self, account: str) -> str | None:
        self._refuse()
        return super().load(account)

    def save(self, account: str, key: str) -> None:
        self._refuse()
        super().save(account, key)

    def _refuse(self) -> None:
        if self.locked:
            raise Failed(Failure(FailureKind.KEYRING_LOCKED))


def test_a_locked_keyring_can_be_unlocked_and_asked_again(visit, photos, server, qtbot):
    keyring = LockedKeyring({server.base_url: KEY})
    here = visit(wish=Wish(base_url=server.base_url), keys=keyring)
    qtbot.waitUntil(lambda: _status(here) == "The keyring is locked.", timeout=PATIENCE_MS)
    here.drop(photos[0])
    turn = here.ask_and_wait("Is it open now?")
    assert turn.answer.outcome is Outcome.FAILED
    assert _ending(here, turn) == [
        "The keyring is locked.",
        "Unlock it and try again; until then a key serves this run only.",
    ]
    keyring.locked = False
    answered = _retry(here, turn)
    assert answered.answer.outcome is Outcome.ANSWERED
    assert _key_sent(server) == KEY


def test_a_key_given_while_the_keyring_is_locked_serves_this_run(visit, server, qtbot):
    here = visit(wish=Wish(base_url=server.base_url), keys=LockedKeyring())
    assert _give_key(here, qtbot, KEY) == [
        "The key works.",
        "The keyring is locked. Unlock it and try again; until then a key serves this run only.",
    ]
    press(_settings(here), "close-settings")
    assert here.ask_and_wait("Hello?").answer.outcome is Outcome.ANSWERED


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize("with_json", [True, False], ids=["the API's error", "a proxy's page"])
def test_a_server_without_a_files_api_gets_the_images_inline(visit, photos, server, status, with_json):
    missing = Fault(Endpoint.UPLOAD, FaultKind.STATUS, times=99, status=status, with_json=with_json)
    server.faults.add(missing)
    here = visit(wish=Wish(base_url=server.base_url), keys=NoKeyring())
    here.drop(*photos)
    turn = here.ask_and_wait("What do you see?")
    assert turn.answer.outcome is Outcome.ANSWERED
    assert lines(here.window.notices, "app-notice") == [
        "This server keeps no files, so images travel inside each request.",
        "Nothing to do; requests just grow with every image.",
    ]
    assert _status(here) == f"{server.base_url} · images go inline"
    press(here.window.notices, "app-notice.dismiss")

    here.ask_and_wait("And again?")
    assert not shown(here.window.notices, "app-notice")
    asked = [one.json for one in server.requests if one.path == "/v1/messages"]
    assert [_sources(body) for body in asked] == [["base64"] * 3] * 2


def _sources(body: Any) -> list[str]:
    """Return how each image of a request travels."""
    blocks = [block for message in body["messages"] for block in message["content"]]
    return [block["source"]["type"] for block in blocks if block["type"] == "image"]


def _key_sent(server: PracticeServer) -> str:
    """Return the key that came with the last question."""
    asked = [request for request in server.requests if request.path == "/v1/messages"]
    return asked[-1].headers["authorization"].removeprefix("Bearer ")


def _settings(here: Visit) -> QWidget:
    if not shown(here.window, "settings"):
        press(here.window, "open-settings")
    return the(here.window, QWidget, "settings")


def _give_key(here: Visit, qtbot, key: str) -> list[str]:
    """Type a key and have it tested; return what is said then."""
    settings = _settings(here)
    place = the(settings, QLineEdit, "api-key")
    place.clear()
    qtbot.keyClicks(place, key)
    with here.waiting(here.application.bridge.key_checked):
        press(settings, "save-key")
    return lines(settings, "key-outcome")


def _retry(here: Visit, turn: Turn) -> Turn:
    with here.waiting(here.application.bridge.turn_ended) as ended:
        press(here.window.transcript.turn(turn.id), "retry")
    return ended.args[0].turn


def _ending(here: Visit, turn: Turn) -> list[str]:
    return lines(here.window.transcript.turn(turn.id), "ending")


def _status(here: Visit) -> str:
    return the(here.window.status, QLabel, "connection").text()
