"""`vision-studio send`: the main job without a window, told to programs and to people."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from vision_studio.core.draft import Draft
from vision_studio.engine.home import Home
from vision_studio.headless import read_catalogue
from vision_studio.practice import Endpoint, Fault, FaultKind, PracticeServer

Photo = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    """Somebody's own server, which keeps what it is asked."""
    with PracticeServer(read_catalogue(), pace_tokens_per_s=None, record=True) as server:
        yield server


@pytest.mark.usefixtures("quick_practice")
def test_events_in_their_order(run: Run, photo: Photo, folder: Path) -> None:
    pictures = photo("b.png", colour="navy"), photo("a.jpg", colour="teal")
    done = run("send", "--json", "--practice", "--data-dir", folder, *pictures, "-p", "How do they differ?")
    assert (done.status, done.err) == (0, "")
    uploaded = [event for event in done.events if event["event"] == "uploaded"]
    assert {event["name"] for event in uploaded} == {"a.jpg", "b.png"}
    assert all(event["file_id"].startswith("file_") and not event["reused"] for event in uploaded)
    kinds = [event["event"] for event in done.events]
    assert kinds == ["uploaded"] * 2 + ["text"] * (len(kinds) - 3) + ["ended"]
    text = "".join(event["text"] for event in done.events if event["event"] == "text")
    assert text.startswith("**This is the practice server, not Claude.**")
    assert text.index("Image 1") < text.index("Image 2")
    ended = done.events[-1]
    assert set(ended) == {"event", "outcome", "stop_reason", "usage", "cost_usd", "session", "request_id"}
    assert (ended["outcome"], ended["stop_reason"]) == ("answered", "end_turn")
    assert ended["usage"]["input_tokens"] > 2 * 1296
    assert ended["cost_usd"] is None  # nobody was billed
    assert ended["request_id"].startswith("req_")


@pytest.mark.usefixtures("quick_practice")
def test_a_session_goes_on_and_uploads_happen_once(run: Run, photo: Photo, folder: Path) -> None:
    arguments = ("send", "--json", "--practice", "--data-dir", folder)
    picture = photo()
    first = run(*arguments, picture, "-p", "What is it?", "--model", "claude-opus-5-5").events
    session = first[-1]["session"]
    again = run(*arguments, picture, "--session", session, "-p", "And now?").events
    assert [event for event in again if event["event"] == "uploaded"] == [
        {"event": "uploaded", "name": "photo.png", "file_id": first[0]["file_id"], "reused": True}
    ] * 2
    assert again[-1]["session"] == session
    with closing(Home.open(folder)) as home:
        kept = home.sessions.load(session)
    assert [turn.prompt for turn in kept.turns] == ["What is it?", "And now?"]
    assert [turn.answer.model_id for turn in kept.turns] == ["claude-opus-5-5"] * 2
    assert [sent.number for sent in kept.sent_images] == [1, 2]


def test_a_wait_before_another_try_is_told(run: Run, folder: Path, server: PracticeServer) -> None:
    overloaded = Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=529, retry_after_s=0.1)
    arguments = ("send", "--base-url", server.base_url, "--data-dir", folder, "-p", "Hello")
    server.faults.add(overloaded)
    done = run(*arguments)
    assert done.status == 0
    assert "The API is overloaded at the moment. Trying again in 1 s…" in done.err
    server.faults.add(overloaded)
    events = run(*arguments, "--json").events
    assert events[0] == {"event": "delayed", "kind": "overloaded", "wait_s": 0.1}


def test_one_question_pays_for_no_cache_unless_it_is_wanted(
    run: Run, folder: Path, server: PracticeServer
) -> None:
    arguments = ("send", "--json", "--base-url", server.base_url, "--data-dir", folder, "-p", "Hello")
    session = run(*arguments, "--effort", "low", "--max-tokens", 700).events[-1]["session"]
    run(*arguments, "--cache", "1h")
    run(*arguments, "--session", session)
    alone, kept, further = [asked.json for asked in server.requests if asked.path == "/v1/messages"]
    assert "cache_control" not in str(alone)
    assert (alone["output_config"], alone["max_tokens"]) == ({"effort": "low"}, 700)
    assert kept["messages"][0]["content"][0]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}
    assert "cache_control" in str(further)
    assert further["max_tokens"] != 700


@pytest.mark.usefixtures("quick_practice")
def test_a_draft_that_waits_in_the_window_stays(run: Run, folder: Path) -> None:
    arguments = ("send", "--json", "--practice", "--data-dir", folder)
    session = run(*arguments, "-p", "First?").events[-1]["session"]
    with closing(Home.open(folder)) as home:
        home.sessions.save_draft(
            session, Draft(text="half a thought"), home.sessions.load(session).updated_at
        )
    assert run(*arguments, "--session", session, "-p", "Second?").status == 0
    with closing(Home.open(folder)) as home:
        assert home.sessions.load(session).draft == Draft(text="half a thought")


@pytest.mark.usefixtures("quick_practice")
def test_the_answer_for_people(run: Run, photo: Photo, folder: Path) -> None:
    done = run("send", "--practice", "--data-dir", folder, photo(), "-p", "What is it?")
    assert done.status == 0
    assert done.out.startswith("**This is the practice server, not Claude.**")
    assert done.out.endswith("\n")
    remarks = done.err.splitlines()
    assert remarks[:2] == ["Reading 1 file…", "photo.png: uploaded"]
    assert remarks[-1].startswith("— ✓ 1,3")
    assert "practice server, not billed" in remarks[-1]


