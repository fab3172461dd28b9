"""Addresses of pictures on the web: which are taken, what is shown of them, who can reach them."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from vision_studio.core.draft import Image

LONGEST = 2_048
"""Characters. Longer addresses work in few places, and carry more than an address should."""

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_PATH_MARKS = "/%:@!$&'()*+,;=~"


def picture_address(text: str) -> str | None:
    """Return a web address as it is sent; None for a text that is none.

    It is http or https, names a host, and holds neither a name and password nor a fragment. Letters beyond
    ASCII are encoded, the host's by IDNA.
    """
    text = text.strip()
    if len(text) > LONGEST or _UNSAFE.search(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        return None
    # IDNA makes spaces and other marks of letters that looked harmless.
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or parts.username is not None:
        return None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    path, query = quote(parts.path, _PATH_MARKS), quote(parts.query, _PATH_MARKS + "?")
    address = urlunsplit((parts.scheme, place, path, query, ""))
    return address if len(address) <= LONGEST else None


def image_at(address: str, image_id: str) -> Image:
    """Return a card for a picture that stays at a ``picture_address``; nobody has looked at it yet."""
    return Image(image_id, name_at(address), "", None, 0, url=address)


def host_of(address: str) -> str:
    """Return the host of a ``picture_address``, as people read it."""
    host = urlsplit(address).hostname or address
    try:
        return host.encode("ascii").decode("idna")
    except ValueError:
        return host


def name_at(address: str) -> str:
    """Return what a picture at an address is called: its file's name there, else the host."""
    name = unquote(urlsplit(address).path.rpartition("/")[2])
    return name or host_of(address)


def is_local(address: str) -> bool:
    """Tell whether an address is, by its name alone, on this computer or in its network."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".home.arpa"))


def can_stay(address: str) -> bool:
    """Tell whether the API could fetch from an address itself: by https, from the public internet."""
    return address.startswith("https://") and not is_local(address)
