"""The open library as the window sees it: a live table, writes, reads, queries and long work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.name_index import NameIndex
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.patch_select import Histogram, PatchSelect, cannot_tell_codes
from glomviewer.domain.patch_table import IntArray, ModelView, PatchTable
from glomviewer.domain.records import LockHolder, ModelRecord, Reader
from glomviewer.jobs.gui_calls import GuiCalls, receiver_alive
from glomviewer.jobs.sentences import TOLD, JobError, sentence_of
from glomviewer.jobs.store_thread import StoreThread
from glomviewer.jobs.table_refresh import Models, Refresh, TableRefresher, concerns_view
from glomviewer.jobs.tasks import Operation, TaskList

if TYPE_CHECKING:
    from glomviewer.store.library import Library

T = TypeVar("T")


class Session(QObject):
    """One open library for one window. Made and used on the window's thread only.

    Writes go through `run`, one after another on the store thread; reads through `ask`.
    """

    loaded = Signal()
    """The table is there for the first time."""
    changed = Signal(object)
    """Changes of an operation, after `table` and `active_model` have been renewed."""
    failed = Signal(str)
    """One sentence that says what went wrong and what was kept."""
    busy = Signal(bool)
    """Whether a write is outstanding: "Saving…", else "All decisions saved"."""

    def __init__(
        self, library: Library, *, reader: Reader | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.library = library
        self.label_set: LabelSet = library.label_set
        self.reader = reader
        self.table = PatchTable.empty(self.label_set.targets())
        self.active_model: ModelRecord | None = None
        self.shown_model: ModelRecord | None = None
        self.is_loaded = False
        self._calls = GuiCalls(self)
        self._store = StoreThread()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="glomviewer-read")
        self._refresher = TableRefresher(library)
        self._outstanding = 0
        self._closed = False
        self._closers: list[Callable[[], None]] = []
        self._lanes: dict[str, int] = {}
        self._names: NameIndex | None = None
        self._names_lock = threading.Lock()
        self._select = self._new_select()
        self.tasks = TaskList(self._write_and_wait, self._calls, self)

    @property
    def read_only(self) -> bool:
        return self.library.read_only

    @property
    def holder(self) -> LockHolder | None:
        return self.library.holder

    @property
    def folder(self) -> Path:
        return self.library.folder

    @property
    def saving(self) -> bool:
        return self._outstanding > 0

    def load(self) -> None:
        """Read the table; `loaded` follows, then `changed` for everything."""
        reader = self.reader.id if self.reader is not None else None
        self._on_store(
            partial(self._refresher.load, reader=reader),
            partial(self._on_refreshed, Changes(all_patches=True, models=True)),
        )

    def set_reader(self, reader: Reader | None) -> None:
        """Show the labels of this reader from now on."""
        self.reader = reader
        self._on_store(
            partial(self._refresher.load, reader=reader.id if reader is not None else None),
            partial(self._on_refreshed, Changes(all_patches=True, readers=True, undo=True)),
        )

    def show_model(self, model: str | None) -> None:
        """Show the calls of this model, None for whichever is active. Nothing is written."""
        self._refresher.shown_model = model
        self._renew_view(Changes(predictions=True, threshold=True))

    def preview_threshold(self, logit: float) -> None:
        """Show the calls that a threshold would give, at once and without writing it."""
        self.table.view.threshold = logit
        self._select = self._new_select()
        self.changed.emit(Changes(threshold=True))

    def run(self, operation: Operation, *, done: Callable[[Changes], None] | None = None) -> None:
        """Write on the store thread; `done` and `changed` follow once it is durable."""
        self._on_store(
            partial(self._apply, operation),
            lambda applied: self._on_refreshed(applied[0], applied[1], done),
            writes=True,
        )

    def ask(
        self,
        question: Callable[[Library], T],
        answer: Callable[[T], None],
        *,
        lane: str = "",
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Read off the window's thread. A newer request in the same lane replaces this one;
        `failed` gets the sentence instead of the signal."""
        self._in_pool(lambda: question(self.library), answer, lane, failed)

    def compute(
        self, work: Callable[[], T], answer: Callable[[T], None], *, lane: str = ""
    ) -> None:
        """Any other short work off the window's thread."""
        self._in_pool(work, answer, lane, None)

    def select(
        self, query: PatchQuery, answer: Callable[[IntArray], None], *, lane: str = ""
    ) -> None:
        """The ids of a query in its order."""
        select = self._select
        self._in_pool(lambda: self._with_names(select, query).ids(query), answer, lane, None)

    def queue_counts(
        self,
        answer: Callable[[dict[Queue, int]], None],
        *,
        within: PatchQuery | None = None,
        lane: str = "queue counts",
    ) -> None:
        """How many patches each queue holds, within the filters of a query where given."""
        select = self._select
        query = within or PatchQuery()
        self._in_pool(
            lambda: self._with_names(select, query).queue_counts(query), answer, lane, None
        )

    def histogram(
        self,
        query: PatchQuery,
        answer: Callable[[Histogram], None],
        *,
        bins: int = 50,
        lane: str = "histogram",
    ) -> None:
        """The calibrated probabilities within a query that this reader may know."""
        select = self._select
        self._in_pool(
            lambda: self._with_names(select, query).histogram(query, bins=bins), answer, lane, None
        )

    def post(self, call: Callable[[], None]) -> None:
        """Have a call run on the window's thread. Any thread."""
        self._calls.post(call)

    def when_closing(self, close: Callable[[], None]) -> None:
        """Have something closed with this session, before its long work is waited for."""
        self._closers.append(close)

    def close(self) -> None:
        """Cancel long work, write what is outstanding, close the library."""
        if self._closed:
            return
        self._closed = True
        self._calls.close()
        self.tasks.cancel_all()
        for close in reversed(self._closers):
            close()
        self.tasks.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._store.submit(self.library.close)
        self._store.close()

    def _apply(self, operation: Operation) -> tuple[Changes, Refresh]:
        if self.library.read_only:
            raise JobError(_read_only_sentence(self.library.holder))
        changes = operation(self.library)
        return changes, self._refresher.after(changes)

    def _write_and_wait(self, operation: Operation) -> Changes:
        """For the threads of tasks: write, wait, and have the screens refreshed."""
        future = self._store.submit(partial(self._apply, operation))
        changes, refresh = future.result()
        self._calls.post(lambda: self._on_refreshed(changes, refresh))
        return changes

    def _on_store(
        self, work: Callable[[], T], answer: Callable[[T], None], *, writes: bool = False
    ) -> None:
        if self._closed:
            return
        if writes:
            self._count_writes(1)
        future = self._store.submit(work)
        future.add_done_callback(
            lambda done: self._calls.post(lambda: self._on_stored(done, answer, writes))
        )

    def _on_stored(self, future: Future[T], answer: Callable[[T], None], writes: bool) -> None:
        try:
            self._deliver(future, answer, None)
        finally:
            if writes:
                self._count_writes(-1)

    def _count_writes(self, more: int) -> None:
        before, self._outstanding = self._outstanding, self._outstanding + more
        if bool(before) != bool(self._outstanding):
            self.busy.emit(bool(self._outstanding))

    def _on_refreshed(
        self, changes: Changes, refresh: Refresh, done: Callable[[Changes], None] | None = None
    ) -> None:
        if refresh.table is not None:
            self._names = None
        self.table = refresh.apply(self.table)
        if refresh.models is not None:
            self.active_model, self.shown_model = refresh.models
        elif concerns_view(changes):
            self._renew_view(changes, done)
            return
        self._announce(changes, done)

    def _renew_view(self, changes: Changes, done: Callable[[Changes], None] | None = None) -> None:
        """Read the calls to show in the pool, since a million of them take a second."""
        table = self.table

        def take_over(answer: tuple[ModelView, Models]) -> None:
            if self.table is not table:
                # A new table came meanwhile, and its calls may be older than these.
                self._renew_view(changes, done)
                return
            table.view, (self.active_model, self.shown_model) = answer
            self._announce(changes, done)

        self._in_pool(lambda: self._refresher.view(table), take_over, "", None)

    def _announce(self, changes: Changes, done: Callable[[Changes], None] | None = None) -> None:
        self._select = self._new_select()
        if not self.is_loaded and changes.all_patches:
            self.is_loaded = True
            self.loaded.emit()
        self.changed.emit(changes)
        if done is not None and receiver_alive(done):
            done(changes)

    def _in_pool(
        self,
        work: Callable[[], T],
        answer: Callable[[T], None],
        lane: str,
        failed: Callable[[str], None] | None,
    ) -> None:
        if self._closed:
            return
        ticket = self._lanes.get(lane, 0) + 1
        self._lanes[lane] = ticket

        def current() -> bool:
            return not lane or self._lanes[lane] == ticket

        def guarded() -> tuple[T] | None:
            return (work(),) if current() else None

        def deliver(value: tuple[T] | None) -> None:
            if value is not None and current() and receiver_alive(answer):
                answer(value[0])

        future = self._pool.submit(guarded)
        future.add_done_callback(
            lambda done: self._calls.post(lambda: self._deliver(done, deliver, failed))
        )

    def _deliver(
        self,
        future: Future[Any],
        answer: Callable[[Any], None],
        failed: Callable[[str], None] | None,
    ) -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            answer(future.result())
            return
        if failed is not None and receiver_alive(failed):
            failed(sentence_of(error))
        else:
            self.failed.emit(sentence_of(error))
        if not isinstance(error, TOLD):
            # A fault of the program belongs in the log, by way of the exception hook.
            raise error

    def _new_select(self) -> PatchSelect:
        return PatchSelect(
            self.table,
            cannot_tell=cannot_tell_codes(self.label_set),
            names=self._names.rows_with if self._names is not None else None,
        )

    def _with_names(self, select: PatchSelect, query: PatchQuery) -> PatchSelect:
        """The same questions with the names at hand, read where a text is asked for at first."""
        if not query.text.strip() or select.searches_names:
            return select
        table = select.table
        with self._names_lock:
            names = self._names
            if names is None or len(names) != len(table):
                by_id = self.library.names_of(table.ids.tolist())
                names = NameIndex(by_id.get(patch, "") for patch in table.ids.tolist())
                self._names = names
        return PatchSelect(
            table, cannot_tell=cannot_tell_codes(self.label_set), names=names.rows_with
        )


def _read_only_sentence(holder: LockHolder | None) -> str:
    if holder is None:
        return "This library is open for reading only, so nothing was changed."
    return f"Nothing was changed: {holder.sentence} has this library open for writing."
