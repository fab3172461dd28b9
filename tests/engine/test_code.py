"""Code that was copied runs as it is, and the server gets what the window would have sent."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stage import CATALOGUE, MODEL, Stage, samples
from tests.engine.test_bundling import bodies, by_content, stage_in
from vision_studio.core.code import FILE_NAMES
from vision_studio.core.code_request import CodeRequest, Flavour, Language, question_only, slots
from vision_studio.core.draft import Draft
from vision_studio.core.portable_events import CodeReady, CodeSaved, PortableFailed
from vision_studio.core.request_settings import Cache, RequestSettings
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.studio import Studio
from vision_studio.practice import PracticeServer

HOSTILE = (
    'He said "go", \'stop\' \\ \\n\\\\"; rm -rf / #\n```sh\n$(touch owned) `touch owned` ${HOME} %s %d\n'
    "```\r\nREQUEST\n'''\n\"\"\" {x} {{y}} \u2028 \u202e \ufeff é 😀 👩\u200d💻 \U000e0041 \t\x07 "
    "</script> <!-- \\u0041 *_[]"
)
Written = tuple[CodeRequest, Any, Path]
"""The request as code sees it, the body that the window sent, and a folder for each language and flavour."""


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as running:
        yield running


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, server: PracticeServer) -> Written:
    folder = tmp_path_factory.mktemp("code")

    async def scenario() -> tuple[CodeRequest, Any]:
        stage = stage_in(folder / "data", server)
        async with stage.open() as studio:
            studio.set_uploads(UploadSettings(inline=True))
            pictures = await stage.drop(studio, *samples())
            chosen = RequestSettings("low", max_tokens=900, cache=Cache.HOUR)
            studio.set_request_settings(stage.session.id, chosen)
            first = replace(pictures.images[0], label=HOSTILE[:40])
            await stage.answered(studio, Draft((first,), HOSTILE), system=HOSTILE)
            draft = Draft((pictures.images[2], pictures.images[3], pictures.images[0]), HOSTILE)
            request = await asked(stage, studio, draft)
            for language in Language:
                for flavour in Flavour:
                    name = f"{language} {flavour}"
                    await studio.portable.save_code(name, request, language, flavour, folder, name)
            assert [event.name for event in stage.told(CodeSaved)] == [
                f"{language} {flavour}" for language in Language for flavour in Flavour
            ]
            server.requests.clear()
            await stage.answered(studio, draft, system=HOSTILE)
            (body,) = bodies(server)
            return request, body

    return *asyncio.run(scenario()), folder


async def asked(stage: Stage, studio: Studio, draft: Draft) -> CodeRequest:
    await studio.portable.write_code("code", stage.session.id, draft, MODEL, HOSTILE)
    assert not stage.told(PortableFailed)
    return stage.told(CodeReady)[-1].request


def environment(server: PracticeServer) -> dict[str, str]:
    said = {"ANTHROPIC_API_KEY": "practice-key", "ANTHROPIC_BASE_URL": server.base_url}
    return {**os.environ, **said, "PYTHONDONTWRITEBYTECODE": "1", "no_proxy": "127.0.0.1"}


def compared(body: Any, request: CodeRequest, server: PracticeServer) -> str:
    """Return a body with every picture named by what is in it, however it travels."""
    found = json.loads(by_content(body, server))
    for message in found["messages"]:
        for block in message["content"]:
            if block["type"] == "image":
                block["source"] = _digest(block["source"], request)
    return json.dumps(found, sort_keys=True)


def _digest(source: dict[str, str], request: CodeRequest) -> str:
    if source["type"] == "file":
        return source["file_id"]  # already the digest of what was uploaded
    if source["type"] == "url":
        name = source["url"].removeprefix("https://example.com/images/")
        return next(image.digest for image in request.images if image.name == name)
    return hashlib.sha256(base64.b64decode(source["data"])).hexdigest()


def wanted(body: Any, flavour: Flavour) -> Any:
    """Return what the window sent, as a flavour can: thoughts do not follow images from elsewhere."""
    if flavour is not Flavour.URL:
        return body
    said = [
        {**message, "content": [block for block in message["content"] if block["type"] != "thinking"]}
        for message in body["messages"]
    ]
    return {**body, "messages": said}


def run_all(language: Language, written: Written, server: PracticeServer, *how: str) -> None:
    """Run the three flavours of a language, and hold what the server got against what the window sent."""
    request, body, folder = written
    for flavour in Flavour:
        server.requests.clear()
        place = folder / f"{language} {flavour}"
        ran = subprocess.run(
            [*how, FILE_NAMES[language]],
            cwd=place,
            env=environment(server),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "practice server" in ran.stdout.replace("\\n", "\n")
        (got,) = bodies(server)
        assert compared(got, request, server) == compared(wanted(body, flavour), request, server)
        assert not list(folder.rglob("owned"))


@pytest.mark.slow
def test_python_asks_what_the_window_asks(written: Written, server: PracticeServer) -> None:
    run_all(Language.PYTHON, written, server, sys.executable, "-W", "ignore::DeprecationWarning")


def test_curl_asks_what_the_window_asks(written: Written, server: PracticeServer) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    run_all(Language.CURL, written, server, "sh")


def test_typescript_is_well_formed(written: Written, tmp_path: Path) -> None:
    """It is JavaScript too; with a stand-in for the library it says what it would send."""
    if shutil.which("node") is None:
        pytest.skip("there is no node here")
    request, _, folder = written
    library = tmp_path / "node_modules" / "@anthropic-ai" / "sdk"
    library.mkdir(parents=True)
    (library / "package.json").write_text(
        '{"name": "@anthropic-ai/sdk", "type": "module", "main": "index.js"}'
    )
    (library / "index.js").write_text(
        "export const toFile = async (stream, name, how) => ({ name, ...how });\n"
        "export default class {\n"
        "  files = { upload: async ({ file }) => ({ id: `https://example.com/images/${file.name}` }) };\n"
        "  messages = { stream: (body) => ({ on() {}, async finalMessage() {\n"
        "    process.stdout.write(JSON.stringify(body)); } }) };\n}\n"
    )
    for flavour in Flavour:
        for file in (folder / f"typescript {flavour}").iterdir():
            shutil.copyfile(file, tmp_path / ("ask.mjs" if file.suffix == ".mts" else file.name))
        ran = subprocess.run(["node", "ask.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert (ran.returncode, ran.stderr) == (0, "")
        said = json.loads(ran.stdout)
        body = json.loads(json.dumps(request.body, default=lambda slot: slot.image.digest))
        for message in said["messages"]:
            for block in message["content"]:
                if block["type"] == "image":
                    source = block["source"]
                    if source["type"] == "file":
                        source = {"type": "url", "url": source["file_id"]}
                    block["source"] = _digest(source, request)
        body.pop("stream")
        assert said == wanted(body, flavour)


def test_the_key_is_nowhere_in_it(written: Written) -> None:
    _, _, folder = written
    for language in Language:
        text = (folder / f"{language} inline" / FILE_NAMES[language]).read_text(encoding="utf-8")
        assert "ANTHROPIC_API_KEY" in text
        assert not re.search(r"practice-key|sk-|base64,|[A-Za-z0-9+/]{200}", text)


def test_files_are_named_for_every_shell_and_each_is_there_once(
    written: Written,
) -> None:
    request, _, folder = written
    assert [image.name for image in request.images] == ["image-1.jpg", "image-2.png", "image-3.jpg"]
    assert len(slots(request.body)) == 4
    for flavour in Flavour:
        kept = {file.name for file in (folder / f"python {flavour}").iterdir()}
        assert kept == {"ask.py", "image-1.jpg", "image-2.png", "image-3.jpg"}


def test_the_question_alone_needs_only_its_own_images(written: Written) -> None:
    alone = question_only(written[0])
    assert len(alone.body["messages"]) == 1
    assert [image.name for image in alone.images] == ["image-1.jpg", "image-2.png", "image-3.jpg"]