def test_the_request_goes_to_ones_own_server_in_order(
    run: Run, photo: Photo, folder: Path, server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-from-the-environment")
    url = server.base_url
    pictures = photo("b.png", colour="navy"), photo("a.png", colour="teal")
    arguments = ("--json", "--base-url", url, "--data-dir", folder, "--system", "Be brief.")
    done = run("send", *arguments, *pictures, "-p", "Which?", "--model", "claude-haiku-4-5")
    assert done.status == 0
    (asked,) = (request for request in server.requests if request.path == "/v1/messages")
    body = asked.json
    file_ids = {event["name"]: event["file_id"] for event in done.events if event["event"] == "uploaded"}
    assert body["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Image 1:"},
                {"type": "image", "source": {"type": "file", "file_id": file_ids["b.png"]}},
                {"type": "text", "text": "Image 2:"},
                {"type": "image", "source": {"type": "file", "file_id": file_ids["a.png"]}},
                {"type": "text", "text": "Which?"},
            ],
        }
    ]
    assert (body["model"], body["system"]) == ("claude-haiku-4-5", "Be brief.")
    assert asked.headers["authorization"] == "Bearer sk-from-the-environment"
    assert "sk-from-the-environment" not in done.out + done.err


def test_without_a_key_nothing_is_asked_of_anybody(run: Run, folder: Path) -> None:
    done = run("send", "--json", "--data-dir", folder, "-p", "Hello?")
    assert done.status == 1
    (failed,) = done.events
    assert (failed["event"], failed["kind"], failed["image"]) == ("failed", "no_key", None)
    assert "--practice" in failed["message"]


def test_a_file_that_cannot_be_used_stops_the_question(run: Run, photo: Photo, folder: Path) -> None:
    broken = photo("broken.png")
    broken.write_bytes(broken.read_bytes()[:200])
    missing = folder.with_name("gone.png")
    done = run("send", "--json", "--practice", "--data-dir", folder, photo(), missing, broken, "-p", "What?")
    assert done.status == 1
    assert {(event["event"], event["kind"], event["image"]) for event in done.events} == {
        ("failed", "not_found", "gone.png"),
        ("failed", "damaged", "broken.png"),
    }
    with closing(Home.open(folder)) as home:
        assert all(summary.turns == 0 for summary in home.sessions.list())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=401), "key_rejected"),
        (Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=404), "model_unknown"),
        (Fault(Endpoint.MESSAGES, FaultKind.DROP, after=6), "interrupted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_failures_of_the_server_are_named(
    run: Run, folder: Path, server: PracticeServer, fault: Fault, kind: str
) -> None:
    server.faults.add(fault)
    done = run("send", "--json", "--base-url", server.base_url, "--data-dir", folder, "-p", "Hello?")
    assert done.status == 1
    failed = done.events[-1]
    assert (failed["event"], failed["kind"]) == ("failed", kind)
    assert failed["session"]
    assert [event["event"] for event in done.events].count("ended") == 0


def test_failures_are_told_to_people_with_the_servers_own_words(
    run: Run, folder: Path, server: PracticeServer
) -> None:
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=401))
    done = run("send", "--base-url", server.base_url, "--data-dir", folder, "-p", "Hello?")
    assert (done.status, done.out) == (1, "")
    first, second = done.err.splitlines()
    assert first.startswith("The server does not accept this API key. Check the key")
    assert second.startswith("The server said: ")


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--session", "nobody"], "storage"),
        (["--base-url", "ftp://example.org"], "bad_request"),
        (["--base-url", "http://127.0.0.1:9"], "offline"),
    ],
    ids=["no such session", "no address", "nobody listens"],
)
def test_what_cannot_be_asked(run: Run, folder: Path, arguments: list[str], kind: str) -> None:
    practice_ = [] if "--base-url" in arguments else ["--practice"]
    done = run("send", "--json", *practice_, "--data-dir", folder, *arguments, "-p", "Hello?")
    assert done.status == 1
    assert (done.events[-1]["event"], done.events[-1]["kind"]) == ("failed", kind)


def test_a_folder_that_another_process_holds(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)):
        done = run("send", "--json", "--practice", "--data-dir", folder, "-p", "Hello?")
    assert done.status == 1
    (failed,) = done.events
    assert failed["message"].startswith("Another Vision Studio window uses this folder.")


def started(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """A command line in a process, and a process group, of its own."""
    command = [sys.executable, "-m", "vision_studio", "send", "--practice", "--data-dir", folder, *arguments]
    return subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_keeps_what_arrived(photo: Photo, folder: Path) -> None:
    """As from a terminal: every process of the group gets the signal."""
    with started(folder, "--json", photo(), "-p", "What is it?") as process:
        assert process.stdout is not None
        events: list[dict[str, Any]] = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "text" and len(events) == 5:
                os.killpg(process.pid, signal.SIGINT)
        remarks = process.stderr.read() if process.stderr else ""
    assert (process.returncode, remarks) == (130, "")
    assert [event["event"] for event in events].count("ended") == 1
    ended = events[-1]
    assert ended["outcome"] == "stopped"
    told = "".join(event.get("text", "") for event in events)
    with closing(Home.open(folder)) as home:
        (turn,) = home.sessions.load(ended["session"]).turns
    assert turn.answer.text == told
    assert turn.answer.outcome.value == "stopped"


def test_a_reader_that_leaves_stops_the_answer(folder: Path) -> None:
    with started(folder, "-p", "What is it?") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("**This is the practice server")
        process.stdout.close()
        remarks = process.stderr.read() if process.stderr else ""
    assert (process.returncode, remarks) == (1, "")
    with closing(Home.open(folder)) as home:
        (summary,) = home.sessions.list()
        (turn,) = home.sessions.load(summary.id).turns
    assert turn.answer.outcome.value == "stopped"
    assert turn.answer.text
