"""The widget kit, as somebody with a mouse, a keyboard or a screen reader meets it."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from tests.ui.design import sheet
from tests.ui.design.pixels import colours_in
from vision_studio.ui.design import (
    Badge,
    Button,
    Card,
    CheckBox,
    ElidedLabel,
    EmptyState,
    FindingRow,
    FlowLayout,
    IconButton,
    KeyValueGrid,
    Kind,
    Label,
    LeadLabel,
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
    Severity,
    Sign,
    Size,
    Spinner,
    StatusDot,
    TextArea,
    Theme,
    Tone,
    plain_tooltip,
)
from vision_studio.ui.design.tokens import LIGHT

Role = QAccessible.Role
HOSTILE = "<b>bold</b> & <img src=/etc/passwd>.png"


@pytest.fixture(autouse=True)
def _themed(theme: Theme):
    """Every widget here is seen in the application's theme."""


@pytest.fixture
def shown(qtbot):
    def show(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        widget.show()
        return widget

    return show


def spoken(widget: QWidget, text: QAccessible.Text = QAccessible.Text.Name) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(text)


def role(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QAbstractSpinBox,
    QComboBox,
    QPlainTextEdit,
    QAbstractItemView,
    QTabBar,
)


def test_every_control_on_the_sheet_can_be_hit_and_reached(shown):
    page = shown(sheet.build())
    controls = [
        widget for widget in page.findChildren(QWidget) if isinstance(widget, CONTROLS) and widget.isVisible()
    ]
    assert len(controls) > 40
    for control in controls:
        inside_another = isinstance(control.parentWidget(), QAbstractSpinBox | QTabBar)
        if inside_another:
            continue
        assert min(control.width(), control.height()) >= Size.TARGET or isinstance(control, QTabBar), control
        if isinstance(control, QAbstractButton) and control.objectName() != "search2.clear":
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control


@pytest.mark.parametrize(
    ("make", "expected_role", "expected_name"),
    [
        pytest.param(
            lambda: Button("&Send", object_name="x", hint="Ctrl+↵"), Role.Button, "Send", id="button"
        ),
        pytest.param(
            lambda: IconButton("trash", object_name="x", accessible_name="Delete"),
            Role.Button,
            "Delete",
            id="icon",
        ),
        pytest.param(
            lambda: SearchField(object_name="x", accessible_name="Search"),
            Role.EditableText,
            "Search",
            id="search",
        ),
        pytest.param(
            lambda: LineField(object_name="x", accessible_name="Key"), Role.EditableText, "Key", id="line"
        ),
        pytest.param(
            lambda: TextArea(object_name="x", accessible_name="Rules"), Role.EditableText, "Rules", id="area"
        ),
        pytest.param(
            lambda: NumberField(object_name="x", accessible_name="Most", least=1, most=9),
            Role.SpinBox,
            "Most",
            id="number",
        ),
        pytest.param(lambda: CheckBox("&Wrap", object_name="x"), Role.CheckBox, "Wrap", id="check box"),
        pytest.param(
            lambda: RadioButton("&Fit", object_name="x"), Role.RadioButton, "Fit", id="radio button"
        ),
        pytest.param(lambda: Meter("Images", object_name="x"), Role.ProgressBar, "Images", id="meter"),
        pytest.param(
            lambda: Spinner(object_name="x", accessible_name="Working"),
            Role.ProgressBar,
            "Working",
            id="spinner",
        ),
        pytest.param(lambda: Badge("uploaded", object_name="x"), Role.StaticText, "uploaded", id="badge"),
        pytest.param(
            lambda: StatusDot("Offline", Sign.FAULT, object_name="x"),
            Role.StaticText,
            "Offline",
            id="status dot",
        ),
        pytest.param(lambda: Label("words"), Role.StaticText, "words", id="label"),
        pytest.param(lambda: ElidedLabel("words"), Role.StaticText, "words", id="elided label"),
        pytest.param(
            lambda: LeadLabel("Image 1", "is small."), Role.StaticText, "Image 1 is small.", id="lead label"
        ),
        pytest.param(
            lambda: SampleCard("Receipt", object_name="x"), Role.Button, "Receipt", id="sample card"
        ),
        pytest.param(
            lambda: FindingRow(Severity.WARNING, "Image 3", "is big.", object_name="x"),
            Role.Border,
            "Warning: Image 3 is big.",
            id="finding",
        ),
        pytest.param(
            lambda: Notice(Severity.REJECT, "No network.", object_name="x"),
            Role.Border,
            "Problem: No network.",
            id="notice",
        ),
        pytest.param(lambda: SectionHeading("Checks", object_name="x"), Role.Client, "Checks", id="heading"),
        pytest.param(
            lambda: KeyValueGrid(object_name="x", accessible_name="Image 3"),
            Role.Client,
            "Image 3",
            id="facts",
        ),
        pytest.param(
            lambda: EmptyState("Welcome", "Drop.", object_name="x"), Role.Client, "Welcome", id="empty"
        ),
    ],
)
def test_a_screen_reader_hears_what_each_widget_is(qtbot, make, expected_role, expected_name):
    widget = make()
    qtbot.addWidget(widget)
    assert role(widget) == expected_role
    assert spoken(widget) == expected_name


def test_a_screen_reader_hears_the_choice_and_what_it_is_about(qtbot):
    select = Select([("One", 1), ("Two", 2)], object_name="x", accessible_name="Model")
    qtbot.addWidget(select)
    select.setCurrentIndex(1)
    assert role(select) == Role.ComboBox
    assert spoken(select, QAccessible.Text.Value) == "Two"
    assert spoken(select, QAccessible.Text.Description) == "Model"


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Button("Send", object_name=""), id="no object name"),
        pytest.param(lambda: Button("", object_name="send", icon="send"), id="a button without words"),
        pytest.param(lambda: IconButton("send", object_name="send", accessible_name=" "), id="a blank name"),
        pytest.param(lambda: Meter("", object_name="meter"), id="a meter without a label"),
    ],
)
def test_a_control_without_a_name_is_refused(qapp, make):
    with pytest.raises(ValueError, match="need"):
        make()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Button("Plain", object_name="x"), id="plain"),
        pytest.param(lambda: Button("Primary", object_name="x", kind=Kind.PRIMARY), id="primary"),
        pytest.param(lambda: Button("Quiet", object_name="x", kind=Kind.QUIET), id="quiet"),
        pytest.param(lambda: Button("Link", object_name="x", kind=Kind.LINK), id="link"),
        pytest.param(lambda: IconButton("send", object_name="x", accessible_name="Send"), id="icon"),
        pytest.param(lambda: LineField(object_name="x", accessible_name="Key"), id="field"),
        pytest.param(lambda: TextArea(object_name="x", accessible_name="Rules"), id="area"),
        pytest.param(lambda: NumberField(object_name="x", accessible_name="N", least=1, most=9), id="number"),
        pytest.param(lambda: Select([("One", 1)], object_name="x", accessible_name="Model"), id="select"),
        pytest.param(lambda: CheckBox("Wrap", object_name="x"), id="check box"),
        pytest.param(lambda: RadioButton("Fit", object_name="x"), id="radio button"),
        pytest.param(lambda: SampleCard("Receipt", object_name="x"), id="sample card"),
    ],
)
def test_the_focus_can_be_seen(qtbot, theme: Theme, make):
    holder = Card()
    qtbot.addWidget(holder)
    layout = sheet.column(holder)
    control, other = make(), LineField(object_name="other", accessible_name="Other")
    layout.addWidget(control)
    layout.addWidget(other)
    with qtbot.waitExposed(holder):
        holder.show()
    holder.activateWindow()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(other.hasFocus)
    before = colours_in(control.grab())
    control.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(control.hasFocus)
    ring = colours_in(control.grab()) - before
    assert max(ring[theme.colours.focus], ring[theme.colours.text]) > 40


