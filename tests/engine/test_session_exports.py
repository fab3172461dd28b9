"""Sessions as pages, Markdown and JSON: whole, quiet, and whatever an answer says is only said."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.engine.stage import CATALOGUE
from tests.engine.test_strange_bundles import TURNS, kept_image
from tests.storage.samples import NOW
from vision_studio.core.conversation import Answer, Outcome, SentImage, Session, Turn, Usage
from vision_studio.core.draft import Rendition
from vision_studio.core.export_html import policy
from vision_studio.core.export_style import STYLE
from vision_studio.core.exported import ExportFormat
from vision_studio.core.size import Size
from vision_studio.engine.answer_html import answer_html
from vision_studio.engine.home import Home
from vision_studio.engine.session_exports import SessionExports

HOSTILE = """# <script>alert(1)</script>
<img src=x onerror=alert(1)> <iframe src="https://evil.example"></iframe> <style>*{display:none}</style>
![look](https://evil.example/track.png) ![x](data:image/png;base64,AAAA) [go](javascript:alert(1))
[file](file:///etc/passwd) [fine](https://example.com/a?b=1&c=2 "t\\"onmouseover=x") <https://example.com>
&lt;b&gt; &#60;script&#62; `</code><script>` [a]: javascript:alert(1) [a]

```html"><script>alert(1)</script>
</pre><script>alert(1)</script>
```

| a | <b>b</b> |
|---|---:|
| 1 | ![t](http://evil.example/x.gif) |
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with closing(Home.open(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def session(home: Home) -> Session:
    """Two turns: an answer like any other, and one that means harm."""
    turns = []
    for number, (turn_id, colour, said) in enumerate(
        ((TURNS[0], "red", "It is **red**."), (TURNS[1], "blue", HOSTILE)), start=1
    ):
        image = replace(kept_image(home, number, colour), name=f'{colour} "<b>".png', label="<i>after</i>")
        assert image.digest is not None
        made = Rendition(image.digest, "image/png", Size(40, 30), image.size_bytes)
        answer = Answer("claude-opus-5-5", Outcome.ANSWERED, said, usage=Usage(1200, 34), duration_s=2.4)
        sent = (SentImage(image, number, made),)
        turns.append(Turn(turn_id, f"Which <b>colour</b>?\n{number}", sent, answer, NOW))
    return Session("session", "Red & <blue>", "claude-opus-5-5", NOW, NOW, "Be *brief*.", tuple(turns))


Export = Callable[..., bytes]


@pytest.fixture
def export(home: Home, session: Session, tmp_path: Path) -> Export:
    def write(kind: ExportFormat, name: str, turn_ids: Any = None) -> bytes:
        exports = SessionExports(home.blobs, CATALOGUE, lambda event: None)
        path = tmp_path / name
        done = asyncio.run(exports.export("t", session, turn_ids, kind, path))
        assert (done.name, done.folder, done.size_bytes) == (name, tmp_path.name, path.stat().st_size)
        assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")]
        return path.read_bytes()

    return write


class Seen(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "section", "div", "p", "span", "figure"),
    *("figcaption", "img", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "a", "pre", "code", "br"),
    *("ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr"),
}


def quiet(page: str) -> Seen:
    """Check that nothing on a page loads, runs or is styled from elsewhere."""
    seen = Seen(page)
    for tag, attributes in seen.tags:
        assert tag in ALLOWED
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset")]
        if tag == "a":
            assert (attributes["href"] or "").startswith(("https://", "http://"))
            assert attributes["rel"] == "noopener noreferrer"
        elif "href" in attributes:
            pytest.fail(f"{tag} leads somewhere")
        if tag == "img":
            assert re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/=]+", attributes["src"] or "")
    return seen


def test_a_page_holds_everything_and_loads_nothing(export: Export, home: Home, session: Session) -> None:
    page = export(ExportFormat.HTML, "talk.html").decode()
    seen = quiet(page)
    metas = {attributes.get("http-equiv"): attributes.get("content") for tag, attributes in seen.tags}
    assert metas["Content-Security-Policy"] == policy()
    assert "default-src 'none'" in policy()
    assert page.count("<style>") == 1
    assert f"<style>{STYLE}</style>" in page
    sources = [attributes["src"] for tag, attributes in seen.tags if tag == "img"]
    kept = [sent.image.digest for sent in session.sent_images]
    assert [base64.b64decode((source or "").partition(",")[2]) for source in sources] == [
        home.blobs.path(digest or "").read_bytes() for digest in kept
    ]
    for said in ("Red & <blue>", "Which <b>colour</b>?", 'red "<b>".png', "<i>after</i>", "Be *brief*."):
        assert said in seen.text
    for said in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "✓ 1,200 in · 34 out · 2.4 s"):
        assert said in seen.text
    assert "[look: https://evil.example/track.png]" in seen.text


def test_an_answers_links_lead_to_the_web_and_say_nothing_of_where_from() -> None:
    seen = quiet(answer_html(HOSTILE))
    assert [attributes["href"] for tag, attributes in seen.tags if tag == "a"] == [
        "https://example.com/a?b=1&c=2",
        "https://example.com",
    ]
    assert [attributes.get("class") for tag, attributes in seen.tags if tag == "td"] == [None, "right"]


@pytest.mark.parametrize(
    "text", ["*" * 20_000, "[" * 20_000, "> " * 5_000, "`" * 20_000, "![](" * 5_000, "\0<a"]
)
def test_an_answer_that_is_hard_to_read_is_read_in_time(text: str) -> None:
    quiet(answer_html(text))


def test_markdown_has_its_images_in_a_folder(export: Export, tmp_path: Path) -> None:
    data = export(ExportFormat.MARKDOWN, "talk.zip")
    with zipfile.ZipFile(tmp_path / "talk.zip") as archive:
        names = set(archive.namelist())
        text = archive.read("talk.md").decode()
    links = re.findall(r"!\[[^\n]*\]\(([^)\n]*)\)\n", text)
    assert links[:2] == ["images/image-1-red-b.png", "images/image-2-blue-b.png"]
    assert set(links[:2]) | {"talk.md"} == names
    assert "# Red \\& \\<blue\\>" in text
    assert "> Which \\<b\\>colour\\</b\\>?  \n> 1  " in text
    assert "It is **red**." in text
    assert data == export(ExportFormat.MARKDOWN, "talk.zip")


def test_markdown_without_an_archive_leaves_folders_that_are_there_alone(
    export: Export, tmp_path: Path
) -> None:
    (tmp_path / "my talk images").mkdir()
    (tmp_path / "my talk images" / "precious.txt").write_text("mine")
    text = export(ExportFormat.MARKDOWN, "my talk.md").decode()
    assert "](my%20talk%20images%20%282%29/image-1-red-b.png)" in text
    assert (tmp_path / "my talk images (2)" / "image-2-blue-b.png").exists()
    assert (tmp_path / "my talk images" / "precious.txt").read_text() == "mine"


def test_json_says_what_was_asked_and_answered(export: Export) -> None:
    said = json.loads(export(ExportFormat.JSON, "talk.json"))
    assert (said["title"], said["system"]) == ("Red & <blue>", "Be *brief*.")
    first, second = said["turns"]
    assert first["request"]["messages"][0]["content"][0] == {"type": "text", "text": "Image 1: <i>after</i>"}
    assert first["images"][0]["sent"]["media_type"] == "image/png"
    assert second["answer"] == HOSTILE
    assert second["response"]["usage"]["output_tokens"] == 34


def test_a_pdf_is_set_in_type_and_shows_the_images(export: Export, tmp_path: Path) -> None:
    assert export(ExportFormat.PDF, "talk.pdf").startswith(b"%PDF-")
    with closing(pypdfium2.PdfDocument(tmp_path / "talk.pdf")) as document:
        pages = [document[number] for number in range(len(document))]
        text = "".join(page.get_textpage().get_text_range() for page in pages)
        pictures = [found for page in pages for found in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])]
    assert "Red & <blue>" in text
    assert "Which <b>colour</b>?" in text
    assert "<script>alert(1)</script>" in text
    assert len(pictures) == 2


