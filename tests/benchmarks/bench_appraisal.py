"""Appraises a draft of 600 pictures while its text and its model change, against merely walking over them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import cycle
from time import process_time

from tests.benchmarks.row import Row
from vision_studio import assets
from vision_studio.core.appraisal import Appraiser
from vision_studio.core.catalogue import Catalogue, Model, parse_catalogue
from vision_studio.core.conversation import Session
from vision_studio.core.draft import Draft, Image, Trait
from vision_studio.core.size import Size

RUNS = 7
PICTURES = 600
TODAY = date(2026, 11, 22)


def rows() -> list[Row]:
    catalogue = parse_catalogue(assets.text("models.toml"))
    models = [model for model in catalogue.models if model.lifecycle == "active"][:6]
    floors, keystrokes, switches, tiers, growth = [], [], [], [], []
    for _ in range(RUNS):
        small, large = strip(PICTURES), strip(PICTURES * 10)
        floor = seconds(lambda images=small: walk(images), 400)
        floors.append(1e6 * floor)
        keystrokes.append(seconds(typing(catalogue, small), 2000) / floor)
        switches.append(1e3 * seconds(switching(catalogue, small, models), 12))
        tiers.append(1e3 * first_look(catalogue, small))
        growth.append(
            seconds(typing(catalogue, large), 2000) / seconds(typing(catalogue, small), 2000),
        )
    walked = f"walking over {PICTURES} pictures"
    return [
        Row(walked, "–", tuple(floors), "–", "µs"),
        Row(f"a keystroke with {PICTURES} pictures", walked, tuple(keystrokes), "≤ 1"),
        Row(f"another model with {PICTURES} pictures", "–", tuple(switches), "≤ 5", "ms"),
        Row(f"the first model of another tier with {PICTURES} pictures", "–", tuple(tiers), "≤ 5", "ms"),
        Row(f"a keystroke with {PICTURES * 10} pictures", f"with {PICTURES}", tuple(growth), "≤ 10"),
    ]


def strip(count: int) -> tuple[Image, ...]:
    """Photographs of a few cameras, screenshots and crops, as they come in a folder."""
    chance = random.Random(count)
    shapes = [Size(4032, 3024), Size(6000, 4000), Size(2560, 1440), Size(1080, 2400)]
    return tuple(
        Image(
            id=str(number),
            name=f"{number}.jpg",
            format="JPEG",
            size=chance.choice([*shapes, Size(chance.randint(200, 4000), chance.randint(200, 4000))]),
            size_bytes=3_000_000,
            digest=f"{number:064x}",
            traits=frozenset(chance.sample([Trait.METADATA, Trait.GPS, Trait.ROTATED], chance.randint(0, 2))),
        )
        for number in range(count)
    )


def walk(images: tuple[Image, ...]) -> None:
    for _ in images:
        pass


def typing(catalogue: Catalogue, images: tuple[Image, ...]) -> Callable[[], None]:
    """Return a keystroke: the text differs from the last one, and the numbers on screen are read."""
    appraiser, session, model = Appraiser(catalogue), empty(catalogue), catalogue.model(catalogue.default_id)
    drafts = cycle([Draft(images, "What is different? " * 12 + "x" * extra) for extra in range(50)])
    appraiser.appraise(next(drafts), session, model, TODAY)

    def keystroke() -> None:
        appraisal = appraiser.appraise(next(drafts), session, model, TODAY)
        _ = appraisal.total_tokens, appraisal.cost_usd, appraisal.request_bytes

    return keystroke


def switching(catalogue: Catalogue, images: tuple[Image, ...], models: list[Model]) -> Callable[[], None]:
    """Return a change to a model that has not been looked at since the pictures changed."""
    appraiser, session, draft = Appraiser(catalogue), empty(catalogue), Draft(images, "What is different?")
    days = iter(range(1, 10_000))
    turns = cycle(models)

    def switch() -> None:
        # Another day, so that nothing that was worked out for the model before is good any more.
        appraiser.appraise(draft, session, next(turns), date.fromordinal(TODAY.toordinal() + next(days)))

    return switch


def first_look(catalogue: Catalogue, images: tuple[Image, ...]) -> float:
    """Return the seconds it takes to plan every picture anew, as another tier sees it at another size."""
    appraiser, session, draft = Appraiser(catalogue), empty(catalogue), Draft(images, "What is different?")
    appraiser.appraise(draft, session, catalogue.model("claude-sonnet-5-5"), TODAY)
    other = catalogue.model("claude-sonnet-4-6")
    return seconds(lambda: appraiser.appraise(draft, session, other, TODAY), 1)


def empty(catalogue: Catalogue) -> Session:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Session("", "", catalogue.default_id, now, now)


def seconds(work: Callable[[], object], times: int) -> float:
    """Return the processor's time for one call: other programs do not count."""
    start = process_time()
    for _ in range(times):
        work()
    return (process_time() - start) / times
