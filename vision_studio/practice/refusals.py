"""The API's refusals, in the shape that its clients parse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The ``error.type`` that goes with each HTTP status."""

WORDS: Mapping[int, str] = {
    400: "The request is not valid.",
    401: "invalid bearer token",
    402: "Your credit balance is too low to access the Claude API.",
    403: "Your API key does not have permission to use the specified resource.",
    404: "Not found",
    409: "The resource changed while the request was handled.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your organization's rate limit.",
    500: "Internal server error",
    503: "Service unavailable",
    504: "The request timed out.",
    529: "Overloaded",
}
"""What the server says when there is nothing more exact to say."""


class Refusal(Exception):
    """A request that gets no answer, and why.

    ``code`` is the stable name that clients branch on; it travels as ``error.details.error_code``.
    """

    def __init__(
        self, status: int, message: str = "", *, code: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message or WORDS.get(status, "Error"))
        self.status = status
        self.type = TYPES.get(status, "api_error")
        self.details: dict[str, Any] = {} if code is None else {"error_code": code}
        self.retry_after_s = retry_after_s

    @property
    def message(self) -> str:
        return str(self)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after_s is None else {"retry-after": f"{self.retry_after_s:g}"}

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the JSON that goes out."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.details:
            error["details"] = self.details
        return {"type": "error", "error": error, "request_id": request_id}


def invalid(message: str, *, code: str | None = None) -> Refusal:
    """Refuse a request that no retry will mend."""
    return Refusal(400, message, code=code)


def dimensions_too_large(limit_px: int, paths: Sequence[str], *, crowded: bool) -> Refusal:
    """Refuse the images at these places of the request, all of them longer than the limit."""
    request = " for many-image requests" if crowded else ""
    refusal = invalid(
        f"{paths[0]}.image.source: At least one of the image dimensions exceed max allowed size{request}: "
        f"{limit_px} pixels",
        code="image_dimensions_too_large",
    )
    refusal.details |= {"max_side_length_pixels": limit_px, "paths": list(paths)}
    return refusal


def file_not_found(file_id: str) -> Refusal:
    return Refusal(404, f"File not found: {file_id}")


def file_expired(file_id: str) -> Refusal:
    return Refusal(404, f"File has expired: {file_id}", code="file_expired")
