"""What a card says in words: its price, and all that is to be known of its image."""

from __future__ import annotations

from vision_studio.core import words
from vision_studio.core.appraisal import ImageAppraisal


def price_line(appraisal: ImageAppraisal) -> str:
    """Return a card's "≈ 4,740 tok · ≈ $0.0095"."""
    if appraisal.tokens is None:
        return "size and cost unknown"
    tokens = f"≈ {words.count(appraisal.tokens)} tok"
    return tokens if appraisal.cost_usd is None else f"{tokens} · ≈ {words.usd(appraisal.cost_usd)}"


def remarks(appraisal: ImageAppraisal) -> list[str]:
    """Return the price and every finding, each as a line of its own."""
    return [price_line(appraisal), *(words.sentence(finding) for finding in appraisal.findings)]
