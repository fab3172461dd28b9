"""What the engine tells of templates."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.templates import Template


@dataclass(frozen=True, slots=True)
class TemplatesTold:
    """Every template there is, by name."""

    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class TemplatesImported:
    """A file was read, or why it was not."""

    file: str
    """Its name, without the way to it."""
    count: int = 0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class TemplatesExported:
    """A file was written, or why it was not."""

    file: str
    count: int = 0
    refusal: str = ""
