"""`vision-studio sessions`: lists what is kept, the last changed first."""

from __future__ import annotations

from collections.abc import Sequence

from vision_studio.cli.arguments import Command
from vision_studio.cli.console import Console
from vision_studio.cli.reports import failure_sentences
from vision_studio.cli.table import shortened, table
from vision_studio.core import words
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.failure_words import printable
from vision_studio.core.failures import Failed
from vision_studio.engine.checkup import session_summaries

_LONGEST_TITLE = 48


def sessions(asked: Command, console: Console) -> int:
    """Print the sessions; with ``--json``, as one array. Works while the window is open."""
    try:
        kept = session_summaries(asked.data_dir)
    except Failed as error:
        console.remark(failure_sentences(error.failure))
        return 1
    if asked.json:
        console.record([_record(summary) for summary in kept])
    elif not kept:
        console.line("No sessions yet.")
    else:
        for line in table(_rows(kept), right=frozenset({2, 3, 4})):
            console.line(line)
    return 0


def _record(summary: SessionSummary) -> dict[str, object]:
    return {
        "id": summary.id,
        "title": summary.title,
        "updated_at": summary.updated_at.isoformat(),
        "turns": summary.turns,
        "images": summary.images,
        "cost_usd": summary.cost_usd,
    }


def _rows(kept: Sequence[SessionSummary]) -> list[tuple[str, ...]]:
    return [
        ("Changed", "Title", "Turns", "Images", "Cost", "Session"),
        *(
            (
                f"{summary.updated_at.astimezone():%Y-%m-%d %H:%M}",
                shortened(printable(summary.title) or "Untitled", _LONGEST_TITLE),
                words.count(summary.turns),
                words.count(summary.images),
                words.usd(summary.cost_usd) if summary.cost_usd else "",
                summary.id,
            )
            for summary in kept
        ),
    ]
