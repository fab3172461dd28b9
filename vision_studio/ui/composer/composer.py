"""The box at the foot of the conversation: strip, prompt, sources, totals, Send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QPoint, QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.appraisal import Appraisal
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import ImagesRefused
from vision_studio.core.findings import CapPassed, Finding, MentionGone
from vision_studio.core.findings import Severity as FindingSeverity
from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.card_actions import CardActions
from vision_studio.ui.composer.card_menu import card_menu
from vision_studio.ui.composer.downloads import DownloadLines
from vision_studio.ui.composer.editing_bar import EditingBar
from vision_studio.ui.composer.history import ComposerHistory, TextChange
from vision_studio.ui.composer.image_list import ImageListModel
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.composer.links import Links
from vision_studio.ui.composer.mentions import Mentions
from vision_studio.ui.composer.prompt_edit import PromptEdit
from vision_studio.ui.composer.reading_line import ReadingLine
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.buttons import Button, IconButton, Kind
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.labels import ElidedLabel, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.notice_place import NoticePlace
from vision_studio.ui.design.surfaces import Card
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.image_files import IMAGE_FILES


class Composer(Card):
    """Edits one session's draft. What takes time is asked for by signal and comes back through the model."""

    draft_changed = Signal(object)  # Draft
    sending = Signal()  # Send was pressed: whoever knows better than the last appraisal must tell now
    send_asked = Signal(object)  # Draft
    stop_asked = Signal()
    images_brought = Signal(object, int)  # Incoming, row
    image_chosen = Signal(object)  # Image or None
    save_asked = Signal(list)  # Images
    templates_asked = Signal()
    see_asked = Signal(object)  # Image
    edit_asked = Signal(object)  # Image
    thumbnail_arrived = Signal(str)  # the pixels it is of

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "composer", "Next request")
        self.setAcceptDrops(True)
        self.thumbnail = thumbnail
        self.images = ImageListModel(thumbnail, self)
        self.strip = StripView(self.images, name="strip")
        self.prompt = PromptEdit()
        self.history = ComposerHistory(self.images, self._apply_text, self)
        self.mentions = Mentions(self.prompt, self.images, self.history, thumbnail, self)
        self._answering = False
        self._folder = _usual_folder()
        """Where files are chosen from next."""
        self._obstacles: list[str] = []
        """Why the API would refuse the draft."""
        self._questions: list[str] = []
        """What to ask before it is sent."""
        self._lost: MentionGone | None = None
        """What the question mentions and the request lacks."""
        self._told_obstacles = False
        self._refusals: list[str] = []
        """What the notice lists. One drop is refused in several goes: by its headers, then by its pixels."""
        self.cards = CardActions(self.images, self.history, self.strip, thumbnail, self)
        self.links = Links(self, self.history, self.cards.insert, self.show_notice, self.dismiss_notice)
        self.downloads = DownloadLines()
        self.reading = ReadingLine()
        self.editing = EditingBar()
        self._add_link = Button("URL", object_name="add-url", icon="link")
        self._add = Button("Images", object_name="add-images", icon="plus", hint="Ctrl+O")
        self._templates = IconButton(
            "list",
            object_name="use-template",
            accessible_name="Templates",
            hint="Ctrl+J",
            edge=Size.CONTROL,
        )
        self.screenshot = IconButton(
            "screenshot",
            object_name="screenshot",
            accessible_name="Screenshot",
            hint="Ctrl+Shift+S",
            edge=Size.CONTROL,
        )
        self.screenshot.hide()  # until it is known that the desktop lets itself be photographed
        self._totals_text = ""
        self._totals = ElidedLabel(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._send = Button("Send", object_name="send", kind=Kind.PRIMARY, hint="Ctrl+↵")
        self._lay_out()
        self._connect()
        self._show_buttons()

    # What the window tells

    def open(self, draft: Draft, first_number: int) -> None:
        """Show a session's draft; undo starts anew."""
        self.history.stack.clear()
        self.prompt.show_passage(draft.passage)
        self.images.open(draft, first_number)
        self.dismiss_notice()
        self.downloads.clear()
        self.reading.clear()

    def swap(self, draft: Draft, words_: str) -> None:
        """Have another draft in the place of this one, as a step of undo called so."""
        self.history.swap(self.draft, draft, words_, self._show_draft)
        self.prompt.setFocus()

    def _show_draft(self, draft: Draft) -> None:
        self.prompt.show_passage(draft.passage)
        self.images.swap(draft)
        self.dismiss_notice()

    @property
    def is_answering(self) -> bool:
        """Send is Stop."""
        return self._answering

    @property
    def draft(self) -> Draft:
        return self.images.draft

    def show_thumbnail(self, key: str) -> None:
        self.images.show_thumbnail(key)
        self.thumbnail_arrived.emit(key)

    def learn(self, images: Sequence[Image]) -> None:
        """Take over what reading found out."""
        self.images.learn(images)
        self.links.learn(image for image in self.draft.images if image.id in {one.id for one in images})

    def show_appraisal(self, appraisal: Appraisal) -> None:
        self.images.show_appraisals(appraisal.images)
        findings = appraisal.findings
        self._obstacles = _sentences(one for one in findings if one.severity is FindingSeverity.REJECT)
        self._questions = _sentences(one for one in findings if isinstance(one, CapPassed))
        self._lost = next((one for one in findings if isinstance(one, MentionGone)), None)
        if self._told_obstacles and not (self._obstacles or self._questions or self._lost):
            self.dismiss_notice()
        said = [words.counted(appraisal.images_here, "image"), f"≈ {words.count(appraisal.total_tokens)} tok"]
        if appraisal.cost_usd is not None:
            said.append(f"≈ {words.usd(appraisal.cost_usd)}")
        if appraisal.unknown_images:
            said.append(f"+ {appraisal.unknown_images} unknown")
        self._totals_text = "" if self.draft.is_empty else " · ".join(said)
        self._totals.setText(self._totals_text)
        self._show_buttons()

    def show_answering(self, answering: bool) -> None:
        """While an answer comes, Send is Stop."""
        self._answering = answering
        self._show_buttons()

    def show_refusals(self, refused: ImagesRefused) -> None:
        """Take refused cards away and list every refused file with its reason, in one notice."""
        self.images.refuse(refusal.image_id for refusal in refused.refusals if refusal.image_id)
        lines = [*self._refusals, *(words.refusal_sentence(refusal) for refusal in refused.refusals)]
        text = "1 file was not added" if len(lines) == 1 else f"{len(lines)} files were not added"
        self.show_notice(Severity.WARNING, text, lines)
        self._refusals = lines

    def show_notice(self, severity: Severity, text: str, lines: Sequence[str] = ()) -> Notice:
        self.dismiss_notice()
        notice = self._notices.say(severity, text, lines)
        notice.dismissed.connect(self.dismiss_notice)
        return notice

    def dismiss_notice(self) -> None:
        self._refusals = []
        self._told_obstacles = False
        self._notices.clear()

    # What the user does

    def send(self) -> None:
        if self._answering or self.draft.is_empty:
            return
        self.sending.emit()
        lost = [] if self._lost is None else [words.sentence(self._lost)]
        if self._obstacles:
            self._ask_first(Severity.REJECT, "The API would refuse this", [*self._obstacles, *lost])
        elif self._questions:
            self._ask_first(Severity.WARNING, "This passes your spending cap", [*self._questions, *lost])
        elif self._lost is not None:
            self._ask_about(self._lost)
        else:
            self.send_asked.emit(self.draft)

    def _ask_first(self, severity: Severity, text: str, reasons: Sequence[str]) -> Notice:
        """Say what speaks against sending, and send it all the same when told to."""
        notice = self.show_notice(severity, text, reasons)
        self._told_obstacles = True
        notice.add_action("Send anyway", self._send_anyway, object_name="send-anyway").setFocus()
        return notice

    def _ask_about(self, lost: MentionGone) -> None:
        """Say which images are mentioned and gone, and offer to mention them no more."""
        notice = self._ask_first(
            Severity.WARNING, "An image that you mention is gone", [words.sentence(lost)]
        )
        several = "Remove the mention" if len(lost.image_ids) == 1 else "Remove the mentions"
        notice.add_action(
            several, lambda: self.mentions.take_out(lost.image_ids), object_name="remove-mentions"
        )

    def _send_anyway(self) -> None:
        self.dismiss_notice()
        if not self._answering and not self.draft.is_empty:
            self.send_asked.emit(self.draft)

    def choose_files(self) -> None:
        """Ask for image files. The dialog does not block: the window goes on."""
        dialog = QFileDialog(self, "Add images", self._folder, IMAGE_FILES)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.setObjectName("open-images")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.directoryEntered.connect(self._remember_folder)
        dialog.filesSelected.connect(self._take_files)
        dialog.open()

    def ask_link(self) -> None:
        """Ask for the address of an image on the web."""
        self.links.ask(self.images.rowCount())

    def _remember_folder(self, folder: str) -> None:
        self._folder = folder

    def _take_files(self, names: list[str]) -> None:
        paths = tuple(map(Path, names))
        self._remember_folder(str(paths[0].parent))
        self._bring(Incoming(paths=paths))

    def paste(self) -> bool:
        """Take images from the clipboard; tell whether there were any.

        They go behind the current card while the strip has the keyboard, else to the end.
        """
        mime = QGuiApplication.clipboard().mimeData()
        if not incoming.pastes_images(mime):
            return False
        current = self.strip.currentIndex()
        self._bring(incoming.read(mime), current.row() + 1 if self.strip.hasFocus() else None)
        return True

    def _tell_unread(self, missing: int) -> None:
        text = f"{words.counted(missing, 'image')} could not be copied yet"
        self.show_notice(Severity.NOTE, text, ["Copy again when it has been read: its card says so."])

    def _bring(self, brought: Incoming, row: int | None = None) -> None:
        self.dismiss_notice()
        place = self.images.rowCount() if row is None else row
        if brought.cards:
            self.cards.add_copies(brought.cards, place)
        if brought.links:
            self.links.offer(brought.links, place)
        if brought.is_empty:
            self.show_notice(
                Severity.WARNING, "The image could not be taken over.", ["Save it as a file and drop that."]
            )
        if brought.paths or brought.pasted:
            self.images_brought.emit(brought, place)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._notices = NoticePlace(self._column, 0, "composer-notice", self)
        self._column.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        self._column.setSpacing(Space.S)
        self._column.addWidget(self.editing)
        self._column.addWidget(self.downloads)
        self._column.addWidget(self.reading)
        self._column.addWidget(self.strip)
        self._column.addWidget(self.prompt)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._add)
        row.addWidget(self._add_link)
        row.addWidget(self._templates)
        row.addWidget(self.screenshot)
        row.addStretch(1)
        self._totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._totals, 10)
        row.addWidget(self._send)
        self._column.addLayout(row)

    def _connect(self) -> None:
        self.images.draft_changed.connect(self.draft_changed)
        self.images.draft_changed.connect(self._show_buttons)
        self.strip.move_asked.connect(self.cards.move)
        self.strip.label_asked.connect(self.cards.ask_label)
        self.strip.removal_asked.connect(self.cards.remove)
        self.strip.copy_asked.connect(self.cards.copy)
        self.strip.cut_asked.connect(self.cards.cut)
        self.strip.duplicate_asked.connect(self.cards.duplicate)
        self.strip.leave_out_asked.connect(self.cards.leave_out)
        self.strip.position_asked.connect(self.cards.ask_position)
        self.cards.unread.connect(self._tell_unread)
        self.thumbnail_arrived.connect(self.cards.show_thumbnail)
        self.strip.dropped.connect(self._bring)
        self.strip.more_asked.connect(self.choose_files)
        self.strip.menu_asked.connect(self._open_menu)
        self.strip.open_asked.connect(self.see_asked)
        self.strip.edit_asked.connect(self.edit_asked)
        self.strip.current_changed.connect(self.image_chosen)
        self.prompt.edited.connect(self._note_typing)
        self.mentions.shown.connect(lambda image_id: self.strip.select([image_id]))
        self.thumbnail_arrived.connect(self.mentions.show_thumbnail)
        self.prompt.images_pasted.connect(self._bring)
        self.prompt.send_asked.connect(self.send)
        self.prompt.focus_changed.connect(self.set_focused)
        self.prompt.images_hovered.connect(self.set_target)
        self.prompt.undo_asked.connect(self.history.undo)
        self.prompt.redo_asked.connect(self.history.redo)
        self._add.clicked.connect(self.choose_files)
        self._add_link.clicked.connect(self.ask_link)
        self._templates.clicked.connect(self.templates_asked)
        self._send.clicked.connect(self._send_or_stop)

    def _send_or_stop(self) -> None:
        if self._answering:
            self.stop_asked.emit()
        else:
            self.send()

    def _show_buttons(self) -> None:
        self._send.setText("Stop" if self._answering else "Send")
        self._send.set_hint("Esc" if self._answering else "Ctrl+↵")
        self._send.set_kind(Kind.PLAIN if self._answering else Kind.PRIMARY)
        self._send.set_icon("stop" if self._answering else None)
        self._send.setEnabled(self._answering or not self.draft.is_empty)

    def _note_typing(self, change: TextChange) -> None:
        self.history.note_typing(change)
        self.images.set_passage(self.prompt.passage)

    def _apply_text(self, change: TextChange) -> None:
        self.prompt.apply(change)
        self.images.set_passage(self.prompt.passage)

    def _open_menu(self, position: QPoint) -> None:
        card_menu(self, self.strip.selected_ids()).popup(position)

    # Qt's overrides: a drop anywhere on the box goes to the end of the strip

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.is_welcome(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.set_target(True)

    def set_target(self, target: bool) -> None:
        """Show where what is dragged over the window would go."""
        super().set_target(target)
        self._totals.setText("Drop to add at the end" if target else self._totals_text)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.set_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.set_target(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._bring(incoming.read(event.mimeData()))


def _sentences(findings: Iterable[Finding]) -> list[str]:
    return [words.sentence(finding) for finding in findings]


def _usual_folder() -> str:
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return pictures if QDir(pictures).exists() else QDir.homePath()
