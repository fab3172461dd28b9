"""The Files API, through the real SDK."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anthropic import Anthropic, BadRequestError, ContentTooLargeError, NotFoundError
from anthropic.types import FileMetadata
from anthropic.types.file_expired_error import FileExpiredError
from anthropic.types.file_not_downloadable_error import FileNotDownloadableError

from tests.practice.conftest import MODEL, Wire
from tests.practice.pictures import by_id, plain, text, user
from vision_studio.core.catalogue import Catalogue, Limits
from vision_studio.practice import PracticeServer


@pytest.fixture
def shelf(catalogue: Catalogue, tmp_path: Path) -> Iterator[Shelf]:
    with Shelf(catalogue, tmp_path / "files") as shelf:
        yield shelf


class Shelf:
    """A server of its own, whose clock is ours and whose files outlive it."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.folder = folder
        self.now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
        self.server = PracticeServer(
            replace(catalogue, limits=Limits(file_bytes=10_000)),
            folder,
            None,
            clock=lambda: self.now.timestamp(),
        )

    def __enter__(self) -> Shelf:
        self.server.start()
        self.client = Anthropic(api_key="key", base_url=self.server.base_url, max_retries=0)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.server.stop()

    def upload(self, name: str = "a.png", data: bytes | None = None, **more: Any) -> FileMetadata:
        return self.client.files.upload(file=(name, plain() if data is None else data, "image/png"), **more)

    def ask(self, file_id: str) -> Any:
        return ask(self.client, file_id)


def ask(client: Anthropic, file_id: str) -> Any:
    messages: Any = [user(text("Image 1:"), by_id(file_id))]
    return client.messages.create(model=MODEL, max_tokens=1000, messages=messages)


def test_an_upload_is_described_and_can_be_used(client: Anthropic) -> None:
    data = plain("red", (300, 200))
    file = client.files.upload(file=("cat.png", data, "image/png"))
    assert file.filename == "cat.png"
    assert (file.mime_type, file.size_bytes, file.type) == ("image/png", len(data), "file")
    assert (file.downloadable, file.expires_at) == (False, None)
    assert client.files.retrieve_metadata(file.id) == file
    assert "PNG of 300 × 200 pixels" in ask(client, file.id).content[0].text


def test_a_large_file_streams_in(client: Anthropic) -> None:
    data = bytes(3_000_000)
    file = client.files.upload(file=("zeros.bin", io.BytesIO(data), "application/octet-stream"))
    assert file.size_bytes == len(data)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param("Köln 東京.png", "Köln 東京.png", id="other scripts"),
        pytest.param("a/b/c.png", "c.png", id="last component"),
        pytest.param("", "unnamed.png", id="none"),
        pytest.param("x" * 255, "x" * 255, id="longest"),
    ],
)
def test_names(client: Anthropic, sent: str, kept: str) -> None:
    assert client.files.upload(file=(sent, b"data", "image/png")).filename == kept


@pytest.mark.parametrize("name", ["a<b.png", "a|b.png", "a?.png", "a\\b.png", "x" * 256])
def test_names_that_are_refused(client: Anthropic, name: str) -> None:
    with pytest.raises(BadRequestError, match="Filename"):
        client.files.upload(file=(name, b"data", "image/png"))


@pytest.mark.parametrize("seconds", [3599, 7_776_001])
def test_lifetimes_that_are_refused(client: Anthropic, seconds: int) -> None:
    with pytest.raises(BadRequestError, match="expires_in_seconds"):
        client.files.upload(file=("a.png", b"data", "image/png"), expires_in_seconds=seconds)


def test_pages(shelf: Shelf) -> None:
    ids = [shelf.upload(f"{number}.png").id for number in range(5)]
    first = shelf.client.files.list(limit=2)
    assert [file.filename for file in first.data] == ["4.png", "3.png"]
    assert (first.next_page or "").startswith("page_")
    assert [file.id for file in shelf.client.files.list(limit=2)] == ids[::-1]
    assert shelf.client.files.list().next_page is None


def test_some_by_id(shelf: Shelf) -> None:
    first, _, third = (shelf.upload(name).id for name in "abc")
    found = shelf.client.files.list(ids=[first, third, third, "file_gone"])
    assert [file.id for file in found.data] == [third, first]
    assert found.next_page is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ids[]=a&limit=3", "cannot be combined"),
        ("&".join(f"ids[]={n}" for n in range(101)), "at most 100"),
        ("limit=0", "limit: "),
        ("limit=1001", "limit: "),
        ("limit=ten", "limit: "),
        ("page=page_%21%21", "page: "),
    ],
)
def test_lists_that_are_refused(wire: Wire, query: str, words: str) -> None:
    response = wire.client.get(f"/v1/files?{query}")
    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


def test_a_deleted_file_is_gone(shelf: Shelf) -> None:
    file = shelf.upload()
    assert shelf.client.files.delete(file.id).type == "file_deleted"
    for use in (
        shelf.client.files.delete,
        shelf.client.files.retrieve_metadata,
        shelf.client.files.download,
        shelf.ask,
    ):
        with pytest.raises(NotFoundError) as caught:
            use(file.id)
        assert caught.value.type == "not_found_error"
        assert file.id in (caught.value.api_message or "")
    assert shelf.client.files.list().data == []
    assert not (shelf.folder / file.id).exists()


