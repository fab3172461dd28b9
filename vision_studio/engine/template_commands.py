"""The commands about templates of questions."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.events import Event
from vision_studio.core.failures import Failed
from vision_studio.core.template_events import TemplatesExported, TemplatesImported, TemplatesTold
from vision_studio.core.templates import (
    LARGEST_FILE_BYTES,
    MOST_TEMPLATES,
    Template,
    TemplatesUnreadable,
    read_templates,
    templates_file,
)

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class TemplateCommands:
    """For the engine's thread, once the data folder is open. Methods raise ``Failed``."""

    def __init__(self, parts: Callable[[], Parts], report: Callable[[Event], None]) -> None:
        self._parts = parts
        self._report = report

    def tell(self) -> None:
        self._report(TemplatesTold(self._parts().home.templates.all()))

    def save(self, template: Template) -> None:
        """Keep a template, in the place of an earlier one of its id."""
        self._parts().home.templates.save([template], datetime.now(UTC))
        self.tell()

    def delete(self, template_id: str) -> None:
        self._parts().home.templates.delete(template_id)
        self.tell()

    async def take_in(self, path: Path) -> None:
        """Add a file's templates to those there are, all or none. ``TemplatesImported`` comes of it."""
        try:
            text = await asyncio.to_thread(_read, path)
            new = read_templates(text, lambda: uuid.uuid4().hex)
            kept = self._parts().home.templates
            if len(kept.all()) + len(new) > MOST_TEMPLATES:
                raise TemplatesUnreadable(f"There would be more than {MOST_TEMPLATES} templates.")
        except TemplatesUnreadable as error:
            self._report(TemplatesImported(path.name, refusal=str(error)))
            return
        kept.save(new, datetime.now(UTC))
        self.tell()
        self._report(TemplatesImported(path.name, len(new)))

    async def export(self, path: Path) -> None:
        """Write every template to a file. ``TemplatesExported`` comes of it."""
        from vision_studio.engine.kept_files import export_failures, put_in_place  # not with the window

        templates = self._parts().home.templates.all()
        text = templates_file(templates)
        try:
            with export_failures():
                await asyncio.to_thread(put_in_place, path, lambda to: to.write_text(text, encoding="utf-8"))
        except Failed as error:
            self._report(TemplatesExported(path.name, refusal=error.failure.message))
            return
        self._report(TemplatesExported(path.name, len(templates)))


def _read(path: Path) -> str:
    """Raises ``TemplatesUnreadable``."""
    from vision_studio.imaging.files import open_regular  # not with the window
    from vision_studio.imaging.refusal import Refused

    try:
        with open_regular(path) as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except (OSError, Refused) as error:
        raise TemplatesUnreadable("It cannot be read.") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise TemplatesUnreadable("It is larger than any file of templates.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplatesUnreadable("It is not a file of templates.") from error
