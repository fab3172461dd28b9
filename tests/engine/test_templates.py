"""Templates are kept, deleted, written to a file and taken in again, all or none."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from vision_studio.core.template_events import TemplatesExported, TemplatesImported, TemplatesTold
from vision_studio.core.templates import LARGEST_FILE_BYTES, Template

ROOF = Template("1", "Roof", "Is {{image}} whole?")
BILL = Template("2", "bill", "Read {{image: receipt}} in {{currency}}.")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data")


def kept(stage: Stage) -> tuple[Template, ...]:
    return stage.told(TemplatesTold)[-1].templates


def test_templates_are_there_again_after_a_restart_and_sorted_by_name(stage: Stage) -> None:
    async def first() -> None:
        async with stage.open() as studio:
            studio.templates.save(ROOF)
            studio.templates.save(BILL)
            studio.templates.save(Template("1", "Roof", "Is {{image}} dry?"))

    async def second() -> None:
        async with stage.open() as studio:
            studio.templates.tell()
            assert kept(stage) == (BILL, Template("1", "Roof", "Is {{image}} dry?"))
            studio.templates.delete("2")
            assert [one.id for one in kept(stage)] == ["1"]

    asyncio.run(first())
    asyncio.run(second())


def test_they_travel_in_a_file_and_are_new_templates_there(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "questions.vstemplates.json"

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.templates.save(ROOF)
            await studio.templates.export(file)
            assert stage.told(TemplatesExported) == [TemplatesExported(file.name, 1)]
            await studio.templates.take_in(file)
            assert stage.told(TemplatesImported) == [TemplatesImported(file.name, 1)]
            assert [(one.name, one.text) for one in kept(stage)] == [(ROOF.name, ROOF.text)] * 2
            assert len({one.id for one in kept(stage)}) == 2
            await studio.templates.export(tmp_path / "nowhere" / "file.json")
            refused = stage.told(TemplatesExported)[-1]
            assert (refused.file, refused.count) == ("file.json", 0)
            assert refused.refusal == "No such file or directory."

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "It cannot be read."),
        (b"\xff\xfe\x00", "It is not a file of templates."),
        (b" " * (LARGEST_FILE_BYTES + 1), "It is larger than any file of templates."),
    ],
)
def test_a_file_that_is_none_changes_nothing(
    stage: Stage, tmp_path: Path, data: bytes | None, why: str
) -> None:
    file = tmp_path / "bad.json"
    if data is not None:
        file.write_bytes(data)

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.templates.save(ROOF)
            await studio.templates.take_in(file)
            assert stage.told(TemplatesImported) == [TemplatesImported("bad.json", refusal=why)]
            studio.templates.tell()
            assert kept(stage) == (ROOF,)

    asyncio.run(scenario())
