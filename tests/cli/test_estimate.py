"""`vision-studio estimate`: numbers for files, without network, database or key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Run

Photo = Callable[..., Path]


def test_the_whole_of_one_object(run: Run, photo: Photo, tmp_path: Path) -> None:
    done = run("estimate", "--json", photo("square.png", (1000, 1000)))
    assert done.status == 0
    assert done.err == ""
    assert done.json == {
        "model": "claude-sonnet-5-5",
        "images": [
            {
                "name": "square.png",
                "format": "PNG",
                "width": 1000,
                "height": 1000,
                "sent_width": 1000,
                "sent_height": 1000,
                "seen_width": 1000,
                "seen_height": 1000,
                "tokens": 1296,
                "tokens_rule_of_thumb": 1334,
                "cost_usd": 0.002592,
                "findings": [],
            }
        ],
        "totals": {
            "images": 1,
            "tokens": 1296,
            "cost_usd": 0.002592,
            "request_bytes": pytest.approx(250, abs=60),
            "findings": [],
        },
    }


def test_another_model_sees_less(run: Run, photo: Photo) -> None:
    done = run("estimate", "--json", "--model", "claude-haiku-4-5", photo("p.jpg", (3024, 4032)))
    (image,) = done.json["images"]
    assert (image["sent_width"], image["sent_height"]) == (952, 1270)
    assert (image["seen_width"], image["seen_height"]) == (952, 1270)
    assert (image["tokens"], image["cost_usd"]) == (1564, 0.001564)


def test_sizes_are_those_of_the_upright_picture(run: Run, photo: Photo) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    (image,) = run("estimate", "--json", photo("turned.jpg", (640, 400), exif=exif)).json["images"]
    assert (image["width"], image["height"]) == (400, 640)
    assert {
        "rule": "rotated",
        "severity": "note",
        "message": "Image 1 is turned upright before it is sent.",
    } in (image["findings"])


def test_what_cannot_be_used_is_named_and_the_rest_counts(run: Run, photo: Photo, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    bad = [tmp_path / name for name in ("notes.txt", "empty.png", "folder", "pipe", "gone.jpg")]
    done = run("estimate", "--json", photo("a.png"), *bad, photo("b.png", (200, 200)))
    assert done.status == 1
    images = done.json["images"]
    assert [image["name"] for image in images] == [
        *("a.png", "notes.txt", "empty.png", "folder", "pipe", "gone.jpg", "b.png"),
    ]
    assert [image.get("error") for image in images[1:-1]] == [
        "notes.txt is not an image.",
        "empty.png is empty: it has no bytes.",
        "folder is a folder without images.",
        "pipe is not a regular file.",
        "gone.jpg cannot be found.",
    ]
    assert set(images[1]) == {"name", "error"}
    assert (done.json["totals"]["images"], done.json["totals"]["tokens"]) == (2, 1296 + 64)
    assert images[-1]["findings"] == []


def test_nothing_usable_is_still_an_object(run: Run, tmp_path: Path) -> None:
    done = run("estimate", "--json", tmp_path / "gone.png")
    assert done.status == 1
    totals = done.json["totals"]
    assert (totals["images"], totals["tokens"], totals["cost_usd"], totals["findings"]) == (0, 0, 0, [])


def test_a_folder_stands_for_its_pictures_in_natural_order(run: Run, photo: Photo, tmp_path: Path) -> None:
    (tmp_path / "trip").mkdir()
    for name in ("10.png", "2.png", "1.png"):
        photo(f"trip/{name}", (300, 300 + len(name)))
    (tmp_path / "trip" / "notes.txt").write_text("not meant")
    done = run("estimate", "--json", tmp_path / "trip")
    assert done.status == 0
    assert [image["name"] for image in done.json["images"]] == ["1.png", "2.png", "10.png"]


def test_every_page_of_a_document_counts(run: Run, tmp_path: Path) -> None:
    first, second = Image.new("RGB", (600, 800)), Image.new("RGB", (800, 600))
    first.save(tmp_path / "report.pdf", save_all=True, append_images=[second])
    done = run("estimate", "--json", tmp_path / "report.pdf")
    assert [(one["name"], one["width"], one["height"]) for one in done.json["images"]] == [
        ("report.pdf, page 1", 1932, 2576),
        ("report.pdf, page 2", 2576, 1932),
    ]
    assert {one["tokens"] for one in done.json["images"]} == {4740}


def test_the_same_picture_twice_is_noticed(run: Run, photo: Photo) -> None:
    first, other = photo("first.png"), photo("other.png", colour="navy")
    copy = first.with_name("copy.png")
    copy.write_bytes(first.read_bytes())
    images = run("estimate", "--json", first, other, copy).json["images"]
    assert [[finding["rule"] for finding in image["findings"]] for image in images] == [[], [], ["duplicate"]]


def test_findings_about_the_request_stand_in_the_totals(run: Run, tmp_path: Path, photo: Photo) -> None:
    one = photo("one.png", (220, 220))
    done = run("estimate", "--json", "--model", "claude-sonnet-4-6", *[one] * 601)
    assert done.status == 0
    (finding,) = (f for f in done.json["totals"]["findings"] if f["rule"] == "too_many_images")
    assert finding["severity"] == "reject"
    assert finding["message"].startswith("Claude Sonnet 4.6 takes at most 600 images a request")
    assert done.json["totals"]["images"] == 601


def test_a_model_nobody_knows_is_estimated_honestly(run: Run, photo: Photo) -> None:
    done = run("estimate", "--json", "--model", "somebodys-own", photo())
    assert done.json["images"][0]["tokens"] == 1296
    assert done.json["images"][0]["cost_usd"] is None
    assert done.json["totals"]["cost_usd"] is None
    assert {f["rule"] for f in done.json["totals"]["findings"]} == {"price_unknown", "facts_assumed"}


def test_a_table_for_people(run: Run, photo: Photo, tmp_path: Path) -> None:
    done = run(
        "estimate", photo("wide 界.png", (2000, 1500)), photo("b.png", (640, 150)), tmp_path / "gone.png"
    )
    assert done.status == 1
    lines = done.out.splitlines()
    assert lines[0] == "For Claude Sonnet 5.5:"
    assert " ".join(lines[3].split()) == (
        "Image 1 wide 界.png (PNG) 2000 × 1500 2000 × 1500 2000 × 1500 ≈ 3,888 4,000 ≈ $0.0078"
    )
    assert lines[5].split()[:6] == ["Total", "2", "images", "≈", "4,026", "4,128"]
    assert "! Image 2 is only 640 × 150. Claude may misread pictures with a side under 200 px." in lines
    assert "✗ gone.png cannot be found." in lines


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.png"
    Image.new("RGB", (300, 300)).save(os.fsdecode(path), "PNG")
    command = [sys.executable, "-m", "vision_studio", "estimate"]
    done = subprocess.run([*command, "--json", path], capture_output=True, check=True)
    assert json.loads(done.stdout)["images"][0]["name"] == "caf��.png"
    done = subprocess.run(
        [*command, path], capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"}
    )
    assert b"300" in done.stdout


def test_it_loads_and_makes_nothing_it_does_not_need(photo: Photo, tmp_path: Path) -> None:
    probe = (
        "import sys; from vision_studio.cli import main; main(sys.argv[1:])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} &"
        " {'anthropic', 'keyring', 'PIL', 'PySide6', 'starlette', 'sqlite3'}), file=sys.stderr)"
    )
    folder = tmp_path / "data"
    arguments = ["estimate", "--json", "--data-dir", str(folder), str(photo())]
    done = subprocess.run(
        [sys.executable, "-c", probe, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr.split() == []
    assert not folder.exists()


def test_a_reader_that_leaves_early_is_no_drama(photo: Photo) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "vision_studio", "estimate", "--json", str(photo())]
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_full_disk_is_told(photo: Photo) -> None:
    command = [sys.executable, "-m", "vision_studio", "estimate", "--json", str(photo())]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "The result cannot be written: No space left on device.\n"
