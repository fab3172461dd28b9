"""Receives a multipart upload chunk by chunk: straight to a file, never whole in memory."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from vision_studio.practice.refusals import Refusal, invalid

_LONGEST_FIELD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """What a multipart body held. The bytes are at the path that ``receive`` was given."""

    filename: str
    mime_type: str
    sha256: str
    expires_in_s: int | None


async def receive(chunks: AsyncIterator[bytes], content_type: str, into: Path, limit_bytes: int) -> Upload:
    """Write the part named ``file`` to a path and return what came with it.

    Raises ``Refusal``: 413 once the file passes the limit, 400 for a body that is not the form it should be.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise invalid("The request's content-type must be multipart/form-data with a boundary")
    with into.open("wb") as file:
        form = _Form(file, limit_bytes)
        try:
            parser = MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": form.begin,
                    "on_header_field": form.header_name,
                    "on_header_value": form.header_value,
                    "on_header_end": form.header_end,
                    "on_headers_finished": form.name_part,
                    "on_part_data": form.data,
                    "on_part_end": form.end,
                    "on_end": form.finish,
                },
            )
            async for chunk in chunks:
                parser.write(chunk)
        except FormParserError as error:
            raise invalid(f"The multipart body could not be parsed: {error}") from None
    return form.upload()


class _Form:
    """Takes the parser's callbacks and keeps what they spell out."""

    def __init__(self, file: BufferedWriter, limit_bytes: int) -> None:
        self._file = file
        self._limit_bytes = limit_bytes
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._filename: str | None = None
        self._mime_type = ""
        self._expires_in: str | None = None
        self._finished = False
        self._part = ""
        self._value = bytearray()
        self._header = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}

    def begin(self) -> None:
        self._headers = {}
        self._value = bytearray()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def name_part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._part = options.get(b"name", b"").decode("utf-8", "replace")
        if self._part == "file":
            if self._filename is not None:
                raise invalid("file: Only one file can be uploaded at a time")
            # The SDK sends names that are not ASCII as raw UTF-8; the header parser reads them as Latin-1.
            self._filename = _utf8(options.get(b"filename", b""))
            declared = self._headers.get(b"content-type", b"application/octet-stream")
            self._mime_type = parse_options_header(declared)[0].decode("latin-1")

    def data(self, data: bytes, start: int, end: int) -> None:
        piece = memoryview(data)[start:end]
        if self._part == "file":
            self._size_bytes += len(piece)
            if self._size_bytes > self._limit_bytes:
                raise Refusal(413, f"File exceeds the maximum size of {self._limit_bytes} bytes")
            self._digest.update(piece)
            self._file.write(piece)
        elif len(self._value) + len(piece) <= _LONGEST_FIELD_BYTES:
            self._value.extend(piece)
        else:
            raise invalid(f"{self._part}: Field is too long")

    def end(self) -> None:
        if self._part == "expires_in_seconds":
            self._expires_in = self._value.decode("utf-8", "replace")

    def finish(self) -> None:
        self._finished = True

    def upload(self) -> Upload:
        if not self._finished:
            raise invalid("The multipart body ended too early")
        if self._filename is None:
            raise invalid("file: Field required")
        if self._size_bytes == 0:
            raise invalid("file: File is empty")
        return Upload(self._filename, self._mime_type, self._digest.hexdigest(), _seconds(self._expires_in))


def _seconds(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        raise invalid("expires_in_seconds: Input should be a valid integer") from None


def _utf8(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")
