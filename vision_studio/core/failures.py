"""The few kinds of failure a person can act on; every error of a library becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FailureKind(StrEnum):
    """What went wrong, by what the user can do next."""

    NO_KEY = "no_key"
    KEY_REJECTED = "key_rejected"
    PAYMENT_REQUIRED = "payment_required"
    NOT_PERMITTED = "not_permitted"
    SPEND_LIMIT = "spend_limit"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    OFFLINE = "offline"
    TIMED_OUT = "timed_out"
    BAD_REQUEST = "bad_request"
    MODEL_UNKNOWN = "model_unknown"
    THINKING_REJECTED = "thinking_rejected"
    """Earlier thoughts are bound to another history than the one they were sent behind."""
    IMAGE_REJECTED = "image_rejected"
    TOO_LARGE = "too_large"
    FILE_MISSING = "file_missing"
    FILES_UNSUPPORTED = "files_unsupported"
    UPLOAD_CANCELLED = "upload_cancelled"
    STORAGE_QUOTA = "storage_quota"
    INTERRUPTED = "interrupted"
    UNREADABLE_ANSWER = "unreadable_answer"
    IMAGE_LOST = "image_lost"
    IMAGE_UNREADABLE = "image_unreadable"
    DISK_FULL = "disk_full"
    FOLDER_IN_USE = "folder_in_use"
    DAMAGED = "damaged"
    """The database of sessions cannot be read."""
    STORAGE = "storage"
    NOT_EXPORTED = "not_exported"
    NOT_WRITTEN = "not_written"
    """A session could not be saved as a file."""
    NOT_IMPORTED = "not_imported"
    """A file is not taken for a session."""
    KEYRING_MISSING = "keyring_missing"
    KEYRING_LOCKED = "keyring_locked"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure, with what "Details" shows. It never holds a key, a picture or a private path."""

    kind: FailureKind
    message: str = ""
    """The server's or the library's own words."""
    status: int | None = None
    type: str | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    images: tuple[int, ...] = ()
    """Numbers of the pictures it is about, as labelled in the conversation."""
    limit_px: int | None = None
    """The longest side the API allows, where it said so."""
    of_upload: bool = False
    """It met the upload of a picture, before anything was asked."""


class Failed(Exception):
    """Carries a failure through code that raises."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message or failure.kind.value)
        self.failure = failure
