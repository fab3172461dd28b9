"""The archive of a bundle: written the same each time, read as a file that a stranger may have written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vision_studio.core.bundles import (
    BLOB_NAME,
    FORMAT,
    JSON_NAME,
    MANIFEST_NAME,
    MOST_DIRECTORY_BYTES,
    MOST_ENTRIES,
    MOST_MANIFEST_BYTES,
    VERSION,
    Objection,
)
from vision_studio.storage.blobs import CHUNK_BYTES, Blobs
from vision_studio.storage.bundle_rows import Blob

OnProgress = Callable[[int], None]
"""Hears of bytes that were copied since it was last called; what it raises ends the copying."""

_WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
"""The earliest an archive can hold: when a bundle was made is nobody's business."""

_END = struct.Struct("<4s4H2LH")
_FAR_END = struct.Struct("<4sQ2H2L4Q")
_FAR_PLACE = struct.Struct("<4sLQL")
_KNOWN_FLAGS = 0x0808
"""Sizes behind the content; names in UTF-8. Any other means a lock or a patch."""

_NONSENSE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    EOFError,
    OverflowError,
    AssertionError,
    zlib.error,
    struct.error,
)
"""What the library raises, sooner or later, about an archive that was tampered with."""


class Objected(Exception):
    """A file is not taken for a bundle; ``detail`` quotes nothing of it."""

    def __init__(self, objection: Objection, detail: str = "") -> None:
        super().__init__(f"{objection.value}: {detail}")
        self.objection = objection
        self.detail = detail


