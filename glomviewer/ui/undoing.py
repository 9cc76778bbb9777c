"""Undo and redo of one's own gestures, told before they are done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Batch
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.store.errors import NothingToUndo
from glomviewer.store.library import Library

if TYPE_CHECKING:
    from glomviewer.ui.main_window import MainWindow


class Undoing(QObject):
    """Knows what the next undo and redo would take back, and says so on the buttons."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session: Session | None = None

    def take(self, session: Session | None) -> None:
        """Work on this library from now on."""
        self._session = session
        self._window.bar.show_undo("", "")
        if session is not None:
            session.changed.connect(self._on_changed)

    def undo(self) -> None:
        self._run(operations.undo)

    def redo(self) -> None:
        self._run(operations.redo)

    def can(self) -> bool:
        session = self._session
        return session is not None and session.reader is not None and not session.read_only

    def _run(self, operation: Callable[..., Changes]) -> None:
        session = self._session
        if session is None or session.reader is None or session.read_only:
            return
        session.run(partial(_or_say, operation, reader=session.reader.id), done=self._on_done)

    def _on_done(self, changes: Changes) -> None:
        if self._window.review is not None:
            self._window.review.go_back_to(changes)

    def _on_changed(self, changes: Changes) -> None:
        session = self._session
        if session is None or session.reader is None or session.read_only:
            self._window.bar.show_undo("", "")
            return
        if changes.batch is not None or changes.undo or changes.readers or changes.all_patches:
            reader = session.reader.id
            session.ask(partial(_next_of, reader=reader), self._on_next, lane="undo")

    def _on_next(self, batches: tuple[Batch | None, Batch | None]) -> None:
        undo, redo = batches
        undo_text = f"Undo: {undo.title}" if undo is not None else ""
        redo_text = f"Redo: {redo.title}" if redo is not None else ""
        self._window.bar.show_undo(undo_text, redo_text)
        self._window.actions_.set_text("app.undo", undo_text or "Undo")
        self._window.actions_.set_text("app.redo", redo_text or "Redo")


def _or_say(operation: Callable[..., Changes], library: Library, *, reader: int) -> Changes:
    """Having nothing to undo is no failure, only something to say."""
    try:
        return operation(library, reader=reader)
    except NothingToUndo as nothing:
        return Changes(sentence=str(nothing))


def _next_of(library: Library, *, reader: int) -> tuple[Batch | None, Batch | None]:
    return library.next_undo(reader), library.next_redo(reader)
