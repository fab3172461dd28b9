"""Draws the sample pictures in resources/samples/: what a new user sees first.

Run it with the development environment's Python: `.venv/bin/python packaging/make_samples.py`. It uses no
clock and seeds every random number, so that it draws the same pictures each time.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "resources" / "samples"
PREVIEWS = SAMPLES / "previews"
PREVIEW_PX = (264, 168)
"""Twice the size of the picture on a sample card, so that it is crisp at 200 %."""

FONTS = ROOT / "resources" / "fonts"

Colour = tuple[int, int, int]
Stops = tuple[tuple[float, Colour], ...]

SCALE = 2
"""Everything is drawn this much larger and scaled down, for smooth edges."""

CABIN = 0.30
"""How far from the left the cabin stands, as a share of the width; no tree stands before it."""


def main() -> None:
    SAMPLES.mkdir(parents=True, exist_ok=True)
    ridge(DUSK).save(SAMPLES / "ridge-dusk.jpg", quality=88, subsampling="4:4:4")
    ridge(MIDDAY).save(SAMPLES / "ridge-midday.jpg", quality=88, subsampling="4:4:4")
    chart().quantize(64, dither=Image.Dither.NONE).save(SAMPLES / "revenue.png", optimize=True)
    receipt().save(SAMPLES / "receipt.jpg", quality=86)
    PREVIEWS.mkdir(exist_ok=True)
    for path in SAMPLES.glob("*.*"):
        preview(path).save(PREVIEWS / path.name)
    for path in sorted(SAMPLES.rglob("*.*")):
        print(f"{path.name}: {path.stat().st_size // 1024} KB")


def preview(path: Path) -> Image.Image:
    """Return the picture small enough to be loaded while the window opens."""
    with Image.open(path) as whole:
        return ImageOps.fit(whole.convert("RGB"), PREVIEW_PX, Image.Resampling.LANCZOS, centering=(0.5, 0.3))


# --- landscapes -------------------------------------------------------------------------------------------


class Light:
    """One time of day over the same mountains."""

    def __init__(
        self,
        sky: Stops,
        sun: tuple[float, float],
        disc: Colour,
        glow: Colour,
        cloud: tuple[Colour, float],
        ridges: tuple[tuple[Colour, Colour], ...],
        trees: Colour,
        window: Colour | None,
        stars: int,
    ) -> None:
        self.sky, self.sun, self.disc, self.glow, self.cloud = sky, sun, disc, glow, cloud
        self.ridges, self.trees, self.window, self.stars = ridges, trees, window, stars


DUSK = Light(
    sky=(
        (0.0, (46, 42, 84)),
        (0.22, (98, 66, 112)),
        (0.42, (196, 104, 112)),
        (0.58, (247, 158, 106)),
        (0.72, (255, 206, 140)),
        (1.0, (255, 226, 176)),
    ),
    sun=(0.44, 0.335),
    disc=(255, 246, 214),
    glow=(255, 170, 92),
    cloud=((255, 148, 120), 0.55),
    ridges=(
        ((186, 104, 118), (236, 154, 128)),
        ((150, 90, 116), (214, 138, 128)),
        ((112, 70, 108), (172, 104, 118)),
        ((74, 50, 92), (122, 76, 108)),
        ((46, 36, 72), (76, 52, 88)),
        ((26, 22, 48), (40, 30, 60)),
    ),
    trees=(18, 16, 36),
    window=(255, 214, 130),
    stars=90,
)

MIDDAY = Light(
    sky=(
        (0.0, (58, 120, 196)),
        (0.35, (116, 172, 226)),
        (0.62, (184, 216, 240)),
        (1.0, (232, 242, 248)),
    ),
    sun=(0.44, 0.11),
    disc=(255, 255, 250),
    glow=(255, 250, 224),
    cloud=((255, 255, 255), 0.85),
    ridges=(
        ((164, 190, 214), (206, 224, 236)),
        ((124, 162, 184), (178, 206, 216)),
        ((94, 142, 146), (146, 186, 178)),
        ((66, 120, 100), (112, 160, 124)),
        ((44, 96, 66), (78, 132, 80)),
        ((28, 70, 46), (52, 104, 56)),
    ),
    trees=(18, 54, 38),
    window=None,
    stars=0,
)


def ridge(light: Light) -> Image.Image:
    width, height = 1600 * SCALE, 1066 * SCALE
    image = gradient((width, height), light.sky)
    random = Random(2024)
    draw_stars(image, light, random)
    draw_sun(image, light)
    draw_clouds(image, light)
    layers = len(light.ridges)
    for layer, (crest, foot) in enumerate(light.ridges):
        depth = layer / (layers - 1)
        line = ridge_line(
            width, layer, top=height * (0.40 + 0.38 * depth), swing=height * (0.20 - 0.09 * depth)
        )
        draw_ridge(image, line, crest, foot)
        if layer == layers - 2:
            draw_cabin(image, line, light)
        if layer >= layers - 2:
            draw_trees(image, line, light, layer, random)
    small = image.resize((width // SCALE, height // SCALE), Image.Resampling.LANCZOS)
    return grained(small, 5)


def gradient(size: tuple[int, int], stops: Stops) -> Image.Image:
    """Return a vertical gradient, with as many steps as the picture has rows."""
    column = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        column.putpixel((0, y), between(stops, y / (size[1] - 1)))
    return column.resize(size, Image.Resampling.NEAREST)


def between(stops: Stops, place: float) -> Colour:
    for (start, first), (end, second) in itertools.pairwise(stops):
        if place <= end:
            return mixed(first, second, (place - start) / (end - start))
    return stops[-1][1]


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def noise_line(seed: int, count: int) -> list[float]:
    random = Random(seed)
    return [random.random() for _ in range(count)]


def smooth(values: list[float], place: float) -> float:
    """Return the value between two of a list's, eased; ``place`` is counted in list items."""
    left = int(place)
    share = place - left
    eased = share * share * (3 - 2 * share)
    return values[left % len(values)] * (1 - eased) + values[(left + 1) % len(values)] * eased


