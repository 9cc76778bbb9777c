"""The figures of two models side by side, and their paired difference."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.domain.comparison.bootstrap import Figures, Interval
from glomviewer.domain.comparison.figures import METRICS, chance_figures, why_undefined
from glomviewer.domain.comparison.scored import Compared, Mask, Scored
from glomviewer.ui.comparison.wording import (
    LESS_IS_BETTER,
    MARKS,
    METRIC_NAMES,
    interval_text,
    marked,
    shortened,
    told_apart_text,
    trust_text,
)
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.cells_table import Cell, CellsTable, Header
from glomviewer.ui.widgets.numbers import value_text
from glomviewer.ui.widgets.texts import Body, Secondary

RANKING = frozenset({"auc", "average_precision", "kappa", "log_loss", "calibration_error"})

HINT = "↓ Less is better. Enter or a double-click on a figure opens its patches."
CHANCE = (
    "chance: a model that knows only the share of sclerotic patches, and for F1 and precision "
    "calls every patch so"
)

UNDRAWN = "No intervals: drawing cases for them was cancelled. The figures are as they were."


class FiguresCard(Card):
    """Every figure opens the patches that it is made of."""

    opened = Signal(object, str)
    draw_asked = Signal()
    """Intervals that were cancelled are wanted after all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Figures", parent)
        self.table = CellsTable("Figures of both models", most=len(METRICS))
        self.told_apart, self.trust = Body(), Secondary()
        self.body.addWidget(self.table)
        self.body.addWidget(self.told_apart)
        self.draw = QPushButton("Draw them")
        self.draw.setAccessibleName("Draw the intervals")
        self.draw.setToolTip("Draws cases again and again for the intervals of every figure")
        self.draw.hide()
        line = row(self.draw)
        line.insertWidget(0, self.trust, 1)
        self.body.addLayout(line)
        self.body.addWidget(Secondary(HINT))
        self.body.addStretch(1)
        self.table.opened.connect(self.opened)
        self.draw.clicked.connect(lambda: self.draw_asked.emit())

    def show_figures(self, compared: Compared, figures: Figures, titles: tuple[str, str]) -> None:
        def changed() -> tuple[int, ...]:
            return compared.ids(compared.first.calls != compared.second.calls)

        chance = chance_figures(compared.target)
        rows = []
        for metric in METRICS:
            difference = Cell(
                interval_text(figures.difference[metric], signed=True),
                changed,
                f"Called differently by {titles[0]} and {titles[1]}",
                _undrawn(figures.undefined, metric) or "Opens what is called differently.",
            )
            rows.append(
                [
                    Cell(METRIC_NAMES[metric]),
                    _cell(compared, compared.first, figures.first[metric], metric, titles[0]),
                    _cell(compared, compared.second, figures.second[metric], metric, titles[1]),
                    difference,
                    Cell("–" if chance[metric] is None else value_text(chance[metric])),
                ]
            )
        headers = (
            Header("", "figure"),
            *(Header(shortened(marked(place, title)), title) for place, title in enumerate(titles)),
            Header(f"difference {MARKS[1]} − {MARKS[0]}", f"{titles[1]} minus {titles[0]}"),
            Header("chance", CHANCE),
        )
        self.table.show_rows(headers, rows)
        self.told_apart.say(told_apart_text(figures))
        self.trust.setText(trust_text(figures, compared.unit))
        self.draw.hide()

    def show_undrawn(self) -> None:
        """The reader has cancelled the intervals; the figures stay."""
        self.trust.setText(UNDRAWN)
        self.draw.show()

    def show_progress(self, done: int, total: int) -> None:
        self.trust.setText(f"Drawing cases for the intervals: {100 * done // total} %")


def _cell(compared: Compared, scored: Scored, interval: Interval, metric: str, title: str) -> Cell:
    name = METRIC_NAMES[metric].removesuffix(LESS_IS_BETTER)
    text = interval_text(interval)
    if interval.value is None:
        text = f"not defined: {why_undefined(metric, scored)}"
    return Cell(
        text,
        lambda: compared.ids(_rows_behind(scored, metric)),
        _title(title, name, metric),
        f"Opens the patches behind {name if name.isupper() else name.lower()}.",
    )


def _rows_behind(scored: Scored, metric: str) -> Mask:
    calls, target = scored.calls, scored.target
    if metric == "precision":
        return calls
    if metric == "recall":
        return target
    if metric == "specificity":
        return ~target
    if metric == "f1":
        return calls | target
    return calls | ~calls


def _title(title: str, name: str, metric: str) -> str:
    if metric in RANKING:
        return f"{title}: all that were compared"
    what = {
        "precision": "called sclerotic",
        "recall": "sclerotic by reference label",
        "specificity": "not sclerotic by reference label",
        "f1": "sclerotic by label or call",
    }[metric]
    return f"{title}, {name}: {what}"


def _undrawn(undefined: Mapping[str, int], metric: str) -> str:
    number = undefined.get(metric, 0)
    return f"Not defined in {number:,} draws, which take no part." if number else ""
