"""The findings about the next request, the most serious first, each with its fix where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.findings import Downscaled, Duplicate, Finding, Severity
from vision_studio.ui.design.findings import FindingRow
from vision_studio.ui.design.findings import Severity as Look
from vision_studio.ui.design.labels import Label, SectionHeading, Tone, whole_measures
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

_LOOKS = {Severity.REJECT: Look.REJECT, Severity.WARN: Look.WARNING, Severity.NOTE: Look.NOTE}
_FIXES: dict[type[Finding], str] = {Downscaled: "Fit", Duplicate: "Remove"}


class Checks(QWidget):
    fix_asked = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "checks", "Checks")
        self._heading = SectionHeading("Checks", object_name="checks-heading", style=Type.TITLE)
        self._fine = Label("Nothing stands in the way.", style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._fine.setObjectName("checks-fine")
        self._shown: tuple[Finding, ...] | None = None
        self._rows: list[FindingRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addWidget(self._heading)
        self._column.addWidget(self._fine)
        self.show_findings(())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these; the same ones again cost nothing and keep the keyboard's place."""
        if tuple(findings) == self._shown:
            return
        self._shown = tuple(findings)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(finding, place) for place, finding in enumerate(findings)]
        for row in self._rows:
            self._column.addWidget(row)
        self._fine.setVisible(not findings)
        self._heading.set_trailing(summary(findings))

    def _row(self, finding: Finding, place: int) -> FindingRow:
        subject, sentence = words.finding_parts(finding)
        row = FindingRow(
            _LOOKS[finding.severity],
            subject,
            whole_measures(sentence),
            object_name=f"finding-{place}-{finding.rule}",
            fix=_FIXES.get(type(finding)),
        )
        row.fix_requested.connect(lambda: self.fix_asked.emit(finding))
        return row


def summary(findings: Sequence[Finding]) -> str:
    """Return "1 problem · 2 warnings · 1 note"."""
    counted = (
        (sum(finding.severity is severity for finding in findings), word)
        for severity, word in (
            (Severity.REJECT, "problem"),
            (Severity.WARN, "warning"),
            (Severity.NOTE, "note"),
        )
    )
    return " · ".join(words.counted(count, word) for count, word in counted if count)
