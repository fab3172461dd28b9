"""Notices about the application as a whole, above the conversation; each can be put away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.failures import Failure
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space

_MOST = 3


class NoticeStack(QWidget):
    """The newest notices; the same words are not said twice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "notices", "Notices")
        self._notices: dict[str, Notice] = {}
        self._held: set[Notice] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self.hide()

    def tell_failure(
        self,
        failure: Failure,
        details: Callable[[], None],
        actions: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        """Say what failed; each action, by its name, also puts the notice away."""
        said = words.failure_words(failure)
        notice = self._show(Severity.WARNING, said.title, said.next_step)
        if notice is None:
            return
        for place, (action, do) in enumerate(actions, start=1):
            self._offer(notice, said.title, action, do, place)
        if failure.message:
            notice.add_action("Details", details, object_name="notice-details")

    def tell(
        self, severity: Severity, text: str, *, action: str = "", do: Callable[[], None] | None = None
    ) -> None:
        """Say something, with an action that also puts the notice away."""
        notice = self._show(severity, text, "")
        if notice is not None and do is not None:
            self._offer(notice, text, action, do)

    def withdraw(self, text: str) -> None:
        """Put away what was said, if it is still there."""
        self._dismiss(text)

    def hold(self, notice: Notice) -> None:
        """Show a notice that tells how far something is, below the others, until it is released."""
        self._held.add(notice)
        self._column.addWidget(notice)
        self.show()
        notice.announce()

    def release(self, notice: Notice) -> None:
        """Put away a notice that was held."""
        self._held.discard(notice)
        self._put_away(notice)

    def _offer(self, notice: Notice, text: str, action: str, do: Callable[[], None], place: int = 1) -> None:
        def act() -> None:
            do()
            self._dismiss(text)

        suffix = f"-{place}" if place > 1 else ""
        notice.add_action(action, act, object_name=f"notice-action{suffix}")

    def _show(self, severity: Severity, text: str, line: str) -> Notice | None:
        if text in self._notices:
            return None
        while len(self._notices) >= _MOST:
            self._dismiss(next(iter(self._notices)))
        notice = Notice(severity, text, object_name="app-notice", lines=(line,) if line else ())
        notice.dismissed.connect(lambda: self._dismiss(text))
        self._notices[text] = notice
        self._column.addWidget(notice)
        self.show()
        notice.announce()
        return notice

    def _dismiss(self, text: str) -> None:
        notice = self._notices.pop(text, None)
        if notice is not None:
            self._put_away(notice)

    def _put_away(self, notice: Notice) -> None:
        self._column.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
        self.setVisible(bool(self._notices or self._held))
