"""Weighing the chains of a foreign log: what is known, what is new, and what can't be believed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.store import clock, settings
from glomviewer.store.journal import LATEST_CLOCK, Act, entry_hash
from glomviewer.store.log import Field, Kind
from glomviewer.store.merging.signed_bodies import signed_heads
from glomviewer.store.packs.rows import GestureContent, JournalEntry

FURTHEST_AHEAD = 2**24
"""How far a foreign clock may be ahead of this library's: more acts than anybody makes, and so few
that hundreds of forged or broken logs do not use up the clocks that there are."""

_GESTURE, _SIGNOFF, _DO = Act.GESTURE.value, Act.SIGNOFF.value, Kind.DO.value
_LABELLING = frozenset({Field.LABEL.value, Field.ADJUDICATION.value})


@dataclass(slots=True)
class KnownChain:
    """What this library has of an origin: its acts' hashes by sequence, how far its gestures and
    their decisions are numbered, and the clock of its newest act."""

    origin_id: int | None = None
    hashes: Mapping[int, str] = field(default_factory=dict)
    gestures: int = 0
    decisions: int = 0
    clock: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What this library can take in: clocks up to `latest`, and these codes of labels."""

    latest: int
    labels: Collection[int]

    def holds(self, field: str, label: int, kind: str) -> bool:
        """Whether a decision may say this; what was taken back may leave no label."""
        return (
            label in self.labels or field not in _LABELLING or (label == NO_LABEL and kind != _DO)
        )


def bounds(connection: Connection) -> Bounds:
    newest = connection.exec_driver_sql("SELECT coalesce(max(clock), 0) FROM journal")
    label_set = LabelSet.from_json(settings.setting(connection, "label_set"))
    return Bounds(
        min(int(newest.scalar_one()) + FURTHEST_AHEAD, LATEST_CLOCK),
        frozenset(label.code for label in label_set.labels),
    )


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
        int(
            connection.exec_driver_sql(
                "SELECT coalesce(max(clock), 0) FROM journal WHERE origin_id = ?", (row[0],)
            ).scalar_one()
        ),
    )


class WeighedChain:
    """The acts of one foreign origin, taken one after the other."""

    def __init__(self, origin: str, known: KnownChain, within: Bounds) -> None:
        self.origin = origin
        self.here = known
        self._within = within
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
        if entry.clock < previous_clock:
            return self._out_of_order(entry)
        if entry.clock > self._within.latest:
            return self._too_far_ahead(entry)
        if entry.kind == _SIGNOFF and signed_heads(entry) is None:
            return self._unsound(entry, "is no sign-off")
        return self._numbers(entry) or self._labels(entry, entry.gesture)

    def _before(self, entry: JournalEntry) -> tuple[int, str, int] | None:
        """Sequence, hash and clock of the act before, None where it is missing."""
        if self._previous is not None:
            return self._previous if entry.sequence == self._previous[0] + 1 else None
        if entry.sequence == 1:
            return 0, "", 0
        here = self.here.hashes.get(entry.sequence - 1)
        return None if here is None else (entry.sequence - 1, here, self.here.clock)

    def _numbers(self, entry: JournalEntry) -> str:
        """Gestures and decisions are numbered on from what is known, without gaps."""
        gesture = entry.gesture
        if (gesture is not None) != (entry.kind == _GESTURE):
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
        if (gesture.kind == _DO) != (tuple(gesture.root) == own):
            return self._out_of_order(entry)
        self._gestures += 1
        self._decisions += len(numbers)
        return ""

    def _labels(self, entry: JournalEntry, gesture: GestureContent | None) -> str:
        if gesture is None:
            return ""
        kind = gesture.kind
        for row in entry.rows:
            if not self._within.holds(row.field, row.label, kind):
                return self._unsound(entry, "sets a label that this library has not")
        return ""

    def _unsound(self, entry: JournalEntry, what: str) -> str:
        return (
            f"Act {entry.sequence:,} of installation {self.origin[:8]} ({self._when(entry)}) "
            f"{what}. Nothing new of it was taken in; find out who wrote it and with what."
        )

    def _too_far_ahead(self, entry: JournalEntry) -> str:
        return self._unsound(
            entry, f"has the clock {entry.clock:,}, which is far ahead of any that is here"
        )

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
