"""The left side of the page: which disputes, of which reading, and the patches among them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.disputes.wording import STATE_WORDS
from glomviewer.domain.labels import LabelSet
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.disputes.queue_list import QueueList
from glomviewer.ui.disputes.queue_model import QueueModel
from glomviewer.ui.review.count_list import CountList, CountRow
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.page_state import Message
from glomviewer.ui.widgets.texts import Section

EVERY_READING = "All disputes"
TIPS = {
    DisputeState.OPEN: "Readers' labels differ, and nobody has adjudicated",
    DisputeState.SENT_BACK: "Waits for another reading; open again once somebody has called it",
    DisputeState.CONSENSUS: "To be looked at together",
    DisputeState.SETTLED: "Adjudicated, whatever its readers said",
}
EMPTY = {
    DisputeState.OPEN: ("No open dispute", "Readers agree wherever more than one has called."),
    DisputeState.SENT_BACK: ("Nothing waits", "R sends a dispute back for another reading."),
    DisputeState.CONSENSUS: ("The list is empty", "K puts a dispute onto it."),
    DisputeState.SETTLED: ("Nothing settled yet", "A label key and a reason settle a dispute."),
}


class QueuePanel(QWidget):
    state_picked = Signal(object)
    reading_picked = Signal(object)
    """The id of a reading, None for all."""

    def __init__(
        self,
        queue: QueueModel,
        images: ImageLoader,
        labels: LabelSet,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Queues of disputes")
        self.setMinimumWidth(236)
        self.reading = Chooser("Disputes of which reading")
        self.reading.addItem(EVERY_READING, None)
        self.reading.activated.connect(
            lambda _place: self.reading_picked.emit(self.reading.currentData())
        )
        self.states = CountList("Disputes", whole=True)
        self.states.picked.connect(lambda key, _adding: self.state_picked.emit(DisputeState(key)))
        self.list = QueueList(queue, images, labels)
        self.empty = Message()
        self.empty.sentence.setFixedWidth(184)
        self.new_reading = QPushButton("New reading from these…")
        self._arrange()
        self.show_counts({})

    def show_counts(self, counts: Mapping[DisputeState, int]) -> None:
        self.states.show_rows(
            [
                CountRow(state.value, STATE_WORDS[state], counts.get(state), TIPS[state])
                for state in DisputeState
            ]
        )

    def show_state(self, state: DisputeState, *, empty: bool) -> None:
        self.states.set_chosen(frozenset({state.value}))
        self.list.setVisible(not empty)
        self.empty.setVisible(empty)
        self.empty.say(*EMPTY[state])
        self.new_reading.setEnabled(not empty)

    def show_readings(self, names: Mapping[int, str], chosen: int | None) -> None:
        """Offer these readings; with none there is nothing to choose."""
        self.reading.clear()
        self.reading.addItem(EVERY_READING, None)
        for reading, name in names.items():
            self.reading.addItem(name, reading)
        self.reading.setCurrentIndex(max(0, self.reading.findData(chosen)))
        self.reading.setVisible(bool(names))

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.addWidget(Section("Disputes"))
        top.addWidget(self.reading)
        column.addLayout(top)
        column.addWidget(self.states)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(16, 0, 16, 0)
        bottom.addWidget(self.new_reading)
        column.addLayout(bottom)
