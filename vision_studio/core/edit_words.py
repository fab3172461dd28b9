"""What the image bench says: of each edit, of its tools, and of what becomes of an image."""

from __future__ import annotations

from vision_studio.core.amounts import count
from vision_studio.core.edits import Colour, Crop, Edit, Edits, Mark, Redact, Shape, Straighten, Turn
from vision_studio.core.size import Size

COLOURS = {
    Colour.VERMILLION: "Vermillion",
    Colour.BLUE: "Blue",
    Colour.YELLOW: "Yellow",
    Colour.GREEN: "Green",
    Colour.PURPLE: "Purple",
    Colour.SKY: "Sky blue",
}
SHAPES = {Shape.ARROW: "Arrow", Shape.BOX: "Box", Shape.NUMBER: "Number"}

AT_ADDRESS = (
    "Claude fetches this image from the web by itself, so it cannot be edited here. Download it first."
)
STILL_READ = "The image is still being read. Edit it when its card shows it."
UNREDACTED = "Whoever gets it can see what you redacted."
BLEEDING = (
    "What it covers is in nothing that is sent. Leave some room around it: in a JPEG, faint traces of what "
    "stood there may reach a few pixels further."
)


def degrees_text(tenths: int) -> str:
    return f"{tenths / 10:.1f}°"


def turn_text(turn: Turn) -> str:
    turned = ("", "Turned right", "Upside down", "Turned left")[turn.quarters]
    if not turn.mirrored:
        return turned
    return f"Mirrored, then {turned[0].lower()}{turned[1:]}" if turned else "Mirrored"


def edit_text(edits: Edits, place: int) -> str:
    """Return what an edit is called in the list of them: "2 · Arrow: bolt"."""
    edit: Edit = edits[place]
    match edit:
        case Turn():
            return turn_text(edit)
        case Straighten(tenths):
            return f"Straightened by {degrees_text(tenths)}"
        case Crop(box):
            return f"Cropped to {pixels_text(box.size)}"
        case Redact(box):
            return f"Redaction, {pixels_text(box.size)}"
        case Mark():
            named = f"{mark_number(edits, place)} · {SHAPES[edit.shape]}"
            return f"{named}: {edit.legend}" if edit.legend else named


def edit_title(edits: Edits, place: int) -> str:
    """Return what stands above the figures of a redaction or a mark: "Arrow 2"."""
    edit = edits[place]
    return f"{SHAPES[edit.shape]} {mark_number(edits, place)}" if isinstance(edit, Mark) else "Redaction"


def mark_number(edits: Edits, place: int) -> int:
    """Return the number of a mark."""
    return sum(isinstance(edit, Mark) for edit in edits[: place + 1])


def pixels_text(size: Size) -> str:
    return f"{size.width:,} × {size.height:,} px"


def result_text(kept: Size, sent: Size, seen: Size, tokens: int, model: str) -> str:
    """Return what becomes of an edited image: its size, what a model is shown, and what that costs."""
    shown = f"{model} is shown all of its pixels" if seen == kept else f"{model} is shown {pixels_text(seen)}"
    sent_as = f", sent as {pixels_text(sent)}" if sent not in (kept, seen) else ""
    return f"{pixels_text(kept)}{sent_as}. {shown}, for ≈ {count(tokens)} tokens."
