"""Short ways to build the values that the tests of core are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from vision_studio.core.catalogue import Catalogue, parse_catalogue
from vision_studio.core.conversation import Answer, Outcome, SentImage, Session, Turn
from vision_studio.core.draft import Draft, Fidelity, Image, Rendition, Trait
from vision_studio.core.size import Size

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SONNET = "claude-sonnet-5-5"
HAIKU_4_5 = "claude-haiku-4-5"

CATALOGUE: Catalogue = parse_catalogue(
    (Path(__file__).parents[2] / "resources" / "models.toml").read_text(encoding="utf-8")
)


def picture(
    name: str = "a.jpg",
    size: tuple[int, int] = (1000, 800),
    *,
    size_bytes: int = 100_000,
    format_: str = "JPEG",
    traits: Sequence[Trait] = (),
    frames: int = 1,
    digest: str | None = None,
    label: str = "",
    included: bool = True,
    fidelity: Fidelity = Fidelity.FIT,
    edge_px: int = 0,
    frame: int = 0,
) -> Image:
    return Image(
        id=f"card-{name}",
        name=name,
        format=format_,
        size=Size(*size),
        size_bytes=size_bytes,
        digest=digest,
        frames=frames,
        traits=frozenset(traits),
        label=label,
        included=included,
        fidelity=fidelity,
        edge_px=edge_px,
        frame=frame,
    )


def linked(
    url: str = "https://example.com/cat.png", size: tuple[int, int] | None = None, *, name: str = "cat.png"
) -> Image:
    """A picture at an address; one with a size was looked at."""
    return Image(f"card-{name}", name, "", None if size is None else Size(*size), 0, url=url)


def pictures(count: int, size: tuple[int, int] = (1000, 800)) -> tuple[Image, ...]:
    return tuple(picture(f"{number}.jpg", size) for number in range(1, count + 1))


def sent(image: Image, number: int, rendition: tuple[int, int] | None = None) -> SentImage:
    """A picture of an earlier turn, sent at ``rendition`` if that is given."""
    if rendition is None:
        return SentImage(image, number)
    return SentImage(image, number, Rendition(f"sent-{number}", "image/jpeg", Size(*rendition), 50_000))


def turn(
    prompt: str = "What is it?",
    images: Sequence[SentImage] = (),
    answer: Answer | str = "A cat.",
    *,
    turn_id: str = "turn",
) -> Turn:
    if isinstance(answer, str):
        answer = Answer(SONNET, Outcome.ANSWERED, answer, stop_reason="end_turn")
    return Turn(turn_id, prompt, tuple(images), answer, NOW)


def session(*turns: Turn, system: str = "", draft: Draft | None = None) -> Session:
    made = Session("session", "", SONNET, NOW, NOW, system, turns)
    return made if draft is None else replace(made, draft=draft)
