"""The note a finished set-up leaves, by which a later start knows in milliseconds that nothing is to do."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stamp:
    """What was installed, and what makes it useless when it changes: a move, a Python removed."""

    locks: Mapping[str, str]  # lock file name → SHA-256
    version: str  # of Python, such as 3.11
    interpreter: str  # where the environment's Python really is
    root: str
    machine: str
    installed: tuple[str, ...]  # names in site-packages

    @classmethod
    def of(
        cls, *, root: Path, python: Path, site_packages: Path, version: str, locks: Sequence[Path]
    ) -> Stamp:
        """Describe an environment as it is now."""
        return cls(
            locks={lock.name: digest(lock) for lock in locks},
            version=version,
            interpreter=str(python.resolve()),
            root=str(root),
            machine=_machine(),
            installed=tuple(sorted(_installed(site_packages))),
        )

    def holds(self, *, root: Path, python: Path, site_packages: Path) -> bool:
        """Tell whether the environment is still where and what it was."""
        return (
            python.exists()
            and (self.root, self.interpreter, self.machine) == (str(root), str(python.resolve()), _machine())
            and _installed(site_packages).issuperset(self.installed)
        )

    def covers(self, locks: Sequence[Path]) -> bool:
        """Tell whether all that the lock files name, as they are now, was installed."""
        return all(self.locks.get(lock.name) == digest(lock) for lock in locks)

    def write(self, path: Path) -> None:
        """Write the stamp in one step: it is there whole or not at all."""
        unfinished = path.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        unfinished.replace(path)

    @classmethod
    def read(cls, path: Path) -> Stamp | None:
        """Return the stamp at `path`; None when there is none or it is not one of ours."""
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**fields, "installed": tuple(fields["installed"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _machine() -> str:
    return f"{sys.platform} {platform.machine()}"


def _installed(site_packages: Path) -> set[str]:
    """Return what is installed, without pip itself, which people bring up to date by hand."""
    if not site_packages.is_dir():
        return set()
    names = {entry.name for entry in site_packages.iterdir()}
    return {name for name in names if name not in ("pip", "__pycache__") and not name.endswith(".dist-info")}