def test_a_click_on_a_button_leaves_the_caret_where_it_is(qtbot):
    holder = Card()
    qtbot.addWidget(holder)
    layout = sheet.column(holder)
    field, button = LineField(object_name="f", accessible_name="F"), Button("Go", object_name="go")
    layout.addWidget(field)
    layout.addWidget(button)
    holder.show()
    holder.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed
    assert field.hasFocus()


def test_a_button_answers_to_space(qtbot, shown):
    button = shown(Button("Go", object_name="go"))
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_a_button_shows_that_the_pointer_is_on_it(shown):
    button = shown(Button("Go", object_name="go"))
    assert LIGHT.hover not in colours_in(button.grab())
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    assert LIGHT.hover in colours_in(button.grab())


def test_a_button_with_words_too_long_shortens_them(shown):
    button = shown(Button("A title that nobody can keep short", object_name="x", hint="Ctrl+1", spread=True))
    assert button.minimumSizeHint().width() < button.sizeHint().width()
    button.resize(button.minimumSizeHint())
    button.grab()


def test_an_icon_button_says_its_name_and_shortcut_in_its_tooltip(shown):
    button = shown(IconButton("menu", object_name="x", accessible_name="Hide <panel>", hint="F9"))
    assert button.toolTip() == "<span>Hide &lt;panel&gt;  F9</span>"
    button.set_icon("sidebar-left", "Show panel")
    assert spoken(button) == "Show panel"
    assert "Show panel" in button.toolTip()


