"""The versions of the library's models and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QPushButton, QWidget

from glomviewer.domain.records import ModelRecord
from glomviewer.ui.models.figures import rule_text, threshold_text
from glomviewer.ui.models.models_state import ModelsState
from glomviewer.ui.models.versions_model import VersionsModel
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.quiet_table import QuietTable
from glomviewer.ui.widgets.texts import Secondary

NO_MODEL = (
    "No model yet. Add one that you have, or label some patches of both classes and press Retrain."
)
MOST_ROWS = 7
FIGURE_COLUMNS, DATE_COLUMN = (2, 3), 5
WIDE_ENOUGH_FOR_DATES = 760
WIDE_ENOUGH_FOR_FIGURES = (480, 620)


class VersionsCard(Card):
    """Emits what was asked for; `chosen` carries the ModelRecord under the cursor."""

    chosen = Signal(object)
    add_asked = Signal()
    export_asked = Signal()
    roll_back_asked = Signal()
    threshold_asked = Signal()
    history_asked = Signal()
    promote_asked = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__("Models", parent)
        self.model = VersionsModel(now)
        self.table = QuietTable("Models of this library")
        self.table.setModel(self.model)
        header = self.table.horizontalHeader()
        for column in range(self.model.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self.empty = Secondary(NO_MODEL)
        self.threshold_line = Secondary()
        self.add = self._button("Add model…", self.add_asked)
        self.export = self._button("Export…", self.export_asked)
        self.roll_back = self._button("Roll back", self.roll_back_asked)
        self.threshold = self._button("Move…", self.threshold_asked)
        self.threshold.setAccessibleName("Move the threshold of the active model")
        self.history = self._button("History", self.history_asked)
        self.promote = self._button("Make active…", self.promote_asked)
        for widget in (self.empty, self.table):
            self.body.addWidget(widget)
        line = row(self.threshold, spacing=16)
        line.insertWidget(0, self.threshold_line, 1)
        self.body.addLayout(line)
        buttons = FlowLayout(gap=8)
        for button in (
            self.promote,
            self.roll_back,
            self.add,
            self.export,
            self.history,
        ):
            buttons.addWidget(button)
        self.body.addLayout(buttons)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._on_moved())
        self.table.doubleClicked.connect(lambda _: self.promote_asked.emit())

    def show_state(self, state: ModelsState, *, read_only: bool) -> None:
        kept = self.current()
        candidate = state.candidate
        self.model.show(state.models, candidate.id if candidate is not None else "")
        any_model = bool(state.models)
        self.empty.setVisible(not any_model)
        self.table.setVisible(any_model)
        self.table.fit_height_to_rows(MOST_ROWS)
        self._read_only = read_only
        self._previous = state.previous
        self._active = state.active
        news = candidate or state.active
        is_news = news is not None and news.id != self._last_news
        self._last_news = news.id if news is not None else ""
        wanted = news if is_news else kept or state.active
        # A new candidate or active model is what one waits for; else the cursor stays.
        place = self.model.row_of(wanted.id) if wanted is not None else -1
        if place < 0 and any_model:
            place = 0
        if place >= 0:
            self.table.setCurrentIndex(self.model.index(place, 0))
        self.threshold_line.say(_threshold_line(state))
        self._enable()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.setColumnHidden(DATE_COLUMN, self.width() < WIDE_ENOUGH_FOR_DATES)
        for column, wide_enough in zip(FIGURE_COLUMNS, WIDE_ENOUGH_FOR_FIGURES, strict=True):
            # Of a model's figures the last goes before its name does.
            self.table.setColumnHidden(column, self.width() < wide_enough)

    def current(self) -> ModelRecord | None:
        index = self.table.currentIndex()
        return self.model.record_at(index.row()) if index.isValid() else None

    _last_news = ""
    _read_only = False
    _previous: ModelRecord | None = None
    _active: ModelRecord | None = None

    def _on_moved(self) -> None:
        self._enable()
        current = self.current()
        if current is not None:
            self.chosen.emit(current)

    def _enable(self) -> None:
        current, writable = self.current(), not self._read_only
        self.add.setEnabled(writable)
        self.export.setEnabled(current is not None)
        self.promote.setEnabled(writable and current is not None and not current.active)
        self.roll_back.setEnabled(writable and self._previous is not None)
        self.threshold.setVisible(self._active is not None)
        self.history.setEnabled(current is not None)
        if self._previous is not None:
            self.roll_back.setText(f"Roll back to {self._previous.title}")
            self.roll_back.setToolTip(
                f"{self._previous.title} becomes active again; nothing is lost."
            )
        else:
            self.roll_back.setText("Roll back")
            self.roll_back.setToolTip("There is no earlier active model.")

    @staticmethod
    def _button(text: str, asked: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: asked.emit())
        return button


def _threshold_line(state: ModelsState) -> str:
    active = state.active
    if active is None:
        return ""
    line = f"Threshold of {active.title}: {threshold_text(active)}"
    if not state.thresholds:
        return f"{line}."
    newest = state.thresholds[0]
    parts = [line, rule_text(newest.rule) or "no rule was kept"]
    if newest.reader is not None:
        parts.append(f"moved by {newest.reader.initials}")
        if newest.reason:
            parts.append(f"“{newest.reason}”")
    return f"{', '.join(parts)}."
