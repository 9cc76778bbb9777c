"""Weighing the chains of a foreign log: what is known, what is new, and what can't be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from glomviewer.store import clock
from glomviewer.store.journal import Act, entry_hash
from glomviewer.store.packs.rows import JournalEntry

LATEST_CLOCK = 2**52
"""Beyond what any library reaches: a clock there would leave no room for those to come."""


@dataclass(slots=True)
class KnownChain:
    """What this library has of an origin: its acts' hashes by sequence, and how far its gestures
    and their decisions are numbered."""

    origin_id: int | None = None
    hashes: Mapping[int, str] = field(default_factory=dict)
    gestures: int = 0
    decisions: int = 0


def known_chain(connection: Connection, origin: str) -> KnownChain:
    row = connection.exec_driver_sql(
        "SELECT id FROM origins WHERE uuid = ?", (origin,)
    ).one_or_none()
    if row is None:
        return KnownChain()
    hashes = connection.exec_driver_sql(
        "SELECT sequence, hash FROM journal WHERE origin_id = ?", (row[0],)
    )
    gestures = connection.exec_driver_sql(
        "SELECT coalesce(max(sequence), 0) FROM batches WHERE origin_id = ?", (row[0],)
    )
    decisions = connection.exec_driver_sql(
        "SELECT max(coalesce((SELECT max(sequence) FROM decisions WHERE origin_id = ?), 0), "
        "coalesce((SELECT max(u.sequence) FROM unplaced u JOIN batches b ON b.id = u.batch_id "
        "WHERE b.origin_id = ?), 0))",
        (row[0], row[0]),
    )
    return KnownChain(
        row[0],
        {row[0]: row[1] for row in hashes},
        int(gestures.scalar_one()),
        int(decisions.scalar_one()),
    )


class WeighedChain:
    """The acts of one foreign origin, taken one after the other."""

    def __init__(self, origin: str, known: KnownChain) -> None:
        self.origin = origin
        self.here = known
        self.new: list[JournalEntry] = []
        self.known = 0
        self.refused = 0
        self.refusal = ""
        self._gestures = known.gestures
        self._decisions = known.decisions
        self._previous: tuple[int, str, int] | None = None

    def take(self, entry: JournalEntry) -> None:
        """Weigh the next act. After the first that can't be believed, the rest is only counted."""
        if self.refusal:
            self._count_refused(entry)
            return
        objection = self._objection(entry)
        if objection:
            self.refuse(objection)
            self._count_refused(entry)
            return
        self._previous = (entry.sequence, entry.hash, entry.clock)
        if entry.sequence in self.here.hashes:
            self.known += 1
        else:
            self.new.append(entry)

    def refuse(self, sentence: str) -> None:
        self.refusal = sentence
        self.refused += len(self.new)
        self.new.clear()

    def _count_refused(self, entry: JournalEntry) -> None:
        if self.here.hashes.get(entry.sequence) == entry.hash:
            self.known += 1
        else:
            self.refused += 1

    def _objection(self, entry: JournalEntry) -> str:
        before = self._before(entry)
        if before is None:
            return self._gap(entry)
        _, previous_hash, previous_clock = before
        if entry_hash(previous_hash, entry.header(), entry.rows) != entry.hash:
            return (
                f"What installation {self.origin[:8]} wrote was altered after it was written: its "
                f"act {entry.sequence:,} ({self._when(entry)}) does not fit its chain. Nothing new "
                "of it was taken in; ask for it once more."
            )
        here = self.here.hashes.get(entry.sequence)
        if here is not None:
            return "" if here == entry.hash else self._fork(entry)
        if not previous_clock <= entry.clock <= LATEST_CLOCK:
            return self._out_of_order(entry)
        return self._numbers(entry)

    def _before(self, entry: JournalEntry) -> tuple[int, str, int] | None:
        """Sequence, hash and clock of the act before, None where it is missing."""
        if self._previous is not None:
            return self._previous if entry.sequence == self._previous[0] + 1 else None
        if entry.sequence == 1:
            return 0, "", 0
        here = self.here.hashes.get(entry.sequence - 1)
        return None if here is None else (entry.sequence - 1, here, 0)

    def _numbers(self, entry: JournalEntry) -> str:
        """Gestures and decisions are numbered on from what is known, without gaps."""
        gesture = entry.gesture
        if (gesture is not None) != (entry.kind == Act.GESTURE.value):
            return self._out_of_order(entry)
        if gesture is None:
            return ""
        first = self._decisions + 1
        numbers = [row.sequence for row in entry.rows]
        if (
            gesture.sequence != self._gestures + 1
            or numbers != list(range(first, first + len(numbers)))
            or gesture.reader != entry.reader
            or not gesture.reader
        ):
            return self._out_of_order(entry)
        own = (self.origin, gesture.sequence)
        if (gesture.kind == "do") != (tuple(gesture.root) == own):
            return self._out_of_order(entry)
        self._gestures += 1
        self._decisions += len(numbers)
        return ""

    def _gap(self, entry: JournalEntry) -> str:
        last = 0 if self._previous is None else self._previous[0]
        return (
            f"The log of installation {self.origin[:8]} goes on with act {entry.sequence:,} after "
            f"act {last:,}, so that some are missing. Nothing new of it was taken in; ask for all "
            "of it."
        )

    def _fork(self, entry: JournalEntry) -> str:
        return (
            f"Installation {self.origin[:8]} has written two different acts number "
            f"{entry.sequence:,}: the other one ({self._when(entry)}) is not the one that is here. "
            "Two copies of one library were written to under one name, or a log was altered. "
            "Nothing new of it was taken in; find out which copy is to count."
        )

    def _out_of_order(self, entry: JournalEntry) -> str:
        return (
            f"Act {entry.sequence:,} of installation {self.origin[:8]} ({self._when(entry)}) is "
            "not numbered as this program numbers. Nothing new of it was taken in; update both "
            "programs and ask for it once more."
        )

    @staticmethod
    def _when(entry: JournalEntry) -> str:
        return clock.told(entry.made_at)
