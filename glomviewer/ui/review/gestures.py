"""What keys decide, handed to the log with the truth about what was on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_order import BY_MODEL
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.review.cells import shown_calls
from glomviewer.ui.review.screen_log import ScreenLog

REVEALING_QUEUES = frozenset({Queue.MODEL_DISAGREES, Queue.UNCERTAIN, Queue.CHANGED_CALLS})


class Gestures(QObject):
    """Each method is one gesture, and so one undo. Nothing happens where it can't be done, and
    `refused` says why."""

    refused = Signal(str)
    reader_needed = Signal()

    def __init__(self, session: Session, log: ScreenLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._log = log
        self._query = PatchQuery()

    def label(self, patches: Sequence[int], code: int, *, detail: str = "") -> bool:
        return self._run(
            patches,
            lambda reader: partial(
                operations.label_patches,
                reader=reader,
                patches=list(patches),
                label=code,
                detail=detail,
                call_shown=self._call_shown(patches),
                model=self._session.table.view.model,
                on_screen=self._log.on_screen(patches),
            ),
        )

    def calls_to_accept(self, patches: Sequence[int]) -> dict[int, int]:
        """The calls of these patches that have been before the reader's eyes."""
        calls = shown_calls(self._session.table, np.asarray(patches, dtype=np.int64))
        shown = self._call_shown(list(calls))
        return {patch: call for patch, call in calls.items() if shown[patch]}

    def accept_calls(self, calls: Mapping[int, int]) -> bool:
        """Label each patch as the model calls it."""
        if not calls:
            self.refused.emit("No call to accept: it is hidden until you decide, or there is none.")
            return False
        return self._run(
            list(calls),
            lambda reader: partial(
                operations.accept_calls,
                reader=reader,
                calls=calls,
                model=self._session.table.view.model,
                on_screen=self._log.on_screen(calls),
            ),
        )

    def flag(self, patches: Sequence[int]) -> bool:
        """Flag them, or take the flags away where all have one."""
        rows = self._session.table.rows_of(tuple(patches))
        flagged = not bool(self._session.table["flagged"][rows].all())
        return self._run(
            patches,
            lambda reader: partial(
                operations.flag_patches, reader=reader, patches=list(patches), flagged=flagged
            ),
        )

    def comment(self, patch: int, text: str) -> bool:
        return self._run(
            [patch],
            lambda reader: partial(
                operations.comment_on_patch, reader=reader, patch=patch, text=text
            ),
        )

    def exclude(self, patches: Sequence[int], reason: str) -> bool:
        return self._run(
            patches,
            lambda reader: partial(
                operations.exclude_patches, reader=reader, patches=list(patches), reason=reason
            ),
        )

    def exclude_case(self, case: str, reason: str) -> bool:
        return self._run(
            [0],
            lambda reader: partial(
                operations.exclude_case, reader=reader, case=case, reason=reason
            ),
        )

    def include(self, patches: Sequence[int]) -> bool:
        return self._run(
            patches,
            lambda reader: partial(
                operations.include_patches, reader=reader, patches=list(patches)
            ),
        )

    def adjudicate(self, patch: int, code: int, reason: str) -> bool:
        return self._run(
            [patch],
            lambda reader: partial(
                operations.adjudicate_patch,
                reader=reader,
                patch=patch,
                label=code,
                reason=reason,
                call_shown=self._call_shown([patch])[patch],
                model=self._session.table.view.model,
            ),
        )

    def can_decide(self) -> bool:
        return not self._session.read_only and self._session.is_loaded

    def may_decide(self) -> bool:
        """Whether a gesture would be taken; where not, it is said why."""
        if self._session.read_only:
            holder = self._session.holder
            who = f": {holder.sentence} has it open" if holder is not None else ""
            self.refused.emit(f"Nothing was changed. This library is open for reading only{who}.")
            return False
        if self._session.reader is None:
            self.reader_needed.emit()
            return False
        return True

    def set_query(self, query: PatchQuery) -> None:
        """The list that the reader is working in."""
        self._query = query

    def _call_shown(self, patches: Sequence[int]) -> Mapping[int, bool]:
        model = self._session.table.view.model
        if not model:
            return dict.fromkeys(patches, False)
        if reveals_calls(self._query):
            # Whoever is in such a list is told about its call by being there.
            return dict.fromkeys(patches, True)
        return {patch: self._log.call_shown(patch, model) for patch in patches}

    def _run(
        self,
        patches: Sequence[int],
        operation: Callable[[int], Callable[..., Changes]],
    ) -> bool:
        reader = self._session.reader
        if not self.may_decide() or reader is None:
            return False
        if not patches:
            self.refused.emit("No patch is selected.")
            return False
        self._session.run(operation(reader.id))
        return True


def reveals_calls(query: PatchQuery) -> bool:
    """Whether being in the list, or its order, tells something about the model's call."""
    return (
        query.queue in REVEALING_QUEUES
        or bool(query.calls)
        or query.cell is not None
        or query.probability is not None
        or query.sort in BY_MODEL
    )
