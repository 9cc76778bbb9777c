"""The style sheet: one template, filled with a scheme. Widgets say what they are by `role`."""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QColor

from glomviewer.ui.colours import Colours, contrast

TEMPLATE = Template("""
QMainWindow, QDialog, QWidget[role="page"] { background: $window; }
QDialog[role="popup"] { background: $panel; border: 1px solid $line; }
QLabel { background: transparent; }
QLabel[role="secondary"], QCheckBox[role="secondary"] { color: $secondary; font-size: ${small}px; }
QLabel[role="section"] { color: $secondary; font-size: ${small}px; }
QLabel[role="small"] { font-size: ${small}px; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="headline"] { font-size: ${large}px; }
QLabel[role="danger"] { color: $danger; }
QWidget[role="panel"] { background: $panel; }
QFrame[role="card"] { background: $panel; border: 1px solid $line; border-radius: 6px; }
QFrame[role="line"] { background: $line; border: none; }
QFrame[role="banner"] { background: $hover; border: none; border-bottom: 1px solid $line; }
QLabel[role="key"] {
    color: $secondary; font-size: ${small}px; border: 1px solid $line; border-radius: 3px;
    padding: 1px 5px;
}
QWidget[role="pagebar"] { background: $panel; border-bottom: 1px solid $line; }
QWidget[role="statusbar"] { background: $panel; border-top: 1px solid $line; }
QWidget[role="statusbar"] QLabel { color: $secondary; font-size: ${small}px; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton, QToolButton {
    background: $panel; border: 1px solid $line; border-radius: 4px; padding: 5px 12px;
    min-height: 18px; outline: none;
}
QToolButton { padding: 5px 8px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {
    background: $pressed;
}
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; }
ShapeButton { padding: 0; border: none; min-height: 0; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled {
    background: $panel; border-color: $line; color: $disabled;
}
QPushButton[role="flat"], QToolButton[role="flat"] {
    background: transparent; border: 1px solid transparent;
}
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: $hover; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border-color: $accent; }
QToolButton[role="flat"]:checked { background: $pressed; }
QToolButton[role="small"], QPushButton[role="small"] {
    background: transparent; border: 1px solid transparent; color: $secondary;
    font-size: ${small}px; padding: 2px 6px; min-height: 14px;
}
QToolButton[role="small"]:hover, QPushButton[role="small"]:hover { color: $text; }
QToolButton[role="small"]:checked { color: $text; border-color: $line; }
QToolButton[role="small"]:focus, QPushButton[role="small"]:focus { border-color: $accent; }
QToolButton[role="chip"] {
    background: $hover; border: 1px solid $line; border-radius: 10px;
    font-size: ${small}px; padding: 2px 8px; min-height: 14px;
}
QToolButton[role="chip"]:focus { border-color: $accent; }
QToolButton[role="tab"] {
    background: transparent; border: none; border-bottom: 2px solid transparent;
    border-radius: 0; color: $secondary; padding: 10px 14px 8px 14px; min-height: 20px;
}
QToolButton[role="tab"][air="tight"] { padding: 10px 5px 8px 5px; }
QToolButton[role="tab"]:hover { color: $text; }
QToolButton[role="tab"]:checked { color: $text; border-bottom-color: $accent; }
QToolButton[role="tab"]:focus { color: $text; background: $hover; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit {
    background: $window; border: 1px solid $line; border-radius: 4px; padding: 5px 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled { color: $disabled; }

QAbstractItemView {
    background: $panel; border: none; outline: none; alternate-background-color: $panel;
    selection-background-color: $selected; selection-color: $text;
}
QAbstractItemView::item { padding: 4px 8px; border: none; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { background: $selected; color: $text; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $secondary; border: none; border-bottom: 1px solid $line;
    padding: 6px 8px; font-size: ${small}px;
}
QTableCornerButton::section { background: $panel; border: none; }

QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 3px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $panel; color: $text; border: 1px solid $line; padding: 4px 6px; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $secondary; }

QProgressBar { background: $bar_ground; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QSlider::groove:horizontal { background: $bar_ground; height: 3px; border-radius: 1px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 1px; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider[role="neutral"]::sub-page:horizontal { background: $bar_ground; }
QSlider::handle:horizontal {
    background: $text; width: 12px; height: 12px; margin: -5px 0; border-radius: 6px;
}
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled { background: $disabled; }
QGroupBox { border: 1px solid $line; border-radius: 6px; margin-top: 8px; padding-top: 12px; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; color: $secondary; }
""")


def style_sheet(colours: Colours, accent: QColor, content_px: int) -> str:
    """The sheet for one scheme. `content_px` is the one size of content in pixels."""
    black, white = QColor("#101010"), QColor("#ffffff")
    on_accent = black if contrast(accent, black) >= contrast(accent, white) else white
    return TEMPLATE.substitute(
        window=colours.window,
        panel=colours.panel,
        line=colours.line,
        text=colours.text,
        secondary=colours.secondary,
        disabled="#6e6e6e" if colours.dark else "#a0a0a0",
        hover=colours.hover,
        pressed=colours.pressed,
        selected=colours.pressed,
        bar_ground=colours.bar_ground,
        danger=colours.danger,
        accent=accent.name(),
        accent_hover=accent.lighter(108).name(),
        on_accent=on_accent.name(),
        small=content_px - 2,
        large=content_px + 4,
    )
