"""Undo and redo of one's own gestures, told before they are done.

A page may have an undo of its own, which then takes the window's place while it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Batch
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.store.errors import NothingToUndo
from glomviewer.store.library import Library

if TYPE_CHECKING:
    from glomviewer.ui.main_window import MainWindow


@runtime_checkable
class UndoesHere(Protocol):
    """A page with an undo of its own; it has a signal `undo_changed` too."""

    @property
    def undo_texts(self) -> tuple[str, str]:
        """What undo and redo would take back, "" for nothing."""
        ...

    def undo_here(self) -> None: ...
    def redo_here(self) -> None: ...


@runtime_checkable
class GoesBack(Protocol):
    """A page that can stand where an undone gesture was."""

    def go_back_to(self, changes: Changes) -> None: ...


class Undoing(QObject):
    """Knows what the next undo and redo would take back, and says so on the buttons."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session: Session | None = None
        self._texts = ("", "")
        window.stack.currentChanged.connect(lambda _: self.show())

    def take(self, session: Session | None) -> None:
        """Work on this library from now on."""
        self._session = session
        self._say("", "")
        if session is not None:
            session.changed.connect(self._on_changed)

    def undo(self) -> None:
        page = self._page
        if page is None:
            self._run(operations.undo)
        elif self.can():
            page.undo_here()

    def redo(self) -> None:
        page = self._page
        if page is None:
            self._run(operations.redo)
        elif self.can():
            page.redo_here()

    def show(self) -> None:
        """Say what the next undo and redo would take back on the page that is shown."""
        page = self._page
        undo, redo = self._texts if page is None else page.undo_texts
        if not self.can():
            undo = redo = ""
        self._window.bar.show_undo(undo, redo)
        if "app.undo" in self._window.actions_:
            self._window.actions_.set_text("app.undo", undo or "Undo")
            self._window.actions_.set_text("app.redo", redo or "Redo")

    def can(self) -> bool:
        session = self._session
        return session is not None and session.reader is not None and not session.read_only

    def _run(self, operation: Callable[..., Changes]) -> None:
        session = self._session
        if session is None or session.reader is None or session.read_only:
            return
        session.run(partial(_or_say, operation, reader=session.reader.id), done=self._on_done)

    def _on_done(self, changes: Changes) -> None:
        pages = {self._window.review, self._window.stack.currentWidget()}
        for page in pages:
            if isinstance(page, GoesBack):
                page.go_back_to(changes)

    def _on_changed(self, changes: Changes) -> None:
        session = self._session
        if session is None or session.reader is None or session.read_only:
            self._say("", "")
            return
        if changes.batch is not None or changes.undo or changes.readers or changes.all_patches:
            reader = session.reader.id
            session.ask(partial(_next_of, reader=reader), self._on_next, lane="undo")

    def _on_next(self, batches: tuple[Batch | None, Batch | None]) -> None:
        undo, redo = batches
        self._say(
            f"Undo: {undo.title}" if undo is not None else "",
            f"Redo: {redo.title}" if redo is not None else "",
        )

    def _say(self, undo: str, redo: str) -> None:
        self._texts = (undo, redo)
        self.show()

    @property
    def _page(self) -> UndoesHere | None:
        page = self._window.stack.currentWidget()
        return page if isinstance(page, UndoesHere) else None


def _or_say(operation: Callable[..., Changes], library: Library, *, reader: int) -> Changes:
    """Having nothing to undo is no failure, only something to say."""
    try:
        return operation(library, reader=reader)
    except NothingToUndo as nothing:
        return Changes(sentence=str(nothing))


def _next_of(library: Library, *, reader: int) -> tuple[Batch | None, Batch | None]:
    return library.next_undo(reader), library.next_redo(reader)
