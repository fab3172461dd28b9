"""`vision-studio estimate`: what images would cost, and what of them Claude would see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from vision_studio.cli.arguments import Command
from vision_studio.cli.console import Console
from vision_studio.cli.table import shortened, table
from vision_studio.core import words
from vision_studio.core.appraisal import Appraisal, Appraiser, ImageAppraisal
from vision_studio.core.conversation import Session
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import Refusal
from vision_studio.core.findings import Finding, NoQuestion, Severity
from vision_studio.core.size import Size
from vision_studio.engine.preview import preview
from vision_studio.headless import read_catalogue

_MARKS = {Severity.REJECT: "✗", Severity.WARN: "!", Severity.NOTE: "·"}
_LONGEST_NAME = 40


def estimate(asked: Command, console: Console) -> int:
    """Print the estimate; returns 1 if a file cannot be used, and still counts the others."""
    catalogue = read_catalogue()
    model = catalogue.model(asked.model or catalogue.default_id)
    files = preview(asked.files)
    images = tuple(file for file in files if isinstance(file, Image))
    now = datetime.now(UTC)
    session = Session("", "", model.id, now, now)
    appraisal = Appraiser(catalogue).appraise(Draft(images), session, model, now.astimezone().date())
    if asked.json:
        console.record(_record(files, appraisal))
    else:
        for line in _lines(files, appraisal):
            console.line(line)
    return 0 if len(images) == len(files) else 1


def _record(files: Sequence[Image | Refusal], appraisal: Appraisal) -> dict[str, object]:
    remaining = iter(appraisal.images)
    return {
        "model": appraisal.model.id,
        "images": [
            _image_record(file, next(remaining))
            if isinstance(file, Image)
            else {"name": file.name, "error": words.refusal_sentence(file)}
            for file in files
        ],
        "totals": {
            "images": appraisal.images_here,
            "tokens": appraisal.image_tokens,
            "cost_usd": _cost_usd(appraisal),
            "request_bytes": appraisal.request_bytes,
            "findings": [_finding_record(finding) for finding in _request_findings(appraisal)],
        },
    }


def _image_record(image: Image, appraised: ImageAppraisal) -> dict[str, object]:
    return {
        "name": image.name,
        "format": image.format,
        **_sides("", image.size),
        **_sides("sent_", appraised.sent),
        **_sides("seen_", appraised.seen),
        "tokens": appraised.tokens,
        "tokens_rule_of_thumb": appraised.rule_of_thumb_tokens,
        "cost_usd": appraised.cost_usd,
        "findings": [_finding_record(finding) for finding in appraised.findings],
    }


def _sides(what: str, size: Size | None) -> dict[str, int | None]:
    width, height = size or (None, None)
    return {f"{what}width": width, f"{what}height": height}


def _finding_record(finding: Finding) -> dict[str, object]:
    return {"rule": finding.rule, "severity": finding.severity.value, "message": words.sentence(finding)}


def _lines(files: Sequence[Image | Refusal], appraisal: Appraisal) -> Iterator[str]:
    images = [file for file in files if isinstance(file, Image)]
    yield f"For {appraisal.model.name}:"
    yield ""
    if images:
        rows = [("", "", "Size", "Sent", "Seen", "Tokens", "w·h/750", "Cost")]
        for image, one in zip(images, appraisal.images, strict=True):
            rows.append(
                (
                    f"Image {one.number}",
                    f"{shortened(image.name, _LONGEST_NAME)} ({image.format})",
                    str(image.size),
                    str(one.sent),
                    str(one.seen),
                    f"≈ {words.count(one.tokens or 0)}",
                    words.count(one.rule_of_thumb_tokens or 0),
                    f"≈ {words.usd(one.cost_usd)}",
                )
            )
        thumb = sum(one.rule_of_thumb_tokens or 0 for one in appraisal.images)
        total = (
            *("Total", words.counted(len(images), "image"), "", "", ""),
            *(f"≈ {words.count(appraisal.image_tokens)}", words.count(thumb)),
            f"≈ {words.usd(_cost_usd(appraisal))}",
        )
        yield from table([*rows, total], right=frozenset({2, 3, 4, 5, 6, 7}))
        yield ""
    for finding in appraisal.findings:
        if not isinstance(finding, NoQuestion):
            yield f"{_MARKS[finding.severity]} {words.sentence(finding)}"
    for file in files:
        if isinstance(file, Refusal):
            yield f"✗ {words.refusal_sentence(file)}"
    if images:
        yield f"· The request has {words.bytes_text(appraisal.request_bytes)}, images uploaded apart."


def _request_findings(appraisal: Appraisal) -> Iterator[Finding]:
    """Findings about the request; that there is no question yet is the nature of an estimate."""
    return (finding for finding in appraisal.request_findings if not isinstance(finding, NoQuestion))


def _cost_usd(appraisal: Appraisal) -> Decimal | None:
    """Return the images' cost, without the few tokens around them."""
    costs = [image.cost_usd for image in appraisal.images]
    return sum((cost for cost in costs if cost is not None), Decimal()) if None not in costs else None
