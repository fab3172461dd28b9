"""The inspector: meters of the next request, its checks, and the chosen image."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from vision_studio.core.appraisal import Appraisal
from vision_studio.core.catalogue import Catalogue, Limits, Model
from vision_studio.core.draft import Image
from vision_studio.core.elsewhere import Elsewhere, elsewhere
from vision_studio.core.events import PictureReady, UploadKnown
from vision_studio.core.findings import Finding
from vision_studio.core.fitting import tokens_by_fidelity
from vision_studio.core.fixes import Fix
from vision_studio.core.legibility import Text
from vision_studio.core.turn_numbers import TurnNumbers
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel, Separator
from vision_studio.ui.design.tokens import Space
from vision_studio.ui.inspector.checks import Checks
from vision_studio.ui.inspector.image_details import ImageDetails
from vision_studio.ui.inspector.request_meters import RequestMeters


class InspectorPanel(QScrollArea):
    """Shows values; asks for a fix by naming the finding."""

    fix_asked = Signal(object)  # Finding
    fidelity_asked = Signal(object, object)  # Image, FidelityChoice

    def __init__(self, limits: Limits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "inspector", "Inspector")
        self._image: Image | None = None
        self._limits = limits
        self._text: Callable[[Image], Text | None] = lambda image: None
        self.meters = RequestMeters(limits)
        self.checks = Checks()
        self._catalogue: Catalogue | None = None
        self._today: date | None = None
        self.checks.fix_asked.connect(self.fix_asked)
        self.details = ImageDetails()
        self.details.fidelity_asked.connect(self.fidelity_asked)
        self._lay_out()

    def show_appraisal(
        self,
        appraisal: Appraisal,
        model: Model,
        fixes: Mapping[Finding, Fix] | None = None,
        remarks: Mapping[Finding, str] | None = None,
        turns: Sequence[TurnNumbers] = (),
    ) -> None:
        self.meters.show_appraisal(appraisal, turns)
        self.checks.show_findings(appraisal.findings, fixes, remarks)
        self.show_chosen(appraisal, model)

    def show_chosen(self, appraisal: Appraisal, model: Model) -> None:
        """Show the numbers of the chosen image alone."""
        if self._image is not None:
            mine = next((one for one in appraisal.images if one.image_id == self._image.id), None)
            count = appraisal.images_in_request
            tokens = tokens_by_fidelity(self._image, model.tier, self._limits, count)
            others = self._elsewhere(self._image, appraisal, model)
            self.details.show_numbers(mine, tokens, others, self._text(self._image))

    def use_texts(self, text: Callable[[Image], Text | None]) -> None:
        """Know what was measured of the text in images."""
        self._text = text

    def use_catalogue(self, catalogue: Catalogue, today: date) -> None:
        """Weigh the chosen image against these models."""
        self._catalogue, self._today = catalogue, today

    def _elsewhere(self, image: Image, appraisal: Appraisal, model: Model) -> tuple[Elsewhere, ...]:
        if self._catalogue is None or self._today is None:
            return ()
        count, tokens = appraisal.images_in_request, appraisal.total_tokens
        return elsewhere(image, model, self._catalogue, count, tokens, self._today)

    def show_image(
        self, image: Image | None, number: int | None = None, thumbnail: QImage | None = None
    ) -> None:
        """Show one picture's facts, or that none is chosen."""
        self._image = image
        self.details.show_image(image, number, thumbnail)

    def show_thumbnail(self, thumbnail: QImage | None) -> None:
        """Show the chosen image's thumbnail, which has just come."""
        if thumbnail is not None:
            self.details.show_thumbnail(thumbnail)

    def show_upload(self, known: UploadKnown) -> None:
        self.details.show_upload(known)

    def show_picture(self, ready: PictureReady) -> None:
        self.details.show_picture(ready)

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        panel = Panel()
        column = QVBoxLayout(panel)
        column.setContentsMargins(Space.L, Space.M + Space.HAIR, Space.L, Space.L)
        column.setSpacing(Space.M)
        for part in (self.meters, Separator(), self.checks, Separator(), self.details):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(panel)
