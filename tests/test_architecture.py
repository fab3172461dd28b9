"""Holds the program to the direction its parts may import each other in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.architecture import ANYTHING, PROGRAM, Table, violations

ROOT = Path(__file__).resolve().parents[1]

TABLE = Table(
    layers={
        "": frozenset(),
        "assets": frozenset(),
        "core": frozenset(),
        "imaging": frozenset({"core", "assets", "PIL", "pi_heif", "pypdfium2", "resvg_py"}),
        "storage": frozenset({"core", "keyring", "platformdirs", "filelock"}),
        "engine": frozenset({"core", "imaging", "storage", "anthropic", "httpx2", "pebble", "markdown_it"}),
        "practice": frozenset({"core", "imaging", "starlette", "uvicorn", "python_multipart"}),
        "ui": frozenset({"core", "engine", "assets", "PySide6"}),
        "cli": frozenset({"core", "engine", "app", "headless"}),
        "__main__": frozenset({"cli"}),
        "printing": frozenset({"assets", "PySide6"}),
        "demo": ANYTHING,
        "headless": ANYTHING,
        "app": ANYTHING,
    },
    homes={
        "anthropic": "vision_studio.engine.claude_gateway",
        "httpx2": "vision_studio.engine",
        "markdown_it": "vision_studio.engine.answer_html",
        "PIL": "vision_studio.imaging",
        "pi_heif": "vision_studio.imaging",
        "pypdfium2": "vision_studio.imaging.pdf",
        "resvg_py": "vision_studio.imaging.svg",
        "keyring": "vision_studio.storage",
    },
    doors={("ui", "engine"): "vision_studio.ui.bridge"},
)


FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}"


def program_sources() -> dict[str, str]:
    """Return the source of every module of the program, by its full name."""
    sources = {}
    for path in sorted((ROOT / PROGRAM).rglob("*.py")):
        names = path.relative_to(ROOT).with_suffix("").parts
        module = ".".join(names[:-1] if names[-1] == "__init__" else names)
        sources[module] = path.read_text(encoding="utf-8")
    return sources


def test_the_program_keeps_to_the_table() -> None:
    assert violations(program_sources(), TABLE) == []


def in_program(**sources: str) -> dict[str, str]:
    """Return sources by full name; `ui__bridge` is the module `vision_studio.ui.bridge`."""
    return {f"{PROGRAM}.{name.replace('__', '.')}": source for name, source in sources.items()}


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        pytest.param(
            in_program(core__draft="import PIL.Image"), "core may not import PIL", id="a library in the core"
        ),
        pytest.param(
            in_program(core__draft="def f():\n    from PySide6.QtCore import Qt"),
            "vision_studio.core.draft:2: core may not import PySide6",
            id="an import in a function",
        ),
        pytest.param(
            in_program(core__draft="import importlib\nimportlib.import_module('anthropic')"),
            "core may not import anthropic",
            id="an import by name",
        ),
        pytest.param(
            in_program(storage__blobs=FOR_TYPES.format("vision_studio.engine.uploader")),
            "storage may not import engine",
            id="an import for types only",
        ),
        pytest.param(
            in_program(storage__blobs="from vision_studio.imaging import inspect"),
            "storage may not import imaging",
            id="a part beside it",
        ),
        pytest.param(
            in_program(ui="", ui__strip="from vision_studio import storage", storage=""),
            "ui may not import storage",
            id="a part imported from the program",
        ),
        pytest.param(
            in_program(practice__server="import vision_studio.engine.gateway"),
            "practice may not import engine",
            id="the practice server on the engine",
        ),
        pytest.param(
            in_program(cli="import PySide6"), "cli may not import PySide6", id="Qt without a window"
        ),
        pytest.param(
            in_program(engine__studio="from anthropic import AsyncAnthropic"),
            "only vision_studio.engine.claude_gateway may import anthropic",
            id="the SDK elsewhere in the engine",
        ),
        pytest.param(
            in_program(app="import PIL"), "only vision_studio.imaging may import PIL", id="Pillow in the app"
        ),
        pytest.param(
            in_program(app="import keyring"),
            "only vision_studio.storage may import keyring",
            id="keyring in the app",
        ),
        pytest.param(
            in_program(ui__strip="from vision_studio.engine.studio import Studio"),
            "in ui, only vision_studio.ui.bridge may import engine",
            id="the engine past the bridge",
        ),
        pytest.param(
            in_program(core__draft="from . import prompt"), "a relative import", id="a relative import"
        ),
        pytest.param(in_program(plugins="import os"), "plugins has no row", id="a part unknown to the table"),
        pytest.param(
            in_program(
                core__a="from vision_studio.core import b",
                core__b="def f():\n    import vision_studio.core.a",
            ),
            "cycle: vision_studio.core.",
            id="a cycle",
        ),
    ],
)
def test_an_import_against_the_table_is_reported(sources: dict[str, str], complaint: str) -> None:
    assert [found for found in violations(sources, TABLE) if complaint in found]


@pytest.mark.parametrize(
    "sources",
    [
        pytest.param(
            in_program(core__draft="import dataclasses, xml.etree.ElementTree"), id="the standard library"
        ),
        pytest.param(in_program(core__a="from vision_studio import __version__"), id="the version"),
        pytest.param(in_program(engine__claude_gateway="import anthropic"), id="the SDK at its home"),
        pytest.param(
            in_program(imaging__formats__heic="from PIL import Image"), id="a library deep in its home"
        ),
        pytest.param(
            in_program(ui__bridge="import vision_studio.engine.studio"), id="the engine at the bridge"
        ),
        pytest.param(
            in_program(app="import PySide6, vision_studio.practice.server"), id="anything in the app"
        ),
        pytest.param(
            in_program(
                core__a=FOR_TYPES.format("vision_studio.core.b"), core__b="import vision_studio.core.a"
            ),
            id="a cycle for types only",
        ),
    ],
)
def test_an_import_within_the_table_is_not_reported(sources: dict[str, str]) -> None:
    assert violations(sources, TABLE) == []


def test_importing_the_app_leaves_the_slow_libraries_for_later() -> None:
    probe = (
        "import sys, vision_studio.app\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'anthropic', 'keyring', 'PIL'}))"
    )
    loaded = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert (loaded.stdout.split(), loaded.stderr) == ([], "")
