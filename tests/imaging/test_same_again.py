"""The same bytes with the same recipe give the same bytes: in one process, and in the next."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.imaging import documents, pictures
from vision_studio.core.draft import Fidelity
from vision_studio.core.size import Size
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.rendition import Recipe, render

WORDS = '<text x="10" y="60" font-size="40" font-family="sans-serif">Words</text>'

CODE = """
    import hashlib, sys
    from pathlib import Path
    from vision_studio.core.draft import Fidelity
    from vision_studio.core.size import Size
    from vision_studio.imaging.rendition import Recipe, render
    for path in map(Path, sys.argv[1:]):
        for fidelity in Fidelity:
            render(path, Recipe(Size(90, 60), fidelity, 1_000_000), path.with_suffix(".again"))
            print(hashlib.sha256(path.with_suffix(".again").read_bytes()).hexdigest())
"""


def test_every_format_in_another_process(tmp_path: Path) -> None:
    sources = []
    for name, (file, options) in pictures.FORMATS.items():
        sources.append(tmp_path / f"{name}.source")
        pictures.photo((180, 120)).save(tmp_path / file, **options)
        (tmp_path / file).rename(sources[-1])
    sources.append(pictures.write(tmp_path / "PDF.source", documents.pdf([(180, 120)])))
    sources.append(pictures.write(tmp_path / "SVG.source", documents.svg(WORDS, 'width="180" height="120"')))
    here = []
    for source in sources:
        for fidelity in Fidelity:
            render(source, Recipe(Size(90, 60), fidelity, 1_000_000), tmp_path / "target")
            here.append(hashlib.sha256((tmp_path / "target").read_bytes()).hexdigest())
    there = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CODE), *map(str, sources)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert there.stdout.split() == here
    assert len(here) == 14 * len(Fidelity)


def test_the_name_and_the_time_of_a_file_make_no_difference(tmp_path: Path) -> None:
    data = documents.pdf([(180, 120)])
    made = []
    for name in ("a.pdf", "b"):
        source = pictures.write(tmp_path / name, data)
        render(source, Recipe(inspect(source).size, Fidelity.FIT, 1_000_000), tmp_path / "target")
        made.append((tmp_path / "target").read_bytes())
    assert made[0] == made[1]
