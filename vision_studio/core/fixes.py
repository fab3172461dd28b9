"""What one click does about a finding; one undo takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from vision_studio.core import findings as found
from vision_studio.core.amounts import counted
from vision_studio.core.catalogue import Catalogue, Model
from vision_studio.core.draft import Draft, Fidelity, FidelityChoice, Image
from vision_studio.core.findings import Finding, Severity
from vision_studio.core.size import Size
from vision_studio.core.succession import successor
from vision_studio.core.tiling import Box, larger_parts, parts
from vision_studio.core.tokens import ResolutionTier


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A change of the draft, or of the model that is asked."""

    label: str
    """What is on its button."""
    changed: tuple[Image, ...] = ()
    """Pictures to put in the places of those with the same ids."""
    removed: tuple[str, ...] = ()
    """Ids of pictures to take off the strip."""
    unmentioned: tuple[str, ...] = ()
    """Ids of pictures whose mentions to take out of the question."""
    split: tuple[tuple[Image, tuple[Box, ...]], ...] = ()
    """Pictures to cut, and the parts that take their places."""
    model: Model | None = None
    """The model to ask instead."""
    optional: bool = False
    """Another way, not a better one: *Fix all* passes it over."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a fix is found in."""

    draft: Draft
    first_number: int
    model: Model
    catalogue: Catalogue
    today: date
    earlier_images: int
    """Of the turns before."""

    @property
    def numbered(self) -> Mapping[int, Image]:
        """The draft's pictures that will be sent, by their numbers."""
        numbers = self.draft.numbers(self.first_number)
        return {
            number: image
            for number, image in zip(numbers, self.draft.images, strict=True)
            if number is not None
        }


def fix_for(finding: Finding, at: Situation) -> Fix | None:
    """Return the way out of a finding, where there is one."""
    match finding:
        case found.OverSideLimit(severity=Severity.REJECT):
            return _leave_out(_pictures(finding, at), "Leave out")
        case found.OverSideLimit() | found.OverByteLimit() | found.Downscaled():
            return _fit(_pictures(finding, at))
        case found.Duplicate():
            ids = tuple(image.id for image in _pictures(finding, at))
            return Fix(label="Remove", removed=ids) if ids else None
        case found.ExtremeRatio():
            return _split(_pictures(finding, at), at.model)
        case found.SmallText():
            return _enlarge(_pictures(finding, at), at.model)
        case found.TooManyImages(count=count, limit=limit):
            return _leave_out_last(count - limit, at)
        case found.RequestTooLarge():
            return _economise(at)
        case found.ContextExceeded(tokens=tokens, answer_tokens=answer):
            larger = successor(at.model, at.catalogue, at.today, tokens + answer)
            return _economise(at) if larger is None else _switch(larger)
        case found.ModelRetired():
            return _switch(successor(at.model, at.catalogue, at.today))
        case found.ModelRetiring(announced=True):
            return _switch(successor(at.model, at.catalogue, at.today))
        case found.MentionGone(image_ids=ids):
            label = "Remove it" if len(ids) == 1 else "Remove them"
            return Fix(label=label, unmentioned=ids, optional=True)  # it changes what somebody wrote
        case found.HistoryRefitted(crowd=crowd):
            surplus = at.earlier_images + len(at.numbered) - crowd
            leaving = _leave_out_last(surplus, at) if at.earlier_images <= crowd else None
            return None if leaving is None else replace(leaving, optional=True)
        case _:
            return None


def _pictures(finding: Finding, at: Situation) -> list[Image]:
    numbered = at.numbered
    return [numbered[number] for number in finding.images if number in numbered]


def _fit(images: Iterable[Image]) -> Fix | None:
    changed = tuple(
        image.with_choice(FidelityChoice())
        for image in images
        if image.url is None and image.fidelity in (Fidelity.ORIGINAL, Fidelity.CUSTOM)
    )
    return Fix(label="Fit", changed=changed) if changed else None


def _split(
    images: Iterable[Image],
    model: Model,
    cut: Callable[[Size, ResolutionTier], tuple[Box, ...]] = parts,
) -> Fix | None:
    """Cut what is long and narrow into parts that can be read; each costs, so *Fix all* passes it over."""
    cuts = tuple(
        (image, boxes)
        for image in images
        if image.url is None and (size := image.edited_size) is not None
        for boxes in (cut(size, model.tier),)
        if len(boxes) > 1
    )
    return Fix(label="Split", split=cuts, optional=True) if cuts else None


def _enlarge(images: list[Image], model: Model) -> Fix | None:
    """Have pictures seen larger: whole, where they were made smaller than need be, else in parts."""
    smaller = tuple(
        image.with_choice(FidelityChoice())
        for image in images
        if image.url is None and image.fidelity in (Fidelity.ECONOMY, Fidelity.CUSTOM)
    )
    if smaller:
        return Fix(label="Fit to model", changed=smaller, optional=True)
    return _split(images, model, larger_parts)


def _economise(at: Situation) -> Fix | None:
    changed = tuple(
        replace(image, fidelity=Fidelity.ECONOMY)
        for image in at.draft.included
        if image.url is None and image.fidelity is not Fidelity.ECONOMY
    )
    return Fix(label="Send smaller", changed=changed) if changed else None


def _leave_out(images: Iterable[Image], label: str) -> Fix | None:
    changed = tuple(replace(image, included=False) for image in images)
    return Fix(label=label, changed=changed) if changed else None


def _leave_out_last(surplus: int, at: Situation) -> Fix | None:
    """Leave out the newest pictures, as long as they are enough."""
    included = at.draft.included
    if not 0 < surplus <= len(included):
        return None
    return _leave_out(included[-surplus:], f"Leave out {counted(surplus, 'image')}")


def _switch(model: Model | None) -> Fix | None:
    return None if model is None else Fix(label=f"Use {model.name}", model=model)
