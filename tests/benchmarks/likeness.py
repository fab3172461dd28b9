"""Structural similarity of two pictures: 1 is the same, and a reader begins to miss strokes below .98."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageMath


def similarity(first: Image.Image, second: Image.Image) -> float:
    """Return what Wang et al. (2004) define, over blocks of 8 × 8 pixels of the brightness."""
    levels = {"x": first.convert("L").convert("F"), "y": second.convert("L").convert("F")}

    def block_mean(formula: Callable[[dict[str, object]], object]) -> Image.Image:
        product: Image.Image = ImageMath.lambda_eval(formula, **levels)
        return product.reduce(8)

    means = {
        "x": block_mean(lambda of: of["x"] + 0.0),
        "y": block_mean(lambda of: of["y"] + 0.0),
        "xx": block_mean(lambda of: of["x"] * of["x"]),
        "yy": block_mean(lambda of: of["y"] * of["y"]),
        "xy": block_mean(lambda of: of["x"] * of["y"]),
    }
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def index(of: dict[str, object]) -> object:
        x, y, xy = of["x"], of["y"], of["x"] * of["y"]
        spread = of["xx"] - x * x + of["yy"] - y * y
        return (xy * 2 + c1) * ((of["xy"] - xy) * 2 + c2) / ((x * x + y * y + c1) * (spread + c2))

    blocks: Image.Image = ImageMath.lambda_eval(index, **means)
    mean = blocks.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, float)
    return mean
