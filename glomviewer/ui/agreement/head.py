"""What is measured, by which rule, and what a colleague would say of it first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.agreement.rule import DEFAULT_RULE, UnsureRule
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs.agreement_words import (
    RULE_NAMES,
    basis,
    headline,
    intervals_sentence,
    rule_sentence,
)
from glomviewer.jobs.measured_agreement import Measured, Reading
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Headline, Secondary

ALL_LABELS = "All labels of the library"
ALL = -1
ROOM_FOR_READING = 220
UNDRAWN = "No intervals: drawing cases for them was stopped. The figures are as they were."
LEFT_OUT = "What you still read independently is left out."


class _Beside(Secondary):
    """Between two choosers, on one line."""

    wraps = False


class Head(QWidget):
    """`chosen` follows a choice of the reading or of the rule."""

    chosen = Signal()
    drawing_toggled = Signal()
    """Stop drawing intervals, or draw them after all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What is measured")
        self.reading, self.rule = Chooser("Reading"), Chooser("Cannot tell, not a glomerulus")
        self.reading.setMinimumWidth(ROOM_FOR_READING)
        for rule in UnsureRule:
            self.rule.addItem(RULE_NAMES[rule], rule)
        self.rule.choose(DEFAULT_RULE)
        self.report = QPushButton("Report…")
        self.headline, self.basis, self.counted = Headline(), Secondary(), Secondary()
        self.intervals = Secondary()
        self.draw = QPushButton("Stop")
        self.draw.setProperty("role", "small")
        self.draw.clicked.connect(lambda: self.drawing_toggled.emit())
        self._layout()
        self.reading.activated.connect(lambda _: self.chosen.emit())
        self.rule.activated.connect(lambda _: self.chosen.emit())
        self._still_reading = False
        self.show_nothing()

    def _layout(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(4)
        layout.addLayout(
            row(
                self.reading,
                _Beside("with “cannot tell” and “not a glomerulus”"),
                self.rule,
                1,
                self.report,
            )
        )
        layout.addSpacing(4)
        for text in (self.headline, self.basis, self.counted):
            layout.addWidget(text)
        line = row(self.draw, 1)
        line.insertWidget(0, self.intervals, 0, Qt.AlignmentFlag.AlignVCenter)
        self.intervals.setWordWrap(False)
        layout.addLayout(line)

    @property
    def chosen_reading(self) -> Reading:
        data = self.reading.currentData()
        return None if data is None or data == ALL else int(data)

    @property
    def chosen_rule(self) -> UnsureRule:
        return UnsureRule(self.rule.currentData())

    @property
    def reading_name(self) -> str:
        return self.reading.currentText()

    def choose_next_rule(self) -> None:
        self.rule.setCurrentIndex((self.rule.currentIndex() + 1) % self.rule.count())
        self.chosen.emit()

    def choose_reading(self, reading: Reading) -> None:
        self.reading.choose(ALL if reading is None else reading)
        self.chosen.emit()

    def show_readings(self, readings: Sequence[ReadingSummary], viewer: int | None) -> None:
        """Offer these; what was chosen stays, else the newest in which two have read and that
        this reader may look into."""
        kept = self.reading.currentData()
        self.reading.clear()
        for one in readings:
            self.reading.addItem(one.name, one.id)
        self.reading.addItem(ALL_LABELS, ALL)
        open_to = [one.id for one in readings if not reads_blind(one, viewer)]
        self._still_reading = len(open_to) < len(readings)
        self.reading.setCurrentIndex(self.reading.count() - 1)
        if kept is None and open_to:
            read = {one.id: sum(own.done > 0 for own in one.readers) for one in readings}
            # Two have to have read before there is anything to agree on.
            kept = max(open_to, key=lambda reading: (min(read[reading], 2), reading))
        if kept is not None:
            self.reading.choose(kept)
        self.reading.updateGeometry()

    def show_nothing(self) -> None:
        """Nothing is known yet, or may be told."""
        for text in (self.headline, self.basis, self.counted):
            text.say("")
        self._say_intervals("")

    def show_agreement(self, measured: Measured) -> None:
        self.headline.say(headline(measured))
        left_out = LEFT_OUT if self._still_reading else ""
        self.basis.say(f"{basis(measured)} {left_out}".strip())
        self.counted.say(rule_sentence(measured.summary))
        if measured.summary.draws:
            self._say_intervals(intervals_sentence(measured.summary))

    def show_progress(self, done: int, total: int) -> None:
        share = 100 * done // total if total else 0
        self._say_intervals(f"Drawing cases for the intervals: {share} %", verb="Stop")

    def show_undrawn(self) -> None:
        self._say_intervals(UNDRAWN, verb="Draw them")

    def _say_intervals(self, text: str, verb: str = "") -> None:
        self.intervals.say(text)
        self.draw.setText(verb)
        self.draw.setAccessibleName(f"{verb} the intervals" if verb else "")
        self.draw.setVisible(bool(verb))


def reads_blind(reading: ReadingSummary, viewer: int | None) -> bool:
    """Whether this reader is not through with it yet, and is to know nothing of it before."""
    own = None if viewer is None else reading.progress_of(viewer)
    if own is None or reading.is_closed:
        return False
    return reading.protocol.independent and own.finished is None
