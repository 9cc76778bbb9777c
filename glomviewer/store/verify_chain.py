"""Every chain of the journal computed again: what was edited, inserted or deleted, and where.

A row that does not fit is told by its origin, its number there, what it is and when it was made.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from glomviewer.store import clock, journal_stream
from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.journal import Head, entry_hash, kept_heads
from glomviewer.store.packs.rows import JournalEntry

_TOLD_AT_MOST = 5
_TOLD_EVERY = 5000


def broken_chains(
    connection: Connection,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> list[str]:
    """What is wrong with the chains, as sentences; at most some of each origin.

    Raises:
        ImportCancelled: `cancelled` said so.
    """
    total = int(connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one())
    kept = {head.origin: head for head in kept_heads(connection)}
    found: list[str] = []
    done = 0
    for origin, name in journal_stream.origin_names(connection).items():
        chain = _Chain(name.uuid)
        for entry in journal_stream.acts(connection, origin):
            if done % _TOLD_EVERY == 0:
                progress(ImportProgress("Checking the log", done, total))
                if cancelled():
                    raise ImportCancelled
            chain.take(entry)
            done += 1
        found += chain.problems()
        found += _cut(chain.head, kept.pop(name.uuid, None))
    for head in kept.values():
        found.append(_lost(head))
    return found


class _Chain:
    """An origin's acts, one after the other. Each is held against the hash that the one before
    it has, so that one edited row does not make all that follow wrong."""

    def __init__(self, origin: str) -> None:
        self.head = Head(origin, 0, "")
        self._clock = 0
        self._problems: list[str] = []
        self._more = 0

    def take(self, entry: JournalEntry) -> None:
        if entry.sequence != self.head.sequence + 1:
            self._tell(self._gap(entry))
        elif entry_hash(self.head.hash, entry.header(), entry.rows) != entry.hash:
            self._tell(
                f"{_named(entry)} is not what was written then: it, or the act before it, was "
                "edited, or a decision of it was edited, inserted or deleted."
            )
        elif entry.clock < self._clock:
            self._tell(f"{_named(entry)} claims to be older than the act before it.")
        self._clock = entry.clock if isinstance(entry.clock, int) else self._clock
        self.head = Head(entry.origin, entry.sequence, entry.hash)

    def problems(self) -> Iterator[str]:
        yield from self._problems
        if self._more:
            yield (
                f"{self._more:,} more acts of installation {self.head.origin[:8]} are not what "
                "was written then."
            )

    def _tell(self, sentence: str) -> None:
        if len(self._problems) < _TOLD_AT_MOST:
            self._problems.append(sentence)
        else:
            self._more += 1

    def _gap(self, entry: JournalEntry) -> str:
        before = self.head.sequence
        return (
            f"The journal of installation {entry.origin[:8]} goes on with act {entry.sequence:,} "
            f"({clock.told(entry.made_at)}) after act {before:,}: rows between them were deleted "
            "or renumbered."
        )


def _named(entry: JournalEntry) -> str:
    what = entry.gesture.title if entry.gesture is not None else entry.title
    return (
        f"Act {entry.sequence:,} of installation {entry.origin[:8]}, "
        f"{clock.told(entry.made_at)} ({entry.kind}{f': {what}' if what else ''}),"
    )


def _cut(head: Head, kept: Head | None) -> Iterator[str]:
    """What the chain lacks of what was written down beside it."""
    if kept is None:
        if head.sequence:
            yield (
                f"How far the journal of installation {head.origin[:8]} reached is not written "
                "down any longer; rows at its end may have been deleted."
            )
    elif kept.sequence > head.sequence:
        yield _lost(kept) if not head.sequence else _shortened(head, kept)
    elif kept.sequence < head.sequence:
        yield (
            f"The journal of installation {head.origin[:8]} has {head.sequence:,} acts, of which "
            f"this program wrote {kept.sequence:,}: rows were inserted at its end."
        )
    elif kept.hash != head.hash:
        yield (
            f"The last act of installation {head.origin[:8]}, number {head.sequence:,}, is not the "
            "one that this program wrote."
        )


def _lost(head: Head) -> str:
    return (
        f"The journal of installation {head.origin[:8]} once reached act {head.sequence:,} and is "
        "gone."
    )


def _shortened(head: Head, kept: Head) -> str:
    return (
        f"The journal of installation {head.origin[:8]} ends with act {head.sequence:,} and once "
        f"reached act {kept.sequence:,}: its end was deleted."
    )
