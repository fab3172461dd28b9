"""What a stranger wrote stays a text in every language."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision_studio.core.code_curl import curl_code
from vision_studio.core.code_literals import JSON, PYTHON, TYPESCRIPT, literal, quoted
from vision_studio.core.code_request import CodeRequest, Flavour

NASTY = st.text(
    st.one_of(
        st.sampled_from("\"'\\$`{}()<>\n\r\t\x00\x07\x1b\u2028\u2029\u202e\ufeff\u200d😀\U000e0041\ufffe"),
        st.characters(exclude_categories=["Cs"]),
    )
)
VALUES = st.recursive(
    NASTY | st.none() | st.booleans() | st.integers() | st.sampled_from(["__proto__", "REQUEST"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NASTY, inner, max_size=4),
    max_leaves=8,
)


def no_slot(image: Any) -> str:
    raise AssertionError


@settings(max_examples=150, deadline=None)
@given(VALUES, st.integers(0, 40))
def test_python_and_json_read_what_was_written(value: Any, indent: int) -> None:
    assert ast.literal_eval(literal(value, PYTHON, no_slot, indent)) == value
    assert json.loads(literal(value, JSON, no_slot, indent)) == value


@given(NASTY)
def test_nothing_that_hides_stands_in_it_as_it_is(text: str) -> None:
    for syntax in (JSON, PYTHON, TYPESCRIPT):
        shown = quoted(text, syntax)
        hidden = {one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Zl")}
        assert hidden <= {"\u200d"}


@settings(max_examples=1, deadline=None)
@given(st.lists(VALUES, min_size=60, max_size=60))
def test_javascript_reads_what_was_written(values: list[Any]) -> None:
    values = [*values, {"__proto__": 1, "a-b": "x\ny"}]
    if shutil.which("node") is None:
        pytest.skip("there is no node here")
    program = f"process.stdout.write(JSON.stringify({literal(values, TYPESCRIPT, no_slot)}))"
    ran = subprocess.run(["node", "-"], input=program.encode(), capture_output=True, timeout=30)
    assert ran.stderr == b""
    assert json.loads(ran.stdout) == values


@settings(max_examples=1, deadline=None)
@given(st.lists(VALUES, min_size=60, max_size=60))
def test_a_shell_passes_on_what_was_written(values: list[Any]) -> None:
    body = {"messages": [*values, "$(id) `id` $HOME \\$HOME \\\\", "REQUEST\nREQUEST"]}
    script = curl_code(CodeRequest(body, ()), Flavour.INLINE)
    told = "curl() { cat; }\n" + script  # in the place of the real one: prints what it would send
    ran = subprocess.run(
        ["sh"], input=told.encode(), capture_output=True, env={"PATH": "/usr/bin:/bin"}, timeout=30
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout) == body
