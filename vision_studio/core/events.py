"""What the engine can tell: immutable values that cross to the window, in the order things happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from vision_studio.core.accuracy import Comparison, Correction
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Session, SessionSummary, Turn
from vision_studio.core.documents import Document
from vision_studio.core.draft import Draft, Image
from vision_studio.core.failures import Failure
from vision_studio.core.health_events import FolderMended
from vision_studio.core.library_events import (
    SessionsArchived,
    SessionsDeleted,
    SessionsFound,
    SessionsListed,
    TagsListed,
)
from vision_studio.core.portable_events import PortableEvent
from vision_studio.core.request_settings import RequestSettings
from vision_studio.core.server_file_events import FilesListed, FilesRenewed, UploadsUnneeded
from vision_studio.core.sight_events import OriginalReady, SightFailed, SightReady, TextMeasured
from vision_studio.core.size import Size
from vision_studio.core.spending_events import SpendingSaved, SpendingTold
from vision_studio.core.template_events import TemplatesExported, TemplatesImported, TemplatesTold


class ConnectionKind(StrEnum):
    PRACTICE = "practice"
    """The built-in server on this machine; nothing leaves it."""
    API = "api"
    GATEWAY = "gateway"
    """A server of the user's choosing that speaks the Messages API."""


class ConnectionState(StrEnum):
    STARTING = "starting"
    UNTRIED = "untried"
    """Ready to be used; nothing has been sent yet."""
    CONNECTED = "connected"
    FAILED = "failed"


class KeySource(StrEnum):
    NONE = "none"
    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    THIS_RUN = "this_run"
    """Held in memory only: there is no keyring to be trusted with it."""


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    kind: ConnectionKind
    state: ConnectionState
    base_url: str
    """Without credentials; safe to show."""
    key_source: KeySource
    files_supported: bool | None = None
    """None until an upload was tried."""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class SessionOpened:
    session: Session


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """A session's row in the library is to be shown anew (title, cost, time)."""

    summary: SessionSummary


@dataclass(frozen=True, slots=True)
class SessionDeleted:
    session_id: str


@dataclass(frozen=True, slots=True)
class DraftSaved:
    session_id: str


@dataclass(frozen=True, slots=True)
class ImagesFound:
    """Pictures whose headers were read; they belong at ``row`` of the session's draft, in this order."""

    session_id: str
    row: int
    images: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class ImagesStored:
    """The same pictures, read whole, verified and kept: each now has its digest."""

    session_id: str
    images: tuple[Image, ...]


class RefusalKind(StrEnum):
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    DAMAGED = "damaged"
    EMPTY = "empty"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BYTES = "too_many_bytes"
    FOLDER = "folder"
    SPECIAL_FILE = "special_file"
    NOT_FOUND = "not_found"
    NO_PERMISSION = "no_permission"
    CHANGED = "changed"
    """It vanished or changed while it was being read."""
    DISK_FULL = "disk_full"
    TOO_SLOW = "too_slow"
    NOT_DOWNLOADED = "not_downloaded"
    TOO_MANY_IMAGES = "too_many_images"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be used."""

    name: str
    kind: RefusalKind
    image_id: str | None = None
    """The card to take away, when one was already shown."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ImagesRefused:
    session_id: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class ImageSplit:
    """The parts of a picture, stored, to stand in its place."""

    session_id: str
    image_id: str
    parts: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class ImageReplaced:
    """Another picture was read, to take a card's place."""

    session_id: str
    image_id: str
    image: Image
    """With an id of its own."""


@dataclass(frozen=True, slots=True)
class DocumentsFound:
    """Files with pages, kept, of which somebody is to choose; their cards belong at ``row`` of the draft."""

    session_id: str
    row: int
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class ImportProgressed:
    """How far the pictures of all drops under way are; ``done == total`` ends it."""

    session_id: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DownloadProgressed:
    """How far the file at a web address is; ``total_bytes`` is None where the server does not say."""

    session_id: str
    address: str
    received_bytes: int
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class DownloadEnded:
    """It is here, was refused, or was cancelled: what became of it is told by the events for pictures."""

    session_id: str
    address: str


