"""Which patches the grid lists: the query in force, its answers, and the reader's place in it."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.patch_table import IntArray
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.review.case_counts import case_counts
from glomviewer.ui.review.filter_bar import FilterBar
from glomviewer.ui.review.grid import PatchGrid
from glomviewer.ui.review.header import Header
from glomviewer.ui.review.leaving import still_within
from glomviewer.ui.review.queue_panel import QueuePanel
from glomviewer.ui.review.view_memory import Place, ViewMemory
from glomviewer.ui.review.words import FIRST_ORDER, title_of

COUNTS_PAUSE_MS = 60
"""Counts are asked for once after a run of keys, not at each."""
FEW = 30
"""Up to here looking for each patch is quicker than sorting a list of a million."""


class Listing(QObject):
    """Keeps queues, header, filters and grid on one query."""

    query_changed = Signal(object)
    listed = Signal(int)
    """The grid shows another list, of so many patches."""

    def __init__(
        self,
        session: Session,
        queues: QueuePanel,
        header: Header,
        filter_bar: FilterBar,
        grid: PatchGrid,
    ) -> None:
        super().__init__(grid)
        self._session = session
        self._queues, self._header, self._filter_bar, self._grid = queues, header, filter_bar, grid
        self.query = PatchQuery()
        self.queues = tuple(Queue)
        self.given_title = ""
        self._saved_as = ""
        self._filters: dict[str, PatchQuery] = {}
        self._left: set[int] = set()
        self._memory = ViewMemory()
        self._restoring: Place | None = None
        self._from_here_on: IntArray | None = None
        self._counts_timer = QTimer(self)
        self._counts_timer.setSingleShot(True)
        self._counts_timer.setInterval(COUNTS_PAUSE_MS)
        self._counts_timer.timeout.connect(self._ask_counts)
        queues.queue_picked.connect(self.open_queue)
        queues.case_picked.connect(self._on_case_picked)
        queues.range_changed.connect(self._on_range_changed)
        queues.text_changed.connect(self._on_text_changed)
        queues.filter_picked.connect(self._on_filter_picked)
        queues.filter_deleted.connect(self._on_filter_deleted)
        header.query_chosen.connect(self.change)
        header.refresh_asked.connect(self.refresh)
        filter_bar.query_chosen.connect(self.change)
        grid.selection_changed.connect(self._show_count)

    @property
    def title(self) -> str:
        return self.given_title or self._saved_as or title_of(self.query)

    @property
    def left(self) -> set[int]:
        """Patches that stand in the list though they have left the queue."""
        return self._left

    def open(self, query: PatchQuery, title: str = "", *, saved_as: str = "") -> None:
        """List these patches; `title` stands in for the queue's name."""
        self._memory.keep(self.query, self.place())
        self._restoring = self._memory.place(query) or Place(self._grid.current_patch, -1)
        self._take(query, title, saved_as)
        self.ask()

    def open_queue(self, queue: Queue) -> None:
        """List a queue in its own order; the one in view is read anew."""
        if queue is self.query.queue and not self.query.restricts and not self.given_title:
            self.refresh()
            return
        order = FIRST_ORDER.get(queue)
        query = PatchQuery(queue=queue) if order is None else PatchQuery(queue=queue, sort=order)
        self.open(query)

    def change(self, query: PatchQuery) -> None:
        """Narrow or widen what is listed, in place."""
        if query != self.query:
            self.open(query, self.given_title if query.ids is not None else "")

    def refresh(self) -> None:
        """Read the list anew: what has left it goes, and the reader stays where he was."""
        if self._restoring is None:
            current = self._grid.selection.current
            self._from_here_on = None if current is None else self._grid.ids[current:].copy()
            self._restoring = self.place()
        self.ask()

    def restore(self, query: PatchQuery, title: str, place: Place) -> None:
        """Start where the reader was; `ask` follows once the library has been read."""
        self._take(query, title, "")
        self._restoring = place

    @property
    def restoring(self) -> Place | None:
        """Where to stand once the list is there."""
        return self._restoring

    def place(self) -> Place:
        return Place(self._grid.current_patch, self._grid.verticalScrollBar().value())

    def ask(self) -> None:
        """Ask for the list and for everything that is told beside it."""
        if not self._session.is_loaded:
            return
        self._session.select(self.query, self._on_selected, lane="review")
        self._session.histogram(self.query, self._queues.show_histogram)
        if self.query.cases:
            without_case = self.query.with_(cases=())
            self._session.select(without_case, self._on_case_ids, lane="review cases")
        self._counts_timer.start()

    def ask_filters(self) -> None:
        self._session.ask(
            lambda library: library.saved_filters(), self._on_filters, lane="saved filters"
        )

    def take_changes(self, changes: Changes) -> None:
        """Note what has left the list; only what nobody can name makes it read anew."""
        decided = changes.labels or changes.flags or changes.exclusions
        if changes.all_patches or (changes.exclusions and not changes.patches):
            self.refresh()
        elif changes.patches and decided:
            self._note_what_left(set(changes.patches))
        if changes.predictions or changes.active_model or changes.threshold:
            self._session.histogram(self.query, self._queues.show_histogram)
        if changes.settings:
            self.ask_filters()
        self._counts_timer.start()

    def _take(self, query: PatchQuery, title: str, saved_as: str) -> None:
        self.query, self.given_title, self._saved_as = query, title, saved_as
        self._header.show_query(query, self.title)
        self._filter_bar.show_query(query)
        self._queues.show_query(query, saved_as)
        self.query_changed.emit(query)

    def _on_selected(self, ids: IntArray) -> None:
        self._left = set()
        place, self._restoring = self._restoring, None
        current = place.current if place is not None else None
        if self._from_here_on is not None:
            still = self._from_here_on[np.isin(self._from_here_on, ids)]
            current = int(still[0]) if len(still) else current
            self._from_here_on = None
        grid = self._grid
        grid.show_patches(ids, current=current)
        if place is not None and place.scroll >= 0:
            grid.verticalScrollBar().setValue(place.scroll)
        if grid.selection.current is not None:
            grid.show_place(grid.selection.current)
        elif len(ids):
            if place is None or place.scroll < 0:
                grid.verticalScrollBar().setValue(0)
            grid.go_to(grid.visible_places().start)
        self._show_count()
        if not self.query.cases:
            self._on_case_ids(ids)
        self.listed.emit(len(ids))

    def _on_case_ids(self, ids: IntArray) -> None:
        table = self._session.table
        self._session.compute(
            lambda: case_counts(table, ids), self._queues.show_cases, lane="review case counts"
        )

    def _ask_counts(self) -> None:
        self._session.queue_counts(self._queues.show_queue_counts)

    def _on_filters(self, filters: dict[str, PatchQuery]) -> None:
        self._filters = filters
        self._queues.show_filters(list(filters))

    def _note_what_left(self, changed: set[int]) -> None:
        within = still_within(self._session.table, self._session.label_set, self.query, changed)
        gone = changed - within
        if len(gone) > FEW:
            listed = set(np.intersect1d(list(gone), self._grid.ids).tolist())
        else:
            listed = {patch for patch in gone if self._grid.place_of(patch) is not None}
        self._left = (self._left - within) | listed
        self._grid.set_left_queue(self._left)
        self._show_count()

    def _show_count(self) -> None:
        self._header.show_count(len(self._grid.ids), len(self._grid.selection), len(self._left))

    def _on_case_picked(self, case: str, adding: bool) -> None:
        cases = self.query.cases
        if case in cases:
            cases = tuple(other for other in cases if other != case)
        else:
            cases = (*cases, case) if adding else (case,)
        self.change(self.query.with_(cases=cases))

    def _on_range_changed(self, chosen: tuple[float, float] | None) -> None:
        self.change(self.query.with_(probability=chosen))

    def _on_text_changed(self, text: str) -> None:
        self.change(self.query.with_(text=text))

    def _on_filter_picked(self, name: str) -> None:
        if name in self._filters:
            self.open(self._filters[name], saved_as=name)

    def _on_filter_deleted(self, name: str) -> None:
        self._session.run(partial(operations.delete_filter, name=name))
