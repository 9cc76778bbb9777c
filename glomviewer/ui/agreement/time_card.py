"""Whether a reader changes on the way: his calls in four parts, in his own order."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from glomviewer.domain.agreement.over_time import QUARTERS, Quarter, quarters_of
from glomviewer.domain.agreement.ratings import Ids
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.jobs.reporting.time_plot import NOTE
from glomviewer.ui.agreement.cells import TableCard, called, share_cell
from glomviewer.ui.agreement.time_plot import DrawnReader, Load, TimePlot
from glomviewer.ui.widgets.cells_table import Cell, Header

ORDER = (
    "In each reader's own order, not by months. Counted are pairs of his call and another "
    "reader's, and his calls where there is a reference label or a class."
)
WHAT = (
    ("others", "same as other readers"),
    ("reference", "same as the reference label"),
    ("positive", "called sclerotic"),
)
ORDINALS = ("first", "second", "third", "fourth")


class TimeCard(TableCard):
    """A picture, and below it a row for each reader and question, a column for each fourth."""

    def __init__(self, load: Load, parent: QWidget | None = None) -> None:
        super().__init__("Over time", most=15, parent=parent)
        self.plot = TimePlot([text for _, text in WHAT], load)
        self.body.insertWidget(1, self.plot)

    def show_agreement(self, measured: Measured) -> None:
        self.plot.show_readers(_drawn(measured))
        rows = []
        for place, one in enumerate(measured.summary.over_time):
            if not any(quarter.calls for quarter in one.quarters):
                continue
            name = called(one.reader, measured.summary.readers)
            for field, text in WHAT:
                if any(getattr(quarter, field).of for quarter in one.quarters):
                    rows.append(_row(measured, place, one.quarters, field, f"{name}, {text}"))
        heads = [Header(f"{ORDINALS[number]} quarter") for number in range(QUARTERS)]
        self.show_rows((Header("reader"), *heads), rows, remark=f"{NOTE} {ORDER}")


def _drawn(measured: Measured) -> list[DrawnReader]:
    """The readers who have called anything."""
    summary = measured.summary
    return [
        DrawnReader(
            called(one.reader, summary.readers),
            tuple(tuple(getattr(quarter, field) for quarter in one.quarters) for field, _ in WHAT),
        )
        for one in summary.over_time
        if any(quarter.calls for quarter in one.quarters)
    ]


def _row(
    measured: Measured, reader: int, quarters: tuple[Quarter, ...], field: str, name: str
) -> list[Cell]:
    row = [Cell(name)]
    for quarter in quarters:
        find = partial(_patches, measured, reader, quarter.number)
        title = f"{name}: {ORDINALS[quarter.number - 1]} quarter"
        row.append(share_cell(getattr(quarter, field), find, title))
    return row


def _patches(measured: Measured, reader: int, number: int) -> Ids:
    return measured.counted.table.patches[quarters_of(measured.counted, reader) == number]
