"""What somebody dropped → the files in it, in order: folders opened, names sorted as people count."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from vision_studio.core.events import Refusal, RefusalKind
from vision_studio.core.ordering import natural_key
from vision_studio.imaging.files import refusal_of
from vision_studio.imaging.names import display_name

MOST_FILES = 10_000
"""Files looked at in one dropped folder. A home folder dropped by mistake must not be read for minutes."""


@dataclass(frozen=True, slots=True)
class Dropped:
    path: Path
    folder: Path | None = None
    """The dropped folder it was found in; None for a file that was dropped itself."""


class Files(NamedTuple):
    files: list[Dropped]
    folders: list[Path]
    """The dropped folders that could be read."""
    refusals: list[Refusal]
    """The folders that could not."""


def files_in(paths: Iterable[Path]) -> Files:
    """Find the files among and below ``paths``; nothing is opened.

    Files come in the order given, those of a folder in natural order ("2" before "10"), at its place and
    without hidden ones. A link to a folder is followed, but no folder is read twice.
    """
    found = Files([], [], [])
    for path in paths:
        if not _is_folder(path):
            found.files.append(Dropped(path))
            continue
        refused_before = len(found.refusals)
        inside = list(islice(_walk(path, set(), found.refusals), MOST_FILES + 1))
        if len(inside) > MOST_FILES:
            detail = f"more than {MOST_FILES} files"
            found.refusals.append(Refusal(display_name(path), RefusalKind.TOO_MANY_IMAGES, detail=detail))
        if inside or len(found.refusals) == refused_before:
            found.folders.append(path)
        found.files.extend(Dropped(file, folder=path) for file in inside[:MOST_FILES])
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # Whoever looks at the file will learn what is wrong with it.


def _walk(folder: Path, seen: set[tuple[int, int]], refusals: list[Refusal]) -> Iterator[Path]:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            names = sorted(
                ((entry.name, entry.is_dir(), entry.is_file()) for entry in entries if entry.name[0] != "."),
                key=lambda entry: natural_key(entry[0]),
            )
    except OSError as error:
        refused = refusal_of(error)
        refusals.append(Refusal(display_name(folder), refused.kind, detail=refused.detail))
        return
    for name, is_folder, is_file in names:
        if is_folder:
            yield from _walk(folder / name, seen, refusals)
        elif is_file:
            yield folder / name
