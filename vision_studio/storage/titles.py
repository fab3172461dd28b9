"""A session's name until its user gives it one."""

from __future__ import annotations

LENGTH = 60
"""The most characters of a title: what a library row shows on one line."""


def automatic_title(prompt: str, first_image_name: str) -> str:
    """Return the prompt's first line with words, cut at a word; without one, the first picture's name."""
    lines = (" ".join(line.split()) for line in prompt.splitlines())
    line = next((line for line in lines if line), " ".join(first_image_name.split()))
    if len(line) <= LENGTH:
        return line
    kept = line[: LENGTH - 1]
    words = kept.rsplit(" ", 1)[0] if line[LENGTH - 1] != " " else kept
    # A first word that fills the line, as in a language without spaces, is cut inside.
    return (words if len(words) > LENGTH // 2 else kept).rstrip() + "…"
