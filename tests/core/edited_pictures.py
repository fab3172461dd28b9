"""Strategies that make any edits a person could, the way the bench makes them: step by step."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from vision_studio.core.editing import added, changed, cropped, mirrored, removed, straightened, turned
from vision_studio.core.edits import Colour, Edits, Mark, Redact, Shape
from vision_studio.core.framing import framing
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box

Step = Callable[[Size, Edits], Edits]

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def places(size: Size) -> st.SearchStrategy[tuple[int, int]]:
    """Points in a picture, and somewhat outside it."""
    return st.tuples(
        st.integers(-size.width // 4, size.width + size.width // 4),
        st.integers(-size.height // 4, size.height + size.height // 4),
    )


def boxes(size: Size) -> st.SearchStrategy[Box]:
    return st.builds(lambda one, other: Box(*one, *other), places(size), places(size))


def marks_of(size: Size) -> st.SearchStrategy[Mark]:
    return st.builds(
        lambda shape, start, end, colour, legend: Mark(shape, *start, *end, colour, legend),
        st.sampled_from(Shape),
        places(size),
        places(size),
        st.sampled_from(Colour),
        words,
    )


def _crop(share: tuple[float, float, float, float]) -> Step:
    def step(size: Size, edits: Edits) -> Edits:
        frame = framing(size, edits).frame
        left, top, right, bottom = share
        box = Box(
            round(left * frame.width),
            round(top * frame.height),
            round(right * frame.width),
            round(bottom * frame.height),
        )
        return cropped(size, edits, box)

    return step


def steps(size: Size) -> st.SearchStrategy[Step]:
    shares = st.tuples(*[st.floats(0, 1)] * 4)
    return st.one_of(
        st.integers(0, 3).map(lambda quarters: lambda size, edits: turned(size, edits, quarters)),
        st.booleans().map(lambda down: lambda size, edits: mirrored(size, edits, upside_down=down)),
        st.integers(-500, 500).map(lambda tenths: lambda size, edits: straightened(size, edits, tenths)),
        shares.map(_crop),
        boxes(size).map(lambda box: lambda size, edits: added(size, edits, Redact(box))),
        marks_of(size).map(lambda mark: lambda size, edits: added(size, edits, mark)),
        st.integers(0, 9).map(
            lambda place: lambda size, edits: removed(size, edits, place) if place < len(edits) else edits
        ),
        st.tuples(st.integers(0, 9), marks_of(size)).map(
            lambda change: (
                lambda size, edits: (
                    changed(size, edits, *change)
                    if change[0] < len(edits) and isinstance(edits[change[0]], Mark)
                    else edits
                )
            )
        ),
    )


def edits_of(size: Size, most: int = 6) -> st.SearchStrategy[Edits]:
    def done(taken: list[Step]) -> Edits:
        edits: Edits = ()
        for step in taken:
            edits = step(size, edits)
        return edits

    return st.lists(steps(size), max_size=most).map(done)
