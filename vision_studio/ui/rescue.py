"""A damaged data folder, told above the conversation, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.health_events import FolderMended
from vision_studio.core.health_words import mended_sentence
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.notices import NoticeStack

REPAIRING = "Your sessions are being repaired. This may take a minute."


class Rescue:
    """Offers *Repair* and *Use the backup* while nothing is open."""

    def __init__(self, bridge: EngineBridge, notices: NoticeStack) -> None:
        self._bridge = bridge
        self._notices = notices
        bridge.folder_mended.connect(self._tell)
        bridge.noticed.connect(lambda event: notices.withdraw(REPAIRING))

    def actions(self, failure: Failure) -> tuple[tuple[str, Callable[[], None]], ...]:
        """Return what can be done about a folder that could not be opened, by name."""
        if failure.kind is FailureKind.DAMAGED:
            return ("Repair", self._repair), ("Use the backup", self._bridge.rescue.use_backup)
        return (("Try again", self._bridge.open_folder),)

    def _repair(self) -> None:
        self._notices.tell(Severity.NOTE, REPAIRING)
        self._bridge.rescue.repair()

    def _tell(self, event: FolderMended) -> None:
        self._notices.withdraw(REPAIRING)
        self._notices.tell(Severity.NOTE, mended_sentence(event.done))