def test_outside_words_are_shown_letter_by_letter(shown):
    for label in (
        Label(HOSTILE),
        ElidedLabel(HOSTILE),
        LeadLabel(HOSTILE, HOSTILE),
        Badge(HOSTILE, object_name="x"),
    ):
        shown(label)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert HOSTILE in spoken(label)
    assert plain_tooltip(HOSTILE).startswith("<span>&lt;b&gt;")


def test_a_label_changes_its_tone_on_screen(shown):
    label = shown(Label("████", tone=Tone.MUTED))
    assert LIGHT.muted in colours_in(label.grab())
    label.set_tone(Tone.DANGER)
    assert LIGHT.danger in colours_in(label.grab())


def test_a_line_too_long_is_shortened_and_kept_as_a_tooltip(shown):
    label = shown(ElidedLabel("a rather long file name.jpg"))
    assert label.shown_text() == label.text()
    assert label.toolTip() == ""
    label.resize(80, label.height())
    assert label.shown_text().endswith("…")
    assert label.toolTip() == plain_tooltip("a rather long file name.jpg")
    label.setText("b.jpg")
    assert label.toolTip() == ""


def test_a_finding_wraps_instead_of_widening_the_panel(shown):
    row = shown(FindingRow(Severity.WARNING, "Image 3", "is large. " * 12, object_name="x", fix="Fit"))
    wide, narrow = row.heightForWidth(900), row.heightForWidth(240)
    assert narrow > 2 * wide
    row.resize(240, narrow)
    words = row.findChild(LeadLabel)
    assert words.height() >= words.heightForWidth(words.width())


def test_an_unbroken_name_is_broken_rather_than_cut(qtbot):
    label = LeadLabel("x" * 200, "is damaged.")
    qtbot.addWidget(label)
    assert label.heightForWidth(120) > 10 * label.fontMetrics().height()


def test_the_fix_of_a_finding_is_named_for_its_image(qtbot, shown):
    row = shown(FindingRow(Severity.WARNING, "Image 3", "is large.", object_name="x", fix="Fit"))
    fix = row.findChild(Button)
    assert spoken(fix) == "Fit: Image 3"
    with qtbot.waitSignal(row.fix_requested):
        fix.click()


