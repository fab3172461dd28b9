"""`vision-studio export` and `import`: a session leaves one folder and is in another."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_sessions import THEN
from vision_studio.core.conversation import Answer, Outcome, Turn
from vision_studio.engine.home import Home

TURN_ID = "0c5e3c1a-0f3f-4f0b-8c57-3f7d8f4f3a10"


def keep(folder: Path) -> str:
    with closing(Home.open(folder)) as home:
        session = home.sessions.create("claude-sonnet-5-5", THEN)
        turn = Turn(TURN_ID, "What is on the sign?", (), Answer("m"), THEN)
        home.sessions.add_turn(session.id, turn, THEN)
        home.sessions.save_answer(TURN_ID, Answer("m", Outcome.ANSWERED, "Stop."))
        return session.id


def test_a_session_leaves_and_comes_in(run: Run, tmp_path: Path) -> None:
    here, there, bundle = tmp_path / "here", tmp_path / "there", tmp_path / "sign.vstudio"
    session_id = keep(here)
    done = run("export", session_id, "-o", bundle, "--data-dir", here)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("“sign.vstudio” (")
    done = run("import", bundle, "--data-dir", there)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("“What is on the sign?” was imported: 1 turn, 0 images.\nsession ")
    with closing(Home.open(there)) as home:
        (summary,) = home.sessions.list()
        assert home.sessions.load(summary.id).turns[0].answer.text == "Stop."


def test_as_json(run: Run, tmp_path: Path) -> None:
    here, bundle = tmp_path / "here", tmp_path / "sign.vstudio"
    session_id = keep(here)
    exported = run("export", session_id, "-o", bundle, "--json", "--data-dir", here).json
    assert exported == {"event": "exported", "file": str(bundle), "size_bytes": bundle.stat().st_size}
    (new,) = run("import", bundle, "--json", "--data-dir", here).json["sessions"]
    assert {one["id"] for one in run("sessions", "--json", "--data-dir", here).json} == {session_id, new}


@pytest.mark.parametrize("name", ["sign.html", "sign.md", "sign.json"])
def test_a_files_ending_says_what_it_is_to_be(run: Run, tmp_path: Path, name: str) -> None:
    session_id = keep(tmp_path / "data")
    done = run("export", session_id, "-o", tmp_path / name, "--data-dir", tmp_path / "data")
    assert (done.status, done.err) == (0, "")
    assert "What is on the sign?" in (tmp_path / name).read_text(encoding="utf-8")
    done = run("export", session_id, "-o", tmp_path / "sign.doc", "--data-dir", tmp_path / "data")
    assert done.status == 1
    assert "The file's name ends in one of .vstudio, .html" in done.err


def test_what_is_no_bundle_is_told_in_a_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "note.vstudio"
    file.write_text("a note")
    done = run("import", file, tmp_path / "gone.vstudio", "--data-dir", tmp_path / "data")
    assert (done.status, done.out) == (1, "")
    assert "“note.vstudio” is not a Vision Studio bundle. Nothing was changed." in done.err
    assert "“gone.vstudio” could not be read: No such file or directory." in done.err


def test_a_session_that_is_not_there_leaves_no_file(run: Run, tmp_path: Path) -> None:
    done = run("export", "nobody", "-o", tmp_path / "x.vstudio", "--data-dir", tmp_path / "data")
    assert done.status == 1
    assert "This session is not here any more." in done.err
    assert not (tmp_path / "x.vstudio").exists()
