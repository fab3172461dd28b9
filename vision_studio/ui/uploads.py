"""How pictures travel: on each card, where the answer is going to be, and for all in the status line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from vision_studio.core import words
from vision_studio.core.events import (
    DeletionsChanged,
    OrphansFound,
    PreferencesRead,
    TransferProgressed,
    Uploaded,
    UploadFailed,
    UploadKnown,
    UploadProgressed,
)
from vision_studio.core.transfer_words import deletions_text, orphans_text, transfer_text, upload_text
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.image_list import ImageListModel, Progress, Stage
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.notices import NoticeStack
from vision_studio.ui.transcript.turn_view import TurnView
from vision_studio.ui.upload_settings import UploadSettingsGroup


class Uploads(QObject):
    """Shows what the engine tells of uploads, and keeps the user's settings for them.

    ``waiting`` returns the view of the turn that waits for an answer in a session, if that is on the screen;
    ``composed`` the images that are being composed in it.
    """

    settings_changed = Signal(object)  # UploadSettings
    known = Signal(object)  # UploadKnown
    told = Signal(str, str)  # the id of an image, how far its upload is: "" once it is over

    def __init__(
        self,
        bridge: EngineBridge,
        waiting: Callable[[str], TurnView | None],
        composed: Callable[[str], ImageListModel | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._waiting = waiting
        self._composed = composed
        self._settings = UploadSettings()
        bridge.upload_progressed.connect(self._show_progress)
        bridge.transfer_progressed.connect(self._show_sum)
        bridge.uploaded.connect(self._show_end)
        bridge.upload_failed.connect(self._show_failure)
        bridge.upload_known.connect(self.known)
        bridge.preferences_read.connect(self._restore)

    @property
    def settings(self) -> UploadSettings:
        return self._settings

    def wire_settings(self, group: UploadSettingsGroup) -> None:
        """Have a group of settings show what is set, and listen to it."""
        group.show_settings(self._settings)
        group.chosen.connect(self._choose)
        self.settings_changed.connect(group.show_settings)

    def wire_notices(self, notices: NoticeStack) -> None:
        """Have files that nobody needs, and those that could not be deleted, told there."""

        def offer(found: OrphansFound) -> None:
            notices.tell(
                Severity.NOTE,
                orphans_text(found),
                action="Delete them" if len(found.file_ids) > 1 else "Delete it",
                do=lambda: self._bridge.files.delete(found.file_ids),
            )

        def tell(event: DeletionsChanged) -> None:
            if said := deletions_text(event):
                notices.tell(Severity.WARNING, said)

        self._bridge.orphans_found.connect(offer)
        self._bridge.deletions_changed.connect(tell)

    def allow(self) -> None:
        """Upload images from now on: a request that held them all was too large."""
        self._choose(replace(self._settings, inline=False))

    def _choose(self, settings: UploadSettings) -> None:
        self._settings = settings
        self._bridge.set_uploads(settings)
        self.settings_changed.emit(settings)

    def _restore(self, preferences: PreferencesRead) -> None:
        self._settings = UploadSettings.read(preferences.get)
        self.settings_changed.emit(self._settings)

    def _show_progress(self, event: UploadProgressed) -> None:
        stage = Stage.UPLOADING if event.sent_bytes < event.total_bytes else Stage.FINISHING
        fraction = event.sent_bytes / event.total_bytes if event.total_bytes else 1.0
        said = upload_text(event.sent_bytes, event.total_bytes, event.bytes_per_s, event.left_s)
        self._show(event.session_id, event.image_id, Progress(stage, fraction, said))

    def _show_sum(self, event: TransferProgressed) -> None:
        if event.session_id is not None and (view := self._waiting(event.session_id)) is not None:
            view.say(transfer_text(event) or "Waiting for the answer…")

    def _show_end(self, event: Uploaded) -> None:
        progress = Progress(Stage.UPLOADED if event.file_id else Stage.READY)
        self._show(event.session_id, event.image_id, progress)
        self.known.emit(
            UploadKnown(event.image_id, event.file_id is not None, event.expires_at, not event.file_id)
        )

    def _show_failure(self, event: UploadFailed) -> None:
        title = words.failure_words(event.failure).title
        self._show(event.session_id, event.image_id, Progress(Stage.FAILED, words=title))

    def _show(self, session_id: str, image_id: str, progress: Progress) -> None:
        self.told.emit(image_id, progress.words)
        if (view := self._waiting(session_id)) is not None:
            view.show_progress(image_id, progress)
        images = self._composed(session_id)
        if images is not None and images.draft.row(image_id) is not None:
            images.show_progress(image_id, progress)
