"""A pipe that nobody may open."""

from __future__ import annotations

import os
import threading
from pathlib import Path


class Pipe:
    """A named pipe with a writer, who waits until somebody opens it to read."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self.was_opened = False
        self._writer = threading.Thread(target=self._write)
        self._writer.start()

    def _write(self) -> None:
        with self.path.open("wb"):
            self.was_opened = True

    def close(self) -> bool:
        """Tell whether it was opened, and let the writer go."""
        opened = self.was_opened
        os.close(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK))
        self._writer.join()
        return opened
