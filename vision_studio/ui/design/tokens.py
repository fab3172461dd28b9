"""The only place where a colour, a text size, a distance or a radius is written down."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme. Every value is "#RRGGBB", or "#AARRGGBB" where what lies below shines through."""

    # grounds, from the back to the front
    ground: str  # behind the conversation
    panel: str  # side panels, bars, dialogs
    surface: str  # cards, fields, plain buttons, menus
    sunken: str  # the selected row, a pressed plain button
    hover: str  # a row or a plain button under the pointer
    border: str  # hairlines
    control_border: str  # outlines that alone tell a control: check boxes, the drop zone

    text: str
    muted: str
    disabled: str
    link: str

    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str

    warning: str
    warning_ground: str
    danger: str
    danger_ground: str
    note: str
    note_ground: str
    success: str
    success_ground: str

    chip: str
    chip_ground: str
    focus: str
    selection: str  # behind selected text
    on_selection: str

    overlay: str  # behind words that lie on a picture
    on_overlay: str
    alarm: str  # the warning disc that lies on a picture
    on_alarm: str
    shade: str  # what covers a picture or a window that waits

    track: str  # the empty part of a meter
    segment_history: str
    segment_images: str
    segment_text: str
    segment_answer: str


LIGHT: Final = Colours(
    ground="#F6F5F2",
    panel="#FBFAF8",
    surface="#FFFFFF",
    sunken="#EFECE6",
    hover="#F5F3EE",
    border="#E4E1DA",
    control_border="#8C867C",
    text="#23211E",
    muted="#68635B",
    disabled="#A8A39A",
    link="#A1451F",
    accent="#B4532A",
    accent_hover="#A34A24",
    accent_pressed="#8F3F1D",
    on_accent="#FFFFFF",
    warning="#8A5A00",
    warning_ground="#FDF3DC",
    danger="#A62B22",
    danger_ground="#FBE9E6",
    note="#68635B",
    note_ground="#EFECE6",
    success="#28703F",
    success_ground="#E5F1E7",
    chip="#A3471F",
    chip_ground="#F7E9E1",
    focus="#B4532A",
    selection="#F2D6C7",
    on_selection="#23211E",
    overlay="#D8231C18",
    on_overlay="#FFFFFF",
    alarm="#FFC94D",
    on_alarm="#3A2A00",
    shade="#99FBFAF8",
    track="#E9E6DF",
    segment_history="#B4532A",
    segment_images="#A8740F",
    segment_text="#2F7D4F",
    segment_answer="#4F6FA8",
)

DARK: Final = Colours(
    ground="#1B1A18",
    panel="#211F1D",
    surface="#282623",
    sunken="#302D29",
    hover="#2D2A27",
    border="#383531",
    control_border="#857F75",
    text="#ECE8E1",
    muted="#A8A298",
    disabled="#6C675F",
    link="#EDA27F",
    accent="#E08A5F",
    accent_hover="#E89A73",
    accent_pressed="#C9764D",
    on_accent="#1F130C",
    warning="#E8B04A",
    warning_ground="#3A3120",
    danger="#F2978E",
    danger_ground="#402522",
    note="#A8A298",
    note_ground="#302D29",
    success="#7CC795",
    success_ground="#22342A",
    chip="#E8976E",
    chip_ground="#3A2A22",
    focus="#E08A5F",
    selection="#63402E",
    on_selection="#F6F1EA",
    overlay="#D8231C18",
    on_overlay="#FFFFFF",
    alarm="#FFC94D",
    on_alarm="#3A2A00",
    shade="#99211F1D",
    track="#37342F",
    segment_history="#E08A5F",
    segment_images="#E0B45A",
    segment_text="#7CC795",
    segment_answer="#8FAEE3",
)

_GROUNDS_OF_TONES = ("warning", "danger", "note", "success")

# Which words may stand on which ground: WCAG 2.2, 1.4.3 asks for 4.5:1.
TEXT_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *((words, ground) for words in ("text", "muted", "link") for ground in ("ground", "panel", "surface")),
    *((words, ground) for words in ("text", "muted") for ground in ("sunken", "hover")),
    *(
        (words, ground)
        for words in ("success", "danger", "warning")
        for ground in ("ground", "panel", "surface")
    ),
    *(("on_accent", ground) for ground in ("accent", "accent_hover", "accent_pressed")),
    *((tone, f"{tone}_ground") for tone in ("warning", "danger", "note", "success", "chip")),
    *((words, f"{tone}_ground") for words in ("text", "link") for tone in _GROUNDS_OF_TONES),
    *(("muted", f"{tone}_ground") for tone in _GROUNDS_OF_TONES),
    ("on_selection", "selection"),
    ("on_alarm", "alarm"),
)

# Shapes that carry meaning without words: WCAG 2.2, 1.4.11 asks for 3:1.
SHAPE_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *(
        ("focus", ground)
        for ground in ("ground", "panel", "surface", "sunken", "note_ground", "warning_ground")
    ),
    *(("control_border", ground) for ground in ("ground", "panel", "surface")),
    *((f"segment_{part}", "track") for part in ("history", "images", "text", "answer")),
    ("accent", "track"),
)


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A size in device-independent pixels and an OpenType weight (400 regular … 700 bold)."""

    size_px: int
    weight: int
    spacing_px: float = 0.0
    capitals: bool = False
    code: bool = False
    """In a face whose characters are all as wide as each other."""


class Type:
    """The type scale: Inter, or Code's family."""

    CAPTION: Final = TextStyle(11, 600, spacing_px=0.3, capitals=True)  # PINNED, TOOLS
    SMALL: Final = TextStyle(12, 400)
    SMALL_MEDIUM: Final = TextStyle(12, 500)
    SMALL_STRONG: Final = TextStyle(12, 600)
    BODY: Final = TextStyle(13, 400)
    CONTROL: Final = TextStyle(13, 500)
    STRONG: Final = TextStyle(13, 600)
    TITLE: Final = TextStyle(14, 600)
    HEADING: Final = TextStyle(18, 600)
    DISPLAY: Final = TextStyle(24, 600)
    CODE: Final = TextStyle(12, 400, code=True)


class Space:
    """Distances in device-independent pixels."""

    HAIR: Final = 2
    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 40


class Radius:
    """Corner radii in device-independent pixels."""

    XS: Final = 3  # meters, focus of a small shape
    S: Final = 6  # small buttons, labels on pictures, chips
    M: Final = 8  # buttons, fields, rows, findings
    L: Final = 10  # cards, panels


class Size:
    """Fixed measures in device-independent pixels."""

    TARGET: Final = 24  # the least a pointer must be able to hit: WCAG 2.2, 2.5.8
    CONTROL: Final = 32  # the height of buttons and fields
    CONTROL_SMALL: Final = 24  # the height of a button inside a finding
    ICON: Final = 16
    ICON_LARGE: Final = 20
    METER: Final = 6
    STROKE: Final = 1
    FOCUS: Final = 2
    SCROLL_BAR: Final = 10
    SAMPLE: Final = 132  # the width of a sample card
    SAMPLE_PICTURE: Final = 84  # the height of its picture
    CARD: Final = 156  # the width of a picture's card in the strip
    CARD_PICTURE: Final = 100  # the height of its picture
    LIBRARY: Final = 248  # the width of the panel of sessions
    CENTRE: Final = 420  # the least width of the conversation
    INSPECTOR: Final = 312  # the width of the inspector
    READING: Final = 720  # the widest a column of prose may grow
