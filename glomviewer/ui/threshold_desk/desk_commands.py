"""What is written from the desk: moves of the threshold, undo and redo, looks at the locked set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.thresholds.counts import Intervals
from glomviewer.domain.thresholds.history import BY_HAND
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.jobs.threshold_desk import Desk, LockedFigures, read_locked, set_in_words
from glomviewer.ui.threshold_desk.standing import Standing, locked_at
from training.threshold_rule import Rule

NO_READER = "Say who you are first: the reader is kept with every threshold and every look."


READ_ONLY = "This library is open for reading only: no threshold is moved and no look counted."


class DeskCommands(QObject):
    """`message` is a quiet line for the window; `locked_read` carries the model and the threshold
    that were looked at, the figures there and their intervals."""

    message = Signal(str)
    locked_read = Signal(str, float, object, object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._is_looking = False
        session.failed.connect(lambda _: self._forget_look())

    def move(self, desk: Desk, standing: Standing, rule: Rule | None, reason: str) -> None:
        """Write the threshold at the line; by a rule, with what it was chosen on."""
        reader = self._reader()
        if reader is None:
            return
        where = f"on {set_in_words(standing.name, standing.scores)}"
        told = reason if rule is None else ", ".join(part for part in (reason, where) if part)
        self._session.run(
            partial(
                operations.set_threshold,
                model=desk.model.id,
                logit=standing.threshold,
                reader=reader,
                rule=BY_HAND if rule is None else str(rule),
                reason=told,
            )
        )

    def undo(self, desk: Desk) -> None:
        self._put_back(operations.undo_threshold, desk)

    def redo(self, desk: Desk) -> None:
        self._put_back(operations.redo_threshold, desk)

    def look_at_locked(self, desk: Desk, threshold: float) -> None:
        """Count a look; once it is written, read the figures. One that is under way is not
        counted again."""
        if self._is_looking:
            return
        reader = self._reader()
        if reader is not None:
            self._is_looking = True
            model = desk.model.id
            self._session.run(
                partial(operations.look_at_locked, model=model, reader=reader, logit=threshold),
                done=partial(self._read_locked, model, threshold),
            )

    def _read_locked(self, model: str, threshold: float, _changes: Changes) -> None:
        self._is_looking = False
        table = self._session.table
        self._session.ask(
            lambda library: locked_at(read_locked(library, table, model), threshold),
            partial(self._on_locked, model, threshold),
            lane="locked set",
        )

    def _on_locked(
        self, model: str, threshold: float, answer: tuple[LockedFigures, Intervals]
    ) -> None:
        self.locked_read.emit(model, threshold, *answer)

    def _put_back(self, operation: Callable[..., Changes], desk: Desk) -> None:
        reader = self._reader()
        if reader is not None:
            self._session.run(partial(operation, model=desk.model.id, reader=reader))

    def _forget_look(self) -> None:
        self._is_looking = False

    def _reader(self) -> int | None:
        """Who writes; None where nothing may be written."""
        if self._session.read_only:
            self.message.emit(READ_ONLY)
            return None
        if self._session.reader is None:
            self.message.emit(NO_READER)
            return None
        return self._session.reader.id