def test_uploads_cannot_be_downloaded(client: Anthropic) -> None:
    file = client.files.upload(file=("a.png", plain(), "image/png"))
    with pytest.raises(FileNotDownloadableError):
        client.files.download(file.id)


def test_an_expired_file_is_listed_for_thirty_days_but_not_usable(shelf: Shelf) -> None:
    file = shelf.upload(expires_in_seconds=3600)
    assert file.expires_at == shelf.now + timedelta(hours=1)
    shelf.ask(file.id)
    shelf.now += timedelta(hours=1)
    for use in (shelf.ask, shelf.client.files.download):
        with pytest.raises(FileExpiredError) as caught:
            use(file.id)
        assert caught.value.error_code == "file_expired"
    assert [listed.id for listed in shelf.client.files.list()] == [file.id]
    shelf.now += timedelta(days=31)
    shelf.server.stop()
    with shelf:
        assert shelf.client.files.list().data == []


def test_a_file_can_be_made_to_expire(shelf: Shelf) -> None:
    file = shelf.upload()
    shelf.server.expire_file(file.id)
    with pytest.raises(FileExpiredError):
        shelf.ask(file.id)


def test_files_of_another_kind_are_no_images(client: Anthropic) -> None:
    paper = client.files.upload(file=("a.pdf", b"%PDF-1.7", "application/pdf"))
    with pytest.raises(BadRequestError, match="is application/pdf"):
        ask(client, paper.id)
    nameless = client.files.upload(file=plain())
    with pytest.raises(BadRequestError, match="is application/octet-stream"):
        ask(client, nameless.id)
    mistyped = client.files.upload(file=("a.jpg", plain(), "image/jpeg"))
    with pytest.raises(BadRequestError, match="does not match the provided media type image/jpeg"):
        ask(client, mistyped.id)


def test_an_unknown_file(client: Anthropic) -> None:
    for file_id in ("file_unknown", "../files.db", "file_ü"):
        with pytest.raises(NotFoundError, match="File not found"):
            ask(client, file_id)


def test_a_picture_is_read_once(shelf: Shelf) -> None:
    seen, unseen = shelf.upload("a.png", plain("red")), shelf.upload("b.png", plain("blue"))
    shelf.ask(seen.id)
    for file in (seen, unseen):
        (shelf.folder / file.id).unlink()
    shelf.ask(seen.id)
    with pytest.raises(NotFoundError, match=unseen.id):
        shelf.ask(unseen.id)


def test_files_have_a_largest_size(shelf: Shelf) -> None:
    assert shelf.upload(data=bytes(10_000)).size_bytes == 10_000
    with pytest.raises(ContentTooLargeError, match="File exceeds the maximum size of 10000 bytes"):
        shelf.upload(data=bytes(10_001))
    with pytest.raises(ContentTooLargeError, match="Request exceeds"):
        shelf.upload(data=bytes(100_000))
    assert len(list(shelf.folder.glob("incoming-*"))) == 0


def test_files_outlive_the_server(shelf: Shelf) -> None:
    file = shelf.upload()
    workspace = _workspace(shelf)
    (shelf.folder / "incoming-left-by-a-crash").touch()
    shelf.client.close()
    shelf.server.stop()
    with shelf:
        assert shelf.client.files.retrieve_metadata(file.id) == file
        shelf.ask(file.id)
        assert _workspace(shelf) == workspace
        assert not (shelf.folder / "incoming-left-by-a-crash").exists()


def test_without_a_folder_they_do_not(catalogue: Catalogue) -> None:
    server = PracticeServer(catalogue, pace_tokens_per_s=None)
    workspaces = set()
    for _ in range(2):
        with server, Anthropic(api_key="key", base_url=server.base_url) as client:
            assert client.files.list().data == []
            client.files.upload(file=("a.png", plain(), "image/png"))
            workspaces.add(client.files.with_raw_response.list().headers["anthropic-workspace-id"])
    assert len(workspaces) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param({"data": {"a": "b"}}, "multipart/form-data", id="no form"),
        pytest.param({"files": {"picture": b"data"}}, "file: Field required", id="another field"),
        pytest.param({"files": {"file": ("a", b"")}}, "File is empty", id="empty"),
        pytest.param({"files": [("file", b"a"), ("file", b"b")]}, "Only one file", id="two"),
        pytest.param(
            {"files": {"file": b"a"}, "data": {"expires_in_seconds": "soon"}}, "valid integer", id="no number"
        ),
        pytest.param({"files": {"file": b"a"}, "data": {"note": "x" * 2000}}, "too long", id="a long field"),
        pytest.param(
            {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}},
            "ended too early",
            id="half a form",
        ),
        pytest.param(
            {"content": b"nonsense", "headers": {"content-type": "multipart/form-data; boundary=x"}},
            "could not be parsed",
            id="no form at all",
        ),
        pytest.param(
            {"content": b"a", "headers": {"content-type": "multipart/form-data"}},
            "boundary",
            id="no boundary",
        ),
    ],
)
def test_forms_that_are_refused(wire: Wire, body: dict[str, Any], words: str) -> None:
    response: httpx2.Response = wire.post("/v1/files", **body)
    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


def _workspace(shelf: Shelf) -> str:
    return shelf.client.files.with_raw_response.list().headers["anthropic-workspace-id"]
