"""Writes the lock files: every package and hash for Linux, macOS and Windows, and not one address."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bootstrap.environment import SetUpFailed, clean_environ
from bootstrap.interpreters import OLDEST
from bootstrap.words import say

_OPTIONS = (
    "--universal",
    f"--python-version={OLDEST[0]}.{OLDEST[1]}",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def write_locks(root: Path, app_lock: Path, dev_lock: Path, options: Sequence[str]) -> None:
    """Resolve pyproject.toml into the two lock files; raises SetUpFailed.

    Versions stay as they are unless `options` say `--upgrade`. The development lock holds all of the
    application's packages, at the same versions.
    """
    with _uv() as uv:
        compile_project = [uv, "pip", "compile", "pyproject.toml", *_OPTIONS]
        _call([*compile_project, *options, "--output-file", str(app_lock)], root)
        constraint = ["--extra", "dev", "--constraint", str(app_lock)]
        _call([*compile_project, *options, *constraint, "--output-file", str(dev_lock)], root)
    for lock in (app_lock, dev_lock):
        text = lock.read_text(encoding="utf-8")
        if "://" in text:
            raise SetUpFailed(f"{lock.name} holds an address; it must name packages and hashes only.")
        pinned = sum("==" in line for line in text.splitlines())
        say(f"{lock.name}: {pinned} packages, each with its hashes.")


@contextmanager
def _uv() -> Iterator[str]:
    """Yield a uv to call: the one on PATH, else one installed for the moment."""
    if installed := shutil.which("uv"):
        yield installed
        return
    with tempfile.TemporaryDirectory(prefix="vision-studio-uv-") as folder:
        _call([sys.executable, "-m", "venv", folder], Path(folder))
        scripts = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        _call(
            [str(scripts / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q", "uv"],
            Path(folder),
        )
        yield str(scripts / "uv")


def _call(command: Sequence[str], folder: Path) -> None:
    status = subprocess.run(command, cwd=folder, env=clean_environ(), stdout=sys.stderr).returncode
    if status != 0:
        raise SetUpFailed(f"{Path(command[0]).name} could not do it (status {status}, see above).")