def ridge_line(width: int, layer: int, top: float, swing: float) -> list[float]:
    """Return a height for every column: a few broad summits, with finer and finer rock on them."""
    octaves = [
        (noise_line(3100 + 97 * layer + octave, 64), (4.6 if layer == 0 else 3.0) * 2**octave, 0.5**octave)
        for octave in range(8)
    ]
    sharpness = max(0.0, 1 - layer / 3)
    line = []
    for x in range(width):
        height = 0.0
        for octave, (values, frequency, weight) in enumerate(octaves):
            value = smooth(values, x / width * frequency + 3.7 * layer)
            peaked = 1 - abs(2 * value - 1)
            share = sharpness if octave < 4 else 0.5
            height += weight * (value * (1 - share) + peaked * share) * (1.0 if octave < 5 else 0.8)
        line.append(top + swing * (0.95 - height))
    return line


def draw_ridge(image: Image.Image, line: list[float], crest: Colour, foot: Colour) -> None:
    width, height = image.size
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon([(0, height), *enumerate(line), (width, height)], fill=255)
    start = min(line) / height
    haze = min(1.0, start + 0.34)
    slope = gradient(image.size, ((0.0, crest), (start, crest), (haze, foot), (1.0, foot)))
    image.paste(slope, mask=mask)


def draw_sun(image: Image.Image, light: Light) -> None:
    width, height = image.size
    across, down = light.sun[0] * width, light.sun[1] * height
    for radius, strength in ((0.62, 0.40), (0.30, 0.40), (0.13, 0.45)):
        reach = int(width * radius)
        halo = ImageChops.invert(Image.radial_gradient("L")).resize(
            (2 * reach, 2 * reach), Image.Resampling.BICUBIC
        )
        # The gradient reaches black at the corners; squaring it keeps a square's edge out of the sky.
        halo = halo.point([round(255 * strength * max(0.0, (level - 75) / 180) ** 2) for level in range(256)])
        image.paste(Image.new("RGB", halo.size, light.glow), (int(across) - reach, int(down) - reach), halo)
    disc = Image.new("L", image.size)
    size = width * 0.021
    ImageDraw.Draw(disc).ellipse((across - size, down - size, across + size, down + size), fill=255)
    image.paste(
        Image.new("RGB", image.size, light.disc), mask=disc.filter(ImageFilter.GaussianBlur(2 * SCALE))
    )


