"""Files for the user to keep: there whole or not at all, and what the system refused said as such."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from vision_studio.core.failures import Failed, FailureKind
from vision_studio.storage.errors import os_failure


@contextmanager
def export_failures() -> Iterator[None]:
    """Say what the system refused as a failure of exporting: nothing of ours is in danger."""
    try:
        yield
    except OSError as error:
        raise Failed(replace(os_failure(error), kind=FailureKind.NOT_EXPORTED)) from error


def put_in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then put it there: no half of it is ever seen under its name.

    Raises ``OSError``.
    """
    temporary = path.with_name(f".vision-studio-{uuid.uuid4().hex}")
    try:
        write(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
