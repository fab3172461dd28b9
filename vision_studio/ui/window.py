"""The main window: lays the parts out, wires them together, and remembers how it was left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QInputDialog,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vision_studio.core.appraisal import Appraisal
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Session
from vision_studio.core.draft import Fidelity, Image
from vision_studio.core.events import (
    ConnectionChanged,
    Noticed,
    PreferencesRead,
    SessionDeleted,
    ThumbnailReady,
)
from vision_studio.core.failures import Failure
from vision_studio.core.findings import Downscaled, Duplicate, Finding
from vision_studio.ui.actions import add_actions
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.card import cell_size
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.design.fields import TextArea
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Ground
from vision_studio.ui.design.tab_stops import go_to_next_stop
from vision_studio.ui.design.theme import Mode, Theme
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.desk import Desk
from vision_studio.ui.details import FailureDetails
from vision_studio.ui.header import Header
from vision_studio.ui.inspector.panel import InspectorPanel
from vision_studio.ui.library.panel import LibraryPanel
from vision_studio.ui.notices import NoticeStack
from vision_studio.ui.settings import SettingsDialog
from vision_studio.ui.status import StatusLine
from vision_studio.ui.thumbnails import Thumbnails
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.welcome import Sample, Welcome

_GEOMETRY, _PANELS, _MODE = "window.geometry", "window.panels", "window.mode"
_STARTING_SIZE = (1280, 820)
_LIBRARY_AND_INSPECTOR_NEED = 1120
"""Narrower than this, the conversation would be squeezed between two panels."""
_HEIGHT_PER_STRIP_ROW = 400
"""How many rows of cards stand beside a conversation."""
_HEIGHT_BESIDE_STRIP = 360
"""What everything but the strip needs, before there is a conversation."""


class MainWindow(QMainWindow):
    closing = Signal()

    def __init__(
        self,
        bridge: EngineBridge,
        catalogue: Catalogue,
        theme: Theme,
        samples: Sequence[tuple[Sample, QPixmap]],
        faults: Sequence[str] = (),
        open_with: Sequence[Path] = (),
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        name(self, "main-window", "Vision Studio")
        self.setWindowTitle("Vision Studio")
        self.setAcceptDrops(True)
        self._bridge = bridge
        self._theme = theme
        self._open_with = tuple(open_with)
        self._chosen: Image | None = None
        self._squeezed = False
        """The inspector is hidden for want of room, not by the user."""
        self._was_narrow = False
        self._connection: ConnectionChanged | None = None
        self._settings: SettingsDialog | None = None
        self.thumbnails = Thumbnails(bridge.need_thumbnails, self)
        self.library = LibraryPanel(self.thumbnails.image)
        self.header = Header(catalogue)
        self.notices = NoticeStack()
        self.transcript = Transcript(self.thumbnails.image, lambda model_id: catalogue.model(model_id).name)
        self.welcome = Welcome(samples)
        self.composer = Composer(self.thumbnails.image)
        self.inspector = InspectorPanel(catalogue.limits)
        self.status = StatusLine()
        self.system = TextArea(
            object_name="system-prompt",
            accessible_name="System prompt",
            placeholder="Instructions for the whole session: Answer in German. Read amounts exactly.",
        )
        self.desk = Desk(
            bridge, catalogue, self.composer, self.transcript, self.inspector, today, parent=self
        )
        self._lay_out()
        self._wire_parts()
        self._wire_engine()
        add_actions(self, faults)
        self.resize(*_STARTING_SIZE)
        self.composer.prompt.setFocus()

    # What actions call

    def open_settings(self) -> None:
        if self._settings is None:
            settings = SettingsDialog(self._theme.mode, self)
            settings.practice_asked.connect(self._bridge.use_practice)
            settings.api_asked.connect(self._bridge.use_api)
            settings.key_given.connect(self._bridge.store_key)
            settings.key_forgotten.connect(self._bridge.forget_key)
            settings.mode_chosen.connect(self._choose_mode)
            self._bridge.connection_changed.connect(settings.show_connection)
            self._bridge.key_checked.connect(settings.show_key_check)
            if self._connection is not None:
                settings.show_connection(self._connection)
            self._settings = settings
        self._settings.open()

    def toggle_library(self) -> None:
        self.library.setVisible(self.library.isHidden())
        self._remember_panels()

    def toggle_inspector(self) -> None:
        self._squeezed = False
        self.inspector.setVisible(self.inspector.isHidden())
        self._remember_panels()

    def stop_or_leave(self) -> None:
        """Esc: stop the answer; without one, go to the prompt."""
        if self.desk.is_answering:
            self.desk.stop()
        else:
            self.composer.prompt.setFocus()

    def rename_session(self) -> None:
        if (session := self.desk.session) is not None:
            self._ask_title(session.id, session.title)

    def delete_session(self) -> None:
        if (session := self.desk.session) is not None:
            self._bridge.delete_session(session.id)

    def misbehave(self, fault: str) -> None:
        self._bridge.misbehave(fault)

    # Layout

    def _lay_out(self) -> None:
        self._middle = QStackedWidget()
        self._middle.addWidget(_scrolling(self.welcome))
        self._middle.addWidget(self.transcript)
        self.system.setFixedHeight(Size.CONTROL * 3)
        self.system.hide()
        centre = Ground()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        inset = QVBoxLayout()
        inset.setContentsMargins(Space.XL, Space.S, Space.XL, 0)
        inset.setSpacing(Space.S)
        inset.addWidget(self.notices)
        inset.addWidget(self.system)
        column.addLayout(inset)
        column.addWidget(self._middle, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(Space.XL, Space.S, Space.XL, Space.L)
        foot.addWidget(self.composer)
        column.addLayout(foot)
        self._panels = QSplitter(Qt.Orientation.Horizontal)
        name(self._panels, "panels", "Panels")
        self._panels.setChildrenCollapsible(False)
        self._panels.setHandleWidth(Size.STROKE)
        for part, width in ((self.library, Size.LIBRARY), (centre, 0), (self.inspector, Size.INSPECTOR)):
            self._panels.addWidget(part)
            if width:
                part.setMinimumWidth(width * 3 // 4)
                part.setMaximumWidth(width * 2)
        centre.setMinimumWidth(Size.CENTRE)
        self._panels.setStretchFactor(1, 1)
        self._panels.setSizes([Size.LIBRARY, 10 * Size.CENTRE, Size.INSPECTOR])
        self._whole = QWidget()
        stack = QVBoxLayout(self._whole)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self._panels, 1)
        stack.addWidget(self.status)
        self.setCentralWidget(self._whole)

    def _make_room(self, size: QSize) -> None:
        """Give a small window's room to the conversation, and take it back when the window grows."""
        self._fit_strip(size.height())
        narrow = size.width() < _LIBRARY_AND_INSPECTOR_NEED
        if narrow and not self._squeezed and not self.inspector.isHidden() and not self._was_narrow:
            self._squeezed = True
            self.inspector.hide()
        elif not narrow and self._squeezed:
            self._squeezed = False
            self.inspector.show()
        self._was_narrow = narrow

    def _fit_strip(self, height: int) -> None:
        """Let the strip grow with the window, and further while there is no conversation to be read."""
        rows = height // _HEIGHT_PER_STRIP_ROW
        if self._middle.currentIndex() == 0:
            rows = max(rows, (height - _HEIGHT_BESIDE_STRIP) // cell_size().height())
        self.composer.strip.set_most_rows(max(1, rows))

    def _wire_parts(self) -> None:
        self.library.new_asked.connect(self._bridge.new_session)
        self.library.open_asked.connect(self._open_session)
        self.library.rename_asked.connect(self._ask_title)
        self.library.delete_asked.connect(self._bridge.delete_session)
        self.header.model_chosen.connect(self.desk.choose_model)
        self.header.system_toggled.connect(self._show_system)
        self.header.library_toggled.connect(self.toggle_library)
        self.header.inspector_toggled.connect(self.toggle_inspector)
        self.header.settings_asked.connect(self.open_settings)
        self.system.textChanged.connect(lambda: self.desk.set_system(self.system.toPlainText()))
        self.welcome.samples_asked.connect(self.desk.add_samples)
        self.welcome.open_asked.connect(self.composer.choose_files)
        self.welcome.key_asked.connect(self.open_settings)
        self.composer.image_chosen.connect(self._choose_image)
        self.transcript.picture_chosen.connect(self._choose_image)
        self.transcript.details_asked.connect(self._show_details)
        self.inspector.fix_asked.connect(self._fix)
        self.inspector.fidelity_asked.connect(lambda image, how: self.composer.set_fidelity([image], how))
        self.desk.session_shown.connect(self._show_session)
        self.desk.saved_changed.connect(self.header.show_saved)
        self.desk.appraised.connect(self._show_appraisal)
        self.thumbnails.arrived.connect(self._show_thumbnail)
        self._theme.changed.connect(self.transcript.restyle)

    def _wire_engine(self) -> None:
        bridge = self._bridge
        bridge.connection_changed.connect(self._show_connection)
        bridge.sessions_listed.connect(self.library.show_sessions)
        bridge.session_changed.connect(lambda event: self.library.show_session(event.summary))
        bridge.session_deleted.connect(self._forget_session)
        bridge.import_progressed.connect(self.status.show_import)
        bridge.thumbnail_ready.connect(self._take_thumbnail)
        bridge.picture_ready.connect(self.inspector.show_picture)
        bridge.spend_changed.connect(lambda event: self.status.show_month_cost(event.month_usd))
        bridge.preferences_read.connect(self._restore)
        bridge.noticed.connect(self._notice)

    # What the parts tell

    def _open_session(self, session_id: str) -> None:
        if self.desk.session is None or session_id != self.desk.session.id:
            self.desk.save()
            self._bridge.open_session(session_id)

    def _show_session(self, session: Session) -> None:
        self._middle.setCurrentIndex(1 if session.turns else 0)
        self._fit_strip(self.height())
        self.header.show_session(session)
        self.library.set_current(session.id)
        self.status.show_session_cost(session.cost_usd)
        self.setWindowTitle(f"{session.title} – Vision Studio" if session.title else "Vision Studio")
        if self.system.toPlainText() != session.system:
            self.system.setPlainText(session.system)
            self.header.open_system(bool(session.system))
        if self._open_with:
            paths, self._open_with = self._open_with, ()
            self.desk.bring(Incoming(paths=paths), self.composer.images.rowCount())

    def _show_appraisal(self, appraisal: Appraisal) -> None:
        self.welcome.show_images(appraisal.images_here)
        if self._chosen is not None and (row := self.composer.images.draft.row(self._chosen.id)) is not None:
            now = self.composer.images.image(row)
            if now != self._chosen:
                self._choose_image(now)

    def _choose_image(self, image: Image | None) -> None:
        self._chosen = image
        thumbnail = self.thumbnails.image(image.digest) if image is not None and image.digest else None
        self.inspector.show_image(image, None, thumbnail)
        if image is None:
            return
        appraisal = self.desk.appraise()
        if appraisal is not None and image.digest:
            self._bridge.show_picture(image, appraisal.model.id, appraisal.images_in_request)

    def _fix(self, finding: Finding) -> None:
        images = [
            image
            for image, number in zip(
                self.composer.images.draft.images, self.composer.images.numbers, strict=True
            )
            if number in finding.images
        ]
        if isinstance(finding, Downscaled):
            self.composer.set_fidelity(images, Fidelity.FIT)
        elif isinstance(finding, Duplicate):
            self.composer.remove([image.id for image in images])

    def _show_system(self, shown: bool) -> None:
        self.system.setVisible(shown)
        if shown and not self.system.toPlainText():
            self.system.setFocus()

    def _ask_title(self, session_id: str, title: str) -> None:
        dialog = QInputDialog(self)
        dialog.setObjectName("rename-session")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Rename session")
        dialog.setLabelText("Title")
        dialog.setTextValue(title)
        dialog.textValueSelected.connect(lambda text: self._rename(session_id, text.strip()))
        dialog.open()

    def _rename(self, session_id: str, title: str) -> None:
        if title:
            self._bridge.rename_session(session_id, title)

    def _choose_mode(self, mode: Mode) -> None:
        self._theme.set_mode(mode)
        self._bridge.set_preference(_MODE, mode.value)

    # What the engine tells

    def _show_connection(self, changed: ConnectionChanged) -> None:
        self._connection = changed
        self.status.show_connection(changed)
        self.welcome.show_connection(changed)

    def _forget_session(self, event: SessionDeleted) -> None:
        self.library.forget(event.session_id)
        self.notices.tell(
            Severity.NOTE,
            "The session was deleted.",
            action="Undo",
            do=lambda: self._bridge.restore_session(event.session_id),
        )

    def _take_thumbnail(self, ready: ThumbnailReady) -> None:
        self.thumbnails.take(ready)

    def _show_thumbnail(self, digest: str) -> None:
        self.library.show_thumbnail(digest)
        self.composer.images.show_thumbnail(digest)
        self.transcript.show_thumbnail(digest)
        if self._chosen is not None and self._chosen.digest == digest:
            self.inspector.show_thumbnail(self.thumbnails.image(digest))

    def _notice(self, event: Noticed) -> None:
        self.notices.tell_failure(event.failure, lambda: self._show_details(event.failure))

    def _show_details(self, failure: Failure) -> None:
        FailureDetails(failure, self).open()

    def _restore(self, preferences: PreferencesRead) -> None:
        if geometry := preferences.get(_GEOMETRY):
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        hidden = preferences.get(_PANELS).split()
        self.library.setVisible("library" not in hidden)
        self.inspector.setVisible("inspector" not in hidden)
        self._squeezed = self._was_narrow = False
        self._make_room(self.size())
        mode = preferences.get(_MODE)
        if mode in tuple(Mode):
            self._theme.set_mode(Mode(mode))

    def _remember_panels(self) -> None:
        hidden = [part.objectName() for part in (self.library, self.inspector) if part.isHidden()]
        if self._squeezed:
            hidden.remove(self.inspector.objectName())
        self._bridge.set_preference(_PANELS, " ".join(hidden))

    # Qt's overrides: Tab follows the layout, and a drop anywhere on the window goes to the end of the strip

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go_to_next_stop(self._whole, forward=forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.holds_images(event.mimeData()) or incoming.holds_links_only(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.composer.set_target(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.composer.set_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.composer.dropEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room(event.size())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.save()
        self._bridge.set_preference(_GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode())
        self.closing.emit()
        event.accept()


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
