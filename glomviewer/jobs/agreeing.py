"""How well readers agree, worked out off the window's thread: at once, then with intervals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.agreement.bootstrap import Bootstrap, Stopped
from glomviewer.domain.agreement.ratings import RatingTable
from glomviewer.domain.agreement.rule import DEFAULT_RULE, UnsureRule
from glomviewer.jobs.measured_agreement import Measured, Reading
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, TaskControl
from glomviewer.store.errors import Refused
from glomviewer.store.library import Library

AT_ONCE = 60_000
"""Patches times readers whose intervals take less than a second: no place in the status bar."""

RatingsOf = Callable[[Library, Reading], RatingTable]
Key = tuple[Reading, UnsureRule]


def ratings_of(library: Library, reading: Reading) -> RatingTable:
    return library.ratings(reading)


class AgreementJobs(QObject):
    """One question at a time; a newer one replaces the one that is being worked on."""

    changed = Signal(object)
    """The Measured of what was asked for last, without intervals and then with them."""
    blinded = Signal(str)
    """The library tells nothing to a reader who still reads; its sentence."""
    progressed = Signal(int, int)
    """Bootstrap draws done, and in all."""
    undrawn = Signal()
    """The intervals of what was asked for last were cancelled; `draw` draws them after all."""
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        *,
        ratings: RatingsOf = ratings_of,
        at_once: int = AT_ONCE,
    ) -> None:
        super().__init__(parent or session)
        self._session, self._ratings, self._at_once = session, ratings, at_once
        self._table: tuple[Reading, RatingTable] | None = None
        self._kept: dict[Key, Measured] = {}
        self._wanted: Key | None = None
        self._stop = threading.Event()
        self._stop.set()
        session.when_closing(self.stop)

    def measure(self, reading: Reading, rule: UnsureRule = DEFAULT_RULE) -> None:
        """Work it out; `changed`, `blinded` or `failed` follows."""
        self.stop()
        self._wanted = key = (reading, rule)
        if key in self._kept:
            self._tell(self._kept[key])
            return
        labels, ratings = self._session.label_set, self._ratings
        known = None
        if self._table is not None and self._table[0] == reading:
            known = self._table[1]

        def work(library: Library) -> Measured | Refused:
            try:
                table = ratings(library, reading) if known is None else known
            except Refused as refusal:
                return refusal
            return Measured.of(reading, table, labels, rule)

        self._session.ask(
            work,
            partial(self._on_measured, key),
            lane="agreement",
            failed=partial(self._on_failed, key),
        )

    def draw(self) -> None:
        """Draw the intervals that were cancelled."""
        measured = None if self._wanted is None else self._kept.get(self._wanted)
        if measured is not None and not measured.summary.draws:
            self._draw(measured)

    def stop(self) -> None:
        """Draw no further; nobody is told."""
        self._stop.set()

    def cancel(self) -> None:
        """Draw no further; `undrawn` tells it."""
        if not self._stop.is_set():
            self._stop.set()
            self.undrawn.emit()

    @property
    def drawing(self) -> bool:
        return not self._stop.is_set()

    def forget(self) -> None:
        """What is kept is no longer so: somebody has decided, or a model has changed."""
        self.stop()
        self._kept.clear()
        self._table = None
        self._wanted = None

    def _on_measured(self, key: Key, found: Measured | Refused) -> None:
        if key != self._wanted:
            return
        if isinstance(found, Refused):
            self.blinded.emit(str(found))
            return
        if self._table is None or self._table[0] != found.reading:
            # One reading at a time: tables of a million patches are not to be collected.
            self._kept.clear()
            self._table = (found.reading, found.counted.table)
        self._kept[key] = found
        self._tell(found)

    def _on_failed(self, key: Key, sentence: str) -> None:
        if key == self._wanted:
            self.failed.emit(sentence)

    def _tell(self, measured: Measured) -> None:
        self.changed.emit(measured)
        if not measured.summary.draws and measured.summary.patches:
            self._draw(measured)

    def _draw(self, measured: Measured) -> None:
        self.stop()
        self._stop = stop = threading.Event()
        if measured.cells <= self._at_once:
            plan = Bootstrap(progress=self._report, cancelled=stop.is_set)
            self._session.compute(
                partial(_drawn, measured, plan),
                partial(self._on_drawn, stop),
                lane="intervals of agreement",
            )
            return

        def long_work(control: TaskControl) -> str:
            def report(done: int, total: int) -> None:
                control.progress(done, total, "drawing cases")
                self._report(done, total)

            plan = Bootstrap(
                progress=report, cancelled=lambda: stop.is_set() or control.cancelled()
            )
            found = _drawn(measured, plan)
            if found is None:
                raise Cancelled
            self._session.post(lambda: self._on_drawn(stop, found))
            return "The intervals of agreement are drawn."

        task = self._session.tasks.start("Intervals of agreement", long_work, kind="agreement")
        task.cancelled.connect(partial(self._on_cancelled, stop))

    def _report(self, done: int, total: int) -> None:
        self._session.post(lambda: self.progressed.emit(done, total))

    def _on_drawn(self, stop: threading.Event, found: Measured | None) -> None:
        if stop is not self._stop or stop.is_set() or found is None:
            return
        stop.set()
        key = found.reading, found.counted.rule.rule
        self._kept[key] = found
        if key == self._wanted:
            self.changed.emit(found)

    def _on_cancelled(self, stop: threading.Event) -> None:
        """The reader's doing, unless what was drawn is no longer wanted."""
        if stop is self._stop and not stop.is_set():
            self.cancel()


def _drawn(measured: Measured, plan: Bootstrap) -> Measured | None:
    try:
        return measured.with_intervals(plan)
    except Stopped:
        return None
