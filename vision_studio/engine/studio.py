"""The commands the window and the command line may give; what comes of them arrives as events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Session, Turn
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    Counted,
    Event,
    KeySource,
    Noticed,
    PreferencesRead,
    SpendChanged,
    TurnEnded,
    TurnStarted,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.fitting import sent_size
from vision_studio.core.links import name_at
from vision_studio.core.listing import ModelEdit
from vision_studio.core.mending import Choice
from vision_studio.core.numbering import Numbering
from vision_studio.core.pasted import Pasted
from vision_studio.core.request_settings import RequestSettings
from vision_studio.core.tiling import Box
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.branch_commands import BranchCommands
from vision_studio.engine.file_commands import FileCommands
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.options import Options
from vision_studio.engine.portable_commands import PortableCommands
from vision_studio.engine.rescue_commands import RescueCommands
from vision_studio.engine.search_commands import SearchCommands
from vision_studio.engine.shelf_commands import ShelfCommands
from vision_studio.engine.sight_commands import SightCommands
from vision_studio.engine.tasks import Tasks
from vision_studio.engine.template_commands import TemplateCommands
from vision_studio.engine.usage_commands import UsageCommands
from vision_studio.imaging.refusal import Refused

if TYPE_CHECKING:
    from vision_studio.engine.outside import Practice
    from vision_studio.engine.parts import Assemble, Parts

logger = logging.getLogger(__name__)


class Studio:
    """One data folder and what can be done with it.

    Every method is called on the engine's thread, after ``start`` and before ``close``. What is wrong with a
    command is raised as ``Failed``; ``EngineThread.post`` reports it.
    """

    def __init__(
        self, report: Callable[[Event], None], assemble: Assemble, data_dir: Path | None = None
    ) -> None:
        self._report = report
        self._assemble = assemble
        self._opened: Parts | None = None
        self._why_closed = Failure(FailureKind.STORAGE, "The data folder is not open.")
        self._closing = AsyncExitStack()
        self._tasks = Tasks(self._notice)
        self._thumbnails: set[str] = set()
        self._waiting: dict[str, asyncio.Task[None]] = {}
        """Questions that wait for their pictures to be read, by session."""
        self._again: dict[str, str] = {}
        """Turns to ask again once the answers that are being stopped have ended, by session."""
        self._ending = False
        self.files = FileCommands(lambda: self._parts)
        self.branches = BranchCommands(lambda: self._parts, self._free)
        self.templates = TemplateCommands(lambda: self._parts, report)
        self.usage = UsageCommands(lambda: self._parts, report)
        self.sights = SightCommands(lambda: self._parts)
        self.portable = PortableCommands(lambda: self._parts, report)
        self.search = SearchCommands(lambda: self._parts, report)
        self.shelf = ShelfCommands(lambda: self._parts, report, self._end)
        self.rescue = RescueCommands(data_dir, self.start, report)

    def start(self) -> None:
        """Open the data folder and tell what is in it. Once it is open, nothing happens.

        Raises ``Failed``, and then every command does, until another try succeeds.
        """
        if self._opened is not None:
            return
        try:
            parts = self._assemble(self._tell, self._turn_ended, self._closing)
        except Exception as error:
            failure = self._why_closed = failure_of(error)
            nowhere = ConnectionChanged(
                ConnectionKind.PRACTICE, ConnectionState.FAILED, "", KeySource.NONE, failure=failure
            )
            self._report(nowhere)
            raise Failed(failure) from error
        self._opened = parts
        self._closing.push_async_callback(self._tasks.close)
        self._start(self._connect(parts), "connect")
        for step in (
            parts.turns.end_lost,
            self._tell_preferences,
            parts.models.tell,
            parts.accuracy.tell,
            self.shelf.list,
            self.shelf.list_tags,
            self._tell_spend,
            self._open_last,
        ):
            try:
                step()
            except Failed as error:
                self._notice(error)

    async def close(self) -> None:
        """Save, end what is under way, and close everything, last things first."""
        self._ending = True
        if self._opened is not None:
            try:
                self._opened.reading.keep()
            except Failed as error:
                self._notice(error)
        await self._closing.aclose()
        self._opened = None

    # Sessions

    def new_session(self) -> None:
        self._parts.library.open_new()

    def open_session(self, session_id: str) -> None:
        parts = self._parts
        parts.turns.catch_up(session_id)
        unread = parts.reading.mend(session_id)
        parts.library.open(session_id)
        if unread is not None:
            self._report(unread)

    def rename_session(self, session_id: str, title: str) -> None:
        self._parts.library.rename(session_id, title)

    def delete_session(self, session_id: str) -> None:
        title = self._parts.home.sessions.summary(session_id).title
        self._end(session_id)
        self._parts.library.delete(session_id)
        self.files.tell_unneeded(session_id, title)

    def restore_session(self, session_id: str) -> None:
        self._parts.library.restore(session_id)
        self.open_session(session_id)

    def save_draft(self, session_id: str, draft: Draft) -> None:
        """Keep the draft. ``DraftSaved`` comes of it, or ``Noticed`` about the session: then it is not kept.

        Who sends it may not have heard yet of pictures that have been read; we have.
        """
        parts, draft = self._parts, self._parts.importer.caught_up(draft)
        try:
            parts.library.save_draft(session_id, draft)
            if parts.uploader.settings.ahead:
                parts.ahead.follow(parts.home.sessions.load(session_id).before(draft), draft)
        except Failed as error:
            self._report(Noticed(error.failure, session_id))

    def set_model(self, session_id: str, model_id: str) -> None:
        self._parts.library.set_model(session_id, model_id)

    def set_system(self, session_id: str, text: str) -> None:
        self._parts.library.set_system(session_id, text)

    def set_request_settings(self, session_id: str, settings: RequestSettings) -> None:
        self._parts.library.set_settings(session_id, settings)

    def set_numbering(self, session_id: str, numbering: Numbering) -> None:
        self._parts.library.set_numbering(session_id, numbering)

    # Pictures

    async def add_files(self, session_id: str, row: int, paths: Sequence[Path]) -> None:
        await self._parts.importer.add_files(session_id, row, paths)

    async def add_pasted(self, session_id: str, row: int, pasted: Sequence[Pasted]) -> None:
        await self._parts.pasted.add(session_id, row, pasted)

    async def download(self, session_id: str, row: int, address: str) -> None:
        """Fetch what is at a web address and show it as a card; the address is not kept."""
        parts = self._parts
        fetching = parts.downloads.fetch(session_id, address)
        await parts.importer.add_kept(session_id, row, name_at(address), fetching)

    async def look_at(self, session_id: str, image: Image) -> None:
        """Fetch a picture that stays at its address, to learn its size and show it."""
        if image.url is not None:
            fetching = self._parts.downloads.fetch(session_id, image.url)
            await self._parts.importer.look_at(session_id, image, fetching)

    async def split_image(self, session_id: str, image: Image, boxes: Sequence[Box]) -> None:
        """Make pictures of the parts of one; ``ImageSplit`` tells which."""
        await self._parts.importer.split(session_id, image, boxes)

    async def replace_image(self, session_id: str, image: Image, path: Path) -> None:
        """Read a file that is to take a picture's place; ``ImageReplaced`` tells what it holds."""
        await self._parts.importer.replace(session_id, image, path)

    def cancel_download(self, session_id: str, address: str) -> None:
        self._parts.downloads.cancel(session_id, address)

    async def add_samples(self, session_id: str, row: int) -> None:
        await self._parts.importer.add_files(session_id, row, self._parts.options.samples)

    def want_images(self, session_id: str, image_ids: Sequence[str]) -> None:
        """Read these before the others: their cards are on the screen."""
        self._parts.importer.want(image_ids)

    async def lend_images(self, ticket: str, images: Sequence[Image]) -> None:
        await self._parts.exporter.lend(ticket, images)

    async def encode_image(self, ticket: str, image: Image) -> None:
        await self._parts.exporter.encode(ticket, image)

    async def save_image(self, image: Image, path: Path) -> None:
        await self._parts.exporter.save(image, path)

    async def save_images(self, images: Sequence[Image], folder: Path) -> None:
        await self._parts.exporter.save_all(images, folder)

    def stop_looking(self, session_id: str) -> None:
        """Show no further pictures of what was dropped."""
        self._parts.importer.stop_looking(session_id)

    def cancel_images(self, session_id: str, image_ids: Sequence[str]) -> None:
        """Stop reading pictures that were taken off the strip."""
        self._parts.importer.cancel(image_ids)

    def resume_images(self, session_id: str, image_ids: Sequence[str]) -> None:
        """Read them after all: they are back on the strip."""
        self._parts.importer.resume(image_ids)

    async def images_read(self) -> None:
        """Wait until every picture that was added has been read, and told of."""
        await self._parts.importer.idle()

    def need_thumbnails(self, keys: Sequence[str]) -> None:
        for key in keys:
            if key not in self._thumbnails:
                self._thumbnails.add(key)
                self._start(self._show_thumbnail(key), "thumbnail")

    async def show_picture(self, image: Image, model_id: str, images_in_request: int) -> None:
        """Show what a model would see of a stored picture in a request of so many."""
        models = self._parts.models
        tier, limits = models.model(model_id).tier, models.limits
        sent = sent_size(image, tier, limits, images_in_request)
        if sent is None:
            return
        from vision_studio.imaging.rendition import Recipe  # with the rest of the engine, not with the window

        recipe = Recipe.of(image, sent, image.fidelity, limits.image_base64_bytes)
        if (server := self._parts.connection.in_use) is not None:
            self._parts.server_uploads.tell_of(image, server)
        self._report(await self._parts.importer.picture(image, recipe))

    # Turns

    def send(
        self,
        session_id: str,
        draft: Draft,
        model_id: str,
        system: str,
        settings: RequestSettings | None = None,
    ) -> None:
        """Ask with the draft's included pictures and its text; ``settings`` None: as the session asks.

        Either ``TurnStarted`` and later one ``TurnEnded`` come of it, or ``Noticed`` and the session opened
        anew with the draft in it. Pictures that are still being read are waited for; until then the question
        is a draft, and ``stop`` leaves it one.
        """
        if session_id in self._waiting or all(image.is_read for image in draft.included):
            self._send(session_id, draft, model_id, system, settings)
            return
        self.save_draft(session_id, draft)
        waiting = self._tasks.start(
            self._send_when_read(session_id, draft, model_id, system, settings), "send"
        )
        self._waiting[session_id] = waiting

    def resume(self, session_id: str, turn_id: str) -> None:
        """Have the model go on with its last answer, in which it paused."""
        self._free(session_id)
        self._ask(self._parts.library.resume(session_id, turn_id), again=True, resumed=True)

    def retry(self, session_id: str, turn_id: str) -> None:
        """Ask a question again: in its place if it is the last one and got no answer, else beside it.

        What was said stays, as another version. An answer that still comes, or has fallen silent, is stopped
        first.
        """
        if self._parts.turns.is_answering(session_id):
            self._again[session_id] = turn_id
            self._parts.turns.stop(session_id)
            return
        self._free(session_id)
        self._ask(self._parts.library.ask_again(session_id, turn_id), again=True)

    async def mend(
        self, session_id: str, turn_id: str, choices: Sequence[Choice], limit_px: int | None
    ) -> None:
        """Change pictures that the last question could not be sent with, and ask it again.

        ``Noticed`` about the session comes of a replacement that cannot be used: then nothing is changed.
        """
        self._free(session_id)
        try:
            await self._parts.mending.apply(session_id, choices, limit_px)
        except Refused as error:
            self._report(Noticed(failure_of(error), session_id))
            return
        self._parts.library.show_again(session_id)
        self.retry(session_id, turn_id)

    def ask_elsewhere(self, session_id: str, turn_id: str) -> None:
        """Ask the last question, to which nothing was said, in a session of its own: it becomes its draft."""
        self._free(session_id)
        self._parts.library.ask_elsewhere(session_id, turn_id)

    def take_back(self, session_id: str, turn_id: str) -> None:
        """Put the last question, to which nothing was said, back into the draft."""
        self._free(session_id)
        self._parts.library.take_back(session_id, turn_id)

    def stop(self, session_id: str) -> None:
        """End the answer at once, and keep what arrived; a question that is still waiting is not asked."""
        self._parts.turns.stop(session_id)
        if (waiting := self._waiting.pop(session_id, None)) is not None:
            waiting.cancel()
            self._parts.library.open(session_id)

    async def count_tokens(self, session_id: str, draft: Draft, model_id: str, system: str) -> None:
        """Have the server count what a draft would cost to be read. ``TokensCounted`` comes of the newest."""
        session = self._parts.home.sessions.load(session_id)
        asked = replace(session.before(draft), model_id=model_id, system=system)
        await self._parts.counting.count(asked, draft, self._parts.connection.server)

    def forget_estimates(self, model_id: str, tier: str) -> None:
        """Start anew with learning how far the estimates for a model are off."""
        self._parts.accuracy.forget(model_id, tier)

    # Uploads

    def set_uploads(self, settings: UploadSettings) -> None:
        """Keep how pictures travel, and follow it at once."""
        self._parts.uploader.change(settings)
        for name, value in settings.preferences():
            self._parts.home.preferences.set(name, value)

    def cancel_uploads(self, session_id: str | None = None, image_ids: Sequence[str] | None = None) -> None:
        """Cancel the uploads of these cards, of a session, or all there are."""
        self._parts.uploader.cancel(session_id, image_ids)

    # Connection and settings

    async def use_practice(self) -> None:
        await self._parts.connection.use_practice()
        await self._settle()
        await self._learn_models()

    async def use_api(self, base_url: str) -> None:
        await self._parts.connection.use_api(base_url)
        await self._settle()
        await self._learn_models()

    async def store_key(self, key: str) -> None:
        await self._parts.connection.store_key(key)
        await self._settle()
        await self._learn_models(anew=True)  # another key may see other models

    async def forget_key(self) -> None:
        await self._parts.connection.forget_key()
        await self._settle()
        await self._learn_models()

    async def list_models(self) -> None:
        """Ask the server in use for its models now, however young the list is."""
        await self._learn_models(anew=True)

    def edit_model(self, edit: ModelEdit) -> None:
        self._parts.models.edit(edit)

    def forget_model_edit(self, model_id: str) -> None:
        self._parts.models.forget_edit(model_id)

    def set_preference(self, name: str, value: str) -> None:
        self._parts.home.preferences.set(name, value)

    def misbehave(self, fault: str) -> None:
        """Have the practice server do something wrong next. Raises ``KeyError`` for an unknown name."""
        self._parts.connection.misbehave(self._parts.options.mishaps[fault])

    @property
    def _parts(self) -> Parts:
        if self._opened is None:
            raise Failed(self._why_closed)
        return self._opened

    def _open_last(self) -> None:
        """Open the session that was open when the application ended, else an empty one."""
        last = self._parts.home.sessions.last_opened()
        if last is not None:
            try:
                self.open_session(last)
                return
            except Failed as error:
                self._notice(error)
        self._parts.library.open_new()

    def _end(self, session_id: str) -> None:
        """Stop what is under way in a session that goes."""
        if (waiting := self._waiting.pop(session_id, None)) is not None:
            waiting.cancel()
        self._parts.turns.stop(session_id)

    async def _connect(self, parts: Parts) -> None:
        await parts.connection.choose()
        await parts.connection.preload()
        self._go_on_deleting(parts)
        await self._learn_models()

    async def _learn_models(self, *, anew: bool = False) -> None:
        await self._parts.models.follow(self._parts.connection.in_use, anew=anew)

    async def _settle(self) -> None:
        """Close the doors of connections that were left, unless an answer still comes through one."""
        parts = self._parts
        if parts.turns.is_idle and parts.uploader.is_idle and parts.server_uploads.is_idle:
            await parts.connection.close_retired()
        self._go_on_deleting(parts)

    def _go_on_deleting(self, parts: Parts) -> None:
        if (server := parts.connection.in_use) is not None:
            parts.server_uploads.go_on(server)

    async def _send_when_read(
        self, session_id: str, draft: Draft, model_id: str, system: str, settings: RequestSettings | None
    ) -> None:
        try:
            read = [await self._parts.importer.stored(image) for image in draft.included]
        except Refused as error:
            del self._waiting[session_id]
            # The draft may have been changed while it waited, and is kept: it is the one to show.
            self._report(Noticed(failure_of(error), session_id))
            self._parts.library.open(session_id)
        else:
            del self._waiting[session_id]
            self._send(session_id, draft.with_replaced(read), model_id, system, settings)

    def _send(
        self, session_id: str, draft: Draft, model_id: str, system: str, settings: RequestSettings | None
    ) -> None:
        try:
            self._free(session_id)
            session = self._parts.library.ask(session_id, draft, model_id, system)
            before = replace(session, turns=session.turns[:-1])
            counted = self._parts.counting.last(Counted.of(before, draft))
            if counted is not None:
                self._parts.accuracy.expect_count(session.turns[-1].id, counted)
        except Exception as error:  # noqa: BLE001  # whoever sent it waits for an outcome, whatever went wrong
            self._not_sent(session_id, draft, failure_of(error))
        else:
            self._ask(session if settings is None else replace(session, settings=settings))

    def _not_sent(self, session_id: str, draft: Draft, failure: Failure) -> None:
        self._report(Noticed(failure, session_id))
        self._parts.library.give_back(session_id, draft)
        self.save_draft(session_id, draft)

    def _ask(self, session: Session, *, again: bool = False, resumed: bool = False) -> None:
        """Have a session's last turn, which is saved, answered."""
        turn = session.turns[-1]
        if len(session.versions_of(turn.id)) > 1:
            self._parts.library.show_turns(session.id)
        self._parts.ahead.leave(session.id)
        answer = replace(turn.answer, practice=self._parts.connection.practises)
        self._report(TurnStarted(session.id, replace(turn, answer=answer), again))
        self._parts.library.tell(session.id)
        self._parts.turns.start(session, self._parts.connection.server, resumed=resumed)

    def _free(self, session_id: str) -> None:
        if session_id in self._waiting or self._parts.turns.is_answering(session_id):
            raise Failed(Failure(FailureKind.BAD_REQUEST, "An answer is still on its way"))
        self._parts.turns.keep_endings()  # what is asked next follows them

    def _turn_ended(self, session_id: str) -> None:
        if (turn_id := self._again.pop(session_id, None)) is not None and not self._ending:
            try:
                self.retry(session_id, turn_id)
            except Failed as error:
                self._notice(error)
        self._parts.library.tell(session_id)
        self._tell_spend()
        if not self._ending:
            self._start(self._settle(), "settle")

    async def _show_thumbnail(self, key: str) -> None:
        try:
            self._report(await self._parts.importer.thumbnail(key))
        except (Refused, OSError) as error:
            # The card keeps its placeholder; a picture that cannot be sent is told of when it is sent.
            logger.info("No thumbnail: %s", type(error).__name__)
        finally:
            self._thumbnails.discard(key)

    def _tell(self, event: Event) -> None:
        if self._opened is not None:
            self._opened.reading.watch(event)
            if isinstance(event, TurnEnded):
                self._compare(event.turn)
        self._report(event)

    def _compare(self, turn: Turn) -> None:
        try:
            self._parts.accuracy.take_bill(turn)
        except Failed as error:
            self._notice(error)

    def _tell_preferences(self) -> None:
        self._report(PreferencesRead(self._parts.home.preferences.all()))

    def _tell_spend(self) -> None:
        usage, now = self._parts.home.usage, datetime.now(UTC).astimezone()
        self._report(SpendChanged(usage.month_total(now), usage.day_total(now), usage.usual_answer_tokens()))

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(coroutine, name)

    def _notice(self, error: BaseException) -> None:
        self._report(Noticed(failure_of(error)))


def build_studio(
    report: Callable[[Event], None],
    catalogue: Catalogue,
    practice: Callable[[Path], Practice],
    options: Options | None = None,
) -> Studio:
    """Return a studio that is not started: nothing is opened yet, on this thread or any other.

    ``report`` is called on the engine's thread. ``practice`` makes the practice server that keeps its uploads
    in a folder; it is started when it is first used.
    """

    def assembled(*arguments: Any) -> Parts:
        # On the engine's thread, when the window is painted: the parts load half of what there is.
        from vision_studio.engine.parts import assemble

        return assemble(catalogue, practice, options or Options(), *arguments)

    return Studio(report, assembled, (options or Options()).data_dir)
