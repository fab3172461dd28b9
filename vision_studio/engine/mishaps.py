"""What an unplanned exception becomes: words for the user, a traceback for the log, no private path."""

from __future__ import annotations

import errno
import logging
import traceback
from pathlib import Path

from vision_studio.core.events import RefusalKind
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.imaging.refusal import Refused

logger = logging.getLogger(__name__)


def failure_of(error: BaseException) -> Failure:
    """Return the failure that an exception stands for, and log it unless it was planned for."""
    if isinstance(error, Failed):
        return error.failure
    if isinstance(error, Refused):
        return Failure(kind_of(error), str(error))
    if is_disk_full(error):
        return Failure(FailureKind.DISK_FULL, "No space left on the disk")
    logger.error("%s\n%s", _summary(error), _traceback(error))
    return Failure(FailureKind.UNEXPECTED, _summary(error))


def kind_of(refused: Refused) -> FailureKind:
    """Return what a picture's refusal means for who wants to send it."""
    match refused.kind:
        case RefusalKind.DISK_FULL:
            return FailureKind.DISK_FULL
        case RefusalKind.NOT_FOUND:
            return FailureKind.IMAGE_LOST
        case _:
            return FailureKind.IMAGE_UNREADABLE


def is_disk_full(error: BaseException) -> bool:
    """Tell whether the disk or the user's share of it is used up; SQLite says so in words only."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "database or disk is full" in str(error)


def _summary(error: BaseException) -> str:
    """Name the exception and its place. An ``OSError``'s own words would tell a path."""
    words = error.strerror or "" if isinstance(error, OSError) else str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{': ' if words else ''}{words}{place}"


def _traceback(error: BaseException) -> str:
    lines = traceback.format_tb(error.__traceback__)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        lines.append(f"because of {_summary(cause)}\n{_traceback(cause)}")
    return "".join(lines)
