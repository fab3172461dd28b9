"""Reads the library's files into ours, without loading the library. What is no file raises ``TypeError``."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from vision_studio.core.server_files import ServerFile
from vision_studio.engine.gateway import FilePage, UploadedFile

_UNKNOWN = datetime.fromtimestamp(0, UTC)
"""Stands for the time a file was made where a server tells none."""


def uploaded_file(stored: Any, headers: Mapping[str, str]) -> UploadedFile:
    """Read the answer to an upload. Clocks may be months apart: only how long the file lives counts."""
    file = server_file(stored)
    if file.expires_at is None or file.created_at == _UNKNOWN:
        return UploadedFile(file.id, workspace_of(headers), file.expires_at)
    lives = file.expires_at - file.created_at
    return UploadedFile(file.id, workspace_of(headers), datetime.now(UTC) + lives)


def file_page(page: Any, headers: Mapping[str, str]) -> FilePage:
    files = page.data
    if not isinstance(files, list):
        raise TypeError("not a list of files")
    following = page.next_page
    return FilePage(
        tuple(map(server_file, files)),
        following if isinstance(following, str) and following else None,
        workspace_of(headers),
        server_time(headers),
    )


def server_file(file: Any) -> ServerFile:
    """Read one file's metadata. The library lets any shape through; of all of it only the id is needed."""
    if not (isinstance(file.id, str) and file.id):
        raise TypeError("not a file")
    size_bytes = file.size_bytes
    return ServerFile(
        file.id,
        str(file.filename),
        str(file.mime_type),
        size_bytes if isinstance(size_bytes, int) else 0,
        _time(file.created_at) or _UNKNOWN,
        _time(file.expires_at),
    )


def workspace_of(headers: Mapping[str, str]) -> str:
    return headers.get("anthropic-workspace-id", "")


def server_time(headers: Mapping[str, str]) -> datetime:
    """Return the server's own time; where it tells none, ours."""
    date = email.utils.parsedate_tz(headers.get("date", ""))
    return datetime.now(UTC) if date is None else datetime.fromtimestamp(email.utils.mktime_tz(date), UTC)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
