"""The cells of the page's tables: a figure, what it opens, and why it may not be defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from glomviewer.domain.agreement.ratings import Ids
from glomviewer.domain.agreement.statistic import Share, Statistic
from glomviewer.domain.records import Reader
from glomviewer.jobs.agreement_words import figure_text, reason_of, remarks, share_text
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.cells_table import Cell, CellsTable, Header
from glomviewer.ui.widgets.texts import Secondary

Find = Callable[[], Ids]
OPENS = "Opens the patches behind it."


def figure_cell(one: Statistic, find: Find | None = None, title: str = "") -> Cell:
    return Cell(figure_text(one), _behind(find), title, _tip(reason_of(one), find))


def share_cell(one: Share, find: Find | None = None, title: str = "") -> Cell:
    """It opens the patches of the numerator."""
    wanted = find if one.count else None
    return Cell(share_text(one), _behind(wanted), title, _tip(reason_of(one.share), wanted))


def count_cell(number: int, find: Find | None = None, title: str = "") -> Cell:
    wanted = find if number else None
    return Cell(f"{number:,}", _behind(wanted), title, _tip("", wanted))


def called(reader: Reader, among: Sequence[Reader]) -> str:
    """A reader where there is little room: his initials, where nobody else has the same."""
    alike = [one for one in among if one.initials == reader.initials]
    return reader.initials if reader.initials and len(alike) == 1 else reader.name


def _behind(find: Find | None) -> Callable[[], tuple[int, ...]] | None:
    return None if find is None else lambda: tuple(find().tolist())


def _tip(told: str, find: Find | None) -> str:
    return " ".join(part for part in (told, OPENS if find is not None else "") if part)


class TableCard(Card):
    """One table and what is to be said under it."""

    opened = Signal(object, str)

    def __init__(self, title: str, *, most: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.table = CellsTable(title, most=most)
        self.remark = Secondary()
        self.remark.say("")
        self.body.addWidget(self.table)
        self.body.addWidget(self.remark)
        self.body.addStretch(1)
        self.table.opened.connect(self.opened)

    def show_rows(
        self,
        headers: Sequence[Header],
        rows: Sequence[Sequence[Cell]],
        figures: Iterable[tuple[str, Statistic]] = (),
        remark: str = "",
    ) -> None:
        """`figures` are those whose missing value or interval is explained under the table."""
        self.table.show_rows(headers, rows)
        self.remark.say(" ".join(part for part in (remark, *remarks(figures)) if part))
