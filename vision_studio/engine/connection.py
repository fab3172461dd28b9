"""Where requests go, and with which key: the practice server, the Claude API, or another server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    Event,
    KeyChecked,
    KeySource,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.addresses import CLAUDE_API, base_url, origin
from vision_studio.engine.aside import aside
from vision_studio.engine.errands import Server
from vision_studio.engine.gateway import Gateway
from vision_studio.engine.options import Wish
from vision_studio.engine.outside import Keys, MakeGateway, Practice
from vision_studio.engine.turns import Contact
from vision_studio.storage.preferences import Preferences

KEY_VARIABLE = "ANTHROPIC_API_KEY"
CHOICE, ADDRESS = "connection", "connection.base_url"
"""Preferences: "practice" or "api", and the address last used for the latter."""

PRACTICE_SERVER = "practice"
"""The practice server's name in the ledger of uploads; its port changes from run to run."""

_NO_KEY_NEEDED = "none"
"""Sent where the user gave no key: the library insists on one, and servers of one's own may not."""

_TELLING = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.TIMED_OUT,
        FailureKind.KEY_REJECTED,
        FailureKind.PAYMENT_REQUIRED,
        FailureKind.NOT_PERMITTED,
        FailureKind.SPEND_LIMIT,
        FailureKind.UNREADABLE_ANSWER,
    }
)
"""Failures that say something about the connection and not only about one request."""

CHECK_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class _Key:
    secret: str = field(repr=False)
    source: KeySource


