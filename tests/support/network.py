"""Keeps tests on this machine: a connection to any other fails the test that tried it."""

from __future__ import annotations

import ipaddress
import sys


class OutsideConnection(Exception):
    """A test tried to reach another machine."""


class NetworkGuard:
    """Refuses connections and look-ups that leave the loopback interface, and remembers them.

    The code under test may take the refusal for being offline, so `attempts` is what a test is failed for.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def install(self) -> None:
        """Watch this process from now on; audit hooks stay for its lifetime."""
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = arguments[0]
        elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        else:
            return
        if not is_this_machine(host):
            self.attempts.append(str(host))
            raise OutsideConnection(f"tests stay on this machine, this one wanted {host!r}")


def is_this_machine(host: object) -> bool:
    """Tell whether a host name or address is the loopback interface, or stands for this machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
