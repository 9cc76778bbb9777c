"""What a training would use, and what stays out of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.ui.lab.lab_state import LabState
from glomviewer.ui.lab.split_bars import SplitBars
from glomviewer.ui.lab.wording import LeftOut, left_out
from glomviewer.ui.widgets import corrections
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.texts import Headline, Secondary, Warn


class DataCard(Card):
    """`opened` carries a PatchQuery and what it shows."""

    opened = Signal(object, str)

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__("Data", parent)
        self._labels = labels
        self.headline = Headline("Counting…")
        self.bars = SplitBars(labels)
        self.left_out_title = Secondary("Left out; each opens its patches:")
        self.left_out_line = QWidget()
        self._flow = FlowLayout(self.left_out_line, gap=8)
        self.buttons: list[QPushButton] = []
        self._shown: list[LeftOut] | None = None
        self.shown_calls, self.warnings = Secondary(), Warn()
        for widget in (
            self.headline,
            self.bars,
            self.left_out_title,
            self.left_out_line,
            self.shown_calls,
            self.warnings,
        ):
            self.body.addWidget(widget)

    def show_state(self, state: LabState) -> None:
        counts = state.counts
        self.headline.setText(corrections.headline(counts, state.active))
        self.bars.show_counts(counts)
        self._show_left_out(left_out(counts, self._labels))
        self.shown_calls.say(corrections.shown_calls(counts))
        self.warnings.say(" ".join(counts.warnings))

    def _show_left_out(self, reasons: list[LeftOut]) -> None:
        if reasons == self._shown:
            return
        self._shown = reasons
        self._flow.clear()
        self.buttons = [self._button(one) for one in reasons]
        for button in self.buttons:
            self._flow.addWidget(button)
        self.left_out_title.setText(
            "Left out; each opens its patches:" if reasons else "Nothing is left out."
        )
        self.left_out_line.setVisible(bool(reasons))

    def _button(self, one: LeftOut) -> QPushButton:
        button = QPushButton(f"{one.number:,} {one.reason}")
        button.setAccessibleName(f"Open {one.number:,} {one.reason}")
        button.setEnabled(one.query is not None)
        if one.query is not None:
            button.clicked.connect(partial(self._open, one.query, one.reason))
        return button

    def _open(self, query: PatchQuery, reason: str) -> None:
        self.opened.emit(query, f"Left out of training: {reason}")
