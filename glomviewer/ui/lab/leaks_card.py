"""What was found by looking for leaks, each finding a sentence that opens its patches."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from glomviewer.jobs.leak_search import Leak, LeakReport
from glomviewer.ui.lab.fold import Fold
from glomviewer.ui.lab.wording import (
    SEVERITY_WORDS,
    checked_lines,
    leaks_headline,
    open_text,
)
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.lines import horizontal_line
from glomviewer.ui.widgets.texts import Body, Headline, Secondary, Warn

SHOWN_AT_FIRST = 5
NOT_YET = "Not looked for yet"
WHAT_IT_IS = (
    "A case on both sides, a picture that is there twice, or a class that goes with a slide makes "
    "figures look better than they are."
)


class LeaksCard(Card):
    """`opened` carries a Leak; `look_asked` that a reader wants to know now."""

    opened = Signal(object)
    look_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Leaks", parent)
        self.headline, self.line = Headline(NOT_YET), Secondary(WHAT_IT_IS)
        self.trouble = Warn()
        self.look = QPushButton("Look for leaks")
        self.look.clicked.connect(self.look_asked)
        top = row(self.look)
        top.insertWidget(0, self.headline, 1)
        self.body.addLayout(top)
        self.body.addWidget(self.trouble)
        self.findings = QWidget()
        self._rows = QVBoxLayout(self.findings)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.more = QPushButton()
        self.more.setProperty("role", "small")
        self.more.clicked.connect(self._show_all)
        self.body.addWidget(self.findings)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.line)
        self.checked = Secondary()
        self.checked.setContentsMargins(20, 8, 0, 0)
        self.what = Fold("What was looked for", lambda: self.checked)
        self.body.addWidget(self.what)
        self.what.hide()
        self.open_buttons: list[QPushButton] = []
        self._report: LeakReport | None = None
        self.trouble.hide()
        self.findings.hide()
        self.more.hide()

    def show_looking(self) -> None:
        """A search is under way; what was found before stays until it has ended."""
        self.look.setEnabled(False)
        self.trouble.say("")
        if self._report is None:
            self.headline.setText("Looking for leaks…")

    def show_report(self, report: LeakReport) -> None:
        self._report = report
        self.look.setEnabled(True)
        self.headline.setText(leaks_headline(report))
        self.trouble.say("")
        self.line.say("" if report.leaks else WHAT_IT_IS)
        self.checked.setText(checked_lines(report))
        self.what.setVisible(bool(report.checked))
        self._show(report.leaks[:SHOWN_AT_FIRST])
        hidden = len(report.leaks) - SHOWN_AT_FIRST
        self.more.setVisible(hidden > 0)
        self.more.setText(f"Show {hidden:,} more")

    def show_failed(self, sentence: str) -> None:
        """`sentence` is empty where the reader has cancelled the search."""
        self.look.setEnabled(True)
        self.trouble.say(sentence)
        if self._report is None:
            self.headline.setText("Not looked for" if sentence else NOT_YET)

    def show_stale(self) -> None:
        """The data are no longer those that were looked over."""
        if self._report is not None:
            self.line.say("The data have changed since; look again to be sure.")

    def show_possible(self, possible: bool) -> None:
        self.look.setEnabled(possible)

    def _show_all(self) -> None:
        if self._report is not None:
            self._show(self._report.leaks)
            self.more.hide()

    def _show(self, leaks: tuple[Leak, ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.open_buttons = []
        for number, leak in enumerate(leaks):
            if number:
                self._rows.addWidget(horizontal_line())
            self._rows.addWidget(self._finding(leak))
        self.findings.setVisible(bool(leaks))

    def _finding(self, leak: Leak) -> QWidget:
        finding = QWidget()
        grid = QGridLayout(finding)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        word = SEVERITY_WORDS[leak.severity]
        said = Warn(word) if leak.severity == "refuse" else Secondary(word)
        grid.addWidget(said, 0, 0)
        grid.addWidget(Body(leak.sentence), 1, 0)
        if leak.patches:
            button = QPushButton(open_text(leak))
            button.setAccessibleName(f"{open_text(leak)}: {leak.sentence}")
            button.clicked.connect(partial(self.opened.emit, leak))
            grid.addWidget(button, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            self.open_buttons.append(button)
        return finding
