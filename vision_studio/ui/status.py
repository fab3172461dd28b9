"""The line at the foot of the window: connection, what is under way, what was spent."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.branch_words import hidden_cost_words
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    ImportProgressed,
    TransferProgressed,
)
from vision_studio.core.transfer_words import transfer_text
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.labels import Label, Tone, plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.status import Sign, StatusDot
from vision_studio.ui.design.surfaces import Bar
from vision_studio.ui.design.tokens import Space, Type


class StatusLine(Bar):
    connection_clicked = Signal()
    cancel_asked = Signal()
    """The uploads that are told of are to be cancelled, all of them."""
    try_asked = Signal()
    """What waits for the server is not to wait any longer than it must."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("top", parent)
        name(self, "status-line", "Status")
        self._connection = StatusDot("Starting…", Sign.BUSY, object_name="connection")
        self._work = Label("", style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._work.setObjectName("work")
        self._transfer = ""
        self._cancel = Button("Cancel uploads", object_name="cancel-uploads", kind=Kind.QUIET, small=True)
        self._cancel.clicked.connect(self.cancel_asked)
        self._cancel.hide()
        self._try = Button("Try now", object_name="try-uploads", kind=Kind.QUIET, small=True)
        self._try.setToolTip("Look at once whether the server can be reached")
        self._try.clicked.connect(self.try_asked)
        self._try.hide()
        self._spend = Label("", style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._spend.setObjectName("spend")
        self._session_id = ""
        self._imports: dict[str, ImportProgressed] = {}
        """By session: what is being read."""
        self._session_usd = Decimal()
        self._hidden_usd = Decimal()
        self._month_usd = Decimal()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        row.setSpacing(Space.L)
        row.addWidget(self._connection)
        row.addWidget(self._work)
        row.addWidget(self._try)
        row.addWidget(self._cancel)
        row.addStretch(1)
        row.addWidget(self._spend)
        self._show_spend()

    def show_connection(self, changed: ConnectionChanged) -> None:
        self._connection.show_state(*connection_words(changed))

    def show_import(self, progress: ImportProgressed) -> None:
        if progress.done < progress.total:
            self._imports[progress.session_id] = progress
        else:
            self._imports.pop(progress.session_id, None)
        self._show_work()

    def set_session(self, session_id: str) -> None:
        """Leave out what is read into this session: its own strip tells of that."""
        self._session_id = session_id
        self._show_work()

    def show_transfer(self, event: TransferProgressed) -> None:
        """Show how far the uploads of all sessions are together."""
        if event.session_id is None:
            self._transfer = transfer_text(event)
            self._cancel.setVisible(bool(self._transfer))
            self._try.setVisible(bool(self._transfer) and event.waits_for is not None)
            self._show_work()

    def _show_work(self) -> None:
        elsewhere = [one for session_id, one in self._imports.items() if session_id != self._session_id]
        done, total = sum(one.done for one in elsewhere), sum(one.total for one in elsewhere)
        what = f"Reading {words.count(done)} of {words.counted(total, 'image')} for another session"
        self._work.setText("   ".join(filter(None, (what if elsewhere else "", self._transfer))))

    def show_session_cost(self, usd: Decimal, hidden_usd: Decimal = Decimal()) -> None:
        """``hidden_usd`` of it was spent for versions of turns that are not shown."""
        self._session_usd, self._hidden_usd = usd, hidden_usd
        self._show_spend()

    def show_month_cost(self, usd: Decimal) -> None:
        self._month_usd = usd
        self._show_spend()

    def _show_spend(self) -> None:
        session = f"Session {words.usd(self._session_usd)}" + (" (all versions)" if self._hidden_usd else "")
        self._spend.setText(f"{session}     This month {words.usd(self._month_usd)}")
        self._spend.setToolTip(plain_tooltip(hidden_cost_words(self._session_usd, self._hidden_usd)))


def connection_words(changed: ConnectionChanged) -> tuple[str, Sign]:
    """Return what the connection's sign says."""
    if changed.failure is not None:
        return words.failure_words(changed.failure).title, Sign.FAULT
    if changed.state is ConnectionState.STARTING:
        return "Starting…", Sign.BUSY
    where = {
        ConnectionKind.PRACTICE: "Practice mode: not Claude, nothing leaves this computer",
        ConnectionKind.API: "Claude API",
        ConnectionKind.GATEWAY: changed.base_url,
    }[changed.kind]
    if changed.kind is not ConnectionKind.PRACTICE and changed.files_supported is False:
        where += " · images go inline"
    return where, Sign.ON if changed.state is ConnectionState.CONNECTED else Sign.OFF
