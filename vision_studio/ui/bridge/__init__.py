"""The only door between the window and the engine: commands go one way, events come the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal

from vision_studio.core import (
    branch_events,
    events,
    health_events,
    library_events,
    portable_events,
    server_file_events,
    sight_events,
    spending_events,
    template_events,
)
from vision_studio.core.draft import Draft, Image
from vision_studio.core.listing import ModelEdit
from vision_studio.core.mending import Choice
from vision_studio.core.numbering import Numbering
from vision_studio.core.pasted import Pasted
from vision_studio.core.request_settings import RequestSettings
from vision_studio.core.tiling import Box
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.ui.bridge.branches import BranchBridge
from vision_studio.ui.bridge.files import FilesBridge
from vision_studio.ui.bridge.portable import PortableBridge
from vision_studio.ui.bridge.rescue import RescueBridge
from vision_studio.ui.bridge.search import SearchBridge
from vision_studio.ui.bridge.shelf import ShelfBridge
from vision_studio.ui.bridge.sights import SightBridge
from vision_studio.ui.bridge.templates import TemplatesBridge
from vision_studio.ui.bridge.usage import UsageBridge

if TYPE_CHECKING:
    from vision_studio.engine.studio import Studio
    from vision_studio.engine.thread import EngineThread, Report

    Assemble = Callable[[Report], tuple[EngineThread, Studio]]


class EngineBridge(QObject):
    """Every method posts a command and returns at once; what comes of it arrives as a signal."""

    connection_changed = Signal(object)
    sessions_listed = Signal(object)
    session_opened = Signal(object)
    session_changed = Signal(object)
    session_deleted = Signal(object)
    sessions_deleted = Signal(object)
    sessions_archived = Signal(object)
    sessions_found = Signal(object)
    tags_listed = Signal(object)
    draft_saved = Signal(object)
    images_found = Signal(object)
    images_stored = Signal(object)
    images_refused = Signal(object)
    import_progressed = Signal(object)
    documents_found = Signal(object)
    image_split = Signal(object)
    image_replaced = Signal(object)
    download_progressed = Signal(object)
    download_ended = Signal(object)
    thumbnail_ready = Signal(object)
    first_look = Signal(object)
    picture_ready = Signal(object)
    sight_ready = Signal(object)
    original_ready = Signal(object)
    sight_failed = Signal(object)
    text_measured = Signal(object)
    images_lent = Signal(object)
    picture_encoded = Signal(object)
    images_saved = Signal(object)
    upload_progressed = Signal(object)
    transfer_progressed = Signal(object)
    uploaded = Signal(object)
    upload_failed = Signal(object)
    upload_known = Signal(object)
    orphans_found = Signal(object)
    deletions_changed = Signal(object)
    files_listed = Signal(object)
    files_renewed = Signal(object)
    uploads_unneeded = Signal(object)
    branch_shown = Signal(object)
    turn_started = Signal(object)
    text_arrived = Signal(object)
    thought_arrived = Signal(object)
    retry_delayed = Signal(object)
    answer_silent = Signal(object)
    turn_ended = Signal(object)
    turn_removed = Signal(object)
    key_checked = Signal(object)
    spend_changed = Signal(object)
    catalogue_changed = Signal(object)
    tokens_counted = Signal(object)
    count_checked = Signal(object)
    estimates_compared = Signal(object)
    preferences_read = Signal(object)
    templates_told = Signal(object)
    templates_imported = Signal(object)
    templates_exported = Signal(object)
    spending_told = Signal(object)
    spending_saved = Signal(object)
    portable_progressed = Signal(object)
    sessions_exported = Signal(object)
    sessions_imported = Signal(object)
    portable_failed = Signal(object)
    code_ready = Signal(object)
    code_saved = Signal(object)
    folder_mended = Signal(object)
    noticed = Signal(object)
    stopped = Signal(object)

    _reported = Signal(object)  # emitted on the engine's thread, delivered on ours

    _SIGNALS: Final = {
        events.ConnectionChanged: "connection_changed",
        library_events.SessionsListed: "sessions_listed",
        events.SessionOpened: "session_opened",
        events.SessionChanged: "session_changed",
        events.SessionDeleted: "session_deleted",
        library_events.SessionsDeleted: "sessions_deleted",
        library_events.SessionsArchived: "sessions_archived",
        library_events.SessionsFound: "sessions_found",
        library_events.TagsListed: "tags_listed",
        events.DraftSaved: "draft_saved",
        events.ImagesFound: "images_found",
        events.ImagesStored: "images_stored",
        events.ImagesRefused: "images_refused",
        events.ImportProgressed: "import_progressed",
        events.DocumentsFound: "documents_found",
        events.ImageSplit: "image_split",
        events.ImageReplaced: "image_replaced",
        events.DownloadProgressed: "download_progressed",
        events.DownloadEnded: "download_ended",
        events.ThumbnailReady: "thumbnail_ready",
        events.FirstLook: "first_look",
        events.PictureReady: "picture_ready",
        sight_events.SightReady: "sight_ready",
        sight_events.OriginalReady: "original_ready",
        sight_events.SightFailed: "sight_failed",
        sight_events.TextMeasured: "text_measured",
        events.ImagesLent: "images_lent",
        events.PictureEncoded: "picture_encoded",
        events.ImagesSaved: "images_saved",
        events.UploadProgressed: "upload_progressed",
        events.TransferProgressed: "transfer_progressed",
        events.Uploaded: "uploaded",
        events.UploadFailed: "upload_failed",
        events.UploadKnown: "upload_known",
        events.OrphansFound: "orphans_found",
        events.DeletionsChanged: "deletions_changed",
        server_file_events.FilesListed: "files_listed",
        server_file_events.FilesRenewed: "files_renewed",
        server_file_events.UploadsUnneeded: "uploads_unneeded",
        branch_events.BranchShown: "branch_shown",
        events.TurnStarted: "turn_started",
        events.TextArrived: "text_arrived",
        events.ThoughtArrived: "thought_arrived",
        events.RetryDelayed: "retry_delayed",
        events.AnswerSilent: "answer_silent",
        events.TurnEnded: "turn_ended",
        events.TurnRemoved: "turn_removed",
        events.KeyChecked: "key_checked",
        events.SpendChanged: "spend_changed",
        events.CatalogueChanged: "catalogue_changed",
        events.TokensCounted: "tokens_counted",
        events.CountChecked: "count_checked",
        events.EstimatesCompared: "estimates_compared",
        events.PreferencesRead: "preferences_read",
        template_events.TemplatesTold: "templates_told",
        template_events.TemplatesImported: "templates_imported",
        template_events.TemplatesExported: "templates_exported",
        spending_events.SpendingTold: "spending_told",
        spending_events.SpendingSaved: "spending_saved",
        portable_events.PortableProgressed: "portable_progressed",
        portable_events.SessionsExported: "sessions_exported",
        portable_events.SessionsImported: "sessions_imported",
        portable_events.PortableFailed: "portable_failed",
        portable_events.CodeReady: "code_ready",
        portable_events.CodeSaved: "code_saved",
        health_events.FolderMended: "folder_mended",
        events.Noticed: "noticed",
        events.EngineStopped: "stopped",
    }

    def __init__(self, assemble: Assemble, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reported.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._engine, self._studio = assemble(self._reported.emit)
        self.files = FilesBridge(self._engine.post, self._studio.files)
        self.branches = BranchBridge(self._engine.post, self._studio.branches)
        self.search = SearchBridge(self._engine.post, self._studio.search)
        self.shelf = ShelfBridge(self._engine.post, self._studio.shelf)
        self.templates = TemplatesBridge(self._engine.post, self._studio.templates)
        self.usage = UsageBridge(self._engine.post, self._studio.usage)
        self.sights = SightBridge(self._engine.post, self._studio.sights)
        self.portable = PortableBridge(self._engine.post, self._studio.portable)
        self.rescue = RescueBridge(self._engine.post, self._studio.rescue)
        self.is_running = False
        """What is asked may be answered."""

    def start(self) -> None:
        self.is_running = True
        self._engine.start(self._studio.start, self._studio.close)

    def open_folder(self) -> None:
        """Try again to open the data folder."""
        self._engine.post(self._studio.start)

    def stop(self) -> None:
        """Save, end what is under way, and end the thread. Blocks for as long as that takes."""
        self.is_running = False
        self._engine.stop()

    def _deliver(self, event: events.Event) -> None:
        getattr(self, self._SIGNALS[type(event)]).emit(event)

    # Sessions

    def new_session(self) -> None:
        self._engine.post(self._studio.new_session)

    def open_session(self, session_id: str) -> None:
        self._engine.post(self._studio.open_session, session_id)

    def rename_session(self, session_id: str, title: str) -> None:
        self._engine.post(self._studio.rename_session, session_id, title)

    def delete_session(self, session_id: str) -> None:
        self._engine.post(self._studio.delete_session, session_id)

    def restore_session(self, session_id: str) -> None:
        self._engine.post(self._studio.restore_session, session_id)

    def save_draft(self, session_id: str, draft: Draft) -> None:
        self._engine.post(self._studio.save_draft, session_id, draft)

    def set_model(self, session_id: str, model_id: str) -> None:
        self._engine.post(self._studio.set_model, session_id, model_id)

    def set_system(self, session_id: str, text: str) -> None:
        self._engine.post(self._studio.set_system, session_id, text)

    def set_request_settings(self, session_id: str, settings: RequestSettings) -> None:
        self._engine.post(self._studio.set_request_settings, session_id, settings)

    def set_numbering(self, session_id: str, numbering: Numbering) -> None:
        self._engine.post(self._studio.set_numbering, session_id, numbering)

    # Pictures

    def add_files(self, session_id: str, row: int, paths: Sequence[Path]) -> None:
        self._engine.post(self._studio.add_files, session_id, row, tuple(paths))

    def add_pasted(self, session_id: str, row: int, pasted: Sequence[Pasted]) -> None:
        self._engine.post(self._studio.add_pasted, session_id, row, tuple(pasted))

    def lend_images(self, ticket: str, images: Sequence[Image]) -> None:
        self._engine.post(self._studio.lend_images, ticket, tuple(images))

    def encode_image(self, ticket: str, image: Image) -> None:
        self._engine.post(self._studio.encode_image, ticket, image)

    def save_image(self, image: Image, path: Path) -> None:
        self._engine.post(self._studio.save_image, image, path)

    def save_images(self, images: Sequence[Image], folder: Path) -> None:
        self._engine.post(self._studio.save_images, tuple(images), folder)

    def add_samples(self, session_id: str, row: int) -> None:
        self._engine.post(self._studio.add_samples, session_id, row)

    def download(self, session_id: str, row: int, address: str) -> None:
        self._engine.post(self._studio.download, session_id, row, address)

    def look_at(self, session_id: str, image: Image) -> None:
        self._engine.post(self._studio.look_at, session_id, image)

    def split_image(self, session_id: str, image: Image, boxes: Sequence[Box]) -> None:
        self._engine.post(self._studio.split_image, session_id, image, tuple(boxes))

    def replace_image(self, session_id: str, image: Image, path: Path) -> None:
        self._engine.post(self._studio.replace_image, session_id, image, path)

    def cancel_download(self, session_id: str, address: str) -> None:
        self._engine.post(self._studio.cancel_download, session_id, address)

    def want_images(self, session_id: str, image_ids: Sequence[str]) -> None:
        self._engine.post(self._studio.want_images, session_id, tuple(image_ids))

    def stop_looking(self, session_id: str) -> None:
        self._engine.post(self._studio.stop_looking, session_id)

    def cancel_images(self, session_id: str, image_ids: Sequence[str]) -> None:
        self._engine.post(self._studio.cancel_images, session_id, tuple(image_ids))

    def resume_images(self, session_id: str, image_ids: Sequence[str]) -> None:
        self._engine.post(self._studio.resume_images, session_id, tuple(image_ids))

    def need_thumbnails(self, keys: Sequence[str]) -> None:
        self._engine.post(self._studio.need_thumbnails, tuple(keys))

    def show_picture(self, image: Image, model_id: str, images_in_request: int) -> None:
        self._engine.post(self._studio.show_picture, image, model_id, images_in_request)

    # Turns

    def send(self, session_id: str, draft: Draft, model_id: str, system: str) -> None:
        self._engine.post(self._studio.send, session_id, draft, model_id, system)

    def retry(self, session_id: str, turn_id: str) -> None:
        self._engine.post(self._studio.retry, session_id, turn_id)

    def take_back(self, session_id: str, turn_id: str) -> None:
        self._engine.post(self._studio.take_back, session_id, turn_id)

    def count_tokens(self, session_id: str, draft: Draft, model_id: str, system: str) -> None:
        self._engine.post(self._studio.count_tokens, session_id, draft, model_id, system)

    def resume(self, session_id: str, turn_id: str) -> None:
        self._engine.post(self._studio.resume, session_id, turn_id)

    def mend(self, session_id: str, turn_id: str, choices: Sequence[Choice], limit_px: int | None) -> None:
        self._engine.post(self._studio.mend, session_id, turn_id, tuple(choices), limit_px)

    def ask_elsewhere(self, session_id: str, turn_id: str) -> None:
        self._engine.post(self._studio.ask_elsewhere, session_id, turn_id)

    def stop_answer(self, session_id: str) -> None:
        self._engine.post(self._studio.stop, session_id)

    # Uploads

    def set_uploads(self, settings: UploadSettings) -> None:
        self._engine.post(self._studio.set_uploads, settings)

    def cancel_uploads(self, session_id: str | None, image_ids: Sequence[str] | None = None) -> None:
        self._engine.post(self._studio.cancel_uploads, session_id, image_ids)

    # Connection and settings

    def use_practice(self) -> None:
        self._engine.post(self._studio.use_practice)

    def use_api(self, base_url: str) -> None:
        self._engine.post(self._studio.use_api, base_url)

    def store_key(self, key: str) -> None:
        self._engine.post(self._studio.store_key, key)

    def forget_key(self) -> None:
        self._engine.post(self._studio.forget_key)

    def forget_estimates(self, model_id: str, tier: str) -> None:
        self._engine.post(self._studio.forget_estimates, model_id, tier)

    def list_models(self) -> None:
        self._engine.post(self._studio.list_models)

    def edit_model(self, edit: ModelEdit) -> None:
        self._engine.post(self._studio.edit_model, edit)

    def forget_model_edit(self, model_id: str) -> None:
        self._engine.post(self._studio.forget_model_edit, model_id)

    def set_preference(self, name: str, value: str) -> None:
        self._engine.post(self._studio.set_preference, name, value)

    def misbehave(self, fault: str) -> None:
        self._engine.post(self._studio.misbehave, fault)
