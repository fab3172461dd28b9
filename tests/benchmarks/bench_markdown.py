"""Streams long answers into the answer view, and beside it into a view that only appends plain text.

Times are of this thread's processor, as a busy machine would otherwise tell of its other work.
"""

from __future__ import annotations

import math
import os
from itertools import pairwise
from statistics import mean
from time import thread_time

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QTextBrowser, QVBoxLayout, QWidget

from tests.benchmarks.row import Row
from vision_studio.ui.design import Mode, Theme
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.view import AnswerView

RUNS = 5
DELTA = 40  # characters a frame: a fast model's 300 tokens a second


def rows() -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    Theme(application, Mode.LIGHT)
    ratios, worst, grown, extreme = [], [], [], []
    for _ in range(RUNS):
        ours, plain = stream(AnswerWindow(), PlainWindow())
        ratios.append(mean(ours) / mean(plain))
        worst.append(1_000 * max(ours))
        grown.append(growth())
        extreme.append(1_000 * max(worst_gap(text) for text in pathological()))
    return [
        Row("stream 100 kB of Markdown, a tick", "appending plain text", tuple(ratios), "≤ 3"),
        Row("stream 100 kB of Markdown, worst tick", "–", tuple(worst), "≤ 33", "ms"),
        Row("a tick at 200 kB", "a tick at 5 kB", tuple(grown), "≤ 1.5"),
        Row("pathological answers at once, worst gap", "–", tuple(extreme), "≤ 100", "ms"),
    ]


class Window(QScrollArea):
    """Follows the end of one view, as a conversation does."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(view)
        column.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        # A bar that comes with the first page that overflows would measure a change of width.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.resize(800, 700)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, end: bar.setValue(end))
        self.show()
        QApplication.processEvents()

    def take(self, text: str) -> None:
        raise NotImplementedError

    def tick(self, text: str) -> float:
        """Return the processor seconds until the text was painted."""
        began = thread_time()
        self.take(text)
        QApplication.processEvents()
        return thread_time() - began


class AnswerWindow(Window):
    def __init__(self) -> None:
        self.view = AnswerView(MarkdownStyle.in_force())
        super().__init__(self.view)

    def take(self, text: str) -> None:
        self.view.append(text)
        self.view.settle()


class PlainWindow(Window):
    def __init__(self) -> None:
        self.view = QTextBrowser()
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.document().setUndoRedoEnabled(False)
        super().__init__(self.view)

    def take(self, text: str) -> None:
        end = QTextCursor(self.view.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(text)
        self.view.setFixedHeight(math.ceil(self.view.document().size().height()))


def together(text: str, one: Window, other: Window) -> tuple[list[float], list[float]]:
    """Stream the text into two windows in turns, so that both meet the same load on the machine."""
    deltas = [text[at : at + DELTA] for at in range(0, len(text), DELTA)]
    ticks = [(one.tick(delta), other.tick(delta)) for delta in deltas]
    return [tick for tick, _ in ticks], [tick for _, tick in ticks]


def stream(one: Window, other: Window) -> tuple[list[float], list[float]]:
    """Stream every fifth 5 kB of 100 kB; what lies between arrives at once, to keep the run short."""
    ticks: tuple[list[float], list[float]] = ([], [])
    for _ in range(4):
        for taken, measured in zip(ticks, together(answer(5_000), one, other), strict=True):
            taken.extend(measured)
        for window in (one, other):
            window.tick(answer(20_000))
    return ticks


def growth() -> float:
    """Return how much longer a tick takes at 200 kB than at 5 kB, for the same words on the same machine."""
    short, long, sample = AnswerWindow(), AnswerWindow(), answer(5_000)
    short.take(answer(5_000))
    long.take(answer(200_000))
    QApplication.processEvents()
    few, many = together(sample, short, long)
    return mean(many) / mean(few)


def worst_gap(text: str) -> float:
    """Return the longest the event loop was kept busy while a text that came at once fills the page."""
    window = AnswerWindow()
    beats: list[float] = []
    heart = QTimer()
    heart.timeout.connect(lambda: beats.append(thread_time()))
    loop = QEventLoop()
    window.view.settled.connect(loop.quit)
    heart.start(0)
    window.view.append(text)
    loop.exec()
    QApplication.processEvents()
    return max(later - earlier for earlier, later in pairwise(beats))


def answer(size: int) -> str:
    """Return at least `size` characters of what models write: prose, lists, tables, code, quotes."""
    return "".join(_SECTION.replace("§", str(number)) for number in range(1, size // len(_SECTION) + 2))


_SECTION = """## Part §

Both pictures show the **same ridge line**, but the light and the season differ: the first was taken at dusk,
when the sun stood low and the haze was warm, the *second* at midday. The file `ridge-§.jpg` says so as well,
and so do [the notes](https://example.com/notes?id=§) that came with it.

| | Image 1 | Image 2 |
|---|---|---|
| Light | Low sun, warm haze | Midday, clear |
| Vegetation | Bare slopes | **Dense** cover on the near slope |
| Snow | In the gully | None |

- The tree line moved up by roughly `4§ m`.
- The path in the foreground is wider, and the fence beside it is gone.
- Nothing suggests that either picture was *edited*.

1. Compare the horizon first.
2. Then compare the foreground, where the change is easier to see.

```python
def ridge(image, threshold=0.25):
    for x in range(image.width):
        yield x, first_dark(image.column(x), threshold)
```

> The horizon was traced by hand in both pictures.

The sentence that closes the part is plain: there is no emphasis in it, no code and no link, only words that
run on for a while as they do in an explanation that somebody reads from the beginning to the end.

"""


def pathological() -> list[str]:
    return [
        "| a | b | c |\n|---|---|---|\n" + "| some words | more **words** | 12.5 |\n" * 2_000,
        "word " * 20_000,
        ">" * 10_000,
        "> " * 10_000,
        "[" * 10_000,
        "*" * 10_000,
        "*a " * 10_000,
        "- " * 10_000,
        "```\n" + "line of code\n" * 5_000,
        "x" * 300_000,
        "1. item\n" * 5_000,
        "".join("  " * depth + "- deeper\n" for depth in range(200)),
        "| " * 5_000 + "\n" + "|-" * 5_000,
    ]
