"""Runs the practice server: a thread, a loop and a port of its own on this computer."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from vision_studio.core.catalogue import Catalogue
from vision_studio.practice.faults import NAMED_FAULTS, Faults
from vision_studio.practice.files import FileStore

if TYPE_CHECKING:
    import uvicorn

    from vision_studio.practice.door import Recorded

HUMAN_PACE_TOKENS_PER_S = 60.0
"""About as fast as the real models write."""

STOPS_WITHIN_S = 2.0

_BACKLOG = 128
_logger = logging.getLogger(__name__)


class PracticeServer:
    """A local server that speaks the Claude API, keeps its limits, and is not Claude.

    ``data_dir`` keeps uploads from one start to the next; without it they are gone when the server stops.
    ``pace_tokens_per_s`` slows streams down to reading speed; None: as fast as they go. Any key is good but
    ``wrong_keys``. With ``record`` every request is kept in ``requests``, its key included: for tests.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        data_dir: Path | None = None,
        pace_tokens_per_s: float | None = HUMAN_PACE_TOKENS_PER_S,
        *,
        wrong_keys: Iterable[str] = (),
        record: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.faults = Faults()
        self.requests: list[Recorded] = []
        self._catalogue = catalogue
        self._pace = pace_tokens_per_s
        self._wrong_keys = frozenset(wrong_keys)
        self._records = record
        self._clock = clock
        self._files = FileStore(data_dir, clock)
        self._serving: _Serving | None = None
        self._base_url = ""

    def __enter__(self) -> PracticeServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Where the server listens, or "" while it does not run."""
        return self._base_url

    def start(self) -> str:
        """Open a free port and return its address at once.

        The HTTP library is loaded on the server's thread; requests that come before it is ready wait.
        """
        if self._serving is None:
            listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
            self._base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self._serving = _Serving(listener, self._files, self._build)
            self._serving.start()
        return self._base_url

    def stop(self) -> None:
        """Cut every connection and end the thread."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        self._base_url = ""

    def misbehave(self, name: str) -> None:
        """Add one of ``NAMED_FAULTS``. Raises ``ValueError`` for another name."""
        if name not in NAMED_FAULTS:
            raise ValueError(f"no fault is called {name!r}; there are {', '.join(NAMED_FAULTS)}")
        self.faults.add(NAMED_FAULTS[name])

    def expire_file(self, file_id: str) -> None:
        """Let an uploaded file expire now. Raises ``refusals.Refusal`` when there is none."""
        self._files.expire(file_id)

    def digest_of(self, file_id: str) -> str:
        """Return the SHA-256 of an uploaded file. Raises ``refusals.Refusal`` when there is none."""
        return self._files.find(file_id).sha256

    def _build(self, workers: Executor) -> uvicorn.Server:
        # Loaded here, on the server's thread: importing this package must cost nothing.
        import uvicorn

        from vision_studio.practice.door import Door
        from vision_studio.practice.messages import Messages
        from vision_studio.practice.service import Service
        from vision_studio.practice.wire import Connection

        class Server(uvicorn.Server):
            """Cuts open streams when it stops, where uvicorn would wait for their end."""

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                for connection in list(self.server_state.connections):
                    connection.transport.abort()
                await super().shutdown(sockets)

        door = Door(self._wrong_keys, self._clock)
        messages = Messages(self._catalogue, self._files, self.faults, door, workers, self._clock, self._pace)
        record = self.requests.append if self._records else lambda recorded: None
        service = Service(self._catalogue, self._files, self.faults, door, messages, record)
        config = uvicorn.Config(
            service.application(),
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # it would report every cut connection; the service logs its own failures
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,  # the door tells the time by the clock it was given
            timeout_keep_alive=75,  # longer than clients keep idle connections: they never meet a closed one
            timeout_graceful_shutdown=0,
        )
        return Server(config)


class _Serving(threading.Thread):
    """One run of the server, from an open port to its end."""

    def __init__(
        self, listener: socket.socket, files: FileStore, build: Callable[[Executor], uvicorn.Server]
    ) -> None:
        # A daemon, so that a program that crashes before it stops the server still ends.
        super().__init__(name="practice server", daemon=True)
        self._listener = listener
        self._files = files
        self._build = build
        self._lock = threading.Lock()
        self._server: uvicorn.Server | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            with self._listener, ThreadPoolExecutor(2, "practice pictures") as workers:
                server = self._build(workers)
                with self._lock:
                    self._server = server
                    server.should_exit = self.stopping.is_set()
                asyncio.run(server.serve(sockets=[self._listener]))
        except Exception:
            _logger.exception("The practice server ended")
        finally:
            self._files.close()

    def stop(self) -> None:
        with self._lock:
            self.stopping.set()
            if self._server is not None:
                self._server.should_exit = True
        self.join(STOPS_WITHIN_S)
        if self.is_alive():
            _logger.warning("The practice server did not stop within %s s", STOPS_WITHIN_S)