def write_bundle(
    path: Path,
    manifest: Mapping[str, Any],
    texts: Iterable[tuple[str, bytes]],
    digests: Sequence[str],
    blobs: Blobs,
    on_progress: OnProgress,
) -> int:
    """Write a bundle in the place of a file of that name, all of it or nothing; return its size in bytes.

    ``texts`` are the further entries, by name. Raises ``OSError``; ``FileNotFoundError`` without a file name
    for a blob that is gone or is not what it was.
    """
    head = json.dumps(
        {"format": FORMAT, "version": VERSION, **manifest}, indent=1, sort_keys=True, ensure_ascii=True
    ).encode()
    if len(head) > MOST_MANIFEST_BYTES:
        raise OSError(errno.EFBIG, "The sessions are too long for one bundle")
    temporary = path.with_name(f".vision-studio-{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(archive_entry(MANIFEST_NAME), head, zipfile.ZIP_DEFLATED)
                for name, text in texts:
                    archive.writestr(archive_entry(name), text, zipfile.ZIP_DEFLATED)
                    on_progress(0)
                for digest in digests:
                    _write_blob(archive, digest, blobs, on_progress)
            file.flush()
            os.fsync(file.fileno())
            size_bytes = file.tell()
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return size_bytes


class BundleFile:
    """An archive whose names and sizes were found in order. For one thread."""

    def __init__(self, archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._entries = entries

    def manifest(self) -> dict[str, Any]:
        """Return the manifest. Raises ``Objected``."""
        with self._reading():
            text = self._archive.read(self._entries[MANIFEST_NAME])
            try:
                manifest = json.loads(text, parse_constant=_refuse)
            except RecursionError as error:
                raise Objected(Objection.DAMAGED, "its manifest cannot be read") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise Objected(Objection.NO_BUNDLE)
        version = manifest.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise Objected(Objection.DAMAGED, "its manifest has no version")
        if version > VERSION:
            raise Objected(Objection.NEWER)
        return manifest

    def stage(self, wanted: Sequence[Blob], staged: Staged, on_progress: OnProgress) -> None:
        """Copy blobs beside those that are kept, each held against its digest.

        Raises ``Objected``, ``OSError``.
        """
        for blob in wanted:
            entry = self._entries.get(f"blobs/{blob.digest}")
            if entry is None:
                raise Objected(Objection.DAMAGED, "an image is missing")
            if blob.size_bytes is not None and entry.file_size != blob.size_bytes:
                raise Objected(Objection.DAMAGED, "an image is not what it was")
            self._stage(blob, entry, staged, on_progress)

    def _stage(self, blob: Blob, entry: zipfile.ZipInfo, staged: Staged, on_progress: OnProgress) -> None:
        sha256 = hashlib.sha256()
        with staged.new(blob).open("wb") as copy, self._reading(), self._archive.open(entry) as file:
            while chunk := file.read(CHUNK_BYTES):
                sha256.update(chunk)
                with _writing():
                    copy.write(chunk)
                on_progress(len(chunk))
        if sha256.hexdigest() != blob.digest:
            raise Objected(Objection.DAMAGED, "an image is not what it was")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except _NONSENSE as error:
            raise Objected(Objection.DAMAGED) from error
        except OSError as error:
            if error.errno != errno.EINVAL or isinstance(error, _NotOurs):
                raise
            raise Objected(Objection.DAMAGED) from error


class Staged:
    """Checked copies of blobs, not kept yet: whoever made this keeps them or discards them."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self.copies: list[tuple[Blob, Path]] = []

    def new(self, blob: Blob) -> Path:
        path = self._blobs.temporary()
        self.copies.append((blob, path))
        return path

    def adopt(self) -> None:
        """Keep them all."""
        while self.copies:
            self._blobs.adopt(self.copies[-1][1])
            self.copies.pop()

    def discard(self) -> None:
        for _, path in self.copies:
            path.unlink(missing_ok=True)
        self.copies.clear()


@contextmanager
def open_bundle(path: Path) -> Iterator[BundleFile]:
    """Open a file and look at its table of contents, before anything in it.

    Raises ``Objected``, ``OSError``.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait for its other end
        raise Objected(Objection.NO_BUNDLE)
    with path.open("rb") as file:
        size_bytes = os.fstat(file.fileno()).st_size
        _check_end(file, size_bytes)
        try:
            archive = zipfile.ZipFile(file)
        except _NONSENSE as error:
            raise Objected(Objection.DAMAGED) from error
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            raise Objected(Objection.DAMAGED) from error
        with archive:
            yield BundleFile(archive, _checked(archive.infolist(), size_bytes))


def _check_end(file: Any, size_bytes: int) -> None:
    """Look at how much there is to the table of contents before the library reads all of it."""
    file.seek(max(0, size_bytes - _END.size - 0xFFFF))
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < _END.size:
        file.seek(0)
        cut_short = file.read(4) == b"PK\3\4"
        raise Objected(Objection.DAMAGED if cut_short else Objection.NO_BUNDLE)
    *_, entries, directory_bytes, _, _ = _END.unpack_from(tail, place)
    far = place - _FAR_PLACE.size
    if far >= 0 and tail[far : far + 4] == b"PK\6\7":
        _, _, offset, _ = _FAR_PLACE.unpack_from(tail, far)
        if offset + _FAR_END.size > size_bytes:
            raise Objected(Objection.DAMAGED)
        file.seek(offset)
        *_, entries, directory_bytes, _ = _FAR_END.unpack(file.read(_FAR_END.size))
    if entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:
        raise Objected(Objection.TOO_LARGE)


def _checked(entries: Sequence[zipfile.ZipInfo], size_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """Return the entries by name. Raises ``Objected``."""
    if len(entries) > MOST_ENTRIES:
        raise Objected(Objection.TOO_LARGE)
    if not any(entry.filename == MANIFEST_NAME for entry in entries):
        raise Objected(Objection.NO_BUNDLE)
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        _check(entry)
        if entry.filename in found:
            raise Objected(Objection.UNSAFE, "the same name twice")
        found[entry.filename] = entry
    if found[MANIFEST_NAME].file_size > MOST_MANIFEST_BYTES:
        raise Objected(Objection.TOO_LARGE)
    if sum(entry.compress_size for entry in entries) > size_bytes:
        raise Objected(Objection.UNSAFE, "entries that overlap")
    return found


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    is_blob = BLOB_NAME.fullmatch(name) is not None
    if not (is_blob or name == MANIFEST_NAME or JSON_NAME.fullmatch(name)):
        raise Objected(Objection.UNSAFE, "a name that no bundle has")
    if entry.flag_bits & ~_KNOWN_FLAGS:
        raise Objected(Objection.UNSAFE, "a locked entry")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Objected(Objection.UNSAFE, "a link or another thing that is no file")
    # Images are compressed as it is: what is stored takes the room it says, and no more when it is unpacked.
    allowed = (zipfile.ZIP_STORED,) if is_blob else (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if entry.compress_type not in allowed:
        raise Objected(Objection.UNSAFE, "an entry packed in another way")
    if is_blob and entry.compress_size != entry.file_size:
        raise Objected(Objection.UNSAFE, "an entry packed in another way")


def archive_entry(name: str) -> zipfile.ZipInfo:
    """Return what an archive says of a file: the same whenever and wherever it is written."""
    entry = zipfile.ZipInfo(name, _WRITTEN_AT)
    entry.create_system = 3  # Unix, wherever it is written
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _write_blob(archive: zipfile.ZipFile, digest: str, blobs: Blobs, on_progress: OnProgress) -> None:
    path = blobs.path(digest)
    entry = archive_entry(f"blobs/{digest}")
    try:
        entry.file_size = path.stat().st_size
        source = path.open("rb")
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, "An image's stored file is gone") from None
    sha256 = hashlib.sha256()
    with source, archive.open(entry, "w") as target:
        while chunk := source.read(CHUNK_BYTES):
            sha256.update(chunk)
            target.write(chunk)
            on_progress(len(chunk))
    if sha256.hexdigest() != digest:
        raise FileNotFoundError(errno.ENOENT, "An image's stored file is damaged")


class _NotOurs(OSError):
    """The disk would not take a copy: nothing that the archive did."""


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _NotOurs(error.errno, error.strerror) from error


def _refuse(constant: str) -> None:
    raise ValueError("not a number")
