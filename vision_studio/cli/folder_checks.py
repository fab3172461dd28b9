"""The doctor's look into the data folder: what is damaged, lost or left over; and what mends it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from vision_studio.cli.arguments import Command
from vision_studio.cli.check import Check, State
from vision_studio.cli.console import Console
from vision_studio.cli.reports import failure_sentences
from vision_studio.core.failures import Failed
from vision_studio.core.health_words import (
    DROP_AGAIN,
    health_sentences,
    lost_sentences,
    repaired_sentences,
    tidied_text,
)
from vision_studio.engine.folder_health import Kept, look_into, mend


def repair_line(folder: Path | None) -> str:
    """Return the line that mends a folder; None: the usual one."""
    place = "" if folder is None else f" --data-dir {shlex.quote(str(folder))}"
    return f"vision-studio doctor --repair{place}"


def sessions_checks(data_dir: Path | None) -> Iterator[Check]:
    """Yield how whole the sessions are; nothing for a folder that holds none."""
    try:
        kept = look_into(data_dir)
    except Failed as error:
        yield Check("Sessions", State.PROBLEM, failure_sentences(error.failure))
        return
    if kept is None:
        return
    if kept.health.needs_repair:
        said = "; ".join(health_sentences(kept.health)) or "files of images are damaged"
        yield Check("Sessions", State.PROBLEM, said, repair_line(data_dir))
    else:
        yield Check("Sessions", State.FINE, "; ".join(_well_kept(kept)))
    for sentence in lost_sentences(kept.health.lost):
        yield Check("Image", State.NOTE, sentence, DROP_AGAIN)


def _well_kept(kept: Kept) -> Iterator[str]:
    yield "whole"
    if kept.backed_up is not None:
        yield f"backed up {kept.backed_up:%Y-%m-%d %H:%M}"
    if kept.swept is not None:
        yield tidied_text(kept.swept.regained_bytes, kept.swept.at[:10])


def mend_folder(asked: Command, console: Console) -> bool:
    """Mend the data folder and say what was done; returns False if it could not be."""
    try:
        done = mend(asked.data_dir)
    except Failed as error:
        console.line(f"✗ Repair: {failure_sentences(error.failure)}")
        return False
    for sentence in repaired_sentences(done):
        console.line(f"✓ Repair: {sentence}")
    if not any(repaired_sentences(done)):
        console.line("✓ Repair: There was nothing to mend.")
    return True
