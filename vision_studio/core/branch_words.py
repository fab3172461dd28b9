"""What is said about branches, versions and the editing of sent turns."""

from __future__ import annotations


def branch_title(title: str) -> str:
    """Return the title of a session that branched off."""
    return f"{title} (branch)".strip()
