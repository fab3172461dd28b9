"""Pictures that come without a file: from the clipboard, out of a page, off the screen."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from vision_studio.core.size import Size


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of an image file."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Bare pixels: RGBA, 8 bits each, ``width * 4`` bytes a row, top row first."""

    name: str
    size: Size
    rgba: bytes
    opaque: bool
    """The fourth of each pixel's bytes means nothing."""


@dataclass(frozen=True, slots=True)
class DataAddress:
    """An image file inside of a "data:" address, as it stands in HTML."""

    address: str

    @property
    def name(self) -> str:
        subtype = self.address.partition(",")[0].partition("/")[2].partition(";")[0].strip().lower()
        ending = _ENDINGS.get(subtype, subtype)
        return f"Pasted image.{ending}" if ending.isalnum() else "Pasted image"

    def data(self) -> bytes:
        """Decode the file. Raises ``ValueError`` where there is none."""
        head, comma, body = self.address.partition(",")
        data = unquote_to_bytes(body) if "%" in body else body.encode("utf-8", "replace")
        if any(parameter.strip().lower() == "base64" for parameter in head.split(";")[1:]):
            try:
                data = base64.b64decode(data + b"=" * (-len(data) % 4))
            except binascii.Error as error:
                raise ValueError("it is no base64") from error
        if not (comma and data):
            raise ValueError("there is nothing in it")
        return data


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An image in a file that another program made for us, under a name of its own."""

    name: str
    path: Path


_ENDINGS = {"svg+xml": "svg", "x-icon": "ico", "vnd.microsoft.icon": "ico", "jpeg": "jpg"}

Pasted = Blob | Bitmap | DataAddress | KeptFile
