"""Writes the stylesheet for Qt's own widgets from the tokens; the kit's widgets mostly paint themselves."""

from string import Template

from vision_studio.ui.design.tokens import Colours, Radius, Size, Space


def stylesheet(scheme: Colours) -> str:
    """The stylesheet of the whole application in one colour scheme."""
    values: dict[str, object] = {name: getattr(scheme, name) for name in Colours.__slots__}
    values |= {"r_xs": Radius.XS, "r_s": Radius.S, "r_m": Radius.M, "r_l": Radius.L}
    values |= {"hair": Space.HAIR, "xs": Space.XS, "s": Space.S, "m": Space.M, "l": Space.L, "xl": Space.XL}
    values |= {"control": Size.CONTROL, "target": Size.TARGET, "bar": Size.SCROLL_BAR}
    values |= {"stroke": Size.STROKE, "ring": Size.FOCUS}
    values |= {"row_pad": Space.S - Space.HAIR, "area_pad_focus": Space.XS - (Size.FOCUS - Size.STROKE)}
    values |= {"button_pad_focus": Space.M - (Size.FOCUS - Size.STROKE)}
    # a focused field swaps a 1 px border for a 2 px ring without moving its text
    values |= {"field_pad": Space.S, "field_pad_focus": Space.S - (Size.FOCUS - Size.STROKE)}
    values |= {
        "field_height": Size.CONTROL - 2 * Size.STROKE,
        "field_height_focus": Size.CONTROL - 2 * Size.FOCUS,
    }
    return _RULES.substitute(values)


_RULES = Template("""
Ground { background: $ground; }
Panel { background: $panel; }
Bar { background: $panel; }
Bar[edge="bottom"] { border-bottom: ${stroke}px solid $border; }
Bar[edge="top"] { border-top: ${stroke}px solid $border; }
Bar[edge="left"] { border-left: ${stroke}px solid $border; }
Bar[edge="right"] { border-right: ${stroke}px solid $border; }
Card { background: $surface; border: ${stroke}px solid $border; border-radius: ${r_l}px; }
Card[focused="true"] { border-color: $focus; }
Card[target="true"] { border: ${ring}px dashed $accent; background: $chip_ground; }

Separator { background: $border; }

QAbstractScrollArea { background: transparent; border: none; }
QLabel { background: transparent; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $link; }
QLabel[tone="success"] { color: $success; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="note"] { color: $note; }

QLineEdit, TextArea {
    background: $surface; color: $text; border: ${stroke}px solid $border; border-radius: ${r_m}px;
    padding: 0 ${field_pad}px; selection-background-color: $selection; selection-color: $on_selection;
}
QLineEdit { min-height: ${field_height}px; }
QAbstractSpinBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
TextArea { padding: ${xs}px ${xs}px; }
QLineEdit:hover, TextArea:hover { border-color: $control_border; }
QLineEdit:focus {
    border: ${ring}px solid $focus; padding: 0 ${field_pad_focus}px; min-height: ${field_height_focus}px;
}
TextArea:focus { border: ${ring}px solid $focus; padding: ${area_pad_focus}px; }
QLineEdit:disabled, TextArea:disabled {
    background: $panel; color: $disabled;
}
QLineEdit[invalid="true"], TextArea[invalid="true"] { border-color: $danger; }

.QPushButton {
    background: $surface; color: $text; border: ${stroke}px solid $border; border-radius: ${r_m}px;
    padding: 0 ${m}px; min-height: ${field_height}px;
}
.QPushButton:hover { background: $hover; }
.QPushButton:pressed { background: $sunken; }
.QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
.QPushButton:default:hover { background: $accent_hover; }
.QPushButton:focus {
    border: ${ring}px solid $focus; min-height: ${field_height_focus}px; padding: 0 ${button_pad_focus}px;
}
.QPushButton:disabled { color: $disabled; background: $panel; border-color: $border; }

InspectorPanel, Transcript { border: ${ring}px solid transparent; }
InspectorPanel:focus, Transcript:focus { border-color: $focus; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QListView, QTreeView, QTableView { background: transparent; border: none; outline: none; }
QTableView { gridline-color: $border; }
QListView::item, QTreeView::item { border-radius: ${r_m}px; padding: ${xs}px ${s}px; }
QTableView::item { padding: 0 ${s}px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $sunken; color: $text;
}
QListView::item:focus, QTreeView::item:focus, QTableView::item:focus { border: ${ring}px solid $focus; }
QHeaderView::section {
    background: $panel; color: $text; border: none; border-bottom: ${stroke}px solid $border;
    padding: ${xs}px ${s}px; font-weight: 600;
}

QTableCornerButton::section { background: $panel; border: none; border-bottom: ${stroke}px solid $border; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: ${stroke}px solid $border; padding: ${xs}px;
    selection-background-color: $sunken; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${target}px; padding: 0 ${s}px; border-radius: ${r_s}px; }
QComboBox QAbstractItemView::item:selected { background: $sunken; color: $text; border: none; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: ${bar}px; }
QScrollBar:horizontal { height: ${bar}px; }
QScrollBar::handle { background: $disabled; border-radius: ${r_xs}px; margin: ${hair}px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $control_border; }
QScrollBar::handle:vertical { min-height: ${target}px; }
QScrollBar::handle:horizontal { min-width: ${target}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $surface; border: ${stroke}px solid $border; padding: ${xs}px; }
QMenu::item { padding: ${row_pad}px ${xl}px ${row_pad}px ${m}px; border-radius: ${r_s}px; color: $text; }
QMenu::item:selected { background: $sunken; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: ${stroke}px; background: $border; margin: ${xs}px ${s}px; }
QMenu::icon { padding-left: ${s}px; }
QToolTip {
    background: $surface; color: $text; border: ${stroke}px solid $border; padding: ${xs}px ${s}px;
}

QSplitter::handle { background: $border; }
QSplitter::handle:hover, QSplitter::handle:pressed { background: $accent; }
QSplitter::handle:horizontal { width: ${stroke}px; }
QSplitter::handle:vertical { height: ${stroke}px; }

QTabWidget::pane { border: none; border-top: ${stroke}px solid $border; }
QTabBar::tab {
    background: transparent; color: $muted; border: none; border-bottom: ${ring}px solid transparent;
    padding: ${s}px ${m}px; font-weight: 500;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border: ${ring}px solid $focus; border-radius: ${r_s}px; }

QStatusBar { background: $panel; border-top: ${stroke}px solid $border; }
QStatusBar::item { border: none; }
QSlider { min-height: ${target}px; border: ${ring}px solid transparent; border-radius: ${r_s}px; }
QSlider:focus { border-color: $focus; }
QSlider::groove:horizontal { background: $track; height: ${xs}px; border-radius: ${hair}px; }
QSlider::sub-page:horizontal { background: $accent; height: ${xs}px; border-radius: ${hair}px; }
QSlider::handle:horizontal {
    background: $surface; border: ${stroke}px solid $control_border; border-radius: ${r_s}px;
    width: ${s}px; margin: -${s}px 0;
}
QSlider::handle:horizontal:hover { background: $hover; }

QProgressBar {
    background: $track; border: none; border-radius: ${r_xs}px; text-align: center; color: $text;
}
QProgressBar::chunk { background: $accent; border-radius: ${r_xs}px; }
""")
