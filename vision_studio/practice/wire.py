"""uvicorn's HTTP connection, made so that a fault can cut it."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from typing import cast

from starlette.requests import ClientDisconnect, Request
from uvicorn.protocols.http.h11_impl import H11Protocol

_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection(H11Protocol):
    """Hands the transport to the application, as ``request.state.transport``."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def reset(request: Request) -> ClientDisconnect:
    """Reset the client's connection: what it has not read is lost. Return the exception to leave with."""
    transport = _transport(request)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
    return ClientDisconnect()


async def hang_up(request: Request) -> None:
    """Close the connection behind what was sent, and wait to be cancelled: nothing more may be written."""
    _transport(request).close()
    await silence()


async def silence() -> None:
    """Wait until the client leaves or the server stops."""
    await asyncio.get_running_loop().create_future()


def _transport(request: Request) -> asyncio.Transport:
    return cast(asyncio.Transport, request.state.transport)