@pytest.mark.parametrize(
    ("count", "shown_lines", "more"),
    [(0, 0, None), (3, 3, None), (4, 4, None), (5, 3, "and 2 more"), (15, 3, "and 12 more")],
)
def test_a_notice_folds_many_lines(shown, count: int, shown_lines: int, more: str | None):
    notice = shown(
        Notice(
            Severity.WARNING,
            "Some files were left out.",
            object_name="x",
            lines=[f"line {n}" for n in range(count)],
        )
    )
    lines = [
        label.text() for label in notice.findChildren(Label) if "line " in label.text() and label.isVisible()
    ]
    assert sum(text.count("\n") + 1 for text in lines) == shown_lines
    button = notice.findChild(Button, "x.more")
    assert button.isVisible() is (more is not None)
    if more is not None:
        assert button.text() == more
        button.click()
        assert f"line {count - 1}" in "".join(label.text() for label in notice.findChildren(Label))
        assert button.text() == "Show fewer"


def test_a_notice_offers_actions_and_can_be_put_away(qtbot, shown):
    notice = shown(Notice(Severity.REJECT, "The connection was lost.", object_name="x"))
    done: list[str] = []
    notice.add_action("Retry", lambda: done.append("retry"), object_name="x.retry").click()
    notice.add_action("Details", lambda: done.append("details"), object_name="x.details").click()
    assert done == ["retry", "details"]
    with qtbot.waitSignal(notice.dismissed):
        notice.findChild(IconButton).click()
    assert not notice.isVisible()


def test_a_notice_says_first_how_serious_it_is(shown):
    notice = shown(Notice(Severity.NOTE, "Saved.", object_name="x"))
    notice.set_text("Saved again.")
    notice.announce()
    assert spoken(notice) == "Note: Saved again."


def test_severities_differ_in_shape_and_word_not_only_in_colour():
    assert len({severity.icon for severity in Severity}) == len(Severity)
    assert len({severity.word for severity in Severity}) == len(Severity)


def test_a_meter_says_its_numbers_in_words(shown):
    meter = shown(Meter("Context window", object_name="x"))
    meter.show_use(
        [
            Segment(600, "history", "segment_history"),
            Segment(0, "text"),
            Segment(150, "images", "segment_images"),
        ],
        1000,
        "≈ 750 / 1,000",
    )
    assert spoken(meter, QAccessible.Text.Description) == "≈ 750 / 1,000; history 600, images 150"
    assert meter.value() == 750
    drawn = colours_in(meter.grab())
    assert drawn[LIGHT.segment_history] > drawn[LIGHT.segment_images] > 0
    assert LIGHT.track in drawn


def test_a_meter_past_its_limit_says_so_and_shows_it(shown):
    meter = shown(Meter("Request size", object_name="x"))
    meter.show_use(34e9, 32e9, "34 GB / 32 GB")
    assert meter.is_over
    assert spoken(meter, QAccessible.Text.Description) == "34 GB / 32 GB; over the limit"
    assert LIGHT.danger in colours_in(meter.grab())
    with pytest.raises(ValueError, match="limit"):
        meter.show_use(1, 0, "")


def test_a_meter_never_draws_something_as_nothing(shown):
    meter = shown(Meter("Images", object_name="x"))
    meter.show_use(1, 1_000_000, "1 / 1,000,000")
    assert LIGHT.accent in colours_in(meter.grab())


def test_a_search_is_emptied_by_its_button_and_by_escape(qtbot, shown):
    field = shown(SearchField(object_name="find", accessible_name="Search"))
    clear = field.findChild(IconButton)
    assert not clear.isVisible()
    qtbot.keyClicks(field, "ridge")
    assert clear.isVisible()
    assert field.rect().contains(clear.geometry())
    with qtbot.waitSignal(field.cleared):
        clear.click()
    qtbot.keyClicks(field, "dusk")
    with qtbot.waitSignal(field.cleared):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_a_spinner_rests_while_nobody_sees_it(qtbot, shown):
    spinner = shown(Spinner(object_name="x", accessible_name="Working"))
    assert spinner.is_turning
    spinner.hide()
    assert not spinner.is_turning


