"""What the page that compares models asks for, off the window's thread and kept once known."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.comparison.bootstrap import DRAWS, Figures, Progress, with_intervals
from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.comparison.details import Details, details_of
from glomviewer.domain.comparison.scored import Compared
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.comparing import Comparison, count_comparison_look, read_comparison
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, TaskControl

AT_ONCE = 20_000_000
"""Draws times patches that take no longer than a second or two: no place in the status bar."""

Key = tuple[str, str, PatchSet, float, float]


@dataclass(slots=True)
class Shown:
    """A comparison as far as it is known. `may_be_seen` unless it is of the locked set and no
    look was counted; `figures` have their intervals once these are drawn."""

    comparison: Comparison
    may_be_seen: bool
    details: Details | None = None
    figures: Figures | None = None


class ComparisonJobs(QObject):
    """One comparison at a time; a newer one replaces the one that is being worked on."""

    changed = Signal(object)
    """The Shown of the comparison asked for last, each time that more of it is known."""
    progressed = Signal(int, int)
    """Bootstrap draws done, and in all."""
    undrawn = Signal()
    """The intervals of the comparison asked for last were cancelled; comparing anew draws them."""
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        *,
        prepare: Callable[[], object] | None = None,
    ) -> None:
        """`prepare` is done beside the window's thread before details are told, such as loading
        what they are drawn with."""
        super().__init__(parent or session)
        self._session, self._prepare = session, prepare
        self._kept: dict[Key, Shown] = {}
        self._wanted: Key | None = None
        self._looking: set[Key] = set()
        self._stop = threading.Event()
        session.when_closing(self._stop_drawing)

    def compare(self, first: ModelRecord, second: ModelRecord, among: PatchSet) -> None:
        """Read two models on a set of patches; `changed` or `failed` follows. Of the locked set
        only what can be said without a look."""
        self._stop_drawing()
        self._wanted = key = _key(first, second, among)
        kept = self._kept.get(key)
        if kept is not None and _titles(kept.comparison) == f"{second.title} and {first.title}":
            self._go_on(key)
            return
        table = self._session.table
        self._session.ask(
            lambda library: read_comparison(
                library, table, first=first.id, second=second.id, among=among
            ),
            partial(self._on_read, key),
            lane="comparison",
            failed=self._on_unread,
        )

    def look(self, reader: int) -> None:
        """Count a look at the locked set, then show it. One that is under way is not counted
        again; one that could not be counted may be asked for again."""
        key = self._wanted
        if key is None or key not in self._kept or key in self._looking:
            return
        self._looking.add(key)
        count = partial(count_comparison_look, first=key[0], second=key[1], reader=reader)
        self._session.run(
            count, done=partial(self._on_looked, key), failed=partial(self._on_not_looked, key)
        )

    def forget(self) -> None:
        """What is kept is no longer so: labels, predictions or splits have changed."""
        self._stop_drawing()
        self._kept.clear()
        self._wanted = None

    def _on_read(self, key: Key, comparison: Comparison) -> None:
        if key != self._wanted:
            return
        kept = self._kept.get(key)
        if kept is None:
            self._kept[key] = Shown(comparison, may_be_seen=key[2] is PatchSet.FREE)
        else:
            # Only what its sentences are about has changed, such as a name.
            kept.comparison = comparison
        self._go_on(key)

    def _on_unread(self, sentence: str) -> None:
        self.failed.emit(sentence)

    def _on_looked(self, key: Key, _changes: Changes) -> None:
        self._looking.discard(key)
        shown = self._kept.get(key)
        if shown is not None:
            # What is counted may be seen, even where the number of looks can't be read.
            shown.may_be_seen = True
            self._session.ask(
                lambda library: library.looks(), partial(self._on_counted, key), lane="looks"
            )

    def _on_not_looked(self, key: Key, sentence: str) -> None:
        self._looking.discard(key)
        self._session.failed.emit(sentence)

    def _on_counted(self, key: Key, looks: int) -> None:
        shown = self._kept.get(key)
        if shown is not None:
            shown.comparison = replace(shown.comparison, looks=looks)
            if key == self._wanted:
                self._work_out(key)

    def _go_on(self, key: Key) -> None:
        """Tell what is known, and work out what is missing: it may have been left before."""
        self._work_out(key)
        self._tell(key)

    def _work_out(self, key: Key) -> None:
        shown = self._kept[key]
        compared = shown.comparison.compared
        if shown.may_be_seen and shown.details is None and compared is not None:
            self._session.compute(
                partial(_details, compared, self._prepare),
                partial(self._on_details, key),
                lane="comparison",
            )

    def _on_details(self, key: Key, details: Details) -> None:
        shown = self._kept.get(key)
        if shown is not None:
            shown.details = details
            if key == self._wanted:
                self._tell(key)

    def _tell(self, key: Key) -> None:
        shown = self._kept[key]
        self.changed.emit(shown)
        compared = shown.comparison.compared
        if shown.details is not None and shown.figures is None and compared is not None:
            self._draw(key, shown.comparison, compared)

    def _draw(self, key: Key, comparison: Comparison, compared: Compared) -> None:
        self._stop = stop = threading.Event()
        if len(compared) * DRAWS <= AT_ONCE:
            work = partial(_drawn, compared, stop, self._report)
            self._session.compute(work, partial(self._on_drawn, key), lane="intervals")
            return

        def long_work(control: TaskControl) -> str:
            def report(done: int, total: int) -> None:
                control.progress(done, total, "drawing cases")
                control.check()
                self._report(done, total)

            figures = _drawn(compared, stop, report)
            if figures is None:
                raise Cancelled
            self._session.post(lambda: self._on_drawn(key, figures))
            return f"{_titles(comparison)} are compared, with intervals."

        task = self._session.tasks.start(
            f"Intervals of {_titles(comparison)}", long_work, kind="comparison"
        )
        task.cancelled.connect(partial(self._on_cancelled, stop))

    def _on_cancelled(self, stop: threading.Event) -> None:
        """The reader's doing, unless what was drawn is no longer wanted."""
        if stop is self._stop and not stop.is_set():
            self.undrawn.emit()

    def _report(self, done: int, total: int) -> None:
        self._session.post(lambda: self.progressed.emit(done, total))

    def _on_drawn(self, key: Key, figures: Figures | None) -> None:
        shown = self._kept.get(key)
        if shown is not None and figures is not None:
            shown.figures = figures
            if key == self._wanted:
                self.changed.emit(shown)

    def _stop_drawing(self) -> None:
        self._stop.set()


def _details(compared: Compared, prepare: Callable[[], object] | None) -> Details:
    if prepare is not None:
        prepare()
    return details_of(compared)


class _Stopped(Exception):  # noqa: N818 - no error: nobody wants the intervals any more
    """Ends a bootstrap from within."""


def _drawn(compared: Compared, stop: threading.Event, report: Progress) -> Figures | None:
    def progress(done: int, total: int) -> None:
        if stop.is_set():
            raise _Stopped
        report(done, total)

    try:
        return with_intervals(compared, progress=progress)
    except _Stopped:
        return None


def _key(first: ModelRecord, second: ModelRecord, among: PatchSet) -> Key:
    return first.id, second.id, among, first.threshold, second.threshold


def _titles(comparison: Comparison) -> str:
    return f"{comparison.second.title} and {comparison.first.title}"