def draw_clouds(image: Image.Image, light: Light) -> None:
    """Draw thin bands: noise stretched sideways, and only its highest parts."""
    width, height = image.size
    colour, strength = light.cloud
    random = Random(11)
    veil = Image.new("L", (width // 8, height // 8))
    for cells, weight in ((4, 0.55), (9, 0.28), (20, 0.17)):
        grid = Image.frombytes("L", (cells, cells * 4), random.randbytes(cells * cells * 4))
        layer = grid.resize(veil.size, Image.Resampling.BICUBIC)
        veil = ImageChops.add(veil, layer.point([round(level * weight) for level in range(256)]))
    veil = veil.point(
        [round(255 * strength * min(1.0, max(0.0, (level - 138) / 84))) for level in range(256)]
    )
    fade = gradient(
        veil.size,
        (
            (0.0, (90, 90, 90)),
            (0.2, (255, 255, 255)),
            (0.42, (200, 200, 200)),
            (0.6, (0, 0, 0)),
            (1.0, (0, 0, 0)),
        ),
    )
    veil = ImageChops.multiply(veil, fade.convert("L"))
    image.paste(Image.new("RGB", image.size, colour), mask=veil.resize(image.size, Image.Resampling.BICUBIC))


def draw_stars(image: Image.Image, light: Light, random: Random) -> None:
    draw = ImageDraw.Draw(image)
    for _ in range(light.stars):
        x, y = random.random() * image.width, random.random() ** 1.6 * image.height * 0.30
        radius = SCALE * random.uniform(0.5, 1.2)
        under = between(light.sky, y / image.height)
        shine = mixed(under, (255, 244, 230), random.uniform(0.3, 0.8))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shine)


def draw_trees(image: Image.Image, line: list[float], light: Light, layer: int, random: Random) -> None:
    """Plant firs along the line, in groups, the nearer ones larger."""
    draw = ImageDraw.Draw(image)
    near = layer == len(light.ridges) - 1
    colour = light.trees if near else mixed(light.trees, light.ridges[layer][0], 0.55)
    groups = noise_line(3140 + layer, 24)
    x = 0.0
    while x < image.width:
        crowd = smooth(groups, x / image.width * 20)
        if crowd > 0.40 and (near or abs(x / image.width - CABIN - 0.01) > 0.035):
            tall = (34 if near else 13) * SCALE * (0.5 + crowd) * random.uniform(0.6, 1.25)
            fir(draw, x, line[min(int(x), image.width - 1)] + 3 * SCALE, tall, colour)
        x += random.uniform(4, 15) * SCALE * (1.0 if near else 0.5)


def fir(draw: ImageDraw.ImageDraw, x: float, foot: float, tall: float, colour: Colour) -> None:
    for tier in range(5):
        top = foot - tall * (1 - tier * 0.17)
        bottom = foot - tall * (0.72 - tier * 0.17)
        half = tall * (0.07 + tier * 0.035)
        draw.polygon([(x, top), (x - half, bottom), (x + half, bottom)], fill=colour)
    draw.rectangle((x - tall * 0.02, foot - tall * 0.1, x + tall * 0.02, foot + tall * 0.1), fill=colour)


def draw_cabin(image: Image.Image, line: list[float], light: Light) -> None:
    draw = ImageDraw.Draw(image)
    x = image.width * CABIN
    ground = line[int(x)] + 15 * SCALE
    wide, tall = 34 * SCALE, 20 * SCALE
    wall = mixed(light.trees, (120, 84, 60), 0.25 if light.window else 0.8)
    roof = mixed(light.trees, (150, 60, 48), 0.20 if light.window else 0.8)
    draw.rectangle((x, ground - tall, x + wide, ground + 6 * SCALE), fill=wall)
    peak = ground - tall - 14 * SCALE
    eaves = 4 * SCALE
    draw.polygon(
        [(x - eaves, ground - tall), (x + wide / 2, peak), (x + wide + eaves, ground - tall)], fill=roof
    )
    pane = light.window or (70, 86, 104)
    for start in (0.18, 0.58):
        left = x + wide * start
        draw.rectangle((left, ground - tall * 0.72, left + wide * 0.22, ground - tall * 0.30), fill=pane)
    if light.window:
        halo = Image.new("L", image.size)
        ImageDraw.Draw(halo).ellipse((x - wide, ground - 3 * tall, x + 2 * wide, ground + 2 * tall), fill=60)
        image.paste(
            Image.new("RGB", image.size, light.glow), mask=halo.filter(ImageFilter.GaussianBlur(16 * SCALE))
        )


def grained(image: Image.Image, strength: int) -> Image.Image:
    """Add the least noise that keeps gradients from showing steps."""
    random = Random(7)
    noise = Image.frombytes("L", image.size, random.randbytes(image.width * image.height))
    grain = noise.point([round((level - 127.5) / 127.5 * strength) + 128 for level in range(256)]).convert(
        "RGB"
    )
    return ImageChops.add(image, grain, 1, -128)


# --- documents --------------------------------------------------------------------------------------------


def font(weight: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"Inter-{weight}.otf", size * SCALE)


INK, SOFT, FAINT = (28, 28, 30), (110, 112, 118), (228, 229, 233)
BLUE, PALE_BLUE, ORANGE = (47, 107, 224), (166, 196, 246), (214, 100, 52)

QUARTERS = (
    ("Q1 25", 4.1),
    ("Q2 25", 5.2),
    ("Q3 25", 4.8),
    ("Q4 25", 6.9),
    ("Q1 26", 7.7),
    ("Q2 26", 7.1),
    ("Q3 26", 9.4),
)


def chart() -> Image.Image:
    width, height = 1600, 1000
    image = Image.new("RGB", (width * SCALE, height * SCALE), "white")
    draw = ImageDraw.Draw(image)

    def text(
        x: float, y: float, words: str, weight: str, size: float, fill: Colour, anchor: str = "ls"
    ) -> None:
        draw.text((x * SCALE, y * SCALE), words, fill, font(weight, size), anchor)

    text(96, 118, "Revenue by quarter", "SemiBold", 46, INK)
    text(96, 168, "Millions of US dollars. The last quarter is the best so far.", "Regular", 27, SOFT)
    left, right, top, bottom = 150, 1520, 250, 860
    for tick in range(0, 11, 2):
        y = bottom - (bottom - top) * tick / 10
        draw.line((left * SCALE, y * SCALE, right * SCALE, y * SCALE), FAINT if tick else SOFT, 2 * SCALE)
        text(left - 22, y, f"{tick}", "Regular", 25, SOFT, "rm")
    step = (right - left) / len(QUARTERS)
    for place, (quarter, value) in enumerate(QUARTERS):
        centre = left + step * (place + 0.5)
        y = bottom - (bottom - top) * value / 10
        best = place == len(QUARTERS) - 1
        box = [edge * SCALE for edge in (centre - 56, y, centre + 56, bottom - 1)]
        draw.rounded_rectangle(
            box,
            10 * SCALE,
            ORANGE if best else BLUE if place > 3 else PALE_BLUE,
            corners=(True, True, False, False),
        )
        draw.rectangle([edge * SCALE for edge in (centre - 34, y - 46, centre + 34, y - 10)], fill="white")
        text(centre, y - 18, f"{value:.1f}", "SemiBold", 29, INK, "ms")
        text(centre, bottom + 46, quarter, "Medium", 26, SOFT, "ms")
    return image.resize((width, height), Image.Resampling.LANCZOS)


BOUGHT = (
    ("2  Flat white", "7.80"),
    ("1  Porridge, berries", "6.20"),
    ("1  Croissant", "2.90"),
    ("1  Orange juice", "4.40"),
    ("1  Sparkling water", "2.50"),
)


def receipt() -> Image.Image:
    width, height = 1100, 1500
    table = gradient((width, height), ((0.0, (122, 92, 70)), (1.0, (92, 66, 50))))
    grain = Image.frombytes("L", (width // 4, 24), Random(5).randbytes(width // 4 * 24)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    table = ImageChops.multiply(table, grain.point([226 + level // 9 for level in range(256)]).convert("RGB"))
    paper, shape = receipt_paper()
    bicubic = Image.Resampling.BICUBIC
    paper = paper.rotate(2.4, bicubic, expand=True, fillcolor=(250, 248, 243))
    shape = shape.rotate(2.4, bicubic, expand=True)
    small = (paper.width // SCALE, paper.height // SCALE)
    paper, shape = (
        paper.resize(small, Image.Resampling.LANCZOS),
        shape.resize(small, Image.Resampling.LANCZOS),
    )
    place = ((width - small[0]) // 2, (height - small[1]) // 2)
    shadow = Image.new("L", (width, height))
    shadow.paste(shape, (place[0] + 10, place[1] + 18))
    shadow = shadow.filter(ImageFilter.GaussianBlur(22)).point([round(level * 0.55) for level in range(256)])
    table.paste((20, 12, 8), mask=shadow)
    table.paste(paper, place, shape)
    return grained(table, 5)


def receipt_paper() -> tuple[Image.Image, Image.Image]:
    """Return a slip of paper, and its outline with the torn ends."""
    width, height = 700, 1260
    paper = gradient(
        (width * SCALE, height * SCALE),
        ((0.0, (253, 252, 248)), (0.5, (250, 248, 243)), (1.0, (243, 240, 233))),
    )
    draw = ImageDraw.Draw(paper)
    left, right, centre = 64, width - 64, width / 2

    def text(
        x: float, y: float, words: str, weight: str, size: float, anchor: str, fill: Colour = (44, 42, 40)
    ) -> None:
        draw.text((x * SCALE, y * SCALE), words, fill, font(weight, size), anchor, features=["tnum"])

    def rule(y: float) -> None:
        for x in range(left, right, 14):
            draw.line((x * SCALE, y * SCALE, (x + 8) * SCALE, y * SCALE), (150, 146, 140), 2 * SCALE)

    text(centre, 120, "HARBOUR CAFÉ", "Bold", 50, "ms")
    text(centre, 168, "12 Quay Street · Bristol", "Regular", 27, "ms", (110, 106, 100))
    text(left, 238, "Table 7", "Regular", 27, "ls", (110, 106, 100))
    text(right, 238, "14 Oct 2026  09:42", "Regular", 27, "rs", (110, 106, 100))
    rule(270)
    y = 330.0
    for what, price in BOUGHT:
        text(left, y, what, "Regular", 32, "ls")
        text(right, y, price, "Regular", 32, "rs")
        y += 58
    rule(y - 10)
    for what, price in (("Subtotal", "23.80"), ("Service 10 %", "2.38")):
        y += 48
        text(left, y, what, "Regular", 32, "ls")
        text(right, y, price, "Regular", 32, "rs")
    y += 76
    text(left, y, "TOTAL", "Bold", 46, "ls")
    text(right, y, "£26.18", "Bold", 46, "rs")
    y += 48
    rule(y)
    text(left, y + 52, "Card  •••• 4417", "Regular", 27, "ls", (110, 106, 100))
    text(right, y + 52, "APPROVED", "Medium", 27, "rs", (110, 106, 100))
    bars = Random(26)
    bar = float(left + 40)
    while bar < right - 40:
        thick = bars.choice((3, 3, 5, 8))
        draw.rectangle([edge * SCALE for edge in (bar, y + 110, bar + thick, y + 200)], fill=(44, 42, 40))
        bar += thick + bars.choice((4, 4, 6, 9))
    text(centre, y + 252, "Thank you. See you tomorrow.", "Medium", 29, "ms")
    outline = Image.new("L", paper.size, 255)
    teeth = ImageDraw.Draw(outline)
    for x in range(0, width, 20):
        for foot, tip in ((0, 9), (height, height - 9)):
            teeth.polygon(
                [
                    (x * SCALE, foot * SCALE),
                    ((x + 10) * SCALE, tip * SCALE),
                    ((x + 20) * SCALE, foot * SCALE),
                ],
                fill=0,
            )
    return paper, outline


if __name__ == "__main__":
    main()
