"""The left side of the page: find, queues, probability, cases, saved filters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.patch_select import Histogram
from glomviewer.ui.review.count_list import ROW_HEIGHT, CountList, CountRow
from glomviewer.ui.review.probability_brush import ProbabilityBrush
from glomviewer.ui.review.words import capital
from glomviewer.ui.waiting_readings import waiting_sentence
from glomviewer.ui.widgets.texts import Section

TYPING_PAUSE_MS = 150
MOST_FILTERS_SHOWN = 4

GO_THERE = "Shows the page Readings (Ctrl+2)"
QUEUE_TIPS = {
    Queue.EVERYTHING: "Every patch that is not excluded",
    Queue.NOT_YET_SEEN: "What you have neither opened nor decided while you saw it",
    Queue.MODEL_DISAGREES: "The model's call contradicts the label",
    Queue.UNCERTAIN: "The call lies near the threshold",
    Queue.DISPUTED: "Readers differ, and nobody has adjudicated",
    Queue.CANNOT_TELL: "Called “cannot tell”",
    Queue.FLAGGED: "Flagged to come back to",
    Queue.CHANGED_CALLS: "The call differs from that of the model before",
}


class QueuePanel(QWidget):
    queue_picked = Signal(object)
    range_changed = Signal(object)
    case_picked = Signal(str, bool)
    filter_picked = Signal(str)
    filter_deleted = Signal(str)
    text_changed = Signal(str)
    readings_asked = Signal()
    done = Signal()
    """The reader wants back to the patches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Queues and filters")
        self.setMinimumWidth(184)
        self.finder = QLineEdit()
        self.finder.setPlaceholderText("Find name, case, slide")
        self.finder.setAccessibleName("Find by name, case or slide")
        self.finder.setToolTip("Find by name, case or slide (/)")
        self.finder.installEventFilter(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._on_typed)
        self.finder.textEdited.connect(self._pause.start)
        self.finder.textChanged.connect(self._on_text_changed)
        self.queues = CountList("Queues", whole=True)
        self.queues.picked.connect(self._on_queue_picked)
        self.waiting = CountList("Readings", whole=True)
        self.waiting.picked.connect(self.readings_asked)
        self.brush = ProbabilityBrush()
        self.brush.range_changed.connect(self.range_changed)
        self.cases = CountList("Cases")
        self.cases.picked.connect(self.case_picked)
        self.filters = CountList("Saved filters")
        self.filters.picked.connect(lambda name, _adding: self.filter_picked.emit(name))
        self.filters.menu_asked.connect(self._on_filter_menu)
        self._case_title = Section("Case")
        self._filter_title = Section("Saved filters")
        self._arrange()
        self.show_queue_counts({})
        self.show_waiting(0)
        self.show_filters([])

    def show_queue_counts(self, counts: dict[Queue, int]) -> None:
        self.queues.show_rows(
            [
                CountRow(queue.value, capital(queue.value), counts.get(queue), QUEUE_TIPS[queue])
                for queue in Queue
            ]
        )

    def show_waiting(self, count: int) -> None:
        """Say how many readings wait for the reader, where one does."""
        said = waiting_sentence(count)
        self.waiting.show_rows([CountRow("readings", said, None, GO_THERE)] if said else [])
        self.waiting.setVisible(bool(said))

    def show_query(self, query: PatchQuery, saved_as: str) -> None:
        """Show what is in force, without telling it back."""
        self.queues.set_chosen(frozenset({query.queue.value}))
        self.cases.set_chosen(frozenset(query.cases))
        self.filters.set_chosen(frozenset({saved_as} if saved_as else ()))
        self.brush.set_range(query.probability)
        if self.finder.text().strip() != query.text.strip():
            self.finder.setText(query.text)

    def show_histogram(self, histogram: Histogram) -> None:
        self.brush.show_histogram(histogram)

    def show_cases(self, counts: list[tuple[str, int]]) -> None:
        """Cases with the number of their patches in the list, in the order to show them."""
        rows = [CountRow(case, case, count) for case, count in counts]
        self.cases.show_rows(rows)
        self._case_title.setVisible(bool(rows))

    def show_filters(self, names: list[str]) -> None:
        self.filters.show_rows(
            [CountRow(name, name, None, "Right click deletes it") for name in names]
        )
        self.filters.setFixedHeight(min(len(names), MOST_FILTERS_SHOWN) * ROW_HEIGHT)
        self._filter_title.setVisible(bool(names))
        self.filters.setVisible(bool(names))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.finder and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and event.key() == Qt.Key.Key_Escape:
                self.finder.clear()
                self.done.emit()
                return True
            if pressed and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self._on_typed()
                self.done.emit()
                return True
        return super().eventFilter(watched, event)

    def _on_text_changed(self, text: str) -> None:
        if not text:
            # The clear button and Escape want their answer at once.
            self._on_typed()

    def _on_typed(self) -> None:
        self._pause.stop()
        self.text_changed.emit(self.finder.text().strip())

    def _on_queue_picked(self, key: str, _adding: bool) -> None:
        self.queue_picked.emit(Queue(key))

    def _on_filter_menu(self, name: str, point: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(f"Delete “{name}”").triggered.connect(
            lambda _checked=False: self.filter_deleted.emit(name)
        )
        menu.popup(point)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(4)
        column.addLayout(_inset(self.finder))
        column.addSpacing(10)
        column.addLayout(_inset(Section("Queues")))
        column.addWidget(self.queues)
        column.addWidget(self.waiting)
        column.addSpacing(10)
        column.addLayout(_inset(Section("Probability")))
        column.addLayout(_inset(self.brush))
        column.addSpacing(10)
        column.addLayout(_inset(self._case_title))
        column.addWidget(self.cases, 1)
        column.addSpacing(6)
        column.addLayout(_inset(self._filter_title))
        column.addWidget(self.filters)


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(16, 0, 16, 0)
    row.addWidget(widget)
    return row
