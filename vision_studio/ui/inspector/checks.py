"""The findings about the next request, the most serious first, each with its fix where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.findings import Caution, Finding, Severity, SmallText
from vision_studio.core.fixes import Fix
from vision_studio.core.reasons import reason
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.findings import FindingRow
from vision_studio.ui.design.findings import Severity as Look
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.labels import Label, SectionHeading, Tone, whole_measures
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

_LOOKS = {Severity.REJECT: Look.REJECT, Severity.WARN: Look.WARNING, Severity.NOTE: Look.NOTE}
_WHY = "Why?"
READ = "Read more"
"""On the button of a caution, which is mended by knowing of it."""
LOOK = "Look at it"
"""On the button of text that is small, where nothing but looking, and cropping, helps."""


class Checks(QWidget):
    fix_asked = Signal(object)  # Finding
    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "checks", "Checks")
        self._heading = SectionHeading("Checks", object_name="checks-heading", style=Type.TITLE)
        self._fine = Label("Nothing stands in the way.", style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._fine.setObjectName("checks-fine")
        self._all = Button("Fix all", object_name="fix-all", small=True)
        self._all.clicked.connect(self.all_asked)
        self._why = Button(_WHY, object_name="explain-checks", kind=Kind.LINK, small=True)
        self._why.setCheckable(True)
        self._why.setAccessibleDescription("Show why each of the checks is made, and where it comes from")
        self._why.toggled.connect(self._explain)
        self._shown: tuple[object, ...] | None = None
        self._rows: list[FindingRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addWidget(self._heading)
        self._column.addWidget(self._fine)
        ways = FlowLayout()
        ways.addWidget(self._all)
        ways.addWidget(self._why)
        self._column.addLayout(ways)
        self.show_findings(())

    def show_findings(
        self,
        findings: Sequence[Finding],
        fixes: Mapping[Finding, Fix] | None = None,
        remarks: Mapping[Finding, str] | None = None,
    ) -> None:
        """Show these; the same ones again cost nothing and keep the keyboard's place.

        ``remarks``: what else is to be said of a finding, such as what its fix would cost.
        """
        fixes, remarks = fixes or {}, remarks or {}
        labels = tuple(_label(finding, fixes) for finding in findings)
        said = tuple(remarks.get(finding, "") for finding in findings)
        if (tuple(findings), labels, said) == self._shown:
            return
        self._shown = (tuple(findings), labels, said)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [
            self._row(finding, place, label, remark)
            for place, (finding, label, remark) in enumerate(zip(findings, labels, said, strict=True))
        ]
        for row in self._rows:
            self._column.addWidget(row)
        self._fine.setVisible(not findings)
        self._why.setVisible(bool(findings))
        self._all.setVisible(sum(not fix.optional for fix in fixes.values()) > 1)
        self._heading.set_trailing(summary(findings))

    def _row(self, finding: Finding, place: int, label: str | None, remark: str) -> FindingRow:
        subject, sentence = words.finding_parts(finding)
        told = reason(finding)
        row = FindingRow(
            _LOOKS[finding.severity],
            subject,
            whole_measures(f"{sentence} {remark}".strip()),
            object_name=f"finding-{place}-{finding.rule}",
            fix=label,
            why=f"{told.why}\nSource: {told.source}.",
        )
        row.explain(self._why.isChecked())
        row.fix_requested.connect(lambda: self.fix_asked.emit(finding))
        return row

    def _explain(self, explained: bool) -> None:
        self._why.setText("Hide why" if explained else _WHY)
        for row in self._rows:
            row.explain(explained)


def _label(finding: Finding, fixes: Mapping[Finding, Fix]) -> str | None:
    if isinstance(finding, Caution):
        return READ
    fix = fixes.get(finding)
    if fix is None:
        return LOOK if isinstance(finding, SmallText) else None
    return fix.label


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
