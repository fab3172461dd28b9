"""Bundles that were cut, bent or forged: refused in words, and nothing is left of them."""

from __future__ import annotations

import asyncio
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from tests.engine.stage import CATALOGUE
from tests.storage.samples import NOW
from vision_studio.core.conversation import Answer, Outcome, SentImage, Turn
from vision_studio.core.draft import Draft, Image, Rendition
from vision_studio.core.failures import Failed, FailureKind
from vision_studio.core.size import Size
from vision_studio.engine.bundling import Bundling
from vision_studio.engine.home import Home
from vision_studio.storage.migrations import MIGRATIONS

TURNS = ("5d1f1f86-3f7d-4f0b-8c57-000000000001", "5d1f1f86-3f7d-4f0b-8c57-000000000002")
SIZE = Size(40, 30)


def png(colour: str) -> bytes:
    data = io.BytesIO()
    Pillow.new("RGB", SIZE, colour).save(data, "PNG")
    return data.getvalue()


def kept_image(home: Home, number: int, colour: str) -> Image:
    data = png(colour)
    digest = home.blobs.add_bytes(data)
    return Image(f"{number:032x}", f"{colour}.png", "PNG", SIZE, len(data), digest)


def bundling(home: Home) -> Bundling:
    return Bundling(home, CATALOGUE, lambda event: None)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two turns with a picture each, and a draft with one more."""
    folder = tmp_path_factory.mktemp("origin")
    with closing(Home.open(folder / "data")) as home:
        session = home.sessions.create("claude-opus-5-5", NOW)
        for number, (turn_id, colour) in enumerate(zip(TURNS, ("red", "blue"), strict=True), start=1):
            image = kept_image(home, number, colour)
            assert image.digest is not None
            sent = SentImage(image, number, Rendition(image.digest, "image/png", SIZE, image.size_bytes))
            content = json.dumps([{"type": "text", "text": f"It is {colour}."}])
            answer = Answer("claude-opus-5-5", Outcome.ANSWERED, f"It is {colour}.", content)
            home.sessions.add_turn(session.id, Turn(turn_id, "Which?", (sent,), answer, NOW), NOW)
        draft = Draft((kept_image(home, 9, "green"),), "And now?")
        home.sessions.save_draft(session.id, draft, NOW)
        asyncio.run(bundling(home).export("t", [session.id], folder / "talk.vstudio"))
    return (folder / "talk.vstudio").read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with closing(Home.open(tmp_path / "data")) as opened:
        yield opened


def files_in(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("studio.db") and path.name != "strange.vstudio"
    }


def refused(home: Home, data: bytes) -> str:
    """Import strange bytes; return why not, or "" when they were a session after all.

    Either way nothing is where it does not belong.
    """
    path = home.folder.path.parent / "strange.vstudio"
    path.write_bytes(data)
    before, sessions = files_in(path.parent), len(home.sessions.list())
    failure = None
    try:
        done = asyncio.run(bundling(home).take_in("t", path))
    except Failed as error:
        failure = error.failure
    if failure is not None:
        assert failure.kind is FailureKind.NOT_IMPORTED
        assert failure.message.startswith("“strange.vstudio” ")
        assert failure.message.endswith(".")
        assert files_in(path.parent) == before
        assert len(home.sessions.list()) == sessions
        return failure.message
    for session_id in done.session_ids:
        home.sessions.load(session_id)
        home.sessions.delete(session_id)
    assert not list((home.folder.path / "blobs" / "incoming").iterdir())
    outside = {name for name in files_in(path.parent) if not name.startswith("data/")}
    assert outside == set()
    return ""


def opened(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(entries.pop("manifest.json")), entries


def packed(manifest: Any, entries: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_as_it_was_written_it_comes_in(home: Home, bundle: bytes) -> None:
    assert refused(home, bundle) == ""
    assert refused(home, packed(*opened(bundle))) == ""
    assert home.database.problems() == ()


QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@QUICK
@given(cut=st.integers(0, 10**6))
def test_cut_short(home: Home, bundle: bytes, cut: int) -> None:
    assert refused(home, bundle[: cut % len(bundle)])


@QUICK
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=4))
def test_flipped_bits(home: Home, bundle: bytes, flips: list[tuple[int, int]]) -> None:
    bent = bytearray(bundle)
    for place, flip in flips:
        bent[place % len(bent)] ^= flip
    refused(home, bytes(bent))


@QUICK
@given(places=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), length=st.integers(1, 300))
def test_a_piece_in_another_place(home: Home, bundle: bytes, places: tuple[int, int], length: int) -> None:
    start, place = (number % len(bundle) for number in places)
    piece = bundle[start : start + length]
    refused(home, bundle[:place] + piece + bundle[place + len(piece) :])


NONSENSE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["../../etc/passwd", "a" * 64, "[]", "{}", "[1]", "0" * 32, TURNS[0]]),
    st.lists(st.integers(), max_size=2),
)


@QUICK
@given(data=st.data())
def test_another_value_somewhere_in_the_manifest(home: Home, bundle: bytes, data: st.DataObject) -> None:
    manifest, entries = opened(bundle)
    tables = manifest["sessions"][0]
    table = data.draw(st.sampled_from([name for name in sorted(tables) if tables[name]]))
    row = data.draw(st.sampled_from(tables[table]))
    row[data.draw(st.sampled_from(sorted(row)))] = data.draw(NONSENSE)
    refused(home, packed(manifest, entries))
    assert home.database.problems() == ()


@QUICK
@given(data=st.data())
def test_images_in_each_others_place(home: Home, bundle: bytes, data: st.DataObject) -> None:
    manifest, entries = opened(bundle)
    names = [name for name in entries if name.startswith("blobs/")]
    one, other = data.draw(st.permutations(names).map(lambda shuffled: shuffled[:2]))
    entries[one], entries[other] = entries[other], entries[one]
    assert "is damaged or incomplete" in refused(home, packed(manifest, entries))


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "blobs/../../outside",
        "/tmp/outside",
        "C:\\outside",
        "blobs/" + "a" * 63,
        "blobs/" + "A" * 64,
        "blobs/",
        "manifest.json/x",
        "requests/1.json",
        "blobs/" + "a" * 64 + "\n",
        "nested.zip",
    ],
)
def test_a_name_that_no_bundle_has(home: Home, bundle: bytes, name: str) -> None:
    manifest, entries = opened(bundle)
    said = refused(home, packed(manifest, {**entries, name: b"x"}))
    assert "holds what no bundle does" in said


def rewritten(change: Callable[[zipfile.ZipInfo], None], of: str = "blobs/") -> Callable[[bytes], bytes]:
    """Return what writes a bundle anew, its first entry of that name in another way."""

    def rewrite(bundle: bytes) -> bytes:
        manifest, entries = opened(bundle)
        target, data = next(name for name in entries if name.startswith(of)), io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("manifest.json", json.dumps(manifest))
            for name, content in entries.items():
                entry = zipfile.ZipInfo(name)
                if name == target:
                    change(entry)
                archive.writestr(entry, content)
        return data.getvalue()

    return rewrite


def link(entry: zipfile.ZipInfo) -> None:
    entry.external_attr = 0o120777 << 16


def deflated(entry: zipfile.ZipInfo) -> None:
    entry.compress_type = zipfile.ZIP_DEFLATED


def twice(bundle: bytes) -> bytes:
    manifest, entries = opened(bundle)
    data = io.BytesIO(packed(manifest, entries))
    with warnings.catch_warnings(), zipfile.ZipFile(data, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("manifest.json", "{}")
    return data.getvalue()


def locked(bundle: bytes) -> bytes:
    place = bundle.index(b"PK\1\2")
    return bundle[: place + 8] + struct.pack("<H", 1) + bundle[place + 10 :]


def overlapping(bundle: bytes) -> bytes:
    """Have every entry be the same bytes, over and over: small here, endless when unpacked."""
    manifest, entries = opened(bundle)
    first = next(name for name in entries if name.startswith("blobs/"))
    big = dict.fromkeys((f"blobs/{number:064x}" for number in range(30)), entries[first])
    data = bytearray(packed(manifest, {**entries, **big}))
    start = data.index(b"PK\3\4", 10)
    size = len(data)
    place = data.index(b"PK\1\2")
    while data[place : place + 4] == b"PK\1\2":
        name, extra, comment = struct.unpack_from("<3H", data, place + 28)
        struct.pack_into("<2L", data, place + 20, size // 4, size // 4)
        struct.pack_into("<L", data, place + 42, start)
        place += 46 + name + extra + comment
    return bytes(data)


def many(bundle: bytes) -> bytes:
    place = bundle.rindex(b"PK\5\6")
    return bundle[: place + 8] + struct.pack("<2H", 60_000, 60_000) + bundle[place + 12 :]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(rewritten(link), "(a link or another thing that is no file)", id="a link"),
        pytest.param(rewritten(deflated), "(an entry packed in another way)", id="an image that unpacks"),
        pytest.param(twice, "(the same name twice)", id="two manifests"),
        pytest.param(locked, "(a locked entry)", id="a locked entry"),
        pytest.param(overlapping, "holds what no bundle does", id="a bomb of overlapping entries"),
        pytest.param(many, "unpacks to more than", id="too many entries"),
        pytest.param(lambda data: b"", "is not a Vision Studio bundle", id="nothing"),
        pytest.param(lambda data: png("red"), "is not a Vision Studio bundle", id="a picture"),
        pytest.param(lambda data: packed({"format": "other"}, {}), "is not a Vision", id="another's zip"),
    ],
)
def test_an_archive_that_no_bundle_is(
    home: Home, bundle: bytes, change: Callable[[bytes], bytes], said: str
) -> None:
    assert said in refused(home, change(bundle))


def with_manifest(bundle: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    manifest, entries = opened(bundle)
    change(manifest)
    return packed(manifest, entries)


def rows(manifest: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = manifest["sessions"][0][table]
    return found


def with_content(manifest: dict[str, Any], content: str) -> None:
    rows(manifest, "answers")[0]["content_json"] = content


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda found: found.update(version=2), "by a newer Vision Studio", id="newer"),
        pytest.param(
            lambda found: found.update(layout=len(MIGRATIONS) + 1),
            "by a newer Vision Studio",
            id="newer rows",
        ),
        pytest.param(lambda found: found.update(layout=3), "damaged", id="a layout that had no bundles"),
        pytest.param(
            lambda found: rows(found, "turns")[0].update(voice="loud"), "does not know", id="a column"
        ),
        pytest.param(lambda found: found["sessions"][0].update(sounds=[]), "does not know", id="a table"),
        pytest.param(
            lambda found: rows(found, "turns")[1].update(parent_id=TURNS[1]), "follows itself", id="a ring"
        ),
        pytest.param(
            lambda found: rows(found, "turn_images")[0].update(digest="../../x"), "digest", id="a path"
        ),
        pytest.param(
            lambda found: rows(found, "turn_images")[0].update(digest="a" * 64), "missing", id="no such image"
        ),
        pytest.param(
            lambda found: rows(found, "turn_images")[0].update(url="file:///etc/passwd"),
            "address",
            id="a file",
        ),
        pytest.param(
            lambda found: rows(found, "turn_images")[0].update(rendition_width=4000), "damaged", id="a size"
        ),
        pytest.param(
            lambda found: rows(found, "turn_images")[0].update(fidelity="best"), "damaged", id="a fidelity"
        ),
        pytest.param(lambda found: with_content(found, "[1]"), "not made of blocks", id="no blocks"),
        pytest.param(
            lambda found: with_content(found, '[{"type": "tool_use"}]'), "no answer does", id="a tool"
        ),
        pytest.param(lambda found: rows(found, "answers").pop(), "lost the row", id="no answer"),
    ],
)
def test_a_manifest_that_no_session_makes(
    home: Home, bundle: bytes, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    assert said in refused(home, with_manifest(bundle, change))


def beside(manifest: dict[str, Any], **answer: Any) -> None:
    """Add another version of the first question, which is not shown."""
    turn_id = "5d1f1f86-3f7d-4f0b-8c57-00000000000a"
    first = rows(manifest, "turns")[0]
    rows(manifest, "turns").append({**first, "id": turn_id, "position": 9})
    said = rows(manifest, "answers")
    said.append({**said[0], "turn_id": turn_id, **answer})
    rows(manifest, "sessions")[0]["head_id"] = TURNS[1]


def test_a_version_that_is_not_shown_is_looked_at_too(home: Home, bundle: bytes) -> None:
    assert refused(home, with_manifest(bundle, beside)) == ""
    said = refused(home, with_manifest(bundle, lambda found: beside(found, outcome="sung")))
    assert "is damaged or incomplete" in said


def test_what_only_tells_something_may_be_new(home: Home, bundle: bytes) -> None:
    assert refused(home, with_manifest(bundle, lambda found: found.update(author_mood="good"))) == ""


def test_an_answer_that_was_on_its_way_is_an_interrupted_one(home: Home, bundle: bytes) -> None:
    path = home.folder.path / "under-way.vstudio"
    path.write_bytes(
        with_manifest(bundle, lambda found: rows(found, "answers")[1].update(outcome="streaming"))
    )
    done = asyncio.run(bundling(home).take_in("t", path))
    session = home.sessions.load(done.session_ids[0])
    assert {turn.answer.outcome for turn in session.turns} == {Outcome.ANSWERED, Outcome.INTERRUPTED}
    assert home.sessions.unfinished() == ()


def test_a_session_that_lost_an_image_is_not_exported_by_halves(tmp_path: Path, home: Home) -> None:
    session = home.sessions.create("claude-opus-5-5", NOW)
    image = kept_image(home, 1, "red")
    assert image.digest is not None
    home.sessions.save_draft(session.id, Draft((image,)), NOW)
    blob = home.blobs.path(image.digest)
    blob.write_bytes(png("blue"))
    for gone in ("is damaged", "is gone"):
        with pytest.raises(Failed) as failed:
            asyncio.run(bundling(home).export("t", [session.id], tmp_path / "out.vstudio"))
        assert f"an image's stored file {gone}" in failed.value.failure.message
        blob.unlink(missing_ok=True)
    assert not [path.name for path in tmp_path.iterdir() if path.name != "data"]
    assert replace(image, label="") == image
