"""Addresses of servers: what a person may type, made into what the application keeps and shows."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from vision_studio.core.failures import Failed, Failure, FailureKind

CLAUDE_API = "https://api.anthropic.com"


def base_url(typed: str) -> str:
    """Return an address to put ``/v1/…`` after, without credentials, query or trailing slash.

    Raises ``Failed(BAD_REQUEST)`` for what is not an http or https address.
    """
    text = typed.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError as error:
        raise _refused() from error
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or any(letter.isspace() for letter in text):
        raise _refused()
    shown = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/").removesuffix("/v1").rstrip("/")
    return f"{parts.scheme}://{shown}{port}{path}"


def origin(url: str) -> str:
    """Return an address's scheme, host and port: what a key and uploaded files belong to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused() -> Failed:
    return Failed(Failure(FailureKind.BAD_REQUEST, "The address must begin with https:// or http://"))
