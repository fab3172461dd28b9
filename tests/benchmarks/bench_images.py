"""Inspects, thumbnails and renders pictures, beside the least a disk must do and plain use of Pillow."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageMath, ImageOps

from tests.benchmarks.row import Row
from vision_studio.core.draft import Fidelity
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD, ResolutionTier, seen_size
from vision_studio.engine.originals import look
from vision_studio.engine.workers import Workers
from vision_studio.imaging.decoding import opened
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.pixels import shrunk
from vision_studio.imaging.rendition import GAP, Recipe, render
from vision_studio.imaging.thumbnails import thumbnail

RUNS = 5
FILES = 600
EDGE_PX = 256
CAP = 10_485_760
FONT = Path("resources/fonts/Inter-Regular.otf")

Work = Callable[[Path], object]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name)
        kinds = _corpus(folder)
        yield from _inspecting(folder, list(kinds.values()))
        for kind in ("12 MP JPEG", "24 MP JPEG", "1440p PNG", "12 MP WebP"):
            ratios = _ratios(kinds[kind], _naive_thumbnail, lambda path: thumbnail(path, EDGE_PX))
            yield Row(f"256 px thumbnail, {kind}", "Pillow naive", ratios, "≤ 0.35 (JPEG)")
        yield _memory(kinds["24 MP JPEG"])
        for tier in (STANDARD, HIGH):
            for kind in ("12 MP JPEG", "24 MP JPEG", "1440p PNG"):
                recipe, target = _recipe(kinds[kind], tier), folder / "target"
                naive, ours = partial(_naive_rendition, recipe, target), partial(_render, recipe, target)
                ratios = _ratios(kinds[kind], naive, ours)
                yield Row(f"rendition, {kind}, {tier.name} tier", "Pillow naive", ratios, "≤ 0.33 (JPEG)")
        yield _likeness(folder)
        yield _two_cores(kinds["24 MP JPEG"], folder)


# --- the corpus -------------------------------------------------------------------------------------------


def _corpus(folder: Path) -> dict[str, Path]:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera" * 40
    large, small = _photo((6000, 4000)), _photo((4032, 3024))
    screenshot = _page((2560, 1440), 22)
    made = {
        "24 MP JPEG": (large, "JPEG", {"quality": 90, "exif": exif}),
        "12 MP JPEG": (small, "JPEG", {"quality": 90, "exif": exif}),
        "1440p PNG": (screenshot, "PNG", {}),
        "12 MP WebP": (small, "WEBP", {"quality": 85, "method": 0}),
        "GIF": (_photo((800, 600)).quantize(64), "GIF", {}),
        "tiny PNG": (_photo((64, 48)), "PNG", {}),
    }
    paths = {}
    for kind, (image, name, options) in made.items():
        paths[kind] = folder / f"{kind}.{name.lower()}"
        image.save(paths[kind], name, **options)
    return paths


def _photo(size: tuple[int, int]) -> Image.Image:
    random = Random(size[0])
    coarse = (size[0] // 12, size[1] // 12)
    patches = Image.frombytes("RGB", coarse, random.randbytes(3 * coarse[0] * coarse[1]))
    return patches.resize(size, Image.Resampling.BICUBIC)


def _page(size: tuple[int, int], text_px: int) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, text_px)
    words = "Quick brown foxes jump over the lazy dog, 1234567890 times. " * 8
    for y in range(text_px, size[1] - 2 * text_px, round(text_px * 1.4)):
        draw.text((text_px, y), words[y % 60 :], "black", font)
    return image


# --- measuring --------------------------------------------------------------------------------------------


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of something done in this process: other programs do not count."""
    start = process_time()
    work()
    return process_time() - start


def _ratios(path: Path, peer: Work, ours: Work) -> tuple[float, ...]:
    """Return our time over the peer's, of runs that take turns."""
    peer(path), ours(path)
    return tuple(_seconds(lambda: ours(path)) / _seconds(lambda: peer(path)) for _ in range(RUNS))


def _inspecting(folder: Path, kinds: list[Path]) -> Iterator[Row]:
    links = folder / "many"
    links.mkdir()
    paths = [links / f"{number}{kinds[number % len(kinds)].suffix}" for number in range(FILES)]
    for number, path in enumerate(paths):
        path.hardlink_to(kinds[number % len(kinds)])

    def floor(path: Path) -> None:
        with path.open("rb") as file:
            file.read(65_536)

    def each(work: Work) -> float:
        return _seconds(lambda: [work(path) for path in paths])

    for work in (floor, look, _pillow_facts):
        each(work)
    runs = [(each(floor), each(look), each(_pillow_facts)) for _ in range(RUNS)]
    yield Row(
        "inspect 600 files",
        "open and read 64 KB of each",
        tuple(ours / least for least, ours, _ in runs),
        "≤ 5",
    )
    yield Row(
        "inspect 600 files", "Pillow open + EXIF", tuple(ours / pillow for _, ours, pillow in runs), "≤ 0.2"
    )
    yield Row("inspect 600 files", "itself", tuple(1000 * ours for _, ours, _ in runs), "tens", "ms")


