"""The main window: lays the parts out, wires them together, and remembers how it was left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
)

from vision_studio.core.appraisal import Appraisal
from vision_studio.core.caching import cache_saving_usd
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Answer, Session
from vision_studio.core.draft import FidelityChoice, Image, fidelity_choice
from vision_studio.core.events import (
    ConnectionChanged,
    Noticed,
    PreferencesRead,
    ThumbnailReady,
)
from vision_studio.core.failures import Failure
from vision_studio.core.search import Query
from vision_studio.ui.bench.benching import Benching
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.commands import Command, ShortcutsDialog, add_commands
from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.card import zoom_from
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.composer.screenshot import Screenshot
from vision_studio.ui.design.dialog import ask_line
from vision_studio.ui.design.fields import TextArea
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tab_stops import go_to_next_stop
from vision_studio.ui.design.theme import Mode, Theme
from vision_studio.ui.desk import Desk
from vision_studio.ui.details import AnswerFacts, FailureDetails
from vision_studio.ui.exports import Exports, saved_sentence
from vision_studio.ui.figures import Figures
from vision_studio.ui.frame import Frame
from vision_studio.ui.header import Header
from vision_studio.ui.inspector.panel import InspectorPanel
from vision_studio.ui.leaving import Leaving
from vision_studio.ui.library.panel import LibraryPanel
from vision_studio.ui.notices import NoticeStack
from vision_studio.ui.portable import Portable
from vision_studio.ui.request_options import RequestOptions
from vision_studio.ui.rescue import Rescue
from vision_studio.ui.server_files.files import ServerFiles
from vision_studio.ui.settings import SettingsDialog
from vision_studio.ui.shelving import Shelving
from vision_studio.ui.status import StatusLine
from vision_studio.ui.templates.templates import Templates
from vision_studio.ui.thumbnails import Thumbnails
from vision_studio.ui.transcript.find_bar import FindBar
from vision_studio.ui.transcript.finding import Finding
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.transcript.versions import BACK, FORTH
from vision_studio.ui.versions import Versions
from vision_studio.ui.viewer.viewing import Viewing
from vision_studio.ui.welcome import Sample, Welcome

_GEOMETRY, _PANELS, _MODE = "window.geometry", "window.panels", "window.mode"
_FIDELITY, _ZOOM = "images.fidelity", "strip.zoom"
_STARTING_SIZE = (1280, 820)


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
        self._connection: ConnectionChanged | None = None
        self._settings: SettingsDialog | None = None
        self.thumbnails = Thumbnails(bridge.need_thumbnails, self)
        self.library = LibraryPanel(self.thumbnails.image, today)
        self.header = Header(catalogue, today)
        self.notices = NoticeStack()
        self.rescue = Rescue(bridge, self.notices)
        self.transcript = Transcript(
            self.thumbnails.image,
            lambda model_id: self.figures.catalogue.model(model_id).name,
            self._saving_usd,
        )
        self.finding = Finding(self.transcript, self)
        self.find_bar = FindBar(self.finding)
        self.welcome = Welcome(samples)
        self.composer = Composer(self.thumbnails.image)
        self.exports = Exports(bridge, self)
        self.screenshot = Screenshot(self)
        self.composer.strip.carrying = self.transcript.carrying = self.exports.carrying
        self.inspector = InspectorPanel(catalogue.limits)
        self.status = StatusLine()
        self.system = TextArea(
            object_name="system-prompt",
            accessible_name="System prompt",
            placeholder="Instructions for the whole session: Answer in German. Read amounts exactly.",
        )
        self.options = RequestOptions()
        self.desk = Desk(
            bridge, catalogue, self.composer, self.transcript, self.inspector, today, parent=self
        )
        self.versions = Versions(bridge, self.desk, self.composer, self.transcript, self)
        self.figures = Figures(
            bridge, self.desk, self.composer, self.inspector, self.header, self.notices, today, self
        )
        self.viewing = Viewing(bridge, self.desk, self.composer, self.thumbnails.image, today, self)
        self.benching = Benching(bridge, self.desk, self.composer, self)
        self.viewing.crop = self.benching.open_bench
        self.portable = Portable(bridge, self.desk, self.notices, self)
        self.portable.wire(self.header, self.library)
        self.templates = Templates(bridge, self.composer, self)
        self.server_files = ServerFiles(bridge, self.thumbnails, self.notices, self)
        self._frame = Frame(
            self.library,
            self.header,
            self.notices,
            self.system,
            self.options,
            self.welcome,
            self.find_bar,
            self.transcript,
            self.composer,
            self.inspector,
            self.status,
        )
        self.setCentralWidget(self._frame)
        self.leaving = Leaving(bridge, self)
        self.shelving = Shelving(bridge, self.library, self.desk, self.notices, self)
        self._wire_parts()
        self._wire_engine()
        self._actions = add_commands(self, self._commands(faults))
        self.resize(*_STARTING_SIZE)
        self.composer.prompt.setFocus()

    # Commands

    def _commands(self, faults: Sequence[str]) -> list[Command]:
        """What the keys of the window do; those of a list or an editor are its own."""
        composer, frame, undo = self.composer, self._frame, self.composer.history
        return [
            Command("New session", "Ctrl+N", self.library.new_asked.emit),
            Command("Add images…", "Ctrl+O", composer.choose_files),
            Command("Add image from the web…", "Ctrl+Shift+O", composer.ask_link),
            Command("Paste", "Ctrl+V", composer.paste),
            Command("Screenshot", "Ctrl+Shift+S", self.screenshot.take),
            Command("Send", "Ctrl+Return", composer.send),
            Command("Stop", "Esc", self.stop_or_leave),
            Command("Edit question", "Alt+Up", self.versions.edit_current),
            Command("Previous version", "Alt+PgUp", lambda: self.versions.go(BACK)),
            Command("Next version", "Alt+PgDown", lambda: self.versions.go(FORTH)),
            Command("Branch from here", "Ctrl+Shift+N", self.versions.branch_off_current),
            Command("Undo", "Ctrl+Z", undo.undo),
            Command("Redo", "Ctrl+Shift+Z", undo.redo),
            Command("Redo", "Ctrl+Y", undo.redo, shown=False),
            Command("Find in this session", "Ctrl+F", self.find_in_session),
            Command("Find next", "F3", lambda: self.find_bar.step(forward=True)),
            Command("Find previous", "Shift+F3", lambda: self.find_bar.step(forward=False)),
            Command("Search all sessions", "Ctrl+Shift+F", self.search_sessions),
            Command("Rename session", "F2", self.rename_session),
            Command("Delete session", "Ctrl+Shift+Backspace", self.delete_session),
            Command("Sessions panel", "Ctrl+B", frame.toggle_library),
            Command("Inspector", "Ctrl+I", frame.toggle_inspector),
            Command("System prompt", "Ctrl+Shift+P", self.edit_system),
            Command("What Claude sees", "Ctrl+Shift+I", lambda: self.viewing.open(self._chosen)),
            Command("Edit image…", "Ctrl+M", lambda: self.benching.open_bench(self._chosen)),
            Command("Export session…", "Ctrl+Shift+E", self.portable.export),
            Command("Get code…", "Ctrl+Shift+C", self.portable.get_code),
            Command("Import sessions…", "Ctrl+Alt+O", self.portable.choose_files),
            Command("Settings", "Ctrl+,", self.open_settings),
            Command("Templates", "Ctrl+J", self.templates.show),
            Command("Uploaded files", "Ctrl+Shift+U", self.server_files.show),
            Command("Usage", "Ctrl+U", self.figures.show_usage),
            Command("Turn by turn", "Ctrl+T", self.figures.show_turns),
            Command("Help", "Shift+F1", self.figures.show_help),
            Command("Keyboard shortcuts", "F1", self.show_shortcuts),
            Command("Misbehave", "Ctrl+Shift+F12", lambda: self._open_fault_menu(faults), shown=False),
        ]

    def show_shortcuts(self) -> None:
        ShortcutsDialog(self._actions, self).open()

    def _open_fault_menu(self, faults: Sequence[str]) -> None:
        """The hidden menu for developers: have the practice server fail in a chosen way, once."""
        menu = QMenu(self)
        menu.setObjectName("faults")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for fault in faults:
            menu.addAction(fault).triggered.connect(
                lambda _=False, fault=fault: self._bridge.misbehave(fault)
            )
        menu.popup(self.mapToGlobal(self.rect().center()))

    def open_settings(self) -> None:
        if self._settings is None:
            settings = SettingsDialog(self._theme.mode, self)
            settings.connection.practice_asked.connect(self._bridge.use_practice)
            settings.connection.api_asked.connect(self._bridge.use_api)
            settings.connection.key_given.connect(self._bridge.store_key)
            settings.connection.key_forgotten.connect(self._bridge.forget_key)
            settings.appearance.mode_chosen.connect(self._choose_mode)
            settings.images.chosen.connect(self._choose_usual)
            settings.images.picker.show_choice(self.composer.cards.usual)
            self.figures.wire_settings(settings)
            self.desk.uploads.wire_settings(settings.uploads)
            settings.uploads.files_asked.connect(self.server_files.show)
            self._bridge.connection_changed.connect(settings.show_connection)
            self._bridge.key_checked.connect(settings.show_key_check)
            if self._connection is not None:
                settings.show_connection(self._connection)
            self._settings = settings
        self._settings.start_over()
        self._settings.open()

    def open_files(self, paths: Sequence[Path]) -> None:
        """Come to the front, with files that somebody wants opened."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()
        if paths:
            self.desk.bring(Incoming(paths=tuple(paths)), self.composer.images.rowCount())

    def _take_screenshot(self, brought: Incoming) -> None:
        self.desk.bring(brought, self.composer.images.rowCount())

    def stop_or_leave(self) -> None:
        """Esc: stop the answer; else end finding, or the edit of a sent turn; else go to the prompt."""
        if self.desk.is_answering:
            self.desk.stop()
        elif self.finding.is_active:
            self.find_bar.close_bar()
        elif not self.versions.cancel():
            self.composer.prompt.setFocus()

    def rename_session(self) -> None:
        """Edit the title in the list, or where that does not show it, in a dialog."""
        if (session := self.desk.session) is not None and not self.library.rename(session.id):
            self._ask_title(session.id, session.title)

    def delete_session(self) -> None:
        if (session := self.desk.session) is not None:
            self.shelving.delete([session.id])

    def find_in_session(self) -> None:
        """Open the bar over the conversation; where there is none yet, search the others."""
        if self.transcript.is_empty:
            self.search_sessions()
        else:
            self.find_bar.open_bar()

    def search_sessions(self) -> None:
        if self.library.isHidden():
            self._frame.toggle_library()
        self.library.begin_search()

    # Wiring

    def _wire_parts(self) -> None:
        self.library.new_asked.connect(self._begin_session)
        self.library.open_asked.connect(self._open_session)
        self.shelving.open_asked.connect(self._open_session)
        self.shelving.turn_shown.connect(self._show_turn)
        self.find_bar.closed.connect(self.composer.prompt.setFocus)
        self.header.model_chosen.connect(self.desk.choose_model)
        self.header.model_chosen.connect(self._show_options)
        self.header.system_toggled.connect(self._show_system)
        self.header.options_toggled.connect(self.options.setVisible)
        self.options.settings_chosen.connect(self.desk.set_settings)
        self.options.numbering_chosen.connect(self.desk.set_numbering)
        self.header.library_toggled.connect(self._frame.toggle_library)
        self.header.inspector_toggled.connect(self._frame.toggle_inspector)
        self._frame.panels_toggled.connect(self._remember_panels)
        self.header.settings_asked.connect(self.open_settings)
        self.system.textChanged.connect(self._take_system)
        self.welcome.samples_asked.connect(self.desk.add_samples)
        self.welcome.open_asked.connect(self.composer.choose_files)
        self.welcome.key_asked.connect(self.open_settings)
        self.composer.image_chosen.connect(self._choose_image)
        self.transcript.picture_chosen.connect(self._choose_image)
        self.composer.see_asked.connect(self.viewing.open)
        self.figures.look_asked.connect(self.viewing.open_number)
        self.composer.edit_asked.connect(self.benching.open_bench)
        self.inspector.details.edit_asked.connect(self.benching.open_bench)
        self.viewing.crop = self.benching.crop
        self.transcript.see_asked.connect(self.viewing.open)
        self.inspector.details.see_asked.connect(self.viewing.open)
        self.transcript.settings_asked.connect(self.open_settings)
        self.transcript.new_session_asked.connect(self._begin_session)
        self.transcript.details_asked.connect(self._show_details)
        self.transcript.facts_asked.connect(self._show_facts)
        self.composer.strip.zoomed.connect(self._keep_zoom)
        self.transcript.add_asked.connect(self.composer.cards.add_copies)
        self.transcript.copy_asked.connect(self.composer.cards.copy)
        self.transcript.save_asked.connect(self.exports.save)
        self.composer.save_asked.connect(self.exports.save)
        self.composer.screenshot.clicked.connect(self.screenshot.take)
        self.screenshot.possible_changed.connect(self.composer.screenshot.setVisible)
        self.screenshot.taken.connect(self._take_screenshot)
        self.screenshot.failed.connect(
            lambda reason: self.notices.tell(Severity.WARNING, f"There is no screenshot. {reason}")
        )
        self.inspector.fidelity_asked.connect(
            lambda image, how: self.composer.cards.set_fidelity([image], how)
        )
        self.inspector.details.look_asked.connect(lambda image: self.composer.links.look_at([image]))
        self.inspector.details.keep_asked.connect(lambda image: self.composer.links.keep([image]))
        self.leaving.answering_changed.connect(self.library.show_answering)
        self.leaving.finishing.connect(self._say_that_it_closes)
        self.leaving.left.connect(self.close)
        self.desk.session_shown.connect(self._show_session)
        self.desk.saved_changed.connect(self.header.show_saved)
        self.desk.appraised.connect(self._show_appraisal)
        self.thumbnails.arrived.connect(self._show_thumbnail)
        self._theme.changed.connect(self.transcript.restyle)
        self._theme.changed.connect(self.finding.refresh)

    def _wire_engine(self) -> None:
        bridge = self._bridge
        bridge.connection_changed.connect(self._show_connection)
        bridge.import_progressed.connect(self.status.show_import)
        bridge.transfer_progressed.connect(self.status.show_transfer)
        self.status.try_asked.connect(bridge.files.try_now)
        self.status.cancel_asked.connect(lambda: bridge.cancel_uploads(None))
        self.desk.uploads.wire_notices(self.notices)
        bridge.thumbnail_ready.connect(self._take_thumbnail)
        bridge.picture_ready.connect(self.inspector.show_picture)
        bridge.spend_changed.connect(lambda event: self.status.show_month_cost(event.month_usd))
        bridge.catalogue_changed.connect(lambda event: self._show_options())
        bridge.preferences_read.connect(self._restore)
        bridge.images_saved.connect(lambda event: self.notices.tell(Severity.NOTE, saved_sentence(event)))
        bridge.noticed.connect(self._notice)

    # What the parts tell

    def _begin_session(self) -> None:
        self.desk.save()
        self._bridge.new_session()
        self.composer.prompt.setFocus()

    def _open_session(self, session_id: str) -> None:
        self.composer.prompt.setFocus()
        if self.desk.session is None or session_id != self.desk.session.id:
            self.desk.save()
            self._bridge.open_session(session_id)

    def _show_turn(self, turn_id: str, query: Query) -> None:
        self.transcript.reveal(turn_id)
        self.find_bar.mark(turn_id, query)

    def _show_session(self, session: Session) -> None:
        self._frame.show_conversation(bool(session.turns))
        self.header.show_session(session)
        self._show_options()
        self.library.set_current(session.id)
        self.status.set_session(session.id)
        self.status.show_session_cost(session.cost_usd, session.hidden_usd)
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
        thumbnail = self.thumbnails.image(image.pixels) if image is not None and image.pixels else None
        self.inspector.show_image(image, None, thumbnail)
        if image is None:
            return
        appraisal = self.desk.inspect()
        if appraisal is not None and image.digest:
            self._bridge.show_picture(image, appraisal.model.id, appraisal.images_in_request)
            self._bridge.sights.measure_text(image)

    def _take_system(self) -> None:
        text = self.system.toPlainText()
        self.desk.set_system(text)
        self.header.show_system(text)

    def _show_options(self) -> None:
        if (session := self.desk.session) is not None:
            self.options.show_settings(session.settings, self.figures.catalogue.model(session.model_id))
            self.options.show_numbering(session.numbering)

    def edit_system(self) -> None:
        """Go to the system prompt, and from there back to the question; an empty one is folded away."""
        if self.system.hasFocus():
            self.header.open_system(bool(self.system.toPlainText().strip()))
            self.composer.prompt.setFocus()
        else:
            self.header.open_system(True)
            self.system.setFocus()

    def _show_system(self, shown: bool) -> None:
        self.system.setVisible(shown)
        if shown and not self.system.toPlainText():
            self.system.setFocus()

    def _ask_title(self, session_id: str, title: str) -> None:
        ask_line(
            self,
            object_name="rename-session",
            title="Rename session",
            question="Title",
            text=title,
            take=lambda text: self.shelving.rename(session_id, text) if text else None,
        )

    def _choose_mode(self, mode: Mode) -> None:
        self._theme.set_mode(mode)
        self._bridge.set_preference(_MODE, mode.value)

    def _choose_usual(self, choice: FidelityChoice) -> None:
        self.composer.cards.usual = choice
        self._bridge.set_preference(_FIDELITY, f"{choice.fidelity} {choice.edge_px}")

    def _keep_zoom(self, zoom: float) -> None:
        self._frame.fit_strip()
        self._bridge.set_preference(_ZOOM, str(zoom))

    # What the engine tells

    def _show_connection(self, changed: ConnectionChanged) -> None:
        self._connection = changed
        self.status.show_connection(changed)
        self.welcome.show_connection(changed)

    def _take_thumbnail(self, ready: ThumbnailReady) -> None:
        self.thumbnails.take(ready)

    def _show_thumbnail(self, key: str) -> None:
        self.library.show_thumbnail(key)
        self.composer.show_thumbnail(key)
        self.transcript.show_thumbnail(key)
        if self._chosen is not None and self._chosen.pixels == key:
            self.inspector.show_thumbnail(self.thumbnails.image(key))

    def _notice(self, event: Noticed) -> None:
        actions = self.rescue.actions(event.failure) if self.desk.session is None else ()
        self.notices.tell_failure(event.failure, lambda: self._show_details(event.failure), actions)

    def _show_details(self, failure: Failure) -> None:
        FailureDetails(failure, self).open()

    def _say_that_it_closes(self) -> None:
        self.notices.tell(
            Severity.NOTE,
            "Vision Studio closes when the answers are complete.",
            action="Stay",
            do=self.leaving.stay,
        )

    def _show_facts(self, answer: Answer) -> None:
        AnswerFacts(answer, self._saving_usd(answer), self).open()

    def _saving_usd(self, answer: Answer) -> Decimal | None:
        """Return what the cache took off an answer's bill; practice has none."""
        if answer.usage is None or answer.practice:
            return None
        return cache_saving_usd(answer.usage, self.figures.catalogue.model(answer.model_id))

    def _restore(self, preferences: PreferencesRead) -> None:
        if geometry := preferences.get(_GEOMETRY):
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        self._frame.hide_panels(preferences.get(_PANELS).split())
        self.composer.cards.usual = fidelity_choice(preferences.get(_FIDELITY)) or self.composer.cards.usual
        self.composer.strip.set_zoom(zoom_from(preferences.get(_ZOOM)))
        mode = preferences.get(_MODE)
        if mode in tuple(Mode):
            self._theme.set_mode(Mode(mode))

    def _remember_panels(self) -> None:
        self._bridge.set_preference(_PANELS, " ".join(self._frame.hidden_panels()))

    # Qt's overrides: Tab follows the layout, and a drop anywhere on the window goes to the end of the strip

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go_to_next_stop(self._frame, forward=forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.is_welcome(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.composer.set_target(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.composer.set_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.composer.dropEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.save()
        if not self.leaving.may_leave():
            event.ignore()
            return
        self._bridge.set_preference(_GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode())
        self.closing.emit()
        event.accept()