@dataclass(frozen=True, slots=True)
class ThumbnailReady:
    """Pixels for a card: RGBA, 8 bits each, ``width * 4`` bytes a row, top row first."""

    key: str
    """The picture's ``core.draft.pixels_key``."""
    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The preview a camera embedded, for a card whose picture is still to be read; its pixels are RGBA."""

    image_id: str
    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class PictureReady:
    """What Claude sees of a picture, for the inspector: its pixels, shrunk to what a panel can show.

    The pixels are RGBA, 8 bits each, ``width * 4`` bytes a row, top row first.
    """

    image_id: str
    size: Size
    """Of the rendition itself."""
    media_type: str
    size_bytes: int
    """As it is sent."""
    recoloured: bool
    """The original has colours of another kind than sRGB."""
    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class ImagesLent:
    """Copies of pictures that another program may have; none if that failed."""

    ticket: str
    """What the asker called this."""
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PictureEncoded:
    """A whole picture as a PNG file, for another program; no bytes if that failed."""

    ticket: str
    png: bytes


@dataclass(frozen=True, slots=True)
class ImagesSaved:
    """Pictures were written where the user wanted them."""

    names: tuple[str, ...]
    folder: str
    """Its name, without the way to it."""


@dataclass(frozen=True, slots=True)
class UploadProgressed:
    """One picture's way to the server. All bytes sent means the server is still to answer."""

    session_id: str
    image_id: str
    sent_bytes: int
    total_bytes: int
    bytes_per_s: float | None = None
    """None while there is too little to go by."""
    left_s: float | None = None


@dataclass(frozen=True, slots=True)
class TransferProgressed:
    """How far a session's uploads are together, or those of all sessions; ``done == files`` ends it."""

    session_id: str | None
    """None: all sessions."""
    files: int
    done: int
    sent_bytes: int
    total_bytes: int
    bytes_per_s: float | None = None
    left_s: float | None = None
    waits_for: Failure | None = None
    """Why nothing moves at the moment; it goes on by itself."""


@dataclass(frozen=True, slots=True)
class UploadKnown:
    """Whether a picture is on the server in use, for the inspector."""

    image_id: str
    uploaded: bool
    expires_at: datetime | None = None
    """None, of one that is there: it is kept until it is deleted."""
    inline: bool = False
    """Nothing is uploaded to this server: pictures travel inside requests."""


@dataclass(frozen=True, slots=True)
class OrphansFound:
    """Files on the server in use that uploads left whose answer was lost; nothing here needs them."""

    file_ids: tuple[str, ...]
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DeletionsChanged:
    """How many files are still to be deleted from the server in use, and why that is not done yet."""

    waiting: int
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The picture is on the server. ``file_id`` is None when it goes inline for want of a Files API."""

    session_id: str
    image_id: str
    file_id: str | None
    reused: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UploadFailed:
    session_id: str
    image_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The question is saved and on its way.

    The session's draft is empty now, or what was kept aside while a sent turn was edited.
    """

    session_id: str
    turn: Turn
    again: bool = False
    """It was asked before: the draft stays as it is."""


@dataclass(frozen=True, slots=True)
class TextArrived:
    session_id: str
    turn_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ThoughtArrived:
    """More of the summary of what the model thinks before it answers."""

    session_id: str
    turn_id: str
    text: str


@dataclass(frozen=True, slots=True)
class RetryDelayed:
    """A request failed in a way that costs nothing and often passes: it is sent again by itself."""

    session_id: str
    turn_id: str
    failure: Failure
    wait_s: float


@dataclass(frozen=True, slots=True)
class AnswerSilent:
    """Nothing has arrived for a while. The answer may still go on; whether to wait is for the user to say.

    It is told again while the silence lasts.
    """

    session_id: str
    turn_id: str
    silent_s: float


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The one ending of a turn: answered, stopped, failed or interrupted, as its answer says."""

    session_id: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class TurnRemoved:
    """A turn without an answer was taken back; its question is in the session's draft again."""

    session_id: str
    turn_id: str


