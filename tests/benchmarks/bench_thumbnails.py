"""Makes cards' pictures of every kind of file, beside pyvips and Pillow used plainly."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import corpus, peers
from tests.benchmarks.measuring import RUNS, ratios
from tests.benchmarks.row import Row
from vision_studio.imaging.thumbnails import thumbnail

EDGE_PX = 256


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        kinds = corpus.distinct(Path(name))
        for kind in ("12 MP JPEG", "24 MP JPEG", "1440p PNG", "12 MP WebP", "12 MP TIFF", "9000 px PNG"):
            yield from _beside_peers(kind, kinds[kind], ("pyvips", "Pillow naive"))
        # The wheels of pyvips have no decoder for it.
        yield from _beside_peers("12 MP HEIC", kinds["12 MP HEIC"], ("Pillow naive",))
        for kind in ("24 MP JPEG", "12 MP HEIC"):
            yield _memory(kind, kinds[kind])


def _beside_peers(kind: str, path: Path, against: tuple[str, ...]) -> Iterator[Row]:
    ways = {
        "pyvips": lambda: peers.vips_thumbnail(path, EDGE_PX),
        "Pillow naive": lambda: peers.pillow_thumbnail(path, EDGE_PX),
    }
    goals = {"pyvips": "≤ 0.8" if "JPEG" in kind else "≤ 2", "Pillow naive": "a peer"}
    for peer in against:
        if peer == "pyvips" and not peers.HAS_VIPS:
            continue
        taken = ratios(lambda: thumbnail(path, EDGE_PX), ways[peer])
        yield Row(f"{EDGE_PX} px thumbnail, {kind}", peer, taken, goals[peer])


_PEAK = """
import sys
from pathlib import Path
import pillow_heif
from tests.benchmarks import peers
from vision_studio.imaging.thumbnails import thumbnail
pillow_heif.register_heif_opener()
peak_kb = lambda: int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
path, before = Path(sys.argv[2]), peak_kb()
peers.pillow_thumbnail(path, 256) if sys.argv[1] == "naive" else thumbnail(path, 256)
print(peak_kb() - before)
"""


def _memory(kind: str, path: Path) -> Row:
    def peak(way: str) -> float:
        command = [sys.executable, "-c", _PEAK, way, str(path)]
        return max(1.0, float(subprocess.run(command, capture_output=True, check=True).stdout))

    taken = tuple(peak("ours") / peak("naive") for _ in range(RUNS))
    return Row(f"memory for the thumbnail, {kind}", "Pillow naive", taken, "≤ 0.35")
