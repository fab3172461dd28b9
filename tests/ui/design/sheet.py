"""Draws every widget of the kit on one sheet, to be looked at.

Run `python -m tests.ui.design.sheet OUT.png [--dark]`; QT_SCALE_FACTOR=2 shows it as on a 200 % screen.
"""

import argparse
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from vision_studio import assets
from vision_studio.ui.design import (
    Badge,
    Bar,
    Button,
    Card,
    CheckBox,
    ElidedLabel,
    EmptyState,
    FindingRow,
    Ground,
    IconButton,
    KeyValueGrid,
    Kind,
    Label,
    LineField,
    Meter,
    Mode,
    Notice,
    NumberField,
    RadioButton,
    SampleCard,
    SearchField,
    SectionHeading,
    Segment,
    Select,
    Separator,
    Severity,
    Sign,
    Size,
    Space,
    Spinner,
    StatusDot,
    TextArea,
    Theme,
    Tone,
    Type,
    icon,
)


def column(parent: QWidget, spacing: int = Space.M, margin: int = Space.L) -> QVBoxLayout:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def row(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(Space.S)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return layout


def picture() -> QPixmap:
    pixmap = QPixmap(300, 200)
    painter = QPainter(pixmap)
    gradient = QLinearGradient(0, 0, 0, 200)
    gradient.setColorAt(0, QColor.fromHsv(24, 120, 250))
    gradient.setColorAt(1, QColor.fromHsv(280, 90, 90))
    painter.fillRect(pixmap.rect(), gradient)
    painter.end()
    return pixmap


def library() -> QWidget:
    panel = Bar("right")
    layout = column(panel, Space.S, Space.M)
    title = row(Label("Vision Studio", style=Type.TITLE), stretch=False)
    title.addStretch(1)
    title.addWidget(IconButton("sidebar-left", object_name="hide", accessible_name="Hide the library"))
    layout.addLayout(title)
    layout.addWidget(Button("New session", object_name="new", icon="plus", hint="Ctrl+N", spread=True))
    layout.addWidget(
        SearchField(object_name="search", accessible_name="Search sessions", placeholder="Search sessions…")
    )
    filled = SearchField(object_name="search2", accessible_name="Search sessions")
    filled.setText("ridge")
    layout.addWidget(filled)
    layout.addWidget(SectionHeading("Pinned", object_name="pinned", style=Type.CAPTION))
    rows = QListWidget()
    rows.setObjectName("rows")
    rows.ensurePolished()  # or the rows are laid out before the stylesheet gives them their height
    rows.addItems(["Receipts · expense report", "Ridge line before / after", "Chart reading, Q3 deck"])
    rows.setCurrentRow(1)
    rows.setFixedHeight(100)
    layout.addWidget(rows)
    layout.addWidget(SectionHeading("Tools", object_name="tools", style=Type.CAPTION))
    for text, hint in (
        ("Batch runs", "1 running"),
        ("Uploaded files", "184 · 96 MB"),
        ("Usage", "$4.12 this month"),
    ):
        layout.addWidget(Button(text, object_name=text, kind=Kind.QUIET, hint=hint, spread=True))
    layout.addWidget(Separator())
    layout.addWidget(CheckBox("Upload while composing", object_name="c1"))
    ticked = CheckBox("Strip metadata", object_name="c2")
    ticked.setChecked(True)
    partly = CheckBox("Some of these", object_name="c3")
    partly.setTristate(True)
    partly.setCheckState(Qt.CheckState.PartiallyChecked)
    off = CheckBox("Not now", object_name="c4")
    off.setChecked(True)
    off.setEnabled(False)
    chosen = RadioButton("Fit to model", object_name="r1")
    chosen.setChecked(True)
    for each in (ticked, partly, off, chosen, RadioButton("Keep original", object_name="r2")):
        layout.addWidget(each)
    layout.addWidget(
        Select([("Claude Sonnet 5.5", 1), ("Claude Haiku 5.5", 2)], object_name="s", accessible_name="Model")
    )
    number = NumberField(
        object_name="n", accessible_name="Max tokens", least=1, most=128000, suffix=" tokens"
    )
    number.setValue(4096)
    layout.addWidget(number)
    wrong = LineField(object_name="k", accessible_name="Key", placeholder="sk-ant-…")
    wrong.set_invalid(True)
    layout.addWidget(wrong)
    layout.addWidget(LineField(object_name="field.focus", accessible_name="Focused", placeholder="Focused"))
    area = TextArea(object_name="t", accessible_name="System prompt", placeholder="System prompt")
    area.setFixedHeight(64)
    layout.addWidget(area)
    layout.addStretch(1)
    panel.setFixedWidth(248)
    return panel


def centre() -> QWidget:
    ground = Ground()
    outer = column(ground, 0, 0)
    bar = Bar("bottom")
    top = QHBoxLayout(bar)
    top.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
    top.setSpacing(Space.S)
    top.addWidget(Label("Ridge line before / after", style=Type.TITLE))
    top.addWidget(Label("saved", style=Type.SMALL, tone=Tone.MUTED))
    top.addStretch(1)
    model = Button("Claude Sonnet 5.5", object_name="model")
    model.setMenu(QMenu(model))
    top.addWidget(model)
    top.addWidget(Button("System prompt", object_name="sys"))
    checked = Button("Get code", object_name="code", icon="code")
    checked.setCheckable(True)
    checked.setChecked(True)
    top.addWidget(checked)
    outer.addWidget(bar)
    body = QWidget()
    layout = column(body, Space.M, Space.XL)
    outer.addWidget(body, 1)
    empty = EmptyState(
        "Ask about pictures",
        "Drop images here, paste them, or start with a sample. You see what it costs before you send.",
        object_name="empty",
        icon="images",
    )
    for number, title in enumerate(("Compare two", "Read a receipt", "Chart to table")):
        empty.add_card(
            SampleCard(
                title, "3 images", object_name=f"sample{number}", picture=picture() if number else None
            )
        )
    empty.add_action(Button("Add images", object_name="add", kind=Kind.PRIMARY, icon="plus", hint="Ctrl+O"))
    empty.add_action(Button("Add your key", object_name="key", icon="key"))
    layout.addWidget(empty)
    layout.addLayout(
        row(
            Button("Plain", object_name="b1"),
            Button("Plain with icon", object_name="b2", icon="image"),
            Button("Focus", object_name="b.focus"),
            Button("Quiet", object_name="b3", kind=Kind.QUIET),
            Button("Delete", object_name="b4", kind=Kind.DANGER, icon="trash"),
            Button("Small", object_name="b5", small=True),
        )
    )
    disabled = [
        Button("Disabled", object_name="d1", icon="image"),
        Button("Disabled", object_name="d2", kind=Kind.PRIMARY, hint="Ctrl+↵"),
        Button("Disabled", object_name="d3", kind=Kind.QUIET),
        IconButton("trash", object_name="d4", accessible_name="Delete"),
    ]
    for each in disabled:
        each.setEnabled(False)
    layout.addLayout(row(*disabled, Spinner(object_name="spin", accessible_name="Working")))
    layout.addLayout(
        row(
            Badge("Image 3", object_name="p1", tone=Tone.ACCENT),
            Badge("uploaded", object_name="p2"),
            Badge("done", object_name="p3", tone=Tone.SUCCESS),
            Badge("no total found", object_name="p4", tone=Tone.WARNING),
            Badge("failed", object_name="p5", tone=Tone.DANGER),
        )
    )
    notice = Notice(
        Severity.WARNING,
        "14 of 17 files could not be used. The other 3 are in the strip.",
        object_name="n1",
        lines=[f"notes-{n}.txt is not an image" for n in range(14)],
    )
    layout.addWidget(notice)
    failed = Notice(
        Severity.REJECT,
        "The connection was lost while the answer was arriving. What arrived is kept.",
        object_name="n2",
    )
    failed.add_action("Retry", lambda: None, object_name="n2.retry")
    failed.add_action("Details", lambda: None, object_name="n2.details", kind=Kind.QUIET)
    layout.addWidget(failed)
    layout.addWidget(Notice(Severity.SUCCESS, "The key works.", object_name="n3"))
    card = Card()
    inside = column(card, Space.S, Space.M)
    prompt = QPlainTextEdit()
    prompt.setPlaceholderText("Ask about the images…")
    prompt.setFixedHeight(44)
    inside.addWidget(prompt)
    tools = row(
        Button("Images", object_name="i", icon="plus"),
        Button("URL", object_name="u"),
        Button("PDF pages", object_name="pdf"),
        Button("Screenshot", object_name="shot"),
    )
    tools.addWidget(
        Label("3 images · ≈ 5,548 tok · ≈ $0.0231", style=Type.SMALL, tone=Tone.MUTED, figures=True)
    )
    tools.addWidget(Button("Send", object_name="send", kind=Kind.PRIMARY, hint="Ctrl+↵"))
    inside.addLayout(tools)
    layout.addWidget(card)
    icons = QGridLayout()
    icons.setSpacing(Space.S)
    drawings = [file for file in (assets.root() / "icons").glob("*.svg") if file.stem != "app"]
    for index, file in enumerate(sorted(drawings)):
        label = QLabel()
        label.setPixmap(icon(file.stem).pixmap(Size.ICON_LARGE))
        label.setToolTip(file.stem)
        icons.addWidget(label, index // 22, index % 22)
    layout.addLayout(icons)
    status = Bar("top")
    line = QHBoxLayout(status)
    line.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
    line.setSpacing(Space.L)
    for words, sign in (
        ("Connected", Sign.ON),
        ("Connecting", Sign.BUSY),
        ("Practice", Sign.OFF),
        ("Offline", Sign.FAULT),
    ):
        line.addWidget(StatusDot(words, sign, object_name=words))
    line.addStretch(1)
    line.addWidget(Label("This month $4.12", style=Type.SMALL, tone=Tone.MUTED))
    outer.addWidget(status)
    return ground


def inspector() -> QWidget:
    panel = Bar("left")
    layout = column(panel)
    heading = SectionHeading("Next request", object_name="next", style=Type.TITLE, sum_up=True)
    heading.set_trailing("≈ $0.0231")
    layout.addWidget(heading)
    context = Meter("Context window", object_name="m1")
    context.show_use(
        [
            Segment(5573, "history", "segment_history"),
            Segment(5499, "images", "segment_images"),
            Segment(49, "text", "segment_text"),
            Segment(4096, "answer", "segment_answer"),
        ],
        40_000,
        "≈ 15,217 / 40,000",
    )
    images = Meter("Images", object_name="m2")
    images.show_use(5, 600, "5 / 600 · 2000 px rule past 20")
    size = Meter("Request size", object_name="m3")
    size.show_use(34, 32, "34 MB / 32 MB")
    for meter in (context, images, size):
        layout.addWidget(meter)
    layout.addWidget(
        Label(
            "history 5,573 · images 5,499 · text 49 · answer ≤ 4,096 · = exact text count",
            style=Type.SMALL,
            tone=Tone.MUTED,
            wrap=True,
        )
    )
    layout.addWidget(Separator())
    layout.addWidget(SectionHeading("Checks", "1 problem · 1 warning · 1 note", object_name="checks"))
    layout.addWidget(
        FindingRow(
            Severity.REJECT,
            "Image 7",
            "is 9000 px wide: the API takes 8000 at most.",
            object_name="f0",
            fix="Fit",
        )
    )
    layout.addWidget(
        FindingRow(
            Severity.WARNING,
            "Image 3",
            "is 3024 × 4032: Claude will see it at 1659 × 2212. "
            "Sending the original adds latency, not detail.",
            object_name="f1",
            fix="Fit",
        )
    )
    layout.addWidget(
        FindingRow(
            Severity.NOTE,
            "Image 5",
            "is HEIC: sent as JPEG, upright, metadata removed.",
            object_name="f2",
            fix="Why",
        )
    )
    layout.addWidget(Separator())
    layout.addWidget(SectionHeading("Image 3", "selected", object_name="sel"))
    layout.addWidget(ElidedLabel("a very long <b>file name</b> that has to be shortened somewhere.jpg"))
    grid = KeyValueGrid(object_name="facts", accessible_name="Image 3")
    grid.set_rows(
        [
            ("Name", "dusk.jpg"),
            ("Label", "Image 3"),
            ("Original", "3024 × 4032 · 6.1 MB JPEG"),
            ("Sent as", "1659 × 2212 · 740 KB JPEG"),
            ("Tokens", "≈ 4,740 · standard tier: 1,564"),
            ("Cost", "≈ $0.0095 · $9.48 per 1,000"),
        ]
    )
    layout.addWidget(grid)
    layout.addLayout(row(*(Button(t, object_name=t) for t in ("Crop", "Redact", "Rotate"))))
    tabs = QTabBar()
    tabs.addTab("Python")
    tabs.addTab("TypeScript")
    tabs.addTab("curl")
    layout.addWidget(tabs)
    menu = QMenu()
    menu.setObjectName("menu")
    menu.addAction(icon("edit"), "Rename").setShortcut("F2")
    pinned = menu.addAction("Pinned")
    pinned.setCheckable(True)
    pinned.setChecked(True)
    menu.addSeparator()
    menu.addAction(icon("trash", "danger"), "Delete")
    menu.addAction(icon("export"), "Not possible now").setEnabled(False)
    menu.setActiveAction(pinned)
    menu.ensurePolished()
    menu.adjustSize()
    shot = QLabel()
    shot.setPixmap(menu.grab())
    layout.addWidget(shot)
    layout.addStretch(1)
    panel.setFixedWidth(328)
    return panel


def build() -> QWidget:
    sheet = QWidget()
    layout = QHBoxLayout(sheet)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(library())
    layout.addWidget(centre(), 1)
    layout.addWidget(inspector())
    sheet.resize(1440, 1060)
    return sheet


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--focus", default="b.focus", help="object name of the control that holds the focus")
    options = parser.parse_args()
    application = QApplication([])
    theme = Theme(application, Mode.DARK if options.dark else Mode.LIGHT)
    sheet = build()
    sheet.show()
    sheet.activateWindow()
    focused = sheet.findChild(QWidget, options.focus)
    focused.setFocus(Qt.FocusReason.TabFocusReason)
    application.processEvents()
    saved = sheet.grab().save(options.out)
    theme.deleteLater()
    return 0 if saved else 1


if __name__ == "__main__":
    sys.exit(main())
