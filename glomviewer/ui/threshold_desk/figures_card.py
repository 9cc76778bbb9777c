"""The figures and the confusion matrix at the line, with intervals; each opens its patches."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.thresholds.counts import FIGURES, Counts, Intervals, cell_name
from glomviewer.ui.threshold_desk.wording import (
    FIGURE_NAMES,
    count_range_text,
    interval_kind,
    mistakes,
    range_text,
)
from glomviewer.ui.widgets.numbers import value_text
from glomviewer.ui.widgets.texts import Secondary, Text

CELLS_OF = {
    "precision": ((1, 1), (0, 1)),
    "recall": ((1, 1), (1, 0)),
    "f1": ((1, 1), (0, 1), (1, 0)),
    "specificity": ((0, 0), (0, 1)),
}
"""Which (reference label, call) cells a figure is made of."""
LINE = 26
FRAME = 2
CLASSES = ("not sclerotic", "sclerotic")


class FiguresTable(QWidget):
    """`opened` carries the cells, pairs of reference label and call, and what they are."""

    opened = Signal(object, str)

    def __init__(self, name: str, *, narrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._narrow = narrow
        self.values: dict[str, QPushButton] = {}
        self.ranges: dict[str, Secondary] = {}
        self.cells: dict[tuple[int, int], QPushButton] = {}
        self.kind, self.mistakes = Secondary(), Secondary()
        self.mistakes.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        # Where there is little width the matrix stands below the figures.
        both = QVBoxLayout() if narrow else QHBoxLayout()
        both.setSpacing(4 if narrow else 16)
        both.addWidget(self._figures(), 2)
        both.addWidget(self._matrix(), 3)
        column.addLayout(both)
        column.addWidget(self.kind)

    def show_counts(self, counts: Counts, intervals: Intervals, *, settling: bool) -> None:
        for figure, button in self.values.items():
            value, found = value_text(counts.figure(figure)), intervals.values[figure]
            button.setText(value)
            button.setEnabled(any(counts.cell(*cell) for cell in CELLS_OF[figure]))
            self.ranges[figure].setText(range_text(found))
            told = f"{FIGURE_NAMES[figure]} {value} ({range_text(found) or 'no interval'})"
            button.setAccessibleName(told)
        for (target, call), button in self.cells.items():
            count = counts.cell(target, call)
            found = count_range_text(intervals.values[cell_name(target, call)])
            told = f"{count:,} ({found})" if found else f"{count:,}"
            button.setText(told if self._narrow else f"{count:,}\n{found}")
            button.setEnabled(count > 0)
            what = f"{count:,} {CLASSES[target]} by reference label, called {CLASSES[call]}"
            button.setAccessibleName(f"{what}, {found}" if found else what)
            button.setToolTip(f"{what}. Open them.")
        self.mistakes.setText(mistakes(counts))
        self.kind.setText(interval_kind(intervals, settling=settling))

    def _figures(self) -> QWidget:
        holder, grid = _grid()
        grid.addWidget(self.mistakes, 0, 0, 1, 3)
        for row, figure in enumerate(FIGURES, start=1):
            name, button, found = Text(FIGURE_NAMES[figure]), QPushButton(), Secondary()
            button.setProperty("role", "flat")
            _set_height(button, LINE)
            button.setToolTip("Open the patches that it is made of.")
            title = f"{FIGURE_NAMES[figure]}: its patches"
            button.clicked.connect(partial(self._open, CELLS_OF[figure], title))
            found.setWordWrap(False)
            found.setMinimumWidth(94)
            self.values[figure], self.ranges[figure] = button, found
            for column, widget in enumerate((name, button, found)):
                grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(2, 1)
        return holder

    def _matrix(self) -> QWidget:
        holder, grid = _grid()
        for call in (1, 0):
            head = Secondary(f"called {CLASSES[call]}")
            head.setWordWrap(False)
            grid.addWidget(head, 0, 2 - call, Qt.AlignmentFlag.AlignCenter)
        for row, target in ((1, 1), (2, 0)):
            side = Secondary(CLASSES[target])
            side.setWordWrap(not self._narrow)
            side.setMinimumWidth(56)
            grid.addWidget(side, row, 0, Qt.AlignmentFlag.AlignVCenter)
            for call in (1, 0):
                button = self._cell(target, call)
                grid.addWidget(button, row, 2 - call)
                self.cells[target, call] = button
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        # A side that wraps has no height of its own, and a layout that is short takes its pixel.
        holder.setMinimumHeight(grid.minimumSize().height())
        return holder

    def _cell(self, target: int, call: int) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "right" if target == call else "wrong")
        _set_height(button, LINE + 2 if self._narrow else 2 * LINE + 2)
        title = f"{CLASSES[target]}, called {CLASSES[call]}"
        button.clicked.connect(partial(self._open, ((target, call),), title))
        return button

    def _open(self, cells: tuple[tuple[int, int], ...], title: str, _checked: bool = False) -> None:
        self.opened.emit(cells, title)


def _grid() -> tuple[QWidget, QGridLayout]:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(2)
    return holder, grid


def _set_height(button: QPushButton, height: int) -> None:
    """Lower than the style sheet makes buttons elsewhere: these stand in the lines of a table."""
    button.setStyleSheet(f"padding: 0 6px; min-height: {height - FRAME}px;")