def test_a_pdf_that_nobody_waits_for_leaves_nothing(home: Home, session: Session, tmp_path: Path) -> None:
    async def scenario() -> None:
        exports = SessionExports(home.blobs, CATALOGUE, lambda event: None)
        path = tmp_path / "out" / "talk.pdf"
        path.parent.mkdir()
        writing = asyncio.ensure_future(exports.export("t", session, None, ExportFormat.PDF, path))
        while not list(path.parent.iterdir()):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        assert not list(path.parent.iterdir())

    asyncio.run(scenario())


def test_only_the_turns_that_were_chosen(export: Export) -> None:
    chosen = {TURNS[1]}
    page = export(ExportFormat.HTML, "talk.html", chosen).decode()
    assert page.count('class="turn"') == 1
    assert "It is <strong>red</strong>" not in page
    assert len(json.loads(export(ExportFormat.JSON, "talk.json", chosen))["turns"]) == 1
    export(ExportFormat.MARKDOWN, "talk.zip", chosen)


def test_an_image_that_is_gone_leaves_its_caption(export: Export, home: Home, session: Session) -> None:
    digest = session.turns[0].images[0].image.digest
    home.blobs.path(digest or "").unlink()
    seen = quiet(export(ExportFormat.HTML, "talk.html").decode())
    assert [tag for tag, _ in seen.tags].count("img") == 1
    assert [tag for tag, _ in seen.tags].count("figcaption") == 2
    export(ExportFormat.MARKDOWN, "talk.md")
