"""The inspector: meters of the next request, its checks, and the chosen image."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.appraisal import Appraisal
from vision_studio.core.catalogue import Limits, Model
from vision_studio.core.draft import Image
from vision_studio.core.events import PictureReady
from vision_studio.core.fitting import tokens_by_fidelity
from vision_studio.ui.design.labels import Label, SectionHeading, Tone, unbroken
from vision_studio.ui.design.meter import Meter, Segment
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel, Separator
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.inspector.checks import Checks
from vision_studio.ui.inspector.image_details import ImageDetails


class InspectorPanel(QScrollArea):
    """Shows values; asks for a fix by naming the finding."""

    fix_asked = Signal(object)  # Finding
    fidelity_asked = Signal(object, object)  # Image, FidelityChoice

    def __init__(self, limits: Limits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "inspector", "Inspector")
        self._limits = limits
        self._image: Image | None = None
        self._cost = SectionHeading(
            "Next request", "", object_name="next-request", style=Type.TITLE, sum_up=True
        )
        self._context = Meter("Context window", object_name="context-meter")
        self._images = Meter("Images", object_name="images-meter")
        self._size = Meter("Request size", object_name="size-meter")
        self._breakdown = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True, figures=True)
        self._breakdown.setObjectName("breakdown")
        self.checks = Checks()
        self.checks.fix_asked.connect(self.fix_asked)
        self.details = ImageDetails()
        self.details.fidelity_asked.connect(self.fidelity_asked)
        self._lay_out()

    def show_appraisal(self, appraisal: Appraisal, model: Model) -> None:
        cost = appraisal.cost_usd
        self._cost.set_trailing("price unknown" if cost is None else f"≈ {words.usd(cost)}")
        assumed = " assumed" if "context_tokens" in model.assumed else ""
        self._context.show_use(
            (
                Segment(appraisal.history_tokens, "history", "segment_history"),
                Segment(appraisal.image_tokens, "images", "segment_images"),
                Segment(appraisal.text_tokens + appraisal.system_tokens, "text", "segment_text"),
                Segment(appraisal.answer_tokens, "kept for the answer", "segment_answer"),
            ),
            appraisal.context_tokens,
            f"≈ {words.count(appraisal.total_tokens)} / {words.count(appraisal.context_tokens)}{assumed}",
        )
        crowd = self._limits.crowd
        rule = (
            f"{self._limits.crowded_side_px} px rule applies"
            if appraisal.images_in_request > crowd
            else f"{self._limits.crowded_side_px} px rule past {crowd}"
        )
        self._images.show_use(
            (
                Segment(appraisal.images_before, "in earlier turns", "segment_history"),
                Segment(appraisal.images_here, "in this turn", "segment_images"),
            ),
            appraisal.max_images,
            f"{appraisal.images_in_request} / {appraisal.max_images} · {rule}",
        )
        self._size.show_use(
            appraisal.request_bytes,
            self._limits.request_bytes,
            f"{words.bytes_text(appraisal.request_bytes)} / {words.bytes_text(self._limits.request_bytes)}",
        )
        history = "✓" if appraisal.history_billed else "≈"
        parts = (
            f"history {history} {words.count(appraisal.history_tokens)}",
            f"images ≈ {words.count(appraisal.image_tokens)}",
            f"text ≈ {words.count(appraisal.text_tokens + appraisal.system_tokens)}",
            f"answer ≤ {words.count(appraisal.answer_tokens)}",
        )
        self._breakdown.setText(" · ".join(unbroken(part) for part in parts))
        self.checks.show_findings(appraisal.findings)
        if self._image is not None:
            mine = next((one for one in appraisal.images if one.image_id == self._image.id), None)
            count = appraisal.images_in_request
            tokens = tokens_by_fidelity(self._image, model.tier, self._limits, count)
            self.details.show_numbers(mine, model, tokens)

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
        for part in (self._cost, self._context, self._images, self._size, self._breakdown):
            column.addWidget(part)
        column.addWidget(Separator())
        column.addWidget(self.checks)
        column.addWidget(Separator())
        column.addWidget(self.details)
        column.addStretch(1)
        self.setWidget(panel)
