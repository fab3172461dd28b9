"""Strategies for Markdown: what a model writes, and what nobody would."""

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    [
        "ridge",
        "two words",
        "naïve 日本語",
        "עברית",
        "🏔️ up",
        "3.14",
        "a|b",
        "x_y_z",
        "end.",
        "C:\\dir",
        "5 < 6 & 7",
    ]
)
_SPANS = st.one_of(
    _WORDS,
    st.sampled_from(
        [
            "**bold**",
            "*slanted*",
            "`code`",
            "~~struck~~",
            "[words](https://example.com/a)",
            "<https://example.com/b>",
            "**unclosed",
            "<b>tag</b>",
            "&amp;",
        ]
    ),
)
_SENTENCE = st.lists(_SPANS, min_size=1, max_size=5).map(" ".join)
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=3).map("\n".join)
_HEADING = st.builds("{} {}".format, st.sampled_from(["#", "##", "###", "####"]), _SENTENCE)
_SETEXT = st.builds("{}\n{}".format, _WORDS, st.sampled_from(["===", "---"]))
_CODE_LINES = st.lists(
    st.sampled_from(["x = 1", "", "    y", "# no heading", "- no item", "> no quote", "---"])
)
_CODE = st.builds(
    "{0}{1}\n{2}\n{0}".format,
    st.sampled_from(["```", "~~~~"]),
    st.sampled_from(["", "python"]),
    _CODE_LINES.map("\n".join),
)
_BULLETS = st.lists(_SENTENCE, min_size=1, max_size=4).map(
    lambda items: "\n".join(f"- {each}" for each in items)
)
_NUMBERS = st.lists(_SENTENCE, min_size=1, max_size=4).map(
    lambda items: "\n".join(f"{number}. {each}" for number, each in enumerate(items, start=3))
)
_NESTED = st.builds("- {}\n  - {}\n    1. {}\n\n  {}\n- {}".format, *[_WORDS] * 5)
_ITEM_WITH_CODE = st.builds("1. {}\n   ```\n   {}\n\n   deep\n   ```\n2. {}".format, _WORDS, _WORDS, _WORDS)
_QUOTE = st.lists(_SENTENCE, min_size=1, max_size=3).map(
    lambda lines: "\n".join(f"> {each}" for each in lines)
)
# Words come first: where a table stands right below code or a quote, Qt puts a cell too many into it.
_TABLE = st.integers(1, 4).flatmap(
    lambda rows: st.just(
        "words\n\n| a | b |\n|:--|--:|\n" + "\n".join(f"| *{row}* | `x` |" for row in range(rows))
    )
)
_RULE = st.sampled_from(["---", "***", "_ _ _"])
_BLOCK = st.one_of(
    _PARAGRAPH, _HEADING, _SETEXT, _CODE, _BULLETS, _NUMBERS, _NESTED, _ITEM_WITH_CODE, _QUOTE, _TABLE, _RULE
)

documents = st.lists(_BLOCK, min_size=1, max_size=6).map("\n\n".join)
"""Well-formed blocks with blank lines between them."""

_DEFINITION = st.sampled_from(["[ref]: https://example.com/ref", "[other]: <https://example.com/o> 'Title'"])
_REFERENCE = st.sampled_from(["See [ref] and [words][other].", "![picture][ref]", "[^1] and\n\n[^1]: a note"])
_FRAGMENT = st.one_of(
    _BLOCK,
    _DEFINITION,
    _REFERENCE,
    st.sampled_from(
        [
            "\n",
            "\r\n",
            "\n\n",
            "  \n",
            "    ",
            "\t",
            "- ",
            "1. ",
            "> ",
            "```",
            "|",
            "|-|-|\n",
            "*",
            "[",
            "!",
            "\\",
        ]
    ),
    st.text(max_size=8),
)

texts = st.lists(_FRAGMENT, max_size=12).map("".join)
"""Anything: blocks run into each other, markers alone, stray characters of all planes."""
