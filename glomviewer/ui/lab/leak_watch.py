"""Keeps the card of leaks true to the data while the page is looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject

from glomviewer.jobs.lab_jobs import LabJobs
from glomviewer.jobs.leak_search import LeakReport
from glomviewer.ui.lab.lab_state import LabState
from glomviewer.ui.lab.leaks_card import LeaksCard

MOST_UNASKED = 20_000
"""Patches beyond which a search takes so long that it waits to be asked for."""


class LeakWatch(QObject):
    """Looks by itself once for each state of the data, and whenever it is asked to."""

    def __init__(self, jobs: LabJobs, card: LeaksCard) -> None:
        super().__init__(card)
        self._jobs, self._card = jobs, card
        self._stale, self._possible = True, False
        jobs.leaks_known.connect(self._on_known)
        jobs.leaks_failed.connect(self._on_failed)
        card.look_asked.connect(self.look)

    def data_changed(self) -> None:
        self._stale = True
        self._card.show_stale()

    def show_possible(self, possible: bool) -> None:
        """Whether there is a Python to look with, and something to look at."""
        self._possible = possible
        self._card.show_possible(possible and self._jobs.leaks_task is None)

    def look_if_new(self, state: LabState) -> None:
        """On a page that is on the screen, with what the library holds now."""
        if self._stale and self._possible and 0 < state.labelled <= MOST_UNASKED:
            self.look()

    def look(self) -> None:
        if self._possible and self._jobs.leaks_task is None:
            self._stale = False
            self._card.show_looking()
            self._jobs.look_for_leaks()

    def _on_known(self, report: LeakReport) -> None:
        self._card.show_report(report)
        self._card.show_possible(self._possible)
        if self._stale:
            self._card.show_stale()

    def _on_failed(self, sentence: str) -> None:
        self._card.show_failed(sentence)
        self._card.show_possible(self._possible)
