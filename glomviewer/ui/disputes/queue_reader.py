"""Reads which disputes there are, off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library


@dataclass(frozen=True, slots=True)
class Listing:
    """A queue as it was read, with the counts of all of them and the readings there are."""

    state: DisputeState
    ids: list[int]
    counts: dict[DisputeState, int]
    readings: dict[int, str]


class QueueReader(QObject):
    """`state` and `reading` (None for all) say what is read."""

    listed = Signal(object)
    counted = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.state = DisputeState.OPEN
        self.reading: int | None = None

    def read(self) -> None:
        state, reading = self.state, self.reading

        def question(library: Library) -> Listing:
            return Listing(
                state,
                library.disputes(state, reading),
                library.dispute_counts(reading),
                library.reading_names(),
            )

        self._session.ask(question, self._on_listed, lane="disputes", failed=self._on_failed)

    def count(self) -> None:
        """Only how many there are of each; the queue stays as it was read."""
        reading = self.reading
        self._session.ask(
            lambda library: library.dispute_counts(reading),
            self._on_counted,
            lane="dispute counts",
        )

    def _on_listed(self, listing: Listing) -> None:
        self.listed.emit(listing)

    def _on_counted(self, counts: dict[DisputeState, int]) -> None:
        self.counted.emit(counts)

    def _on_failed(self, sentence: str) -> None:
        self.failed.emit(sentence)
