"""An SVG leads nowhere: whatever it refers to, no other file is opened and nobody is called."""

from __future__ import annotations

import base64
import gzip
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
import resvg_py
from PIL import Image

from tests.imaging import documents, pictures
from tests.support.watching import opened_files
from vision_studio.core.draft import Fidelity
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.formats import sniff
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.svg_source import svg_source
from vision_studio.imaging.thumbnails import examine

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100"'

REFERENCES = {
    "image": '<image href="{there}" width="200" height="100"/>',
    "image by xlink": '<image xlink:href="{there}" width="200" height="100"/>',
    "image by another prefix": (
        '<image xmlns:z="http://www.w3.org/1999/xlink" z:href="{there}" width="9" height="9"/>'
    ),
    "filter image": (
        '<filter id="f"><feImage href="{there}"/></filter><rect width="9" height="9" filter="url(#f)"/>'
    ),
    "use": '<use href="{there}#a"/>',
    "paint": '<rect width="9" height="9" fill="url({there}#a)"/>',
    "quoted paint": "<rect width='9' height='9' style='fill:url(&quot;{there}#a&quot;)'/>",
    "pattern": '<pattern id="p" href="{there}#a"/><rect width="9" height="9" fill="url(#p)"/>',
    "style sheet": "<style>@import url({there}); @import '{there}';</style>",
    "typeface": (
        "<style>@font-face {{ font-family: z; src: url({there}) }}</style>"
        "<text y='9' font-family='z'>z</text>"
    ),
    "base": '<g xml:base="{there}"><image href="a.png" width="9" height="9"/></g>',
    "script": '<script href="{there}"/>',
    "foreign object": (
        '<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="{there}"/></foreignObject>'
    ),
}

PREAMBLES = {
    "document type": '<!DOCTYPE svg SYSTEM "{there}">',
    "entity": '<!DOCTYPE svg [<!ENTITY a SYSTEM "{there}">]>',
    "parameter entity": '<!DOCTYPE svg [<!ENTITY % a SYSTEM "{there}"> %a;]>',
    "style sheet instruction": '<?xml-stylesheet type="text/css" href="{there}"?>',
}


def picture(reference: str, there: str) -> bytes:
    if reference in PREAMBLES:
        return PREAMBLES[reference].format(there=there).encode() + documents.svg(
            "<text>&a;</text>" if "ENTITY a" in PREAMBLES[reference] else "", XLINK
        )
    return documents.svg(REFERENCES[reference].format(there=there), XLINK)


def within(data: bytes) -> bytes:
    """Return a drawing that holds another, as data."""
    inner = f"data:image/svg+xml;base64,{base64.b64encode(data).decode()}"
    return documents.svg(f'<image href="{inner}" width="200" height="100"/>', XLINK)


