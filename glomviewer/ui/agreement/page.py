"""The page Agreement: how well readers agree with each other, themselves, reference and model."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.agreement.parties import number_of_readers
from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs.agreeing import AgreementJobs
from glomviewer.jobs.agreement_words import nothing_counts
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.agreement.board import Board
from glomviewer.ui.agreement.head import Head
from glomviewer.ui.agreement.page_actions import register
from glomviewer.ui.agreement.report_gesture import ReportLine
from glomviewer.ui.widgets.page_state import PageState

COUNTING = "Counting calls…"
BLIND = "You are still reading independently"
NOT_YET = "Agreement is shown when you have finished."
NO_READING = "A report is of one reading. Choose the reading first."
NO_DISPUTE = "There is no patch on which readers differ."
STILL_WRITING = "A report is being written already."


class AgreementPage(QWidget):
    """One reading, or all labels of the library; see the cards."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    """Patches whose calls the reader learns by what he is about to open here."""
    report_asked = Signal(int)
    """The id of the reading whose report was asked for."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,  # noqa: ARG002 - every page is made with the same three
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Agreement")
        self._session, self._actions = session, actions
        self._stale = True
        self._measured: Measured | None = None
        self.jobs = AgreementJobs(session)
        self.head, self.board = Head(), Board(session.label_set, self._load_plots)
        self.report = ReportLine(session, self)
        self.result = PageState(self.board)
        self.result.show_loading(COUNTING)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.report):
            column.addWidget(part)
        column.addWidget(self.result, 1)
        self.state = PageState(content)
        self.state.show_loading("Reading the readings…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        self._connect()
        register(self, actions)

    def refresh(self, changes: Changes) -> None:
        """Measure again where anything that counts here has changed."""
        counted = (
            changes.all_patches
            or changes.labels
            or changes.exclusions
            or changes.readers
            or changes.readings
            or changes.predictions
            or changes.active_model
            or changes.threshold
        )
        if counted:
            self.jobs.forget()
            self._stale = True
            if changes.readers or changes.readings:
                # Who looks may be another one, who is not to see what the last one saw.
                self._show_nothing()
                self.result.show_loading(COUNTING)
            if self.isVisible():
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._focus_content()

    def measure(self) -> None:
        """Measure what is chosen."""
        self.head.report.setEnabled(self.head.chosen_reading is not None)
        if self._measured is None or self._measured.reading != self.head.chosen_reading:
            self.head.show_nothing()
            self.result.show_loading(COUNTING)
        self.jobs.measure(self.head.chosen_reading, self.head.chosen_rule)

    def toggle_drawing(self) -> None:
        """Stop drawing intervals, or draw them after all."""
        if self.jobs.drawing:
            self.jobs.cancel()
        else:
            self.jobs.draw()

    def open_disputed(self) -> None:
        disputed = () if self._measured is None else self._measured.summary.disputed.tolist()
        if disputed:
            self._open(tuple(disputed), f"{self.head.reading_name}: readers differ", False)
        else:
            self.message.emit(NO_DISPUTE)

    def sort_cases(self) -> None:
        self.board.cases.table.sort_by_next()
        self.message.emit(f"The cases are sorted by: {self.board.cases.table.sorted_by}.")

    def ask_report(self) -> None:
        """Ask where the report of the chosen reading is to go, and write it there."""
        reading = self.head.chosen_reading
        if reading is None:
            self.message.emit(NO_READING)
        elif self.report.writing:
            self.message.emit(STILL_WRITING)
        else:
            self.report_asked.emit(reading)

    def _load_plots(self, then: Callable[[object], None]) -> None:
        """Load pyqtgraph off the window's thread, which would stand still meanwhile."""
        self._session.compute(lambda: importlib.import_module("pyqtgraph"), then)

    def _focus_content(self) -> None:
        if self.hasFocus() and self.state.shows_content:
            self.head.reading.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        if not self._session.is_loaded:
            return
        self._stale = False
        viewer = None if self._session.reader is None else self._session.reader.id
        self._session.ask(
            lambda library: library.readings(viewer),
            self._on_readings,
            lane="readings to measure",
            failed=lambda sentence: self.state.show_failed(sentence, retry=self._read),
        )

    def _on_readings(self, readings: list[ReadingSummary]) -> None:
        reader = self._session.reader
        self.head.show_readings(readings, None if reader is None else reader.id)
        self.state.show_content()
        self._focus_content()
        self.measure()

    def _on_changed(self, measured: Measured) -> None:
        self._measured = measured
        if not number_of_readers(measured.counted):
            self.head.show_nothing()
            what, why = nothing_counts(measured)
            self.result.show_empty(what.rstrip("."), why)
            return
        self.head.show_agreement(measured)
        self.board.show_agreement(measured)
        self.result.show_content()

    def _on_blinded(self, _sentence: str) -> None:
        self._show_nothing()
        self.head.report.setEnabled(False)
        self.result.show_empty(BLIND, NOT_YET)

    def _on_failed(self, sentence: str) -> None:
        self._show_nothing()
        self.result.show_failed(sentence, retry=self.measure)

    def _show_nothing(self) -> None:
        self._measured = None
        self.head.show_nothing()

    def _open(self, patches: tuple[int, ...], title: str, tells_calls: bool) -> None:
        if tells_calls:
            self.calls_told.emit(patches)
        self.open_patches.emit(PatchQuery(ids=patches), title)

    def _on_report_asked(self, reading: int) -> None:
        self.report.ask(reading, self.head.reading_name, self.head.chosen_rule)

    def _connect(self) -> None:
        self.jobs.changed.connect(self._on_changed)
        self.jobs.blinded.connect(self._on_blinded)
        self.jobs.failed.connect(self._on_failed)
        self.jobs.progressed.connect(self._on_progressed)
        self.jobs.undrawn.connect(self.head.show_undrawn)
        self.head.chosen.connect(self.measure)
        self.head.drawing_toggled.connect(self.toggle_drawing)
        self.head.report.clicked.connect(lambda: self.ask_report())
        self.board.opened.connect(self._open)
        self.report_asked.connect(self._on_report_asked)

    def _on_progressed(self, done: int, total: int) -> None:
        if self.jobs.drawing and done < total:
            self.head.show_progress(done, total)
