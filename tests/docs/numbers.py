"""Writes docs/numbers.md from the code: ``python -m tests.docs.numbers``. A test holds the page to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from vision_studio import assets
from vision_studio.core import accuracy, findings, limits, spend, tokens
from vision_studio.core.amounts import bytes_text, count, usd
from vision_studio.core.catalogue import Catalogue, Model, Price, parse_catalogue
from vision_studio.core.cost import input_cost_usd
from vision_studio.core.findings import Finding
from vision_studio.core.model_words import FACTS
from vision_studio.core.reasons import reason
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD, image_tokens, rule_of_thumb_tokens, seen_size

PAGE = Path(__file__).parents[2] / "docs" / "numbers.md"
TEMPLATE = Path(__file__).with_name("numbers.template.md")
"""The words around the tables."""

_SIZES = (
    (200, 200),
    (1000, 1000),
    (1092, 1092),
    (1280, 720),
    (1920, 1080),
    (2000, 1500),
    (2000, 2000),
    (2560, 1440),
    (4032, 3024),
    (3840, 2160),
    (1075, 1520),
    (8000, 200),
    (8000, 6000),
)
_GUIDE_EXAMPLES = ((200, 200), (1000, 1000), (1092, 1092))
_GUIDE_USD_PER_MTOK = Decimal(3)
_NOT_RESIZED = (
    ("1:1", (1092, 1092)),
    ("3:4", (951, 1268)),
    ("2:3", (896, 1344)),
    ("9:16", (819, 1456)),
    ("1:2", (784, 1568)),
)
_PHOTO = Size(4032, 3024)


def page() -> str:
    """Return the whole page."""
    catalogue = parse_catalogue(assets.text("models.toml"))
    tables = {
        "images": _image_tables(),
        "guides": _guide_tables(),
        "limits": [_limit_table(catalogue)],
        "models": _model_tables(catalogue),
        "cost": [_photo_table(catalogue)],
        "checks": [_check_table()],
        "learning": [_learning_table()],
    }
    text = TEMPLATE.read_text(encoding="utf-8").replace("{{dated}}", catalogue.dated.isoformat())
    for name, written in tables.items():
        text = text.replace(f"{{{{{name}}}}}\n", "\n".join(written))
    return text


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _image_tables() -> Iterator[str]:
    tiers = (STANDARD, HIGH)
    yield _table(
        ("Tier", "Longest side", "Most tokens"),
        [(tier.name, f"{tier.edge_px} px", count(tier.tokens)) for tier in tiers],
    )
    rows = []
    for size in (Size(*sides) for sides in _SIZES):
        cells = [str(size)]
        for tier in tiers:
            cells += [str(seen_size(size, tier)), count(image_tokens(size, tier))]
        rows.append((*cells, count(rule_of_thumb_tokens(size))))
    yield _table(("Image", "Seen, standard", "Tokens", "Seen, high", "Tokens", "w·h/750"), rows)


def _guide_tables() -> Iterator[str]:
    rows = []
    for size in (Size(*sides) for sides in _GUIDE_EXAMPLES):
        thumb, exact = rule_of_thumb_tokens(size), image_tokens(size, STANDARD)
        costs = [input_cost_usd(number, _GUIDE_USD_PER_MTOK) or Decimal() for number in (thumb, exact)]
        rows.append(
            (
                str(size),
                count(thumb),
                usd(costs[0]),
                usd(costs[0] * 1000),
                count(exact),
                usd(costs[1]),
                usd(costs[1] * 1000),
            )
        )
    yield _table(
        ("Image", "w·h/750", "Cost", "Per 1,000", "Exact tokens", "Cost", "Per 1,000"),
        rows,
    )
    yield "Sizes the guides promise not to resize:\n"
    yield _table(
        ("Shape", "Image", "Seen, standard", "Seen, high", "Tokens"),
        [
            (
                shape,
                str(Size(*sides)),
                str(seen_size(Size(*sides), STANDARD)),
                str(seen_size(Size(*sides), HIGH)),
                count(image_tokens(Size(*sides), STANDARD)),
            )
            for shape, sides in _NOT_RESIZED
        ],
    )


def _limit_table(catalogue: Catalogue) -> str:
    known = catalogue.limits
    return _table(
        ("What", "At most"),
        [
            ("A side of an image", f"{known.side_px} px"),
            (
                f"A side of every image, with more than {known.crowd} in the request, earlier turns included",
                f"{known.crowded_side_px} px",
            ),
            ("An image as base64", f"{count(known.image_base64_bytes)} bytes"),
            ("A request", bytes_text(known.request_bytes)),
            ("An uploaded file", bytes_text(known.file_bytes)),
            (f"Below this a side may degrade the answer: {limits.SMALL_SIDE_PX} px", "a warning"),
            (f"Longer than {limits.EXTREME_RATIO} times as wide, and shrunk", "a warning"),
        ],
    )


def _model_tables(catalogue: Catalogue) -> Iterator[str]:
    yield _table(
        ("Model", "Tier", "Context", "Images", "Longest answer", "Smallest cached", "Stage", "Assumed"),
        [_model_row(model) for model in catalogue.models],
    )
    rows = []
    for model in catalogue.models:
        for band in model.prices:
            reach = "" if band.prompt_tokens is None else f", up to {count(band.prompt_tokens)} tokens"
            rows.append((f"{model.name}{reach}", *_price_cells(band.price)))
    yield "US dollars per million tokens:\n"
    yield _table(("Model", "Input", "Output", "Write, 5 min", "Write, 1 h", "Read"), rows)


def _model_row(model: Model) -> tuple[str, ...]:
    until = model.retires_on or model.kept_until
    stage = "retires" if model.retires_on else "kept until" if model.kept_until else ""
    return (
        model.name,
        model.tier.name,
        count(model.context_tokens),
        count(model.max_images),
        count(model.max_output_tokens),
        "–" if model.min_cache_tokens is None else count(model.min_cache_tokens),
        f"{model.lifecycle}, {stage} {_day(until)}" if until else model.lifecycle,
        ", ".join(FACTS.get(fact, fact) for fact in sorted(model.assumed)) or "–",
    )


def _price_cells(price: Price) -> tuple[str, ...]:
    return tuple(
        "–" if amount is None else f"{amount.normalize():f}"
        for amount in (
            price.input,
            price.output,
            price.cache_write_5m,
            price.cache_write_1h,
            price.cache_read,
        )
    )


def _photo_table(catalogue: Catalogue) -> str:
    rows = []
    for model in catalogue.models:
        for band in model.prices:
            number = image_tokens(_PHOTO, model.tier)
            cost = input_cost_usd(number, band.price.input)
            if cost is None:
                continue
            reach = "" if band.prompt_tokens is None else f", up to {count(band.prompt_tokens)} tokens"
            seen = str(seen_size(_PHOTO, model.tier))
            rows.append((f"{model.name}{reach}", seen, count(number), usd(cost), usd(cost * 1000)))
    return _table(("Model", f"A photograph of {_PHOTO} is seen at", "Tokens", "Cost", "Per 1,000"), rows)


def _check_table() -> str:
    kinds = [kind for kind in vars(findings).values() if isinstance(kind, type) and hasattr(kind, "rule")]
    rows = []
    for kind in kinds:
        told = reason(kind.__new__(kind))
        rows.append((f"`{kind.rule}`", _severity(kind), told.why, told.source))
    return _table(("Check", "Severity", "Why", "Source"), rows)


def _severity(kind: type[Finding]) -> str:
    default = kind.__dataclass_fields__["severity"].default
    return default.value if isinstance(default, findings.Severity) else "–"


def _learning_table() -> str:
    return _table(
        ("What", "How much"),
        [
            ("Bills a correction rests on, at most", str(accuracy.RECENT_BILLS)),
            ("Bills it needs, at least", str(accuracy.FEWEST_BILLS)),
            ("A part with fewer tokens teaches nothing", str(accuracy.FEWEST_TOKENS)),
            ("A count that differs from its bill by more was off", f"{accuracy.COUNT_OFF_BY:.0%}"),
            ("A cap on spending is told of from", f"{spend.NEAR:.0%} of it on"),
            ("Characters of text to the token, before any bill", str(tokens.CHARACTERS_PER_TOKEN)),
            ("Tokens the API adds to a request", str(tokens.REQUEST_TOKENS)),
        ],
    )


def _day(day: date) -> str:
    return day.isoformat()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
