"""How the pictures of a question travel: on each card, and in words where the answer is going to be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from vision_studio.core import words
from vision_studio.core.events import Uploaded, UploadFailed, UploadProgressed
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.image_list import Progress, Stage
from vision_studio.ui.transcript.turn_view import TurnView


class Uploads(QObject):
    """Shows what the engine tells of uploads in the turn they are for.

    ``waiting`` returns the view of the turn that waits for an answer in a session, if that is on the screen.
    """

    def __init__(
        self, bridge: EngineBridge, waiting: Callable[[str], TurnView | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._waiting = waiting
        self._sent: dict[str, tuple[int, int]] = {}
        """By image: the bytes that are sent, and all."""
        bridge.upload_progressed.connect(self._show_progress)
        bridge.uploaded.connect(self._show_end)
        bridge.upload_failed.connect(self._show_failure)

    def start_anew(self) -> None:
        """Forget what was sent for another question."""
        self._sent.clear()

    def _show_progress(self, event: UploadProgressed) -> None:
        if (view := self._waiting(event.session_id)) is None:
            return
        self._sent[event.image_id] = (event.sent_bytes, event.total_bytes)
        fraction = event.sent_bytes / event.total_bytes if event.total_bytes else 1.0
        stage = Stage.UPLOADING if event.sent_bytes < event.total_bytes else Stage.FINISHING
        view.show_progress(event.image_id, Progress(stage, fraction))
        sent = sum(done for done, _ in self._sent.values())
        total = sum(whole for _, whole in self._sent.values())
        if sent < total:
            images = words.counted(len(view.turn.images), "image")
            view.say(f"Uploading {images} · {sent / total:.0%}")
        else:
            view.say("Waiting for the answer…")

    def _show_end(self, event: Uploaded) -> None:
        if (view := self._waiting(event.session_id)) is not None:
            view.show_progress(event.image_id, Progress(Stage.UPLOADED if event.file_id else Stage.READY))

    def _show_failure(self, event: UploadFailed) -> None:
        if (view := self._waiting(event.session_id)) is not None:
            said = words.failure_words(event.failure)
            view.show_progress(event.image_id, Progress(Stage.FAILED, words=said.title))
