"""The patches of a queue; what is said of each is read when its row comes into view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from glomviewer.domain.disputes.records import DisputeRow, DisputeState
from glomviewer.domain.disputes.wording import STATE_WORDS, difference_text
from glomviewer.jobs.session import Session

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
BLOCK = 100
"""Rows that are read together."""


class QueueModel(QAbstractListModel):
    """A row stays where it is while its patch changes state, until the queue is shown anew."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._rows: dict[int, DisputeRow] = {}
        self._asked: set[int] = set()
        self._generation = 0
        self.state = DisputeState.OPEN

    @property
    def ids(self) -> list[int]:
        return self._ids

    def show(self, state: DisputeState, ids: Sequence[int]) -> None:
        """Another queue, or the same one read anew."""
        self.beginResetModel()
        self.state = state
        self._ids = list(ids)
        self._places = {patch: place for place, patch in enumerate(self._ids)}
        self._forget()
        self.endResetModel()

    def place_of(self, patch: int) -> int | None:
        return self._places.get(patch)

    def row_at(self, place: int) -> DisputeRow | None:
        """What is known of a row so far; asked for where it isn't."""
        patch = self._ids[place]
        found = self._rows.get(patch)
        if found is None:
            self._ask(place // BLOCK)
        return found

    def has_left(self, row: DisputeRow) -> bool:
        """Whether the patch would not be in this queue any more."""
        return row.state is not self.state

    def read_again(self, patches: Iterable[int] | None) -> None:
        """These have changed, or with None any may have. What was known is shown until then."""
        if patches is None:
            blocks = set(self._asked)
        else:
            blocks = {self._places[patch] // BLOCK for patch in patches if patch in self._places}
        self._asked -= blocks
        for block in blocks:
            self._ask(block)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row_at(index.row())
        if row is None:
            return f"Patch {self._ids[index.row()]}"
        parts = [place_text(row), difference_text(row.calls, row.differing)]
        if self.has_left(row):
            parts.append(left_text(row))
        return ", ".join(parts)

    def _ask(self, block: int) -> None:
        if block in self._asked:
            return
        self._asked.add(block)
        wanted = self._ids[block * BLOCK : (block + 1) * BLOCK]
        generation = self._generation
        self._session.ask(
            lambda library: library.dispute_rows(wanted),
            lambda rows: self._on_read(generation, block, rows),
            lane=f"dispute rows {block}",
        )

    def _on_read(self, generation: int, block: int, rows: list[DisputeRow]) -> None:
        if generation != self._generation:
            return
        self._rows.update({row.patch: row for row in rows})
        last = min(len(self._ids), (block + 1) * BLOCK) - 1
        self.dataChanged.emit(self.index(block * BLOCK), self.index(last))

    def _forget(self) -> None:
        self._generation += 1
        self._rows = {}
        self._asked = set()


def place_text(row: DisputeRow) -> str:
    return row.case or row.slide or f"Patch {row.patch:,}"


def left_text(row: DisputeRow) -> str:
    """Where a row has gone that is still in its old place."""
    return "no dispute any more" if row.state is None else STATE_WORDS[row.state].lower()
