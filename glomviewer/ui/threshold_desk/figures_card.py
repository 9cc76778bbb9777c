"""The figures and the confusion matrix at the line, with intervals; each opens its patches."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

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
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for row, figure in enumerate(FIGURES):
            self._add_figure(grid, row + 1, figure)
        # Where there is little width the matrix stands below the figures.
        top, left = (len(FIGURES) + 1, 0) if narrow else (0, 4)
        self._add_matrix(grid, top, left)
        grid.addWidget(self.mistakes, 0, 0, 1, 3)
        grid.addWidget(self.kind, top + 5, 0, 1, left + 3)
        grid.setColumnMinimumWidth(3, 0 if narrow else 12)
        for column, stretch in ((2, 2), (left + 1, 3), (left + 2, 3)):
            grid.setColumnStretch(column, stretch)

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

    def _add_figure(self, grid: QGridLayout, row: int, figure: str) -> None:
        name, button, found = Text(FIGURE_NAMES[figure]), QPushButton(), Secondary()
        button.setProperty("role", "flat")
        button.setToolTip("Open the patches that it is made of.")
        button.clicked.connect(
            lambda: self.opened.emit(CELLS_OF[figure], f"{FIGURE_NAMES[figure]}: its patches")
        )
        found.setWordWrap(False)
        found.setMinimumWidth(94)
        _set_height(button, LINE)
        self.values[figure], self.ranges[figure] = button, found
        for column, widget in enumerate((name, button, found)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)

    def _add_matrix(self, grid: QGridLayout, top: int, left: int) -> None:
        for call in (1, 0):
            head = Secondary(f"called {CLASSES[call]}")
            head.setWordWrap(False)
            grid.addWidget(head, top, left + 2 - call, Qt.AlignmentFlag.AlignCenter)
        span = 1 if self._narrow else 2
        for row, target in ((top + 1, 1), (top + 1 + span, 0)):
            side = Secondary(
                CLASSES[target] if self._narrow else CLASSES[target].replace(" ", "\n")
            )
            side.setWordWrap(False)
            grid.addWidget(side, row, left, span, 1, Qt.AlignmentFlag.AlignVCenter)
            for call in (1, 0):
                button = self._cell(target, call)
                grid.addWidget(button, row, left + 2 - call, span, 1)
                self.cells[target, call] = button

    def _cell(self, target: int, call: int) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "right" if target == call else "wrong")
        _set_height(button, LINE + 2 if self._narrow else 2 * LINE - 2)
        title = f"{CLASSES[target]}, called {CLASSES[call]}"
        button.clicked.connect(lambda: self.opened.emit(((target, call),), title))
        return button


def _set_height(button: QPushButton, height: int) -> None:
    """Lower than the style sheet makes buttons elsewhere: these stand in the lines of a table."""
    button.setStyleSheet(f"padding: 0 6px; min-height: {height - FRAME}px;")
