"""The table of faults in docs/faults.md: a row for each fault that a test meets, written from what it saw."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vision_studio.core.conversation import Answer
from vision_studio.core.failure_words import ending_words, failure_words
from vision_studio.core.failures import Failure

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"
HEADING = "## Asking"
INTRODUCTION = """\
A question is saved before it is sent, and what has arrived of its answer is saved at least once a second.
Whatever happens, the question stays where it is, with *Retry*, with *Edit* while nothing was said to it, and
with *Continue* where some of the answer is there. Only what cannot have been billed is tried again by itself:
requests that were refused, and requests that never arrived.

An error that names an image is told with its place ("Turn 2 · Image 7") and can be mended in the failed
turn: fit it, leave it out, replace it. A stream may be cut after any event: what came before the cut is
kept. A name or a proxy that leads nowhere is told as a server that cannot be reached. A full disk, or
another program that holds the database, is said while the answer goes on, and what was not saved is saved
as soon as that is possible. A process may be killed at any moment: the next start finds all but the last
second.

Listing models and counting tokens meet the same faults. They never stand in the way of a question:
without them the shipped table and our own estimates are used.
"""


def row(fault: str, answer: Answer, tries: int) -> str:
    """Return what a question came to, as a line of the table."""
    words = ending_words(answer)
    seen = "The answer, whole." if words is None else f"{words.title} {words.next_step}"
    return _line(fault, seen, "no" if tries == 1 else "once" if tries == 2 else f"{tries - 1} times")


def row_of_failure(fault: str, failure: Failure) -> str:
    words = failure_words(failure)
    return _line(fault, f"{words.title} {words.next_step}", "no")


def documented(heading: str = HEADING) -> list[str]:
    """Return the lines of the table below a heading."""
    section = _parts(heading)[1]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def write(rows: Iterable[str], heading: str = HEADING, introduction: str = INTRODUCTION) -> None:
    """Put the table into its place in the document; what others wrote there stays."""
    before, _, after = _parts(heading)
    table = "\n".join(["| fault | what is said | tried again by itself |", "|---|---|---|", *rows])
    DOCUMENT.write_text(f"{before}{heading}\n\n{introduction}\n{table}\n{after}", encoding="utf-8")


def _parts(heading: str) -> tuple[str, str, str]:
    """Return the document before a heading's section, the section, and what follows it."""
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Faults\n\n"
    before, found, rest = text.partition(f"{heading}\n")
    if not found:
        before += "\n"
    section, follows, after = rest.partition("\n## ")
    return before, section, f"\n## {after}" if follows else ""


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
