"""Settings: how much may be spent before the user is asked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from vision_studio.core.findings import Period
from vision_studio.core.spend import Amounts, usd_from
from vision_studio.ui.design.fields import LineField
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

_TITLES = {Period.SESSION: "One session", Period.DAY: "One day", Period.MONTH: "One month"}


class SpendSettings(QWidget):
    cap_chosen = Signal(object, str)  # Period, the amount as text, "" for no cap

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "spend-settings", "Spending caps")
        self._fields: dict[Period, LineField] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading("Spending caps", object_name="spend-heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for place, (period, title) in enumerate(_TITLES.items()):
            field = LineField(
                object_name=f"cap-{period.value}",
                accessible_name=f"Cap for {title.lower()}, in US dollars",
                placeholder="$ no cap",
            )
            field.editingFinished.connect(lambda period=period: self._take(period))
            self._fields[period] = field
            grid.addWidget(Label(title, style=Type.SMALL, tone=Tone.MUTED), 0, place)
            grid.addWidget(field, 1, place)
        column.addLayout(grid)
        column.addWidget(
            Label(
                "Near a cap the checks warn; before a request that passes one you are asked. "
                "Nothing is cut off.",
                style=Type.SMALL,
                tone=Tone.MUTED,
                wrap=True,
            )
        )

    def show_caps(self, caps: Amounts) -> None:
        for period, field in self._fields.items():
            cap = caps.of(period)
            if not field.hasFocus():
                field.setText("" if cap is None else f"${cap}")

    def _take(self, period: Period) -> None:
        field = self._fields[period]
        text = field.text().strip()
        amount = usd_from(text)
        field.set_invalid(bool(text) and amount is None)
        if not text or amount is not None:
            self.cap_chosen.emit(period, "" if amount is None else str(amount))
