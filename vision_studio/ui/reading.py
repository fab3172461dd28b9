"""Images that are being read: those on the screen first, those that were taken away not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from vision_studio.core.events import FirstLook, ImportProgressed
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.pixels import image_of


class Reading(QObject):
    """Tells the engine what people look at and take away, and the strip how far its images are.

    ``open_session`` returns the id of the session on the screen; None before the first is there.
    """

    def __init__(
        self,
        bridge: EngineBridge,
        composer: Composer,
        open_session: Callable[[], str | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._composer = composer
        self._open_session = open_session
        self._stopped: set[str] = set()
        """What was taken away before it was read, and may come back by undo."""
        composer.strip.shown_changed.connect(self._want)
        composer.images.images_removed.connect(self._stop)
        composer.images.images_inserted.connect(self._go_on)
        composer.reading.cancelled.connect(self._cancel)
        bridge.import_progressed.connect(self._show_progress)
        bridge.first_look.connect(self._show_first_look)

    def _want(self, image_ids: Sequence[str]) -> None:
        if (session_id := self._open_session()) is not None:
            self._bridge.want_images(session_id, image_ids)

    def _cancel(self) -> None:
        if (session_id := self._open_session()) is not None:
            self._bridge.stop_looking(session_id)
            self._composer.cards.remove_unread()

    def _stop(self, image_ids: Sequence[str]) -> None:
        if (session_id := self._open_session()) is not None:
            self._stopped.update(image_ids)
            self._bridge.cancel_images(session_id, image_ids)

    def _go_on(self, image_ids: Sequence[str]) -> None:
        back = [image_id for image_id in image_ids if image_id in self._stopped]
        if back and (session_id := self._open_session()) is not None:
            self._stopped.difference_update(back)
            self._bridge.resume_images(session_id, back)

    def _show_progress(self, event: ImportProgressed) -> None:
        if event.session_id == self._open_session():
            self._composer.reading.show_progress(event.done, event.total)

    def _show_first_look(self, event: FirstLook) -> None:
        picture = image_of(event.width, event.height, event.rgba)
        self._composer.images.show_first_look(event.image_id, picture)
