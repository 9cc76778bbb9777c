"""The open library as the window sees it: a live table, writes, reads, queries and long work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.patch_select import Histogram
from glomviewer.domain.patch_table import IntArray, ModelView, PatchTable
from glomviewer.domain.records import LockHolder, ModelRecord, Reader
from glomviewer.jobs.gui_calls import GuiCalls, receiver_alive
from glomviewer.jobs.read_pool import ReadPool
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.store_thread import StoreThread
from glomviewer.jobs.table_questions import TableQuestions
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
        self.from_pack = library.pack_library() is not None
        self.reader = reader
        self._show_only_what_is_theirs()
        self.table = PatchTable.empty(self.label_set.targets())
        self.active_model: ModelRecord | None = None
        self.shown_model: ModelRecord | None = None
        self.is_loaded = False
        self._calls = GuiCalls(self)
        self._store = StoreThread()
        self._pool = ReadPool(self._calls, self.failed.emit)
        self._refresher = TableRefresher(library)
        self._outstanding = 0
        self._closed = False
        self._closers: list[Callable[[], None]] = []
        self._questions = TableQuestions(library)
        self._select = self._questions.about(self.table)
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

    @property
    def is_idle(self) -> bool:
        """Whether the table is there and every read and write has been answered."""
        return self.is_loaded and not self.saving and self._pool.idle

    def load(self) -> None:
        """Read the table; `loaded` follows, then `changed` for everything."""
        reader = self.reader.id if self.reader is not None else None
        self._on_store(
            partial(self._refresher.load, reader=reader),
            partial(self._on_refreshed, Changes(all_patches=True, models=True)),
        )

    def set_reader(self, reader: Reader | None) -> None:
        """Show the labels of this reader from now on. What was asked for the one before is not
        answered any more."""
        self.reader = reader
        self._show_only_what_is_theirs()
        self._pool.forget()
        self._on_store(
            partial(self._refresher.load, reader=reader.id if reader is not None else None),
            partial(self._on_refreshed, Changes(all_patches=True, readers=True, undo=True)),
        )

    def _show_only_what_is_theirs(self) -> None:
        """Every query from now on answers as this reader may see the library."""
        self.library.viewer = self.reader.id if self.reader is not None else None

    def show_model(self, model: str | None) -> None:
        """Show the calls of this model, None for whichever is active. Nothing is written."""
        self._refresher.shown_model = model
        self._renew_view(Changes(predictions=True, threshold=True))

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Changes], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Write on the store thread; `done` and `changed` follow once it is durable. `failed`
        gets the sentence instead of the signal."""
        self._on_store(
            partial(self._apply, operation),
            lambda applied: self._on_refreshed(applied[0], applied[1], done),
            writes=True,
            failed=failed,
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
        self._submit(
            lambda: question(self.library), answer, lane=lane, failed=failed, personal=True
        )

    def compute(
        self, work: Callable[[], T], answer: Callable[[T], None], *, lane: str = ""
    ) -> None:
        """Any other short work off the window's thread."""
        self._submit(work, answer, lane=lane)

    def select(
        self, query: PatchQuery, answer: Callable[[IntArray], None], *, lane: str = ""
    ) -> None:
        """The ids of a query in its order."""
        questions, select = self._questions, self._select
        self._submit(
            lambda: questions.for_query(select, query).ids(query),
            answer,
            lane=lane,
            personal=True,
        )

    def queue_counts(
        self,
        answer: Callable[[dict[Queue, int]], None],
        *,
        within: PatchQuery | None = None,
        lane: str = "queue counts",
    ) -> None:
        """How many patches each queue holds, within the filters of a query where given."""
        questions, select, query = self._questions, self._select, within or PatchQuery()
        self._submit(
            lambda: questions.for_query(select, query).queue_counts(query), answer, lane=lane
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
        questions, select = self._questions, self._select
        self._submit(
            lambda: questions.for_query(select, query).histogram(query, bins=bins),
            answer,
            lane=lane,
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
        self._pool.close()
        self._store.submit(self.library.close)
        self._store.close()

    def _submit(
        self,
        work: Callable[[], T],
        answer: Callable[[T], None],
        *,
        lane: str = "",
        failed: Callable[[str], None] | None = None,
        personal: bool = False,
    ) -> None:
        if not self._closed:
            self._pool.submit(work, answer, lane=lane, failed=failed, personal=personal)

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
        self,
        work: Callable[[], T],
        answer: Callable[[T], None],
        *,
        writes: bool = False,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        if self._closed:
            return
        if writes:
            self._count_writes(1)
        future = self._store.submit(work)
        future.add_done_callback(
            lambda done: self._calls.post(lambda: self._on_stored(done, answer, writes, failed))
        )

    def _on_stored(
        self,
        future: Future[T],
        answer: Callable[[T], None],
        writes: bool,
        failed: Callable[[str], None] | None,
    ) -> None:
        try:
            self._pool.deliver(future, answer, failed)
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

        self._submit(lambda: self._refresher.view(table), take_over)

    def _announce(self, changes: Changes, done: Callable[[Changes], None] | None = None) -> None:
        self._select = self._questions.about(self.table)
        if not self.is_loaded and changes.all_patches:
            self.is_loaded = True
            self.loaded.emit()
        self.changed.emit(changes)
        if done is not None and receiver_alive(done):
            done(changes)


def _read_only_sentence(holder: LockHolder | None) -> str:
    if holder is None:
        return "This library is open for reading only, so nothing was changed."
    return f"Nothing was changed: {holder.sentence} has this library open for writing."
