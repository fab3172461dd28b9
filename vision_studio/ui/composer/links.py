"""Images on the web: what is offered for a link, and what comes of it. Nothing is fetched unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vision_studio.core import words
from vision_studio.core.draft import Image
from vision_studio.core.links import can_stay, image_at, picture_address
from vision_studio.ui.composer.history import ComposerHistory
from vision_studio.ui.composer.link_dialog import DOWNLOAD_HINT, URL_IMAGE_HINT, LinkDialog
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.labels import plain_tooltip


class Links(QObject):
    """The links of one composer."""

    download_asked = Signal(str, int)  # address, row
    look_asked = Signal(object)  # Image

    def __init__(
        self,
        composer: QWidget,
        history: ComposerHistory,
        insert: Callable[[int, Sequence[Image]], None],
        show_notice: Callable[[Severity, str, Sequence[str]], Notice],
        dismiss_notice: Callable[[], None],
    ) -> None:
        super().__init__(composer)
        self._composer = composer
        self._history = history
        self._insert = insert
        self._show_notice = show_notice
        self._dismiss_notice = dismiss_notice
        self._detaching: set[str] = set()
        """Images that are to be kept once they are fetched."""

    def offer(self, links: Iterable[str], row: int) -> None:
        """Say which links came, and let the user choose what becomes of them."""
        links = list(links)
        addresses = [address for link in links if (address := picture_address(link)) is not None]
        if not addresses:
            self._show_notice(Severity.WARNING, "This link leads to no image on the web.", links)
            return
        one = len(addresses) == 1
        came = "A link came without its image." if one else "Links came without their images."
        notice = self._show_notice(Severity.NOTE, f"{came} Nothing is fetched unasked.", addresses)
        if staying := [address for address in addresses if can_stay(address)]:
            notice.add_action(
                "Use as URL image" if one else f"Use {words.counted(len(staying), 'URL image')}",
                lambda: self.add(staying, row),
                object_name="use-links",
            ).setToolTip(plain_tooltip(URL_IMAGE_HINT))
        notice.add_action(
            "Download" if one else f"Download {len(addresses)}",
            lambda: self.download(addresses, row),
            object_name="download-links",
        ).setToolTip(plain_tooltip(DOWNLOAD_HINT))

    def ask(self, row: int) -> None:
        """Have an address typed, and let the user choose what becomes of it."""
        dialog = LinkDialog(self._composer)
        dialog.url_image_asked.connect(lambda address: self.add([address], row))
        dialog.download_asked.connect(lambda address: self.download([address], row))
        dialog.open()

    def add(self, addresses: Sequence[str], row: int) -> None:
        """Add images that stay at their addresses."""
        self._dismiss_notice()
        self._insert(row, [image_at(address, uuid4().hex) for address in addresses])

    def download(self, addresses: Sequence[str], row: int) -> None:
        """Have what is at web addresses fetched now, and kept as images of one's own."""
        self._dismiss_notice()
        for place, address in enumerate(addresses, row):
            self.download_asked.emit(address, place)

    def look_at(self, images: Iterable[Image]) -> None:
        """Have images that stay at their addresses fetched once, to know their sizes and show them."""
        for image in images:
            if image.url is not None and image.size is None:
                self.look_asked.emit(image)

    def keep(self, images: Iterable[Image]) -> None:
        """Make images at addresses one's own: at once where somebody looked, else when they are fetched."""
        images = [image for image in images if image.url is not None]
        self._detach([image for image in images if image.digest is not None])
        unseen = [image for image in images if image.digest is None]
        self._detaching.update(image.id for image in unseen)
        self.look_at(unseen)

    def learn(self, images: Iterable[Image]) -> None:
        """Finish what waited for these images to be fetched."""
        here = [image for image in images if image.id in self._detaching]
        self._detaching.difference_update(image.id for image in here)
        self._detach(here)

    def _detach(self, images: Sequence[Image]) -> None:
        if images:
            self._history.change([replace(image, url=None) for image in images], "Download image")