def test_signs_of_state_differ_without_colour(shown):
    shapes = set()
    for sign in Sign:
        dot = shown(StatusDot("", sign, object_name="x"))
        image = dot.grab().toImage()
        background = image.pixelColor(image.width() - 1, 0)
        shapes.add(
            tuple(
                image.pixelColor(x, y) != background
                for x in range(image.width())
                for y in range(image.height())
            )
        )
    assert len(shapes) == len(Sign)


def test_facts_keep_their_labels_when_numbers_change(shown):
    grid = shown(KeyValueGrid(object_name="x", accessible_name="Image 3"))
    grid.set_rows([("Name", "a.jpg"), ("Tokens", "≈ 4,740")])
    labels = grid.findChildren(Label)
    grid.set_rows([("Name", HOSTILE)])
    assert grid.findChildren(Label) == labels
    assert [label.text() for label in labels if label.isVisible()] == ["Name", HOSTILE]


def test_the_whole_line_of_a_check_box_can_be_clicked(qtbot, shown):
    box = shown(CheckBox("Upload while composing", object_name="x"))
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    assert box.isChecked()


def test_a_sample_card_shows_its_picture(shown):
    card = shown(SampleCard("Receipt", "1 image", object_name="x"))
    picture = QPixmap(600, 100)
    picture.fill(LIGHT.segment_answer)
    card.set_picture(picture)
    assert colours_in(card.grab())[LIGHT.segment_answer] > 5000


def test_a_card_shows_focus_and_drop_target(shown):
    card = shown(Card())
    card.resize(120, 60)
    card.set_focused(True)
    assert LIGHT.focus in colours_in(card.grab())
    card.set_focused(False)
    assert LIGHT.focus not in colours_in(card.grab())
    card.set_target(True)
    assert LIGHT.chip_ground in colours_in(card.grab())


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_sheet_fits_a_small_window_in_both_schemes(shown, theme: Theme, mode: Mode):
    theme.set_mode(mode)
    page = shown(sheet.build())
    assert page.minimumSizeHint().width() <= 1440
    assert not page.grab().isNull()


def test_an_empty_state_fits_the_room_it_gets(shown):
    state = EmptyState("Ask about pictures", "Drop images here. " * 8, object_name="x", icon="images")
    cards = [SampleCard(f"Sample {n}", object_name=f"card{n}") for n in range(3)]
    for card in cards:
        state.add_card(card)
    shown(state)
    state.resize(900, 700)
    assert len({card.mapTo(state, card.rect().topLeft()).y() for card in cards}) == 1
    middle = (
        cards[0].mapTo(state, cards[0].rect().topLeft()).x()
        + cards[2].mapTo(state, cards[2].rect().topRight()).x()
    ) / 2
    assert abs(middle - 450) <= 2
    state.resize(340, 300)
    QApplication.sendPostedEvents()
    assert len({card.mapTo(state, card.rect().topLeft()).y() for card in cards}) == 2, (
        "cards break into two lines"
    )
    for card in cards:
        assert card.mapTo(state, card.rect().topLeft()).x() >= 0
        assert card.mapTo(state, card.rect().topRight()).x() <= 340


def test_a_row_leaves_no_gap_for_what_is_hidden(shown):
    holder = Card()
    row = FlowLayout()
    holder.setLayout(row)
    buttons = [Button(text, object_name=text) for text in ("One", "Two", "Three")]
    for button in buttons:
        row.addWidget(button)
    shown(holder).resize(600, 60)
    second, third = buttons[1].x(), buttons[2].x()
    assert third > second
    buttons[1].hide()
    row.activate()
    assert buttons[2].x() == second
    assert row.heightForWidth(60) > row.heightForWidth(600)


def test_nothing_is_left_behind(qapp: QApplication):
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    before = len(QApplication.allWidgets())
    page = sheet.build()
    page.deleteLater()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(QApplication.allWidgets()) == before
