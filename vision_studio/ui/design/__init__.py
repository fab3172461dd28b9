"""The design system: tokens, theme, icons and the widget kit every part of the window is made of.

How to use it:

- `Theme(application, Mode.SYSTEM)`, once, before the first window. It sets Fusion, the bundled Inter, palette
  and stylesheet. `theme.set_mode(Mode.DARK)` switches; everything repaints by itself, as all colours are read
  from the tokens while painting. `theme.changed` is for what was cached: rendered documents, pixmaps.
- In a paintEvent or a delegate: `scheme = colours()`, `painter.setPen(colour(scheme.muted))`. Never write a
  colour or a size: take them from `Colours`, `Space`, `Radius`, `Size`, and fonts from `font(Type.SMALL)`.
- `icon("trash")` is a QIcon for menus and actions; `paint_icon` draws one inside a paintEvent. The names are
  those of resources/icons/*.svg; the second argument of `icon` is a colour token ("text", "muted", "danger").
- Every control wants `object_name=` and, where no visible text says it, `accessible_name=`.
- Planes: `Ground` behind the conversation, `Panel` and `Bar("bottom")` for side panels and bars, `Card` for
  the composer. A borderless QPlainTextEdit inside a card shows its focus with `card.set_focused(True)`.
- Words: `Label`, `ElidedLabel`, `LeadLabel` show plain text, letter by letter. For a tooltip with words
  from outside use `plain_tooltip(words)`.
"""

from vision_studio.ui.design.buttons import Button, IconButton, Kind
from vision_studio.ui.design.empty import EmptyState, SampleCard
from vision_studio.ui.design.fields import (
    CheckBox,
    LineField,
    NumberField,
    RadioButton,
    SearchField,
    Select,
    TextArea,
)
from vision_studio.ui.design.findings import FindingRow, Notice, Severity, SeverityIcon
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import icon, paint_icon
from vision_studio.ui.design.labels import (
    ElidedLabel,
    KeyValueGrid,
    Label,
    LeadLabel,
    SectionHeading,
    Tone,
    plain_tooltip,
    unbroken,
)
from vision_studio.ui.design.meter import Meter, Segment
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import focus_ring, line_of_text, painter_for, rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.status import Badge, Sign, Spinner, StatusDot
from vision_studio.ui.design.surfaces import Bar, Card, Ground, Panel, Separator
from vision_studio.ui.design.theme import Mode, Theme
from vision_studio.ui.design.tokens import Colours, Radius, Size, Space, TextStyle, Type

__all__ = [
    "Badge",
    "Bar",
    "Button",
    "Card",
    "CheckBox",
    "Colours",
    "ElidedLabel",
    "EmptyState",
    "FindingRow",
    "FlowLayout",
    "Ground",
    "IconButton",
    "KeyValueGrid",
    "Kind",
    "Label",
    "LeadLabel",
    "LineField",
    "Meter",
    "Mode",
    "Notice",
    "NumberField",
    "Panel",
    "RadioButton",
    "Radius",
    "SampleCard",
    "SearchField",
    "SectionHeading",
    "Segment",
    "Select",
    "Separator",
    "Severity",
    "SeverityIcon",
    "Sign",
    "Size",
    "Space",
    "Spinner",
    "StatusDot",
    "TextArea",
    "TextStyle",
    "Theme",
    "Tone",
    "Type",
    "colour",
    "colours",
    "focus_ring",
    "font",
    "icon",
    "line_of_text",
    "name",
    "paint_icon",
    "painter_for",
    "plain_tooltip",
    "rounded_box",
    "unbroken",
]