@dataclass(frozen=True, slots=True)
class KeyChecked:
    """The outcome of testing or storing a key; no failure means it works and ``stored_in`` tells where."""

    stored_in: KeySource
    failure: Failure | None = None
    not_kept: Failure | None = None
    """Why a key that works is held for this run only."""


@dataclass(frozen=True, slots=True)
class SpendChanged:
    """What was billed in all sessions, on the clock of this computer."""

    month_usd: Decimal
    day_usd: Decimal = Decimal()
    usual_answer_tokens: int | None = None
    """The average of the newest answers, thinking included; None while there are none but practice."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count is of: it holds for nothing else."""

    session_id: str
    turns: int
    """How many there were before the draft."""
    model_id: str
    system: str
    settings: RequestSettings
    draft: Draft

    @classmethod
    def of(cls, session: Session, draft: Draft) -> Counted:
        return cls(session.id, len(session.turns), session.model_id, session.system, session.settings, draft)


@dataclass(frozen=True, slots=True)
class TokensCounted:
    """The API counted the next request, as it stood when it was asked to."""

    asked: Counted
    tokens: int | None
    """Of everything the model would read; None when it could not be counted."""
    with_images: bool
    """The server counted the pictures by their sizes; else it counted the text, and we the pictures."""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class CountChecked:
    """A bill was not what the API had counted for the same request."""

    model_id: str
    counted_tokens: int
    billed_tokens: int


@dataclass(frozen=True, slots=True)
class EstimatesCompared:
    """Every estimate with its bill, oldest first, and what they teach."""

    comparisons: tuple[Comparison, ...]
    corrections: tuple[tuple[tuple[str, str], Correction], ...]
    """By (model id, tier)."""


@dataclass(frozen=True, slots=True)
class CatalogueChanged:
    """Models came, went or changed: by the server's own list, or by what the user says of them."""

    catalogue: Catalogue
    listed_at: datetime | None = None
    """When the server in use told its list, in UTC; None: the shipped table alone."""
    failure: Failure | None = None
    """Why it did not tell it today."""


@dataclass(frozen=True, slots=True)
class PreferencesRead:
    """Small settings of the window, as text: theme, panels, geometry, default model."""

    values: tuple[tuple[str, str], ...]

    def get(self, name: str, default: str = "") -> str:
        return dict(self.values).get(name, default)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something the user should be told once: inline sending, a damaged row passed over…"""

    failure: Failure
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class EngineStopped:
    pass


Event = (
    ConnectionChanged
    | SessionsListed
    | SessionOpened
    | SessionChanged
    | SessionDeleted
    | SessionsDeleted
    | SessionsArchived
    | SessionsFound
    | TagsListed
    | DraftSaved
    | ImagesFound
    | ImagesStored
    | ImagesRefused
    | ImportProgressed
    | DocumentsFound
    | ImageSplit
    | ImageReplaced
    | DownloadProgressed
    | DownloadEnded
    | ThumbnailReady
    | FirstLook
    | PictureReady
    | SightReady
    | OriginalReady
    | SightFailed
    | TextMeasured
    | ImagesLent
    | PictureEncoded
    | ImagesSaved
    | UploadProgressed
    | TransferProgressed
    | UploadKnown
    | OrphansFound
    | DeletionsChanged
    | FilesListed
    | FilesRenewed
    | UploadsUnneeded
    | Uploaded
    | UploadFailed
    | BranchShown
    | TurnStarted
    | TextArrived
    | ThoughtArrived
    | RetryDelayed
    | AnswerSilent
    | TurnEnded
    | TurnRemoved
    | KeyChecked
    | SpendChanged
    | TokensCounted
    | CountChecked
    | EstimatesCompared
    | CatalogueChanged
    | PreferencesRead
    | SpendingTold
    | TemplatesTold
    | TemplatesImported
    | TemplatesExported
    | SpendingSaved
    | FolderMended
    | Noticed
    | EngineStopped
    | PortableEvent
)
