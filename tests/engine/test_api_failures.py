"""Every error of the API becomes one of the failures a person can act on."""

from __future__ import annotations

import time

import pytest

from vision_studio.core.failures import FailureKind
from vision_studio.engine.api_failures import (
    Said,
    answer_failure,
    failure_from,
    retry_after_s,
    upload_failure,
)
from vision_studio.engine.gateway import FilePart, Request, RequestMessage, TextPart, VerbatimPart

REQUEST = Request(
    "claude-opus-5-5",
    1000,
    (
        RequestMessage(
            "user",
            (TextPart("Image 1:"), FilePart("file_a", 1), TextPart("Image 2:"), FilePart("file_b", 2)),
        ),
        RequestMessage(
            "assistant", (VerbatimPart('[{"type":"thinking","thinking":""},{"type":"text","text":"A"}]'),)
        ),
        RequestMessage("user", (TextPart("Image 3:"), FilePart("file_c", 3), TextPart("And this?"))),
    ),
)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said(400, "invalid_request_error"), FailureKind.BAD_REQUEST),
        (Said(400, "invalid_request_error", "storage_quota_exceeded"), FailureKind.STORAGE_QUOTA),
        (
            Said(400, "invalid_request_error", "linked_organization_spend_limit_reached"),
            FailureKind.SPEND_LIMIT,
        ),
        (Said(401, "authentication_error"), FailureKind.KEY_REJECTED),
        (Said(401), FailureKind.KEY_REJECTED),
        (Said(402, "billing_error"), FailureKind.PAYMENT_REQUIRED),
        (Said(403, "permission_error"), FailureKind.NOT_PERMITTED),
        (Said(404, "not_found_error", "file_expired"), FailureKind.FILE_MISSING),
        (Said(409, "conflict_error"), FailureKind.SERVER_ERROR),
        (Said(413, "request_too_large"), FailureKind.TOO_LARGE),
        (Said(413, message="<html>413</html>"), FailureKind.TOO_LARGE),
        (Said(413, "request_too_large", "request_body_too_large_after_decoding"), FailureKind.TOO_LARGE),
        (Said(429, "rate_limit_error"), FailureKind.RATE_LIMITED),
        (Said(429, "rate_limit_error", "enforced_spend_limit_reached"), FailureKind.SPEND_LIMIT),
        (Said(500, "api_error"), FailureKind.SERVER_ERROR),
        (Said(502, message="<html>Bad gateway</html>"), FailureKind.SERVER_ERROR),
        (Said(504, "timeout_error"), FailureKind.TIMED_OUT),
        (Said(529, "overloaded_error"), FailureKind.OVERLOADED),
        (Said(529), FailureKind.OVERLOADED),
        pytest.param(Said(200, "overloaded_error"), FailureKind.OVERLOADED, id="in the middle of a stream"),
        pytest.param(Said(200), FailureKind.SERVER_ERROR, id="in the middle of a stream, of no known type"),
    ],
)
def test_kind(said: Said, kind: FailureKind) -> None:
    assert failure_from(said).kind is kind


def test_details_are_kept_and_a_page_is_cut_short() -> None:
    failure = failure_from(Said(429, "rate_limit_error", None, "x" * 5000, "req_1", retry_after_s=12.0))
    assert (failure.status, failure.type, failure.request_id) == (429, "rate_limit_error", "req_1")
    assert failure.retry_after_s == 12.0
    assert len(failure.message) == 600


def test_the_pictures_an_error_names_are_found_by_their_place() -> None:
    said = Said(
        400,
        "invalid_request_error",
        "image_dimensions_too_large",
        paths=("messages.0.content.3", "messages.2.content.1"),
        limit_px=2000,
    )
    failure = answer_failure(said, REQUEST)
    assert (failure.kind, failure.images, failure.limit_px) == (FailureKind.IMAGE_REJECTED, (2, 3), 2000)


def test_a_place_in_the_message_serves_when_there_are_no_details() -> None:
    said = Said(400, "invalid_request_error", message="messages.2.content.1.image.source: could not process")
    failure = answer_failure(said, REQUEST)
    assert (failure.kind, failure.images) == (FailureKind.IMAGE_REJECTED, (3,))


@pytest.mark.parametrize(
    ("message", "kind", "images"),
    [
        pytest.param("File not found: file_b", FailureKind.FILE_MISSING, (2,), id="a file of ours"),
        pytest.param("model: claude-opus-5-5", FailureKind.MODEL_UNKNOWN, (), id="our model"),
        pytest.param("Not found", FailureKind.FILE_MISSING, (), id="who knows; the files can be checked"),
    ],
)
def test_what_is_not_found(message: str, kind: FailureKind, images: tuple[int, ...]) -> None:
    failure = answer_failure(Said(404, "not_found_error", message=message), REQUEST)
    assert (failure.kind, failure.images) == (kind, images)


def test_not_found_without_files_is_the_model() -> None:
    request = Request("claude-opus-5-5", 1000, (RequestMessage("user", (TextPart("Hello"),)),))
    assert answer_failure(Said(404, "not_found_error"), request).kind is FailureKind.MODEL_UNKNOWN


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_a_files_api(status: int) -> None:
    assert upload_failure(Said(status, "not_found_error")).kind is FailureKind.FILES_UNSUPPORTED


def test_retry_after_in_all_its_spellings() -> None:
    assert retry_after_s({"retry-after-ms": "1500"}) == 1.5
    assert retry_after_s({"retry-after": "7"}) == 7
    assert retry_after_s({"retry-after": "-3"}) == 0
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3600))
    assert 3500 < (retry_after_s({"retry-after": later}) or 0) <= 3600
    assert retry_after_s({"retry-after": "soon"}) is None
    assert retry_after_s({}) is None
