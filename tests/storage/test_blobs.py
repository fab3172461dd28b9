"""Blobs are kept once, whole, private, and only under the digest of their bytes."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vision_studio.storage.blobs import CHUNK_BYTES, Blobs, SourceChanged
from vision_studio.storage.thumbnails import Thumbnails

PHOTO = b"\x89PNG" + bytes(range(256)) * 5000  # more than one chunk
DIGEST = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def blobs(tmp_path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "Grüße 猫.png"
    path.write_bytes(PHOTO)
    return path


def kept(blobs):
    """Every file in the folder, unfinished ones included."""
    root = blobs.path("0" * 64).parents[1]
    return sorted(file.name for file in root.rglob("*") if file.is_file())


def from_path(blobs, path):
    return blobs.add_file(path)


def from_descriptor(blobs, path):
    descriptor = os.open(path, os.O_RDONLY)
    os.lseek(descriptor, 100, os.SEEK_SET)  # as after a look at the header
    try:
        return blobs.add_file(descriptor)
    finally:
        os.close(descriptor)


def from_open_file(blobs, path):
    with path.open("rb") as file:
        file.read(100)
        return blobs.add_file(file)


def from_memory(blobs, path):
    return blobs.add_file(io.BytesIO(path.read_bytes()))


def from_bytes(blobs, path):
    data = path.read_bytes()
    return blobs.add_bytes(data), len(data)


def adopted(blobs, path):
    temporary = blobs.temporary()
    temporary.write_bytes(path.read_bytes())
    digest = blobs.adopt(temporary)
    assert not temporary.exists()
    return digest, path.stat().st_size


ways = pytest.mark.parametrize(
    "add", [from_path, from_descriptor, from_open_file, from_memory, from_bytes, adopted]
)


@ways
def test_bytes_are_kept_under_their_digest(blobs, photo, add):
    assert not blobs.has(DIGEST)
    assert add(blobs, photo) == (DIGEST, len(PHOTO))
    assert blobs.has(DIGEST)
    assert blobs.path(DIGEST).read_bytes() == PHOTO
    assert blobs.path(DIGEST).parts[-2:] == (DIGEST[:2], DIGEST)


@ways
def test_the_same_bytes_are_kept_once(blobs, photo, add):
    add(blobs, photo)
    first = blobs.path(DIGEST).stat()
    assert add(blobs, photo) == (DIGEST, len(PHOTO))
    assert blobs.path(DIGEST).stat().st_ino == first.st_ino
    assert kept(blobs) == [DIGEST]


@ways
def test_a_blob_that_lost_its_end_is_made_whole(blobs, photo, add):
    add(blobs, photo)
    blobs.path(DIGEST).write_bytes(PHOTO[:10])
    add(blobs, photo)
    assert blobs.path(DIGEST).read_bytes() == PHOTO


@ways
def test_a_blob_is_private(blobs, photo, add):
    photo.chmod(0o644)
    before = os.umask(0)
    try:
        add(blobs, photo)
    finally:
        os.umask(before)
    assert stat.S_IMODE(blobs.path(DIGEST).stat().st_mode) == 0o600
    assert stat.S_IMODE(blobs.path(DIGEST).parent.stat().st_mode) == 0o700


def test_an_adopted_file_becomes_private(blobs):
    temporary = blobs.temporary()
    temporary.write_bytes(PHOTO)
    temporary.chmod(0o644)
    blobs.adopt(temporary)
    assert stat.S_IMODE(blobs.path(DIGEST).stat().st_mode) == 0o600


def test_the_source_stays_as_it_was(blobs, photo):
    blobs.add_file(photo)
    assert photo.read_bytes() == PHOTO


def test_an_empty_file_is_a_blob_too(blobs, tmp_path):
    (tmp_path / "empty").touch()
    digest, size_bytes = blobs.add_file(tmp_path / "empty")
    assert (blobs.path(digest).read_bytes(), size_bytes) == (b"", 0)


class Meddled(io.FileIO):
    """A file that someone cuts or stretches, or touches, after each chunk that is read."""

    def __init__(self, path: Path, length: int) -> None:
        super().__init__(path)
        self._path = path
        self._length = length

    def read(self, size: int = -1) -> bytes:
        chunk = super().read(size)
        os.truncate(self._path, self._length)
        return chunk


@pytest.mark.parametrize(
    "length",
    [
        pytest.param(len(PHOTO) + 1, id="grew"),
        pytest.param(CHUNK_BYTES, id="shrank"),
        pytest.param(10, id="shrank to less than was read"),
        pytest.param(len(PHOTO), id="was written to"),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(blobs, photo, length):
    os.utime(photo, ns=(0, 0))
    with Meddled(photo, length) as source, pytest.raises(SourceChanged):
        blobs.add_file(source)
    assert kept(blobs) == []


@pytest.mark.parametrize(
    "text", ["", "abc", "../../../etc/passwd", "A" * 64, "a" * 63 + "/", "a" * 64 + "\n"]
)
def test_only_a_digest_becomes_a_path(tmp_path, blobs, text):
    for attempt in (blobs.path, blobs.has, Thumbnails(tmp_path / "thumbnails").find):
        with pytest.raises(ValueError, match="not a SHA-256 digest"):
            attempt(text)


@contextmanager
def files_no_longer_than(size_bytes: int) -> Iterator[None]:
    """A stand-in for a full disk: the system refuses to write on."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("add", [from_path, from_bytes])
def test_a_write_the_system_refuses_leaves_nothing_behind(blobs, photo, add):
    with files_no_longer_than(CHUNK_BYTES // 2), pytest.raises(OSError) as caught:  # noqa: PT011 - by number
        add(blobs, photo)
    assert caught.value.errno == errno.EFBIG
    assert kept(blobs) == []
    assert add(blobs, photo) == (DIGEST, len(PHOTO))


def test_no_right_to_write_passes_through(folder_of_nobody):
    blobs = Blobs(folder_of_nobody / "blobs")
    (folder_of_nobody / "blobs" / "incoming").chmod(0o500)
    with pytest.raises(PermissionError):
        blobs.add_bytes(PHOTO)
    (folder_of_nobody / "blobs" / "incoming").chmod(0o700)


def test_what_an_earlier_run_left_unfinished_is_swept(tmp_path):
    first = Blobs(tmp_path / "blobs")
    digest = first.add_bytes(PHOTO)
    first.temporary().write_bytes(PHOTO)
    assert kept(Blobs(tmp_path / "blobs")) == [digest]


def test_a_thumbnail_is_found_again_and_replaced(tmp_path):
    thumbnails = Thumbnails(tmp_path / "thumbnails")
    assert thumbnails.find(DIGEST) is None
    thumbnails.save(DIGEST, b"first")
    thumbnails.save(DIGEST, b"second")
    assert Thumbnails(tmp_path / "thumbnails").find(DIGEST) == b"second"
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


def test_a_thumbnail_a_loss_of_power_emptied_is_none(tmp_path):
    thumbnails = Thumbnails(tmp_path / "thumbnails")
    thumbnails.save(DIGEST, b"first")
    (file,) = (file for file in tmp_path.rglob("*") if file.is_file())
    file.write_bytes(b"")
    assert thumbnails.find(DIGEST) is None


def test_a_thumbnail_that_cannot_be_written_leaves_the_old_one(tmp_path):
    thumbnails = Thumbnails(tmp_path / "thumbnails")
    thumbnails.save(DIGEST, b"first")
    with files_no_longer_than(100), pytest.raises(OSError, match="too large"):
        thumbnails.save(DIGEST, b"x" * 10_000)
    assert thumbnails.find(DIGEST) == b"first"
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1
