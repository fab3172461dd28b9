"""Paints numbered marks into a picture that has its final size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from PIL import Image, ImageColor, ImageDraw, ImageFont

from vision_studio import assets
from vision_studio.core.affine import Point
from vision_studio.core.marks import Drawn

_FINE_PX = 1_000_000
"""Up to so many pixels a mark is drawn at four times its size, for smooth edges."""

_COARSE_PX = 16_000_000
"""Up to so many at twice its size; what is larger shows no steps."""

Paint = Callable[[ImageDraw.ImageDraw], None]


def paint_marks(image: Image.Image, marks: Iterable[Drawn]) -> Image.Image:
    """Return an L, RGB or RGBA picture with marks on it, in their colours."""
    marks = tuple(marks)
    if not marks:
        return image
    painted = image.convert("RGB") if image.mode == "L" else image
    for mark in marks:
        _paint(painted, mark)
    return painted


def _paint(image: Image.Image, mark: Drawn) -> None:
    beyond = mark.radius + 2 * mark.outline_width + mark.stroke
    points = [*_points(mark), mark.disc]
    left = max(0, int(min(x for x, _ in points) - beyond))
    top = max(0, int(min(y for _, y in points) - beyond))
    right = min(image.width, int(max(x for x, _ in points) + beyond) + 1)
    bottom = min(image.height, int(max(y for _, y in points) + beyond) + 1)
    if left >= right or top >= bottom:
        return
    area = (left, top, right, bottom)
    _stain(image, area, mark.outline, lambda finer: _shape(mark, area, finer, mark.outline_width))
    _stain(image, area, mark.ink, lambda finer: _shape(mark, area, finer, 0))
    _stain(image, area, mark.outline, lambda finer: _digits(mark, area, finer))


def _stain(
    image: Image.Image, area: tuple[int, int, int, int], ink: str, shape: Callable[[int], Paint]
) -> None:
    """Colour what a shape, drawn some times larger, covers of an area."""
    width, height = area[2] - area[0], area[3] - area[1]
    pixels = width * height
    finer = 4 if pixels <= _FINE_PX else 2 if pixels <= _COARSE_PX else 1
    mask = Image.new("L", (width * finer, height * finer))
    shape(finer)(ImageDraw.Draw(mask))
    colour = ImageColor.getrgb(ink)
    opaque = (*colour, 255) if image.mode == "RGBA" else colour
    image.paste(opaque, area, mask.reduce(finer) if finer > 1 else mask)


def _shape(mark: Drawn, area: tuple[int, int, int, int], finer: int, beyond: float) -> Paint:
    """Return what paints everything but the digits, so much wider to either side."""

    def placed(points: Iterable[Point]) -> list[tuple[float, float]]:
        return [((x - area[0]) * finer, (y - area[1]) * finer) for x, y in points]

    def dots(draw: ImageDraw.ImageDraw, points: Iterable[Point], radius: float) -> None:
        for x, y in placed(points):
            reach = radius * finer
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)

    def paint(draw: ImageDraw.ImageDraw) -> None:
        half = mark.stroke / 2 + beyond
        for line in mark.lines:
            draw.line(placed(line), fill=255, width=max(1, round(2 * half * finer)))
            dots(draw, line, half)  # round ends and joints
        for shape in mark.filled:
            draw.polygon(placed(shape), fill=255)
            if beyond:
                draw.line(placed((*shape, shape[0])), fill=255, width=max(1, round(2 * beyond * finer)))
                dots(draw, shape, beyond)
        dots(draw, [mark.disc], mark.radius + beyond)

    return paint


def _digits(mark: Drawn, area: tuple[int, int, int, int], finer: int) -> Paint:
    def paint(draw: ImageDraw.ImageDraw) -> None:
        middle = ((mark.disc.x - area[0]) * finer, (mark.disc.y - area[1]) * finer)
        font = _font(max(1, round(mark.digits_height * finer)))
        draw.text(middle, mark.digits, fill=255, font=font, anchor="mm")

    return paint


def _points(mark: Drawn) -> Iterator[Point]:
    for line in (*mark.lines, *mark.filled):
        yield from line


@lru_cache(maxsize=8)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(assets.path("fonts/Inter-Bold.otf")), size_px)
