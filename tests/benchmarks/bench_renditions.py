"""Makes what is sent of pictures, beside pyvips and plain use of Pillow; tells whether text survives it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from PIL import Image

from tests.benchmarks import corpus, peers
from tests.benchmarks.likeness import similarity
from tests.benchmarks.measuring import RUNS, ratios
from tests.benchmarks.row import Row
from vision_studio.core.draft import Fidelity
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD, ResolutionTier, seen_size
from vision_studio.engine.workers import Workers
from vision_studio.imaging.decoding import opened
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.pixels import shrunk
from vision_studio.imaging.rendition import GAP, Recipe, render

CAP = 10_485_760


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name)
        kinds = corpus.distinct(folder)
        kinds["24 MP page of text"] = folder / "page.jpg"
        corpus.page((6000, 4000), 40).save(kinds["24 MP page of text"], quality=95)
        for tier in (STANDARD, HIGH):
            for kind in ("12 MP JPEG", "24 MP JPEG", "24 MP page of text"):
                yield from _beside_peers(kind, kinds[kind], tier, folder, lossless=False)
        yield from _beside_peers("1440p PNG", kinds["1440p PNG"], STANDARD, folder, lossless=True)
        for tier in (STANDARD, HIGH):
            yield _likeness(kinds["24 MP page of text"], tier)
        yield _two_cores(kinds["24 MP JPEG"], folder)


def _recipe(path: Path, tier: ResolutionTier) -> Recipe:
    return Recipe(seen_size(inspect(path).size, tier), Fidelity.FIT, CAP)


def _beside_peers(
    kind: str, path: Path, tier: ResolutionTier, folder: Path, *, lossless: bool
) -> Iterator[Row]:
    recipe, target = _recipe(path, tier), folder / "target"

    def ours() -> object:
        return render(path, recipe, target)

    work = f"rendition, {kind}, {tier.name} tier"
    naive = ratios(ours, lambda: peers.pillow_rendition(path, recipe.size, lossless))
    yield Row(work, "Pillow naive", naive, "≤ 0.33")
    if peers.HAS_VIPS:
        vips = ratios(ours, lambda: peers.vips_rendition(path, recipe.size, lossless))
        yield Row(work, "pyvips", vips, "≤ 1.1" if kind.startswith("12 MP") else "a peer")


def _likeness(path: Path, tier: ResolutionTier) -> Row:
    with Image.open(path) as image:
        size = seen_size(Size(*image.size), tier)
        reference = image.convert("L").resize(size, Image.Resampling.LANCZOS)
    with opened(path, "JPEG") as image:
        ours = shrunk(image, size, gap=GAP)
    measured = similarity(ours, reference)
    work = f"SSIM of the page of text, {tier.name} tier"
    return Row(work, "Lanczos throughout", (measured,) * RUNS, "≥ 0.99", "")


def _two_cores(path: Path, folder: Path) -> Row:
    async def taken(processes: int) -> float:
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

    measured = tuple(asyncio.run(taken(1)) / asyncio.run(taken(2)) for _ in range(RUNS))
    return Row("renditions in two workers", "in one", measured, "≥ 1.7")
