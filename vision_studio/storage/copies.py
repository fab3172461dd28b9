"""The copies of the database that lie beside it: backups, those made before an update, damaged ones."""

from __future__ import annotations

from pathlib import Path


def backups(database: Path) -> list[Path]:
    """Return the backups, the newest first."""
    return sorted(database.parent.glob(f"{database.stem}.backup-*{database.suffix}"), reverse=True)


def of_earlier_versions(database: Path) -> list[Path]:
    """Return what an update left of the file as it was before."""
    return sorted(database.parent.glob(f"{database.stem}.version-*{database.suffix}"))


def damaged(database: Path) -> list[Path]:
    """Return what was set aside because SQLite could make no sense of it."""
    return sorted(database.parent.glob(f"{database.stem}.damaged-*{database.suffix}"))


def unfinished(database: Path) -> list[Path]:
    """Return copies that a process did not live to finish."""
    return sorted(database.parent.glob(f"{database.stem}.*.part"))
