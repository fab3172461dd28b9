"""Stands between the engine and the page of uploaded files, and tells what deleted sessions leave there."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from vision_studio.core.events import ConnectionChanged
from vision_studio.core.server_file_events import UploadsUnneeded
from vision_studio.core.server_file_words import unneeded_text
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.notices import NoticeStack
from vision_studio.ui.server_files.dialog import ServerFilesDialog
from vision_studio.ui.thumbnails import Thumbnails


class ServerFiles(QObject):
    def __init__(
        self, bridge: EngineBridge, thumbnails: Thumbnails, notices: NoticeStack, window: QWidget
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._thumbnails = thumbnails
        self._notices = notices
        self._window = window
        self._dialog: ServerFilesDialog | None = None
        self._server: tuple[object, ...] = ()
        """Which one it is, and whose key."""
        bridge.connection_changed.connect(self._notice_server)
        bridge.uploads_unneeded.connect(self._offer_deletion)

    def show(self) -> None:
        """Open the page; what it showed last is there at once."""
        if self._dialog is None:
            self._dialog = self._made()
        self._dialog.resize(self._dialog.sizeHint())
        self._dialog.open()

    def _made(self) -> ServerFilesDialog:
        dialog, bridge = ServerFilesDialog(self._thumbnails.image, self._window), self._bridge
        dialog.list_asked.connect(bridge.files.list)
        dialog.renewal_asked.connect(bridge.files.renew)
        dialog.deletion_asked.connect(bridge.files.delete)
        bridge.files_listed.connect(dialog.show_page)
        bridge.files_renewed.connect(dialog.show_renewed)
        bridge.deletions_changed.connect(dialog.show_deletions)
        self._thumbnails.arrived.connect(dialog.table.model_.show_thumbnail)
        return dialog

    def _notice_server(self, changed: ConnectionChanged) -> None:
        server = (changed.kind, changed.base_url, changed.key_source)
        if server != self._server and self._dialog is not None:
            self._dialog.forget()
        self._server = server

    def _offer_deletion(self, event: UploadsUnneeded) -> None:
        self._notices.tell(
            Severity.NOTE,
            unneeded_text(event),
            action="Delete them" if len(event.file_ids) > 1 else "Delete it",
            do=lambda: self._bridge.files.delete(event.file_ids),
        )