def look_at(path: Path) -> None:
    """Do with a drawing what is done with one; a refusal is as good as any other end."""
    try:
        inspect(path)
        examine(path, 64)
        render(path, Recipe(Size(200, 100), Fidelity.FIT, 1_000_000), path.with_suffix(".sent"))
    except Refused:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with files that a drawing may refer to."""
    folder = tmp_path / "else where"
    folder.mkdir()
    Image.new("RGB", (9, 9), "red").save(folder / "a.png")
    pictures.write(folder / "a.svg", documents.svg('<rect id="a" width="99" height="99" fill="red"/>'))
    (folder / "a.css").write_text("rect { fill: red }")
    (folder / "a.ent").write_text('<!ENTITY a "red">')
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who opened a file")
@pytest.mark.parametrize("reference", [*REFERENCES, *PREAMBLES])
def test_no_other_file_is_opened(tmp_path: Path, elsewhere: Path, reference: str) -> None:
    places = [str(elsewhere / name) for name in ("a.png", "a.svg", "a.css", "a.ent")]
    around = quote(elsewhere.name)
    places += [
        f"file://{quote(places[0])}",
        f"../{around}/a.png",
        f"{around}/a.png",
        f"{elsewhere.name}/a.svg",
    ]
    for there in places:
        data = picture(reference, there)
        for document in (data, within(data), gzip.compress(data)):
            path = pictures.write(tmp_path / "a.svg", document)
            with opened_files(elsewhere) as opened:
                look_at(path)
            assert opened == set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who opened a file")
def test_the_watch_sees_a_renderer_open_a_file(elsewhere: Path) -> None:
    """Left to itself, the renderer does open files: it is our rewriting that keeps it from it."""
    data = picture("image", str(elsewhere / "a.png"))
    with opened_files(elsewhere) as opened:
        resvg_py.svg_to_bytes(svg_string=data.decode(), skip_system_fonts=True)
    assert opened == {"a.png"}


@pytest.fixture
def bait() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("reference", [*REFERENCES, *PREAMBLES])
def test_nobody_is_called(tmp_path: Path, bait: socket.socket, reference: str) -> None:
    there = f"http://127.0.0.1:{bait.getsockname()[1]}/a.svg"
    data = picture(reference, there)
    for document in (data, within(data)):
        look_at(pictures.write(tmp_path / "a.svg", document))
    with pytest.raises(BlockingIOError):
        bait.accept()


@pytest.mark.parametrize("reference", [*REFERENCES, *PREAMBLES])
def test_the_renderer_does_not_even_see_the_address(reference: str) -> None:
    there = "http://elsewhere.example/a.svg"
    for document in (picture(reference, there), within(picture(reference, there))):
        text = svg_source(document).text()
        for part in text.split('"'):
            if part.startswith("data:image/svg+xml;base64,"):
                text += base64.b64decode(part.partition(",")[2]).decode()
        assert "elsewhere.example" not in text


# --- what belongs to the file is still drawn --------------------------------------------------------------

RED = (255, 0, 0, 255)


def pixel(folder: Path, data: bytes, place: tuple[int, int] = (50, 50)) -> object:
    target = folder / "sent"
    render(pictures.write(folder / "a", data), Recipe(Size(200, 100), Fidelity.FIT, 1_000_000), target)
    with Image.open(target) as image:
        return image.convert("RGBA").getpixel(place)


GRADIENT = '<linearGradient id="g"><stop stop-color="red"/></linearGradient>'
RED_DATA = base64.b64encode(pictures.encoded(Image.new("RGB", (20, 10), "red"), "PNG")).decode()
ALL = 'width="200" height="100"'


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(f'<g id="a"><rect {ALL} fill="red"/></g><use href="#a"/>', id="use"),
        pytest.param(f'{GRADIENT}<rect {ALL} fill="url(#g)"/>', id="gradient"),
        pytest.param(f"{GRADIENT}<rect {ALL} style=\"fill: url( '#g' )\"/>", id="quoted"),
        pytest.param(f"<style>rect {{ fill: red }}</style><rect {ALL}/>", id="style"),
        pytest.param(
            f"<style><![CDATA[g > rect {{ fill: red }}]]></style><g><rect {ALL}/></g>", id="style as CDATA"
        ),
        pytest.param(f'<image href="data:image/png;base64,{RED_DATA}" {ALL}/>', id="a picture as data"),
    ],
)
def test_what_is_inside_is_drawn(tmp_path: Path, inside: str) -> None:
    assert pixel(tmp_path, documents.svg(inside, XLINK)) == RED


def test_a_drawing_within_a_drawing_is_drawn(tmp_path: Path) -> None:
    inner = documents.svg('<rect width="200" height="100" fill="red"/>')
    assert pixel(tmp_path, within(inner)) == RED
    assert pixel(tmp_path, within(within(within(inner)))) != RED  # there is an end to it


# --- traps ------------------------------------------------------------------------------------------------


def laughs(levels: int) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE svg [<!ENTITY l0 "ha">{entities}]>'.encode() + documents.svg(
        f"<text>&l{levels - 1};</text>"
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(laughs(10), RefusalKind.DAMAGED, id="a billion laughs"),
        pytest.param(
            b'<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + documents.svg("<text>&a;</text>"),
            RefusalKind.DAMAGED,
            id="an entity that is itself",
        ),
        pytest.param(documents.svg("<g>" * 300 + "</g>" * 300), RefusalKind.DAMAGED, id="deep"),
        pytest.param(documents.svg("<g>" * 100_000), RefusalKind.DAMAGED, id="deeper, and never closed"),
        pytest.param(
            gzip.compress(b"<svg>" + bytes(70_000_000)), RefusalKind.TOO_MANY_BYTES, id="unpacked, much"
        ),
        pytest.param(gzip.compress(documents.svg())[:-9], RefusalKind.DAMAGED, id="packed, and cut"),
        pytest.param(documents.svg()[:-3], RefusalKind.DAMAGED, id="cut"),
        pytest.param(
            b"<svg xmlns='http://www.w3.org/2000/svg'>\xff\xfe</svg>", RefusalKind.DAMAGED, id="no text"
        ),
        pytest.param(
            b"<?xml version='1.0' encoding='klingon'?><svg/>", RefusalKind.DAMAGED, id="no encoding"
        ),
        pytest.param(documents.svg(root='width="0" height="9"'), RefusalKind.DAMAGED, id="no width"),
        pytest.param(documents.svg(root='width="1e999" height="9"'), RefusalKind.DAMAGED, id="no end"),
    ],
)
def test_a_trap_is_refused(tmp_path: Path, data: bytes, kind: RefusalKind) -> None:
    with pytest.raises(Refused) as caught:
        inspect(pictures.write(tmp_path / "a", data))
    assert caught.value.kind is kind


MANY = 1_000_000


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(documents.svg(root=f'width="{"9" * MANY}!" height="9"'), id="digits in a width"),
        pytest.param(documents.svg(root=f'width="9{" " * MANY}!" height="9"'), id="blanks in a width"),
        pytest.param(documents.svg(root=f'viewBox="{"9 " * MANY}"'), id="a view of a million numbers"),
        pytest.param(documents.svg(f"<g fill='url({' ' * MANY}#a)'/>"), id="blanks in a reference"),
        pytest.param(documents.svg(f"<g fill='{'url(#' * MANY}'/>"), id="a million references"),
        pytest.param(documents.svg(f"<style>{'@import' * MANY}</style>"), id="a million imports"),
        pytest.param(documents.svg(f"<image href='data:image/png{';' * MANY}'/>"), id="a million semicolons"),
        pytest.param(documents.svg("<!--" * MANY), id="a million comments, none of which ends"),
    ],
)
def test_long_nonsense_takes_no_longer_than_its_length(data: bytes) -> None:
    """An attempt for every pair of its characters would take days, and end the run by its time limit."""
    with suppress(Refused):
        svg_source(data)
    with suppress(Refused):
        sniff(data)