def _pillow_facts(path: Path) -> object:
    with Image.open(path) as image:
        return image.size, image.getexif().get(ExifTags.Base.Orientation), getattr(image, "n_frames", 1)


def _naive_thumbnail(path: Path) -> object:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
        upright = upright.resize(
            (EDGE_PX, EDGE_PX * upright.height // upright.width), Image.Resampling.LANCZOS
        )
        return upright.convert("RGBA").tobytes()


def _recipe(path: Path, tier: ResolutionTier) -> Recipe:
    return Recipe(seen_size(inspect(path).size, tier), Fidelity.FIT, CAP)


def _render(recipe: Recipe, target: Path, path: Path) -> object:
    return render(path, recipe, target)


def _naive_rendition(recipe: Recipe, target: Path, path: Path) -> object:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.resize(recipe.size, Image.Resampling.LANCZOS).save(target, "JPEG", quality=88)
    return None


_PEAK = """
import sys
from pathlib import Path
import tests.benchmarks.bench_images as bench
peak_kb = lambda: int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
path, before = Path(sys.argv[2]), peak_kb()
bench._naive_thumbnail(path) if sys.argv[1] == "naive" else bench.thumbnail(path, bench.EDGE_PX)
print(peak_kb() - before)
"""


def _memory(path: Path) -> Row:
    def peak(way: str) -> float:
        command = [sys.executable, "-c", _PEAK, way, str(path)]
        return max(1.0, float(subprocess.run(command, capture_output=True, check=True).stdout))

    ratios = tuple(peak("ours") / peak("naive") for _ in range(RUNS))
    return Row("memory for the thumbnail of a 24 MP JPEG", "Pillow naive", ratios, "≤ 0.35")


def _likeness(folder: Path) -> Row:
    """Structural similarity of a shrunk page of text to one scaled with Lanczos all the way."""
    page = _page((6000, 4000), 40)
    path = folder / "page.jpg"
    page.save(path, quality=95)
    size = seen_size(Size(6000, 4000), HIGH)
    with Image.open(path) as image:
        reference = image.convert("L").resize(size, Image.Resampling.LANCZOS)
    with opened(path, "JPEG") as image:
        ours = shrunk(image, size, gap=GAP).convert("L")
    return Row(
        "SSIM of a 24 MP page of text", "Lanczos throughout", (_ssim(ours, reference),) * RUNS, "≥ 0.99", ""
    )


def _ssim(first: Image.Image, second: Image.Image) -> float:
    """Wang et al. (2004), over blocks of 8 × 8 pixels."""
    levels = {"x": first.convert("F"), "y": second.convert("F")}

    def block_mean(formula: Callable[[dict[str, object]], object]) -> Image.Image:
        product: Image.Image = ImageMath.lambda_eval(formula, **levels)
        return product.reduce(8)

    means = {
        "x": block_mean(lambda of: of["x"] + 0.0),
        "y": block_mean(lambda of: of["y"] + 0.0),
        "xx": block_mean(lambda of: of["x"] * of["x"]),
        "yy": block_mean(lambda of: of["y"] * of["y"]),
        "xy": block_mean(lambda of: of["x"] * of["y"]),
    }
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def similarity(of: dict[str, object]) -> object:
        x, y, xy = of["x"], of["y"], of["x"] * of["y"]
        spread = of["xx"] - x * x + of["yy"] - y * y
        return (xy * 2 + c1) * ((of["xy"] - xy) * 2 + c2) / ((x * x + y * y + c1) * (spread + c2))

    blocks: Image.Image = ImageMath.lambda_eval(similarity, **means)
    mean = blocks.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, float)
    return mean


def _two_cores(path: Path, folder: Path) -> Row:
    async def seconds(processes: int) -> float:
        workers = Workers(processes)
        targets = [folder / f"target {number}" for number in range(12)]
        try:
            await asyncio.gather(*(workers.run(inspect, path) for _ in range(2 * processes)))
            recipe = _recipe(path, HIGH)
            start = perf_counter()
            await asyncio.gather(*(workers.run(render, path, recipe, target) for target in targets))
            return perf_counter() - start
        finally:
            await workers.close()

    ratios = tuple(asyncio.run(seconds(1)) / asyncio.run(seconds(2)) for _ in range(RUNS))
    return Row("renditions in two workers", "in one", ratios, "≥ 1.7")
