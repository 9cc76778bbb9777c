"""The figures on the locked set, which are shown on request only, each request counted."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.thresholds.counts import Intervals
from glomviewer.jobs.threshold_desk import SEEN_UNKNOWN, Desk, LockedFigures, set_in_words
from glomviewer.ui.threshold_desk.figures_card import FiguresTable
from glomviewer.ui.threshold_desk.wording import (
    locked_ask,
    locked_left_out,
    looked_text,
    threshold_text,
)
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.texts import Body, Secondary


class LockedPanel(QWidget):
    """`look_asked` is a request; `cells_opened` is that of the figures."""

    look_asked = Signal()
    cells_opened = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk: Desk | None = None
        self.sentence, self.at, self.left_out = Body(), Secondary(), Secondary()
        self.look = QPushButton("Look at it")
        self.figures = FiguresTable("Figures on the locked set", narrow=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        top = row(self.look)
        top.insertWidget(0, self.sentence, 1)
        column.addLayout(top)
        for widget in (self.at, self.figures, self.left_out):
            column.addWidget(widget)
        column.addStretch(1)
        self.look.setAccessibleName("Look at the figures on the locked set")
        self.look.clicked.connect(lambda: self.look_asked.emit())
        self.figures.opened.connect(self.cells_opened)
        self.forget()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As high as its texts are at its width: a stack of pages asks for no height by width."""
        width = super().minimumSizeHint().width()
        layout = self.layout()
        assert layout is not None
        return QSize(width, layout.totalMinimumHeightForWidth(max(width, self.width())))

    def show_desk(self, desk: Desk, *, writable: bool) -> None:
        self._desk = desk
        self._say_looks()
        self.look.setVisible(desk.seen_known)
        self.look.setEnabled(writable and desk.locked > 0)

    def show_figures(self, locked: LockedFigures, threshold: float, intervals: Intervals) -> None:
        scores = locked.scores
        where = set_in_words("locked", scores)
        self.at.say(f"At the threshold {threshold_text(threshold)}, on {where}.")
        self.figures.show_counts(scores.counts(threshold), intervals, settling=False)
        self.figures.show()
        self.left_out.say(locked_left_out(locked))
        self._say_looks()

    def forget(self) -> None:
        """The line has moved, or another model came: what was seen is no longer about it."""
        self.at.say("")
        self.left_out.say("")
        self.figures.hide()
        self._say_looks()

    def _say_looks(self) -> None:
        desk = self._desk
        if desk is None:
            return
        if not desk.seen_known:
            self.sentence.setText(SEEN_UNKNOWN)
        elif self.figures.isVisibleTo(self):
            self.sentence.setText(looked_text(desk.looks))
        else:
            self.sentence.setText(locked_ask(desk.locked, desk.looks))
