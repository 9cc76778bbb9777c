"""The readings of a library, and what is to be known and done about one of them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.ui.readings import overview_wording as wording
from glomviewer.ui.readings.details_card import DetailsCard
from glomviewer.ui.readings.overview_state import OverviewState
from glomviewer.ui.readings.reading_rows import ReadingRows
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.rows_table import Row
from glomviewer.ui.widgets.two_columns import TwoColumns


class ListCard(Card):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Readings", parent)
        self.table = ReadingRows()
        self.new = QPushButton("New reading…")
        self.merge = QPushButton("Merge returns…")
        self.body.addWidget(self.table)
        self.body.addLayout(row(self.new, self.merge, 1))


class Overview(QWidget):
    """`chosen` carries the ReadingSummary under the cursor, None without one."""

    chosen = Signal(object)

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list, self.details = ListCard(), DetailsCard(labels)
        self.table = self.list.table
        self._state: OverviewState | None = None
        self._viewer: Reader | None = None
        self._read_only = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(TwoColumns([self.list], [self.details]))
        self.table.moved.connect(self._show_details)
        self.setFocusProxy(self.table)

    @property
    def reading(self) -> ReadingSummary | None:
        """The reading under the cursor, as it was read last."""
        wanted = self.table.current_data()
        if self._state is None or wanted is None:
            return None
        return next((one for one in self._state.readings if one.id == wanted), None)

    def show_state(self, state: OverviewState, viewer: Reader | None, *, read_only: bool) -> None:
        self._state, self._viewer, self._read_only = state, viewer, read_only
        self.table.show_rows([self._row(one) for one in state.readings])
        self.list.new.setEnabled(not read_only)
        self.list.merge.setEnabled(not read_only)
        for button in (self.list.new, self.list.merge):
            button.setVisible(not state.from_pack)
        self.details.suit(from_pack=state.from_pack)
        if self.table.current_data() is None and state.readings:
            self.choose(state.readings[0].id)
        self._show_details()

    def choose(self, reading: int) -> None:
        for place in range(self.table.rows.rowCount()):
            if self.table.rows.row_at(place).data == reading:
                self.table.setCurrentIndex(self.table.rows.index(place, 0))

    def _row(self, reading: ReadingSummary) -> Row:
        return Row(
            (reading.name, wording.standing(reading, self._viewer)),
            reading.id,
            wording.short_protocol(reading),
        )

    def _show_details(self) -> None:
        reading = self.reading
        self.details.setVisible(reading is not None)
        if reading is not None and self._state is not None:
            self.details.show_reading(
                reading,
                self._viewer,
                read_only=self._read_only,
                signoffs=self._state.signoffs.get(reading.id, ()),
                later=self._state.later.get(reading.id, ()),
            )
        self.chosen.emit(reading)
