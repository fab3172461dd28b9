"""The practice server misbehaves exactly as it is told, and the real SDK meets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from anthropic import (
    Anthropic,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ContentTooLargeError,
    InternalServerError,
    NotFoundError,
    OverloadedError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    ServiceUnavailableError,
)
from anthropic.types.file_expired_error import FileExpiredError
from anthropic.types.shared.enforced_spend_limit_reached_error import EnforcedSpendLimitReachedError

from tests.practice.conftest import MODEL
from tests.practice.pictures import by_id, plain, text, user
from vision_studio.core.catalogue import Catalogue
from vision_studio.practice import NAMED_FAULTS, Endpoint, Fault, FaultKind, Faults, PracticeServer

HELLO: Any = {"role": "user", "content": "Hello"}


def ask(client: Anthropic) -> None:
    client.messages.create(model=MODEL, max_tokens=500, messages=[HELLO])


def stream(client: Anthropic) -> Any:
    """Stream to the end, and return the last state of the message."""
    with client.messages.stream(model=MODEL, max_tokens=500, messages=[HELLO]) as answer:
        for _ in answer:
            continue
        return answer.current_message_snapshot


def upload(client: Anthropic) -> Any:
    return client.files.upload(file=("a.png", plain(), "image/png"))


CALLS: dict[Endpoint, Callable[[Anthropic], Any]] = {
    Endpoint.MESSAGES: ask,
    Endpoint.COUNT_TOKENS: lambda client: client.messages.count_tokens(model=MODEL, messages=[HELLO]),
    Endpoint.UPLOAD: upload,
    Endpoint.LIST_FILES: lambda client: client.files.list(),
    Endpoint.FILE: lambda client: client.files.retrieve_metadata(upload(client).id),
    Endpoint.DELETE_FILE: lambda client: client.files.delete(upload(client).id),
    Endpoint.DOWNLOAD: lambda client: client.files.download(upload(client).id),
    Endpoint.LIST_MODELS: lambda client: client.models.list(),
    Endpoint.MODEL: lambda client: client.models.retrieve(MODEL),
}


@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_status_at_every_endpoint(server: PracticeServer, client: Anthropic, endpoint: Endpoint) -> None:
    server.faults.add(Fault(endpoint, FaultKind.STATUS, status=529))
    with pytest.raises(OverloadedError) as caught:
        CALLS[endpoint](client)
    assert caught.value.type == "overloaded_error"
    assert server.faults.pending == ()


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, BadRequestError, "invalid_request_error"),
        (401, AuthenticationError, "authentication_error"),
        (402, PaymentRequiredError, "billing_error"),
        (403, PermissionDeniedError, "permission_error"),
        (404, NotFoundError, "not_found_error"),
        (409, ConflictError, "conflict_error"),
        (413, ContentTooLargeError, "request_too_large"),
        (429, RateLimitError, "rate_limit_error"),
        (500, InternalServerError, "api_error"),
        (503, ServiceUnavailableError, "api_error"),
        (529, OverloadedError, "overloaded_error"),
    ],
)
def test_every_status(
    server: PracticeServer, client: Anthropic, status: int, error: type[APIStatusError], kind: str
) -> None:
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=status))
    with pytest.raises(error) as caught:
        ask(client)
    assert caught.value.type == kind
    assert (caught.value.request_id or "").startswith("req_")


def test_a_proxys_answer_has_no_json(server: PracticeServer, client: Anthropic) -> None:
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=413, with_json=False))
    with pytest.raises(ContentTooLargeError) as caught:
        ask(client)
    assert caught.value.type is None
    assert "<html>" in str(caught.value.body)


def test_a_rate_limit_may_say_when_to_come_back(server: PracticeServer, client: Anthropic) -> None:
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=429, retry_after_s=7))
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=429))
    for told in ("7", None):
        with pytest.raises(RateLimitError) as caught:
            ask(client)
        assert caught.value.response.headers.get("retry-after") == told


def test_a_code_names_the_cause(server: PracticeServer, client: Anthropic) -> None:
    code = "enforced_spend_limit_reached"
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=429, code=code))
    with pytest.raises(EnforcedSpendLimitReachedError):
        ask(client)


def test_the_sdks_own_retry_gets_past_one(server: PracticeServer, client: Anthropic) -> None:
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, times=2, status=429, retry_after_s=0.01))
    ask(client.with_options(max_retries=2))
    assert [seen.headers["x-stainless-retry-count"] for seen in server.requests] == ["0", "1", "2"]


def test_the_key_is_checked_before_anything_goes_wrong(server: PracticeServer, client: Anthropic) -> None:
    server.faults.add(Fault(Endpoint.LIST_MODELS, FaultKind.STATUS))
    with pytest.raises(AuthenticationError):
        client.with_options(api_key="sk-wrong").models.list()
    assert len(server.faults.pending) == 1


@pytest.mark.parametrize("endpoint", [Endpoint.MESSAGES, Endpoint.UPLOAD, Endpoint.LIST_FILES])
def test_a_reset_connection(server: PracticeServer, client: Anthropic, endpoint: Endpoint) -> None:
    server.faults.add(Fault(endpoint, FaultKind.RESET))
    with pytest.raises(APIConnectionError):
        CALLS[endpoint](client)
    CALLS[endpoint](client)


def test_a_late_answer(server: PracticeServer, client: Anthropic) -> None:
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.LATE, delay_s=0.01))
    ask(client)
    server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.LATE, delay_s=3600))
    with pytest.raises(APITimeoutError):
        ask(client.with_options(timeout=0.2))


class TestStreams:
    def test_a_drop_after_some_events(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.DROP, after=5))
        with client.messages.stream(model=MODEL, max_tokens=500, messages=[HELLO]) as answer:
            with pytest.raises(httpx2.RemoteProtocolError):
                answer.until_done()
            arrived = answer.current_message_snapshot.content[0]
            assert arrived.type == "text"
            assert arrived.text == "**This is the practice server, not "
            assert answer.current_message_snapshot.stop_reason is None

    def test_a_drop_before_any_event(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.DROP, after=0))
        with pytest.raises((httpx2.RemoteProtocolError, APIConnectionError)):
            stream(client)

    def test_a_drop_at_the_very_end(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.DROP, after=10_000))
        with pytest.raises(httpx2.RemoteProtocolError):
            stream(client)

    def test_an_error_event(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.ERROR_EVENT, after=4))
        with pytest.raises(APIStatusError) as caught:
            stream(client)
        assert (caught.value.status_code, caught.value.type) == (200, "overloaded_error")

    def test_an_end_without_an_ending(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.UNFINISHED, after=6))
        message = stream(client)
        assert message.content[0].text
        assert message.stop_reason is None

    def test_silence(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STALL, after=4))
        with pytest.raises((httpx2.ReadTimeout, APITimeoutError)):
            stream(client.with_options(timeout=0.2))

    def test_slow_events_arrive_all(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.SLOW, delay_s=0.001))
        assert stream(client).stop_reason == "end_turn"

    def test_they_wait_for_an_answer_that_streams(self, server: PracticeServer, client: Anthropic) -> None:
        fault = Fault(Endpoint.MESSAGES, FaultKind.DROP)
        server.faults.add(fault)
        ask(client)
        assert server.faults.pending == (fault,)


class TestFiles:
    def test_a_lost_answer_leaves_the_file(self, server: PracticeServer, client: Anthropic) -> None:
        before = len(client.files.list(limit=1000).data)
        server.faults.add(Fault(Endpoint.UPLOAD, FaultKind.LOSE_ANSWER))
        with pytest.raises(APIConnectionError):
            upload(client)
        assert len(client.files.list(limit=1000).data) == before + 1

    @pytest.mark.parametrize("after", [0, 1, 10_000])
    def test_an_upload_that_breaks_off_leaves_none(
        self, server: PracticeServer, client: Anthropic, after: int
    ) -> None:
        before = len(client.files.list(limit=1000).data)
        server.faults.add(Fault(Endpoint.UPLOAD, FaultKind.DROP, after=after))
        with pytest.raises(APIConnectionError):
            client.files.upload(file=("a.bin", bytes(5_000_000), "application/octet-stream"))
        assert len(client.files.list(limit=1000).data) == before

    def test_an_upload_may_be_slow_or_stall(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.UPLOAD, FaultKind.SLOW, delay_s=0.001))
        assert upload(client).size_bytes == len(plain())
        server.faults.add(Fault(Endpoint.UPLOAD, FaultKind.STALL))
        with pytest.raises(APITimeoutError):
            upload(client.with_options(timeout=0.2))

    def test_a_file_expires_under_a_message(self, server: PracticeServer, client: Anthropic) -> None:
        first, second = upload(client), upload(client)
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.EXPIRE_FILE))
        ask(client)  # it names no file: nothing can expire
        messages: Any = [user(text("Image 1:"), by_id(first.id), text("Image 2:"), by_id(second.id))]
        for _ in range(2):
            with pytest.raises(FileExpiredError, match=first.id):
                client.messages.create(model=MODEL, max_tokens=500, messages=messages)
        assert client.files.retrieve_metadata(first.id).expires_at is not None
        assert client.files.retrieve_metadata(second.id).expires_at is None

    def test_a_server_without_files(self, server: PracticeServer, client: Anthropic) -> None:
        server.faults.add(Fault(Endpoint.UPLOAD, FaultKind.STATUS, status=404, with_json=False))
        with pytest.raises(NotFoundError):
            upload(client)


class TestTheList:
    @pytest.mark.parametrize("name", NAMED_FAULTS)
    def test_the_developer_menu_names_faults(self, catalogue: Catalogue, name: str) -> None:
        server = PracticeServer(catalogue)
        server.misbehave(name)
        assert server.faults.pending == (NAMED_FAULTS[name],)
        with pytest.raises(ValueError, match="no fault is called 'earthquake'"):
            server.misbehave("earthquake")

    def test_faults_are_used_up_in_order(self) -> None:
        faults = Faults()
        twice = Fault(Endpoint.FILE, FaultKind.STATUS, times=2, status=500)
        reset = Fault(Endpoint.FILE, FaultKind.RESET)
        faults.add(twice)
        faults.add(reset)
        moment = FaultKind.STATUS.moment
        taken = [faults.take(Endpoint.FILE, moment) for _ in range(4)]
        assert [fault and fault.kind for fault in taken] == ["status", "status", "reset", None]

    def test_they_can_be_called_off(self) -> None:
        faults = Faults()
        faults.add(Fault(Endpoint.FILE, FaultKind.RESET))
        faults.clear()
        assert faults.pending == ()

    @pytest.mark.parametrize(
        "arguments",
        [
            {"endpoint": Endpoint.FILE, "kind": FaultKind.DROP},
            {"endpoint": Endpoint.MESSAGES, "kind": FaultKind.LOSE_ANSWER},
            {"endpoint": Endpoint.FILE, "kind": FaultKind.RESET, "times": 0},
            {"endpoint": Endpoint.FILE, "kind": FaultKind.LATE, "delay_s": -1},
        ],
    )
    def test_impossible_ones_are_refused(self, arguments: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"cannot strike|at least"):
            Fault(**arguments)
