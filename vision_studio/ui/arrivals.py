"""Images on their way into the open session: files, bytes, downloads and the pages of documents.

Bundles that come among them are sessions of their own, and somebody else's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from vision_studio.core.bundles import is_bundle
from vision_studio.core.draft import Image
from vision_studio.core.events import (
    DocumentsFound,
    DownloadEnded,
    DownloadProgressed,
    ImageReplaced,
    ImagesFound,
    ImageSplit,
    ImagesRefused,
)
from vision_studio.core.tiling import Box
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.composer.pages_dialog import PagesDialog
from vision_studio.ui.design.findings import Severity

Estimate = Callable[[Sequence[Image]], str]
"""What images would cost on top of the next request, in words."""


class Arrivals(QObject):
    """Asks the engine for what people bring, and shows on the strip what comes of it.

    ``open_session`` returns the id of the session on the screen; None before the first is there.
    """

    bundles_brought = Signal(object)  # tuple[Path, ...]

    def __init__(
        self,
        bridge: EngineBridge,
        composer: Composer,
        open_session: Callable[[], str | None],
        estimate: Estimate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._composer = composer
        self._open_session = open_session
        self._estimate = estimate
        self._early: list[Callable[[], None]] = []
        """What brings the images that came before the first session was there."""
        composer.images_brought.connect(self.bring)
        composer.links.download_asked.connect(self._download)
        composer.links.look_asked.connect(self._look_at)
        composer.downloads.cancelled.connect(self._cancel_download)
        bridge.images_found.connect(self._show_found)
        bridge.images_refused.connect(self._show_refused)
        bridge.documents_found.connect(self._ask_for_pages)
        bridge.image_split.connect(self._show_split)
        bridge.image_replaced.connect(self._show_replaced)
        composer.cards.replacement_asked.connect(self._replace)
        bridge.download_progressed.connect(self._show_download)
        bridge.download_ended.connect(self._end_download)

    def bring(self, brought: Incoming, row: int) -> None:
        """Have files and bytes read into the strip."""
        session_id = self._open_session()
        if session_id is None:
            self._bring_later(lambda: self.bring(brought, self._composer.images.rowCount()))
            return
        bundles = tuple(path for path in brought.paths if is_bundle(path.name))
        if paths := tuple(path for path in brought.paths if path not in bundles):
            self._bridge.add_files(session_id, row, paths)
        if bundles:
            self.bundles_brought.emit(bundles)
        if brought.pasted:
            self._bridge.add_pasted(session_id, row, brought.pasted)

    def add_samples(self) -> None:
        session_id = self._open_session()
        if session_id is None:
            self._bring_later(self.add_samples)
            return
        self._bridge.add_samples(session_id, self._composer.images.rowCount())

    def bring_early(self) -> None:
        """Bring what came before there was a session."""
        early, self._early = self._early, []
        for bring in early:
            bring()

    def _bring_later(self, bring: Callable[[], None]) -> None:
        self._early.append(bring)
        self._composer.show_notice(Severity.NOTE, "The images wait until a session is open.")

    def _is_open(self, session_id: str) -> bool:
        return session_id == self._open_session()

    def _show_found(self, event: ImagesFound) -> None:
        self._insert(event.session_id, event.row, event.images)

    def _insert(self, session_id: str, row: int, images: Sequence[Image]) -> None:
        if self._is_open(session_id):
            self._composer.cards.insert(row, images)

    def _show_refused(self, event: ImagesRefused) -> None:
        if self._is_open(event.session_id):
            self._composer.show_refusals(event)

    def _ask_for_pages(self, event: DocumentsFound) -> None:
        if self._is_open(event.session_id):
            dialog = PagesDialog(
                event.documents, self._composer.thumbnail, self._estimate, parent=self._composer
            )
            self._composer.thumbnail_arrived.connect(dialog.show_thumbnail)
            dialog.chosen.connect(lambda images: self._insert(event.session_id, event.row, images))
            dialog.open()

    def split(self, image: Image, boxes: Sequence[Box]) -> None:
        """Have an image cut into parts that take its place."""
        if (session_id := self._open_session()) is not None:
            self._composer.show_notice(Severity.NOTE, f"Splitting {image.name} into {len(boxes)} parts…")
            self._bridge.split_image(session_id, image, boxes)

    def _replace(self, image: Image, path: Path) -> None:
        if (session_id := self._open_session()) is not None:
            self._bridge.replace_image(session_id, image, path)

    def _show_replaced(self, event: ImageReplaced) -> None:
        if self._is_open(event.session_id):
            self._composer.cards.put_replacement(event.image_id, event.image)

    def _show_split(self, event: ImageSplit) -> None:
        if self._is_open(event.session_id):
            self._composer.dismiss_notice()
            self._composer.cards.put_in_place(event.image_id, event.parts)

    def _download(self, address: str, row: int) -> None:
        if (session_id := self._open_session()) is not None:
            self._bridge.download(session_id, row, address)

    def _cancel_download(self, address: str) -> None:
        if (session_id := self._open_session()) is not None:
            self._bridge.cancel_download(session_id, address)

    def _look_at(self, image: Image) -> None:
        if (session_id := self._open_session()) is not None:
            self._bridge.look_at(session_id, image)

    def _show_download(self, event: DownloadProgressed) -> None:
        if self._is_open(event.session_id):
            self._composer.downloads.show_progress(event)

    def _end_download(self, event: DownloadEnded) -> None:
        if self._is_open(event.session_id):
            self._composer.downloads.end(event.address)
