"""What an answer needs to know of the theme: a value, so that a change of theme is a new value."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.ui.design import Colours, TextStyle, Type, colours, font

HEADINGS = (Type.HEADING, Type.TITLE, Type.STRONG, Type.SMALL_STRONG, Type.SMALL_STRONG, Type.SMALL_STRONG)


@dataclass(frozen=True, slots=True)
class MarkdownStyle:
    """Colours are "#RRGGBB"; `headings` are levels one to six; the families are tried in order."""

    text: str
    muted: str
    link: str
    code_ground: str
    border: str
    body: TextStyle = Type.BODY
    headings: tuple[TextStyle, ...] = HEADINGS
    code: TextStyle = Type.CODE
    code_families: tuple[str, ...] = ()

    @classmethod
    def of(cls, scheme: Colours) -> MarkdownStyle:
        return cls(
            text=scheme.text,
            muted=scheme.muted,
            link=scheme.link,
            code_ground=scheme.sunken,
            border=scheme.border,
            code_families=tuple(font(Type.CODE).families()),
        )

    @classmethod
    def in_force(cls) -> MarkdownStyle:
        """The style of the scheme the application shows now."""
        return cls.of(colours())
