"""Nothing in the window invents a colour or a text size: the tokens hold them all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import vision_studio.ui

UI = Path(vision_studio.ui.__file__).parent
TOKENS = UI / "design" / "tokens.py"
SOURCES = sorted(file for file in UI.rglob("*.py") if file != TOKENS)

HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b")
CSS_COLOUR = re.compile(r"\brgba?\(|\bhsla?\(|color:\s*(?:black|white|red|green|blue|gr[ae]y)\b")
FONT_SIZE = re.compile(r"font-size:\s*\d")
SIZED = {"setPointSize", "setPointSizeF", "setPixelSize"}


def loose_values(source: str) -> Iterator[str]:
    """Each colour or text size written into this source, with its line."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            for pattern in (HEX_COLOUR, CSS_COLOUR, FONT_SIZE):
                if match := pattern.search(node.value):
                    yield f"line {node.lineno}: {match.group()}"
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            constant = bool(node.args) and isinstance(node.args[0], ast.Constant)
            if constant and (called in SIZED or called == "QColor"):
                yield f"line {node.lineno}: {ast.unparse(node)}"
        named = isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("GlobalColor")
        if named and node.attr != "transparent":
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(UI).as_posix())
def test_colours_and_text_sizes_come_from_the_tokens(file: Path):
    assert list(loose_values(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        'x = "color: #fff"',
        'x = f"background: #12AB34; {y}"',
        'QColor("red")',
        "QColor(1, 2, 3)",
        "QtGui.QColor(0x112233)",
        "Qt.GlobalColor.black",
        'x = "rgba(0, 0, 0, 50%)"',
        'x = "font-size: 12px"',
        "font.setPointSize(9)",
    ],
)
def test_the_rule_is_not_blind(line: str):
    assert list(loose_values(line))


@pytest.mark.parametrize(
    "line", ['"""See #123 and #fff."""', 'x = "#3 of 4"', "QColor(value)", "Qt.GlobalColor.transparent"]
)
def test_the_rule_leaves_the_rest_alone(line: str):
    assert not list(loose_values(line))
