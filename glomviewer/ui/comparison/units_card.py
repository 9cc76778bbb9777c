"""The comparison slide by slide, or centre by centre."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from glomviewer.domain.comparison.breakdown import Part, Unit
from glomviewer.domain.comparison.scored import Compared, Ints, Mask, Scored
from glomviewer.ui.comparison.wording import MARKS, percent_text, share_text
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.cells_table import Cell, CellsTable, Header
from glomviewer.ui.widgets.texts import Secondary

COLUMNS = (
    ("%", "percentage called sclerotic by"),
    ("F1", "F1 of"),
    ("recall", "recall of"),
    ("errors", "errors of"),
)


class UnitsCard(Card):
    """Those with most errors come first; a number opens its patches."""

    opened = Signal(object, str)

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._unit = unit
        self.table = CellsTable(f"{title}, most errors first")
        self.remark = Secondary()
        self.body.addWidget(self.table)
        self.body.addWidget(self.remark)
        self.table.opened.connect(self.opened)

    def show_units(
        self, compared: Compared, units: Sequence[Unit], titles: tuple[str, str], remark: str = ""
    ) -> None:
        headers = (
            Header(self._unit),
            Header("patches"),
            Header("sclerotic"),
            Header("% by label", "percentage sclerotic by reference label"),
            *(
                Header(f"{short} {mark}", f"{full} {title}")
                for short, full in COLUMNS
                for mark, title in zip(MARKS, titles, strict=True)
            ),
        )
        self.table.show_rows(headers, [_row(compared, unit, titles) for unit in units])
        self.remark.say(remark)


def _row(compared: Compared, unit: Unit, titles: tuple[str, str]) -> list[Cell]:
    name, rows = unit.name, unit.rows
    sides = (
        (compared.first, unit.first, titles[0]),
        (compared.second, unit.second, titles[1]),
    )
    everything = partial(_ids, compared, rows, None)
    sclerotic = partial(_ids, compared, rows, compared.target)
    by_model = [_cells_of(compared, unit, *side) for side in sides]
    return [
        Cell(name, everything, name, name),
        Cell(f"{unit.patches:,}", everything, name),
        Cell(f"{unit.sclerotic:,}", sclerotic, f"{name}: sclerotic"),
        Cell(percent_text(unit.sclerotic, unit.patches), sclerotic, f"{name}: sclerotic"),
        *(cell for pair in zip(*by_model, strict=True) for cell in pair),
    ]


def _cells_of(
    compared: Compared, unit: Unit, scored: Scored, part: Part, title: str
) -> tuple[Cell, Cell, Cell, Cell]:
    """Percentage, F1, recall and errors of one model."""
    name = unit.name
    find = partial(_ids, compared, unit.rows)
    return (
        Cell(
            percent_text(part.called, unit.patches),
            lambda: find(scored.calls),
            f"{name}: called sclerotic by {title}",
            f"{part.called:,} of {unit.patches:,} are called sclerotic.",
        ),
        Cell(
            share_text(part.f1),
            lambda: find(scored.calls | compared.target),
            f"{name}: sclerotic by label or call of {title}",
        ),
        Cell(share_text(part.recall), lambda: find(compared.target), f"{name}: sclerotic"),
        Cell(f"{part.errors:,}", lambda: find(scored.wrong), f"{name}: errors of {title}"),
    )


def _ids(compared: Compared, rows: Ints, among: Mask | None) -> tuple[int, ...]:
    chosen = rows if among is None else rows[among[rows]]
    return tuple(compared.patches[chosen].tolist())
