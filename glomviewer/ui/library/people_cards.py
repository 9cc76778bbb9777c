"""Who reads here, and what was taken out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.domain.records import Reader
from glomviewer.ui.library.facts import (
    Exclusion,
)
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Secondary


class ReadersCard(Card):
    """Who reads here; one click switches."""

    switch_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Readers", parent)
        self.table = RowsTable("Readers", ("Name", "Initials", ""), most=6)
        self.switch = QPushButton("Switch to")
        self.add = QPushButton("Add reader…")
        self.body.addWidget(self.table)
        self.body.addLayout(row(self.switch, self.add, 1))
        self.table.moved.connect(self._enable)
        self.table.opened.connect(self.switch_asked)
        self.switch.clicked.connect(lambda: self.switch_asked.emit(self.table.current_data()))
        self._current: int | None = None

    def show_readers(
        self, readers: Sequence[Reader], current: Reader | None, *, writable: bool
    ) -> None:
        self._current = current.id if current is not None else None
        self.table.show_rows(
            [
                Row(
                    (
                        reader.name,
                        reader.initials,
                        "reading now" if reader.id == self._current else "",
                    ),
                    reader,
                )
                for reader in readers
            ]
        )
        self.table.setVisible(bool(readers))
        self.add.setEnabled(writable)
        self._enable()

    def _enable(self) -> None:
        chosen = self.table.current_data()
        self.switch.setEnabled(chosen is not None and chosen.id != self._current)


class ExclusionsCard(Card):
    """What was taken out, why, and the way back."""

    include_asked = Signal(object)
    open_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Exclusions", parent)
        self.table = RowsTable(
            "Exclusions", ("Case", "Patches", "Reason"), numeric=(1,), stretch=2, most=6
        )
        self.none = Secondary("Nothing is excluded.")
        self.include = QPushButton("Include again")
        self.open = QPushButton("Open")
        for widget in (self.table, self.none):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.include, self.open, 1))
        self.include.clicked.connect(lambda: self.include_asked.emit(self.table.current_data()))
        self.open.clicked.connect(lambda: self.open_asked.emit(self.table.current_data()))
        self.table.opened.connect(self.open_asked)
        self.table.moved.connect(self._enable)
        self._writable = True

    def show_exclusions(self, exclusions: Sequence[Exclusion], *, writable: bool) -> None:
        self._writable = writable
        self.table.show_rows(
            [
                Row((one.case or "no case", f"{len(one.patches):,}", one.reason), one, one.reason)
                for one in exclusions
            ]
        )
        for widget in (self.table, self.include, self.open):
            widget.setVisible(bool(exclusions))
        self.none.setVisible(not exclusions)
        self._enable()

    def _enable(self) -> None:
        chosen = self.table.current_data()
        self.open.setEnabled(chosen is not None)
        self.include.setEnabled(self._writable and chosen is not None)
