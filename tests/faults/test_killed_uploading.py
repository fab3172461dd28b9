"""Killed at any moment of uploading: what had arrived is not sent again, and the question can be asked."""

from __future__ import annotations

import asyncio
import json
import random
import urllib.request
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.engine.stage import CATALOGUE, MODEL, Stage
from tests.faults.killed import Seen
from tests.faults.killed_uploading import upload_until_killed
from tests.faults.killing import seen_before_kill
from tests.practice.pictures import noise
from vision_studio.core.conversation import Outcome, Session
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.addresses import origin
from vision_studio.practice import Endpoint, Fault, FaultKind, PracticeServer
from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.uploads import Uploads

KEY = "sk-ant-api03-do-not-log-me-0123456789"
SERIES, KILLS_EACH = 1, 8
MOST_QUESTIONS = 15
"""Five are enough as a rule; of some the uploads are through after a kill or two."""
MOST_TRIES = 9
"""After so many kills a question may go on to its end."""
PICTURES, AT_ONCE = 8, 2
SLOW = Fault(Endpoint.UPLOAD, FaultKind.SLOW, times=1_000_000, delay_s=0.06)
"""A picture takes about two tenths of a second."""
LATEST_S = 0.2
"""After the first byte of an upload has left."""
LONG_S = 60.0
HEIGHT_PX, WIDER_PX = 220, 8
FRAME_BYTES = 2000
"""What an upload sends around a picture is less; the pictures of a question differ by more."""


@dataclass(frozen=True, slots=True)
class Run:
    key: str
    """Of this run alone: by it the server's requests are told apart, however late it hears of them."""
    known: frozenset[str]
    """The pictures that were on the server before, as the user, the disk or the server has told."""
    told: frozenset[str]
    """The pictures of which the user was told that they are there."""


class Round:
    """One question, and a server of its own: what is known to be there must not be sent again."""

    def __init__(self, folder: Path, session: Session, server: PracticeServer) -> None:
        self._folder = folder
        self._session = session
        self._images = session.draft.images
        self._server = server
        self._known: set[str] = set()
        self._runs: list[Run] = []

    def run(self, processes: ForkServerContext, after_s: float) -> bool:
        """Ask, or ask again, until a kill; tell whether the answer came."""
        key = f"{KEY}-{len(self._runs)}"
        seen, _ = seen_before_kill(
            processes,
            upload_until_killed,
            self._folder,
            self._server.base_url,
            key,
            self._session.id,
            since="sending",
            after_s=after_s,
            until="ended",
        )
        assert not [one for one in seen if one.what == "failed"]
        told = frozenset(one.turn_id for one in seen if one.what == "uploaded")
        self._runs.append(Run(key, frozenset(self._known), told))
        self._known |= told | self._kept()
        self._check_disk(seen, told)
        return any(one.what == "ended" for one in seen)

    def kills_while_uploading(self) -> int:
        """Return how many runs ended with uploads under way, once it is certain that none was for nothing."""
        kills = 0
        for run in self._runs:
            sent = self._sent(run.key)
            assert len(sent) == len(set(sent)), "sent twice within one run"
            assert not run.known & set(sent), "sent again though it is known to be there"
            kills += bool(set(sent) - run.told)
        return kills

    def _check_disk(self, seen: list[Seen], told: frozenset[str]) -> None:
        with closing(Database.open(self._folder / "studio.db")) as database:
            assert database.problems() == ()
            session = Sessions(database).load(self._session.id)
            ledger, place = Uploads(database), origin(self._server.base_url)
            workspace, now = ledger.workspace(place), datetime.now(UTC)
            recorded = {
                image.id
                for image in self._images
                if image.digest and ledger.find(image.digest, place, workspace, now)
            }
        assert told <= recorded, "told of, and not on the disk"
        self._known |= recorded
        if not session.turns:
            assert session.draft == self._session.draft
            return
        (turn,) = session.turns
        assert turn.prompt == self._session.draft.text
        assert tuple(sent.image for sent in turn.images) == self._images
        for one in seen:
            if one.what == "ended":
                assert (turn.answer.outcome, turn.answer.text) == (Outcome.ANSWERED, one.text)

    def _sent(self, key: str) -> list[str]:
        """Return the pictures whose uploads were begun with a key, one for each upload."""
        bodies = [
            int(recorded.headers["content-length"])
            for recorded in self._server.requests
            if (recorded.method, recorded.path) == ("POST", "/v1/files")
            and recorded.headers["authorization"] == f"Bearer {key}"
        ]
        return [
            image.id
            for body_bytes in bodies
            for image in self._images
            if 0 < body_bytes - image.size_bytes < FRAME_BYTES
        ]

    def _kept(self) -> set[str]:
        """Return the pictures that the server says it has to anyone who asks."""
        headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
        request = urllib.request.Request(f"{self._server.base_url}/v1/files", headers=headers)
        with urllib.request.urlopen(request, timeout=LONG_S) as response:
            sizes = {file["size_bytes"] for file in json.load(response)["data"]}
        return {image.id for image in self._images if image.size_bytes in sizes}


def drafted(folder: Path, number: int) -> Session:
    """Write a question about pictures, in a session of its own."""

    async def scenario() -> Session:
        stage = Stage(folder)
        async with stage.open() as studio:
            studio.set_uploads(UploadSettings(at_once=AT_ONCE))
            studio.new_session()
            paths = [folder.parent / f"{number}-{row}.png" for row in range(PICTURES)]
            for row, path in enumerate(paths):
                size = (HEIGHT_PX + WIDER_PX * row, HEIGHT_PX)
                path.write_bytes(noise(size, seed=number * PICTURES + row))
            draft = (await stage.drop(studio, *paths)).with_text(f"Question {number}?")
            for image in draft.images:  # what will be sent is made now, and not by a process to be killed
                await studio.show_picture(image, MODEL, PICTURES)
            studio.save_draft(stage.session.id, draft)
            return replace(stage.session, draft=draft)

    return asyncio.run(scenario())


@pytest.mark.slow
@pytest.mark.parametrize("series", range(SERIES))
def test_what_had_arrived_is_not_sent_again(
    processes: ForkServerContext, tmp_path: Path, series: int
) -> None:
    choices = random.Random(series)
    folder, kills = tmp_path / "data", 0
    for number in range(MOST_QUESTIONS):
        session = drafted(folder, number)
        with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as server:
            server.faults.add(SLOW)
            question, tries = Round(folder, session, server), 1
            while not question.run(
                processes, choices.uniform(0, LATEST_S) if tries <= MOST_TRIES else LONG_S
            ):
                tries += 1
            kills += question.kills_while_uploading()
        if kills >= KILLS_EACH:
            break
    assert not [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert kills >= KILLS_EACH, kills
