"""Opens the bench on an image of the draft, tells what becomes of it, and applies it all as one step."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from vision_studio.core.draft import Image
from vision_studio.core.edit_words import AT_ADDRESS, STILL_READ, result_text
from vision_studio.core.edits import Edits
from vision_studio.core.fitting import sent_size
from vision_studio.core.framing import edited_size
from vision_studio.core.sight_events import OriginalReady, SightFailed
from vision_studio.core.tokens import patches, seen_size
from vision_studio.ui.bench.dialog import BenchDialog
from vision_studio.ui.bench.tools import Tool
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.desk import Desk
from vision_studio.ui.pixels import image_of


class Benching(QObject):
    """Stands between the bench and the open session."""

    def __init__(self, bridge: EngineBridge, desk: Desk, composer: Composer, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._desk = desk
        self._composer = composer
        self._window = window
        self._dialog: BenchDialog | None = None
        self._image: Image | None = None
        self._tickets = 0
        self._ticket = ""
        bridge.original_ready.connect(self._show_pixels)
        bridge.sight_failed.connect(self._show_failure)
        desk.session_shown.connect(lambda _: self._end())

    @property
    def dialog(self) -> BenchDialog:
        """The bench, made when it is first wanted."""
        if self._dialog is None:
            dialog = self._dialog = BenchDialog(self._window)
            dialog.setWindowModality(Qt.WindowModality.WindowModal)
            dialog.applied.connect(self._apply)
            dialog.left.connect(self._leave)
            dialog.editor.changed.connect(self._show_result)
            dialog.resize(dialog.sizeHint())  # Qt would make it two thirds of the screen at most
        return self._dialog

    def open_bench(self, image: Image | None, *, crop: bool = False) -> None:
        """Edit an image of the draft, if need be beginning with its crop; say why where that cannot be."""
        row = None if image is None else self._composer.draft.row(image.id)
        if row is None or self._desk.seen is None:
            return
        image = self._composer.draft.images[row]
        if image.url is not None:
            notice = self._composer.show_notice(Severity.NOTE, AT_ADDRESS)
            notice.add_action(
                "Download and keep", lambda: self._download(image), object_name="download-to-edit"
            )
            return
        if image.digest is None or image.size is None:
            self._composer.show_notice(Severity.NOTE, STILL_READ)
            return
        self._image = image
        number = self._composer.images.numbers[row]
        named = "image" if number is None else f"Image {number}"
        self._tickets += 1
        self._ticket = f"bench-{self._tickets}"
        self.dialog.open_image(
            f"Edit {named} · {image.name}", image.size, image.edits, self._desk.seen.model.tier
        )
        if crop:
            self.dialog.editor.choose_tool(Tool.CROP)
        self._bridge.sights.unedited(self._ticket, image)

    def crop(self, image: Image) -> None:
        """Edit an image of the draft, beginning with its crop."""
        self.open_bench(image, crop=True)

    def _download(self, image: Image) -> None:
        self._composer.dismiss_notice()
        self._composer.links.keep([image])

    def _apply(self, edits: Edits) -> None:
        image = self._image
        row = None if image is None else self._composer.draft.row(image.id)
        if row is not None:
            # Its label, say, may be another by now; only the edits are ours.
            changed = replace(self._composer.draft.images[row], edits=edits)
            self._composer.history.change([changed], "Edit image")

    def _leave(self) -> None:
        self._ticket, self._image = "", None

    def _end(self) -> None:
        """Another session is shown: what was edited is not on its strip."""
        image = self._image
        if self._dialog is not None and image is not None and self._composer.draft.row(image.id) is None:
            self._dialog.hide()

    def _show_result(self) -> None:
        seen, image = self._desk.seen, self._image
        if self._dialog is None or seen is None or image is None or image.size is None:
            return
        edited = replace(image, edits=self._dialog.editor.edits)
        limits, tier = self._desk.numbers.catalogue.limits, seen.model.tier
        sent = sent_size(edited, tier, limits, max(1, seen.appraisal.images_in_request))
        if sent is not None:
            shown = seen_size(sent, tier)
            kept = edited_size(image.size, edited.edits)
            self._dialog.panel.show_result(result_text(kept, sent, shown, patches(shown), seen.model.name))

    # What the engine tells

    def _show_pixels(self, ready: OriginalReady) -> None:
        if ready.ticket == self._ticket and self._dialog is not None:
            self._dialog.show_pixels(image_of(ready.shown.width, ready.shown.height, ready.rgba))

    def _show_failure(self, failed: SightFailed) -> None:
        if failed.ticket == self._ticket and self._dialog is not None:
            self._dialog.show_failure(failed.failure)