class Connection:
    """The one server in use. For the engine's thread; changes take place one after the other."""

    def __init__(
        self,
        wish: Wish,
        preferences: Preferences,
        keys: Keys,
        environment: Mapping[str, str],
        practice: Practice,
        make_gateway: MakeGateway,
        report: Callable[[Event], None],
    ) -> None:
        self._wish = wish
        self._preferences = preferences
        self._keys = keys
        self._environment = environment
        self._practice = practice
        self._make_gateway = make_gateway
        self._report = report
        self._changing = asyncio.Lock()
        self._held: dict[str, _Key] = {}
        """Keys given in this run, by origin."""
        self._files_supported: dict[str, bool] = {}
        self._server: Server | None = None
        self._retired: list[Gateway] = []
        self._now = ConnectionChanged(
            ConnectionKind.PRACTICE, ConnectionState.STARTING, base_url="", key_source=KeySource.NONE
        )

    @property
    def practises(self) -> bool:
        """What is asked now goes to the practice server."""
        return self._now.kind is ConnectionKind.PRACTICE

    @property
    def in_use(self) -> Server | None:
        """The server that would be asked now, without waiting for a change under way."""
        return self._server

    async def choose(self) -> None:
        """Connect as the command line says, else as the user chose last, else to the practice server."""
        async with self._changing:
            try:
                await self._choose()
            except Failed as error:
                self._show(ConnectionState.FAILED, error.failure)

    async def server(self) -> Server:
        """Return where to ask, once that is settled. Raises ``Failed`` where there is no key."""
        async with self._changing:
            if self._now.failure is not None and self._now.failure.kind is FailureKind.KEYRING_LOCKED:
                await self._go_to(self._now.base_url)  # it may have been unlocked since
            if self._server is None:
                raise Failed(self._now.failure or Failure(FailureKind.NO_KEY))
            return self._server

    async def preload(self) -> None:
        """Load what the first request will need."""
        async with self._changing:
            server = self._server
        if server is not None:
            await server.gateway.preload()

    async def use_practice(self) -> None:
        async with self._changing:
            self._preferences.set(CHOICE, "practice")
            self._practise()

    async def use_api(self, typed: str) -> None:
        """Connect to an address, "" for Anthropic's own. Raises ``Failed`` for what is none."""
        async with self._changing:
            url = base_url(typed) if typed.strip() else CLAUDE_API
            self._remember(url)
            await self._go_to(url)

    async def store_key(self, key: str) -> None:
        """Test a key and keep it, in the keyring if there is one to be trusted. Ends with ``KeyChecked``."""
        secret = key.strip()
        failure = _unusable(secret)
        url = self._now.base_url if self._now.kind is not ConnectionKind.PRACTICE else self._address()
        if failure is None:
            try:
                await self._check(url, secret)
            except Failed as error:
                failure = error.failure
        if failure is not None:
            self._report(KeyChecked(KeySource.NONE, failure))
            return
        source, not_kept = KeySource.KEYRING, None
        try:
            await aside(self._keys.save, origin(url), secret)
        except Failed as error:
            source, not_kept = KeySource.THIS_RUN, error.failure
        async with self._changing:
            self._held[origin(url)] = _Key(secret, source)
            self._remember(url)
            self._report(KeyChecked(source, not_kept=not_kept))
            await self._go_to(url)

    async def forget_key(self) -> None:
        """Remove the key of the server in use. Raises ``Failed`` where the keyring does not let go of it."""
        async with self._changing:
            if self._now.kind is ConnectionKind.PRACTICE:
                return
            account = origin(self._now.base_url)
            try:
                await aside(self._keys.delete, account)
            except Failed as error:
                if error.failure.kind is not FailureKind.KEYRING_MISSING:
                    raise
            self._held.pop(account, None)
            await self._go_to(self._now.base_url, unless_keyless=True)
            if self._server is None:
                self._preferences.set(CHOICE, "practice")
                self._practise()

    def note(self, contact: Contact) -> None:
        """Take in how a request went, if it went to the server in use."""
        if contact.server is not self._server:
            return
        if contact.failure is None:
            self._show(ConnectionState.CONNECTED)
        elif contact.failure.kind in _TELLING:
            self._show(ConnectionState.FAILED, contact.failure)

    def note_files(self, server_name: str, supported: bool) -> None:
        """Take in whether a server has a Files API."""
        self._files_supported[server_name] = supported
        if self._server is not None and self._server.name == server_name:
            self._show(self._now.state, self._now.failure)

    def misbehave(self, fault: Any) -> None:
        """Have the practice server do something wrong."""
        self._practice.faults.add(fault)

    async def close_retired(self) -> None:
        """Close doors that no answer uses any more."""
        while self._retired:
            await self._retired.pop().close()

    async def close(self) -> None:
        self._retire()
        await self.close_retired()
        await asyncio.to_thread(self._practice.stop)

    async def _choose(self) -> None:
        wish = self._wish
        if wish.base_url and not wish.practice:
            await self._go_to(base_url(wish.base_url))
            return
        if not wish.practice and (wish.api or self._preferences.get(CHOICE) == "api"):
            await self._go_to(self._address(), unless_keyless=True)
        if self._server is None and self._now.failure is None:
            self._practise()

    def _address(self) -> str:
        return self._preferences.get(ADDRESS) or CLAUDE_API

    def _remember(self, url: str) -> None:
        self._preferences.set(CHOICE, "api")
        self._preferences.set(ADDRESS, url)

    async def _check(self, url: str, secret: str) -> None:
        gateway = self._make_gateway(url, secret)
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                await gateway.check()
        except TimeoutError:
            raise Failed(Failure(FailureKind.TIMED_OUT)) from None
        finally:
            await gateway.close()

    def _practise(self) -> None:
        self._retire()
        try:
            url = self._practice.start()
        except OSError as error:
            self._show(ConnectionState.FAILED, Failure(FailureKind.OFFLINE, error.strerror or ""))
            return
        self._server = Server(self._make_gateway(url, PRACTICE_SERVER), PRACTICE_SERVER, practice=True)
        self._now = ConnectionChanged(ConnectionKind.PRACTICE, ConnectionState.UNTRIED, url, KeySource.NONE)
        self._show(ConnectionState.UNTRIED)

    async def _go_to(self, url: str, *, unless_keyless: bool = False) -> None:
        """Connect to a server; without a key to none, and with ``unless_keyless`` nothing is told of it."""
        self._retire()
        kind = ConnectionKind.API if origin(url) == CLAUDE_API else ConnectionKind.GATEWAY
        self._now = ConnectionChanged(kind, ConnectionState.STARTING, url, KeySource.NONE)
        failure = Failure(FailureKind.NO_KEY)
        key = None
        try:
            key = await self._key(url)
            if key is not None and (unusable := _unusable(key.secret)) is not None:
                raise Failed(unusable)
        except Failed as error:
            key = None
            if error.failure.kind is not FailureKind.KEYRING_MISSING:
                failure = error.failure
        if key is None and kind is ConnectionKind.GATEWAY and failure.kind is FailureKind.NO_KEY:
            key = _Key(_NO_KEY_NEEDED, KeySource.NONE)
        if key is not None:
            self._server = Server(self._make_gateway(url, key.secret), origin(url))
            self._now = ConnectionChanged(kind, ConnectionState.UNTRIED, url, key.source)
            self._show(ConnectionState.UNTRIED)
        elif not (unless_keyless and failure.kind is FailureKind.NO_KEY):
            self._show(ConnectionState.FAILED, failure)

    async def _key(self, url: str) -> _Key | None:
        """Look for a key: the one given in this run, the environment's where it is meant, the keyring's."""
        if held := self._held.get(origin(url)):
            return held
        meant = origin(url) == CLAUDE_API or self._wish.base_url is not None
        if meant and (given := self._environment.get(KEY_VARIABLE, "").strip()):
            return _Key(given, KeySource.ENVIRONMENT)
        kept = await aside(self._keys.load, origin(url))
        return _Key(kept, KeySource.KEYRING) if kept else None

    def _retire(self) -> None:
        if self._server is not None:
            self._retired.append(self._server.gateway)
            self._server = None

    def _show(self, state: ConnectionState, failure: Failure | None = None) -> None:
        supported = self._files_supported.get(self._server.name) if self._server is not None else None
        changed = ConnectionChanged(
            self._now.kind, state, self._now.base_url, self._now.key_source, supported, failure
        )
        if changed != self._now or state is ConnectionState.UNTRIED:
            self._now = changed
            self._report(changed)


def _unusable(secret: str) -> Failure | None:
    """Say why a text cannot be a key: a header holds nothing but plain letters."""
    if secret and secret.isascii() and secret.isprintable() and " " not in secret:
        return None
    return Failure(FailureKind.KEY_REJECTED, "A key has no spaces and only plain letters")
