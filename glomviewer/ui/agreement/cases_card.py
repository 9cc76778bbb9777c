"""The cases, most disputed first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from glomviewer.domain.agreement.by_case import CaseAgreement
from glomviewer.domain.agreement.parties import patches_of_case
from glomviewer.jobs.agreement_words import kappa_of
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.ui.agreement.cases_table import CasesTable
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.texts import Secondary

REMARK = (
    "Intervals are drawn by cases, so that one case by itself has none. Enter or a double-click "
    "opens the patches of a case, on “differ” only those on which readers differ."
)


class CasesCard(Card):
    opened = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Case by case", parent)
        self.table = CasesTable()
        self.remark = Secondary()
        self.body.addWidget(self.table)
        self.body.addWidget(self.remark)
        self._measured: Measured | None = None
        self.table.opened.connect(self._open)

    def show_agreement(self, measured: Measured) -> bool:
        """Whether there is anything to show."""
        if self._measured is None or self._measured.summary.cases is not measured.summary.cases:
            self.table.show_cases(measured.summary.cases)
        self._measured = measured
        kappa = kappa_of(measured.summary.everyone).words
        self.remark.say(f"{REMARK} Kappa is {kappa}.")
        return bool(measured.summary.cases)

    def _open(self, case: CaseAgreement, only_disputed: bool) -> None:
        if self._measured is None:
            return
        found = patches_of_case(self._measured.counted, case.case, disputed=only_disputed)
        title = f"{case.case}: readers differ" if only_disputed else case.case
        self.opened.emit(tuple(found.tolist()), title)
