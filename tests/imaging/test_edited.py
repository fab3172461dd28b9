"""An edited picture has the size that was foretold, and what was redacted is in none of its bytes."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tests.core.edited_pictures import edits_of
from tests.imaging import pictures
from vision_studio.core.draft import Fidelity
from vision_studio.core.editing import added, cropped, mirrored, straightened, turned
from vision_studio.core.edits import Colour, Edits, Mark, Redact, Shape, Turn
from vision_studio.core.events import RefusalKind
from vision_studio.core.fitting import capped
from vision_studio.core.framing import edited_size
from vision_studio.core.marks import INKS
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.thumbnails import edited_thumbnail
from vision_studio.imaging.tiles import cut

CAP = 10_485_760
SIZE = Size(160, 96)


def made(
    folder: Path,
    data: bytes,
    edits: Edits,
    size: Size | None = None,
    fidelity: Fidelity = Fidelity.FIT,
    whole: Size | None = None,
) -> bytes:
    source = pictures.write(folder / "source", data)
    whole = whole or inspect(source).size
    target = folder / "target"
    recipe = Recipe(size or edited_size(whole, edits), fidelity, CAP, whole=whole, edits=edits)
    rendered = render(source, recipe, target)
    assert rendered.size == recipe.size
    return target.read_bytes()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png(image: Image.Image) -> bytes:
    return pictures.encoded(image, "PNG")


PHOTO = pictures.photo(SIZE)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=edits_of(SIZE),
    share=st.floats(0.05, 1),
    fidelity=st.sampled_from([Fidelity.FIT, Fidelity.ORIGINAL]),
)
def test_the_size_is_as_foretold(tmp_path: Path, edits: Edits, share: float, fidelity: Fidelity) -> None:
    kept = edited_size(SIZE, edits)
    wanted = capped(kept, max(1, round(kept.longest * share)))
    assert opened(made(tmp_path, png(PHOTO), edits, wanted, fidelity)).size == wanted


# --- redaction --------------------------------------------------------------------------------------------

SECRET = Box(48, 32, 96, 64)


def with_secret(seed: int, size: Size = SIZE, mode: str = "RGB") -> Image.Image:
    """A photograph with noise in a box, another noise for another seed."""
    image = pictures.photo(size).convert(mode)
    noise = Image.frombytes(
        "RGB", SECRET.size, random.Random(seed).randbytes(SECRET.size.width * SECRET.size.height * 3)
    )
    image.paste(noise.convert(mode), SECRET[:2])
    return image


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=edits_of(SIZE), share=st.floats(0.05, 1))
def test_the_bytes_do_not_depend_on_what_is_redacted(tmp_path: Path, edits: Edits, share: float) -> None:
    """Whatever else is done to the picture: two secrets under one box give the very same bytes."""
    hidden = added(SIZE, edits, Redact(SECRET))
    kept = edited_size(SIZE, hidden)
    wanted = capped(kept, max(1, round(kept.longest * share)))
    one, other = (made(tmp_path, png(with_secret(seed)), hidden, wanted) for seed in (1, 2))
    assert one == other


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "LA", "1", "I;16", "I", "F", "CMYK", "LAB"])
@pytest.mark.parametrize("wanted", [SIZE, Size(40, 24)], ids=["as large", "smaller"])
def test_no_kind_of_pixels_lets_a_secret_through(tmp_path: Path, mode: str, wanted: Size) -> None:
    name = "PNG" if mode in ("RGB", "L", "RGBA", "P", "LA", "1", "I;16") else "TIFF"
    sources = [with_secret(seed) if mode != "LAB" else _lab(with_secret(seed)) for seed in (1, 2)]
    if mode == "P":
        palette = sources[0].quantize(64)
        sources = [source.quantize(palette=palette, dither=Image.Dither.NONE) for source in sources]
    elif mode in ("I;16", "F"):
        sources = [
            source.convert("L").convert("I" if mode == "I;16" else "F").convert(mode) for source in sources
        ]
    elif mode != "LAB":
        sources = [source.convert(mode) for source in sources]
    if mode == "1":
        # Dithering carries a secret out of its box before we see the picture.
        for source in sources:
            source.paste(sources[0].crop((0, 64, *SIZE)), (0, 64))
        sources = [_only_inside(sources[0], source) for source in sources]
    assert sources[0].tobytes() != sources[1].tobytes()
    one, other = (
        made(tmp_path, pictures.encoded(source, name), (Redact(SECRET),), wanted) for source in sources
    )
    assert one == other


def _lab(image: Image.Image) -> Image.Image:
    return Image.merge("LAB", image.split())


def _only_inside(ground: Image.Image, source: Image.Image) -> Image.Image:
    kept = ground.copy()
    kept.paste(source.crop(SECRET), SECRET[:2])
    return kept


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("wanted", [1.0, 0.25], ids=["as large", "smaller"])
def test_a_photograph_keeps_no_trace_however_it_lies(tmp_path: Path, orientation: int, wanted: float) -> None:
    """A JPEG's own blocks are 16 px wide: a box that covers them whole covers all that is of the secret."""
    size = Size(640, 384)
    secret = Box(192, 128, 384, 256)
    outcomes = []
    for seed in (1, 2):
        image = pictures.photo(size)
        image.paste(pictures.noise(secret.size, seed), secret[:2])
        stored = (
            image.transpose({2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation])
            if orientation > 1
            else image
        )
        data = pictures.encoded(stored, "JPEG", exif=pictures.exif(orientation, place=True), quality=90)
        # One pixel more, as a decoder smooths colours from block to block.
        hidden: Edits = (Redact(Box(secret.left - 2, secret.top - 2, secret.right + 2, secret.bottom + 2)),)
        outcomes.append(made(tmp_path, data, hidden, Size(round(640 * wanted), round(384 * wanted))))
    assert outcomes[0] == outcomes[1]
    assert b"Exif" not in outcomes[0]
    sent = opened(outcomes[0]).convert("RGB")
    middle = sent.getpixel((sent.width * 288 // 640, sent.height // 2))
    assert max(middle) <= 4  # type: ignore[type-var, arg-type]


def test_what_is_redacted_is_black_and_the_rest_as_it_was(tmp_path: Path) -> None:
    image = with_secret(1)
    sent = opened(made(tmp_path, png(image), (Redact(SECRET),), fidelity=Fidelity.ORIGINAL)).convert("RGB")
    black = image.copy()
    black.paste((0, 0, 0), SECRET)
    assert sent.tobytes() == black.tobytes()


def test_a_transparent_picture_is_opaque_where_it_is_redacted(tmp_path: Path) -> None:
    image = Image.new("RGBA", SIZE, (200, 0, 0, 0))
    sent = opened(made(tmp_path, png(image), (Redact(SECRET),)))
    assert sent.mode == "RGBA"
    assert sent.getpixel(SECRET[:2]) == (0, 0, 0, 255)
    assert sent.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_page_is_redacted_as_it_was_drawn(tmp_path: Path) -> None:
    data = _svg()
    hidden: Edits = (Redact(Box(0, 0, 80, 96)),)
    sent = opened(made(tmp_path, data, hidden, Size(80, 48), whole=SIZE)).convert("RGB")
    assert max(sent.getpixel((10, 24))) <= 4  # type: ignore[type-var, arg-type]
    assert sent.getpixel((70, 24))[0] >= 250  # type: ignore[index]


def _svg() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="96">'
        b'<rect width="160" height="96" fill="#f00"/></svg>'
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    left=st.integers(0, 70),
    top=st.integers(65, 90),
    quarters=st.integers(0, 3),
    share=st.floats(0.05, 1),
)
def test_what_is_cut_away_is_in_no_byte_either(
    tmp_path: Path, left: int, top: int, quarters: int, share: float
) -> None:
    for kept in (Box(left, top, 160, 96), Box(96, 0, 160, 96)):
        edits = turned(SIZE, cropped(SIZE, (), kept), quarters)
        wanted = capped(edited_size(SIZE, edits), max(1, round(kept.size.longest * share)))
        one, other = (made(tmp_path, png(with_secret(seed)), edits, wanted) for seed in (1, 2))
        assert one == other


def test_thumbnails_and_parts_are_redacted_too(tmp_path: Path) -> None:
    hidden: Edits = (Redact(SECRET),)
    seen = []
    for seed in (1, 2):
        source = pictures.write(tmp_path / "source", png(with_secret(seed)))
        parts = [tmp_path / "left", tmp_path / "right"]
        cut(source, 0, SIZE, hidden, [Box(0, 0, 80, 96), Box(80, 0, 160, 96)], parts)
        small, packed = edited_thumbnail(source, 64, 0, SIZE, hidden)
        assert (small.width, small.height) == (64, 38)
        seen.append((small, packed, *(part.read_bytes() for part in parts)))
    assert seen[0] == seen[1]


def test_edits_of_another_picture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        made(tmp_path, png(PHOTO), (Redact(SECRET),), SIZE, whole=Size(320, 192))
    assert refused.value.kind is RefusalKind.CHANGED


def test_a_picture_with_edits_is_never_its_file(tmp_path: Path) -> None:
    """Not even where they change no pixel that counts."""
    data = pictures.encoded(PHOTO, "JPEG", quality=90)
    corner: Edits = (Redact(Box(0, 0, 1, 1)),)
    assert made(tmp_path, data, ()) == data
    assert made(tmp_path, data, corner) != data


def test_other_edits_have_another_recipe() -> None:
    plain = Recipe(SIZE, Fidelity.FIT, CAP)
    recipes = [
        Recipe(SIZE, Fidelity.FIT, CAP, whole=SIZE, edits=edits)
        for edits in ((Redact(SECRET),), (Turn(2),), added(SIZE, (Turn(2),), Redact(SECRET)))
    ]
    assert len({plain.key, *(recipe.key for recipe in recipes)}) == 4


# --- the frame --------------------------------------------------------------------------------------------


def card() -> Image.Image:
    """Four colours, one in each quarter."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for colour, (left, top) in zip(
        ("#f00", "#0f0", "#00f", "#fff"), ((0, 0), (80, 0), (0, 48), (80, 48)), strict=True
    ):
        draw.rectangle((left, top, left + 79, top + 47), fill=colour)
    return image


RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.mark.parametrize(
    ("edits", "corners"),
    [
        pytest.param(turned(SIZE, (), 1), (BLUE, RED, WHITE, GREEN), id="right"),
        pytest.param(turned(SIZE, (), 2), (WHITE, BLUE, GREEN, RED), id="round"),
        pytest.param(turned(SIZE, (), 3), (GREEN, WHITE, RED, BLUE), id="left"),
        pytest.param(mirrored(SIZE, ()), (GREEN, RED, WHITE, BLUE), id="mirrored"),
        pytest.param(mirrored(SIZE, (), upside_down=True), (BLUE, WHITE, RED, GREEN), id="flipped"),
        pytest.param(mirrored(SIZE, turned(SIZE, (), 1)), (RED, BLUE, GREEN, WHITE), id="right, mirrored"),
        pytest.param(cropped(SIZE, (), Box(80, 0, 160, 48)), (GREEN, GREEN, GREEN, GREEN), id="cropped"),
        pytest.param(
            cropped(SIZE, turned(SIZE, (), 1), Box(0, 0, 48, 160)),
            (BLUE, BLUE, WHITE, WHITE),
            id="right, cropped",
        ),
    ],
)
def test_which_way_is_up_and_what_is_left(tmp_path: Path, edits: Edits, corners: tuple[object, ...]) -> None:
    for share in (1, 2):
        size = edited_size(SIZE, edits)
        sent = opened(
            made(tmp_path, png(card()), edits, Size(size.width // share, size.height // share))
        ).convert("RGB")
        right, bottom = sent.width - 1, sent.height - 1
        assert (
            tuple(sent.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))) == corners
        )


@pytest.mark.parametrize("tenths", [-450, -123, -1, 1, 7, 100, 333, 450])
@pytest.mark.parametrize("size", [SIZE, Size(31, 200), Size(7, 5), Size(1, 1)], ids=str)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_no_corner_is_empty(tmp_path: Path, tenths: int, size: Size, mode: str) -> None:
    white = png(Image.new(mode, size, "white"))
    edits = straightened(size, (), tenths)
    sent = opened(made(tmp_path, white, edits, fidelity=Fidelity.ORIGINAL)).convert("L")
    assert sent.getextrema() == (255, 255)


def test_straightening_turns_clockwise_about_the_middle(tmp_path: Path) -> None:
    image = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(image).rectangle((95, 0, 104, 100), fill="black")  # from the middle upwards
    sent = opened(made(tmp_path, png(image), straightened(Size(200, 200), (), 300))).convert("L")
    middle = sent.width / 2
    assert sent.getpixel((round(middle + 40 * 0.5), round(middle - 40 * 0.866))) < 60  # type: ignore[operator]
    assert sent.getpixel((round(middle - 40 * 0.5), round(middle - 40 * 0.866))) > 200  # type: ignore[operator]


# --- marks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
@pytest.mark.parametrize("shape", Shape)
def test_marks_are_drawn_in_their_colours(tmp_path: Path, mode: str, shape: Shape) -> None:
    size = Size(400, 300)
    mark = Mark(
        shape,
        100,
        100,
        100 if shape is Shape.NUMBER else 300,
        100 if shape is Shape.NUMBER else 250,
        Colour.BLUE,
    )
    plain = Image.new(mode, size, "white")
    sent = opened(made(tmp_path, png(plain), (mark,), fidelity=Fidelity.ORIGINAL)).convert("RGB")
    found = {colour for _, colour in sent.getcolors(100_000) or []}
    assert tuple(bytes.fromhex(INKS[Colour.BLUE][1:])) in found
    assert sent.getpixel((0, 0)) == WHITE
    assert sent.getpixel((399, 299)) == WHITE


def test_a_mark_stays_on_what_it_marks(tmp_path: Path) -> None:
    size = Size(400, 300)
    edits = added(
        size,
        cropped(size, turned(size, (), 1), Box(50, 50, 250, 350)),
        Mark(Shape.NUMBER, 200, 150, 200, 150),
    )
    sent = opened(made(tmp_path, png(Image.new("RGB", size, "white")), edits, fidelity=Fidelity.ORIGINAL))
    dark = sent.convert("L").point(lambda level: 255 if level < 250 else 0).getbbox()
    assert dark is not None
    assert (dark[0] + dark[2]) / 2 == pytest.approx(100, abs=2)
    assert (dark[1] + dark[3]) / 2 == pytest.approx(150, abs=2)
