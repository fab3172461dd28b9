"""Opens the viewer on an image, leafs through those beside it, and follows what changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from vision_studio.core.conversation import SentImage, Turn
from vision_studio.core.draft import Image
from vision_studio.core.sight_events import OriginalReady, SightFailed, SightReady, TextMeasured
from vision_studio.core.sights import Look, Sight, observers, sight
from vision_studio.core.tiling import Box, larger_parts
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.desk import Desk
from vision_studio.ui.pixels import image_of
from vision_studio.ui.viewer.dialog import SightDialog
from vision_studio.ui.viewer.subject import Subject, Ways


class _Place(NamedTuple):
    """An image among those that are leafed through: of the draft, or of a turn."""

    image_id: str
    turn_id: str | None


class Viewing(QObject):
    """Stands between the viewer and the open session."""

    def __init__(
        self,
        bridge: EngineBridge,
        desk: Desk,
        composer: Composer,
        thumbnail: Callable[[str], QImage | None],
        today: Callable[[], date],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._desk = desk
        self._composer = composer
        self._thumbnail = thumbnail
        self._today = today
        self._window = window
        self.crop: Callable[[Image], object] | None = None
        """Has an image of the draft cropped; None while there is nothing that can."""
        self._dialog: SightDialog | None = None
        self._at: _Place | None = None
        self._shown: Subject | None = None
        self._has_original = False
        self._tickets = 0
        self._ticket = ""
        bridge.sight_ready.connect(self._show_pixels)
        bridge.original_ready.connect(self._show_original)
        bridge.sight_failed.connect(self._show_failure)
        bridge.text_measured.connect(self._show_text)
        composer.image_chosen.connect(self._follow)
        desk.appraised.connect(lambda _: self._renew())
        desk.session_shown.connect(lambda _: self._renew())

    @property
    def dialog(self) -> SightDialog:
        """The viewer, made when it is first wanted."""
        if self._dialog is None:
            dialog = self._dialog = SightDialog(self._window)
            dialog.look_asked.connect(self._ask)
            dialog.step_asked.connect(self.step)
            dialog.left.connect(self._leave)
            dialog.split_asked.connect(self._split)
            dialog.crop_asked.connect(self._crop)
        return self._dialog

    def open(self, image: Image | None, turn_id: str | None = None) -> None:
        """Show an image of the draft; or, where the turn is told or it is in none, one that was sent."""
        place = self._find(image, turn_id)
        if place is None:
            return
        self._show(place)
        self.dialog.take_size()
        self.dialog.show()
        self.dialog.activateWindow()

    def open_number(self, number: int) -> None:
        """Show the draft's image of a number."""
        images = self._composer.images
        if number in images.numbers:
            self.open(images.image(images.numbers.index(number)))

    def step(self, by: int) -> None:
        """Go on to an image beside the one that is shown."""
        row = self._shown.place + by if self._shown is not None else -1
        ids = [] if self._at is None else self._ids(self._at.turn_id)
        if self._at is None or not 0 <= row < len(ids):
            return
        self._show(_Place(ids[row], self._at.turn_id))
        if self._at.turn_id is None:
            self._composer.strip.select([ids[row]])

    def _follow(self, image: Image | None) -> None:
        """Show the image that is chosen in the strip while an image of it is shown."""
        at = self._at
        if image is not None and at is not None and at.turn_id is None and image.id != at.image_id:
            self._show(_Place(image.id, None))

    # Which image

    def _find(self, image: Image | None, turn_id: str | None) -> _Place | None:
        session = self._desk.session
        if image is None or session is None:
            return None
        if turn_id is None and self._composer.draft.row(image.id) is None:
            turns = [turn for turn in session.turns if any(one.image.id == image.id for one in turn.images)]
            turn_id = turns[-1].id if turns else None
            if turn_id is None:
                return None
        return _Place(image.id, turn_id)

    def _turn(self, turn_id: str) -> Turn | None:
        turns = () if self._desk.session is None else self._desk.session.turns
        return next((turn for turn in turns if turn.id == turn_id), None)

    def _ids(self, turn_id: str | None) -> list[str]:
        if turn_id is None:
            return [image.id for image in self._composer.draft.images]
        turn = self._turn(turn_id)
        return [] if turn is None else [one.image.id for one in turn.images]

    def _subject(self, place: _Place) -> Subject | None:
        """Return what is to be shown at a place; None once there is nothing any more."""
        session, seen = self._desk.session, self._desk.seen
        if session is None or seen is None:
            return None
        if place.turn_id is not None:
            turn = self._turn(place.turn_id)
            ids = self._ids(place.turn_id)
            if turn is None or place.image_id not in ids:
                return None
            row = ids.index(place.image_id)
            sent = turn.images[row]
            looks = self._looks(sent.image, turn.answer.model_id, seen.appraisal.images_in_request, sent)
            return Subject(sent.image, sent.shown, row, len(ids), looks, was_sent=True)
        draft = self._composer.draft
        found = draft.row(place.image_id)
        if found is None:
            return None
        image = draft.images[found]
        looks = self._looks(image, session.model_id, seen.appraisal.images_in_request)
        return Subject(image, self._composer.images.numbers[found], found, len(draft.images), looks)

    def _looks(
        self, image: Image, model_id: str, images_in_request: int, sent: SentImage | None = None
    ) -> tuple[tuple[Look, Sight], ...]:
        if image.size is None or (image.url is not None and image.digest is None):
            return ()
        catalogue = self._desk.numbers.catalogue
        rendition = None if sent is None else sent.rendition
        looks = []
        for model in observers(catalogue.model(model_id), catalogue, self._today()):
            look = Look(image, model.tier, catalogue.limits, images_in_request, rendition)
            if (found := sight(look, model)) is not None:
                looks.append((look, found))
        return tuple(looks)

    # Showing it

    def _show(self, place: _Place) -> None:
        subject = self._subject(place)
        if subject is None:
            return
        self._at, self._shown, self._has_original = place, subject, False
        key = subject.image.pixels
        self.dialog.show_subject(subject, self._thumbnail(key) if key is not None else None)
        self.dialog.show_text(self._desk.numbers.text(subject.image), self._ways(subject))
        self._ask(0)

    def _renew(self) -> None:
        """Follow what was changed of the image, of the request around it, or of the model."""
        if self._dialog is None or not self._dialog.isVisible() or self._at is None or self._shown is None:
            return
        before, subject = self._shown, self._subject(self._at)
        if subject is None:
            self._dialog.close()
            return
        if subject == before:
            return
        if subject.image.pixels != before.image.pixels:
            self._show(self._at)
            return
        self._shown = subject
        looking = min(self._dialog.looking, max(0, len(subject.looks) - 1))
        if _of(subject.looks) != _of(before.looks):
            self._dialog.renew_subject(subject, looking=looking)
            self._ask(looking)
        else:
            self._dialog.rename_subject(subject)

    def _ask(self, looking: int) -> None:
        self._tickets += 1
        self._ticket = f"sight-{self._tickets}"
        if self._shown is not None and self._shown.looks:
            look, _ = self._shown.looks[looking]
            self._bridge.sights.show(self._ticket, look, original=not self._has_original)

    def _ways(self, subject: Subject) -> Ways:
        """Return what can be done for text that is shown too small: nothing, once it was sent."""
        if subject.was_sent or not subject.looks or subject.image.url is not None:
            return Ways()
        return Ways(crop=self.crop is not None, parts=len(self._parts(subject)))

    def _parts(self, subject: Subject) -> tuple[Box, ...]:
        """Return the parts that an image can be cut into, each of which is seen larger."""
        size = subject.image.edited_size
        return () if size is None else larger_parts(size, subject.looks[0][0].tier)

    def _split(self) -> None:
        if self._shown is not None and len(boxes := self._parts(self._shown)) > 1:
            self._desk.split(self._shown.image, boxes)

    def _crop(self) -> None:
        if self._shown is not None and self.crop is not None:
            self.crop(self._shown.image)

    def _leave(self) -> None:
        self._ticket, self._at, self._shown = "", None, None
        if self._dialog is not None:
            self._dialog.drop_pixels()
        self._bridge.sights.dismiss()

    # What the engine tells

    def _show_pixels(self, ready: SightReady) -> None:
        if ready.ticket == self._ticket and self._dialog is not None:
            pixels = image_of(ready.seen.width, ready.seen.height, ready.rgba)
            self._dialog.show_pixels(ready.rendition, ready.seen, pixels)

    def _show_original(self, ready: OriginalReady) -> None:
        if ready.ticket == self._ticket and self._dialog is not None:
            self._has_original = True
            pixels = image_of(ready.shown.width, ready.shown.height, ready.rgba)
            self._dialog.show_original(ready.whole, ready.shown, pixels)

    def _show_text(self, measured: TextMeasured) -> None:
        shown = self._shown
        if shown is not None and self._dialog is not None and measured.key == shown.image.pixels:
            self._dialog.show_text(measured.text, self._ways(shown))

    def _show_failure(self, failed: SightFailed) -> None:
        if failed.ticket == self._ticket and self._dialog is not None:
            self._dialog.show_failure(failed.failure)


def _of(looks: Sequence[tuple[Look, Sight]]) -> list[object]:
    """Return what the pixels depend on."""
    return [
        (replace(look.image, name="", label="", included=True), look.rendition, found.sent, found.seen)
        for look, found in looks
    ]
