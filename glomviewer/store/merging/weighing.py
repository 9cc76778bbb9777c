"""Which acts of a foreign log can be taken in: those of whole, unbroken chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    ImportProgress,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.journal import Act
from glomviewer.store.log import Kind
from glomviewer.store.merging.chains import WeighedChain, known_chain
from glomviewer.store.merging.foreign import ForeignLog
from glomviewer.store.packs.rows import JournalEntry

_TOLD_EVERY = 2000


@dataclass(frozen=True, slots=True)
class Weighed:
    """`accepted` in the one order that all libraries agree on: by clock, origin and sequence."""

    accepted: tuple[JournalEntry, ...]
    chains: tuple[WeighedChain, ...]


def weigh(
    connection: Connection,
    foreign: ForeignLog,
    *,
    progress: Progress = no_progress,
    cancelled: Cancelled = never_cancelled,
) -> Weighed:
    """Check every chain of a foreign log against itself and against what is here.

    Raises:
        ImportCancelled: `cancelled` said so.
    """
    chains = {
        name.uuid: WeighedChain(name.uuid, known_chain(connection, name.uuid))
        for name in foreign.origins
    }
    for entry in _told(foreign.entries(), progress, cancelled):
        chains[entry.origin].take(entry)
    known = {name.uuid for name in foreign.readers} | set(
        connection.exec_driver_sql("SELECT uuid FROM readers").scalars()
    )
    for chain in chains.values():
        _refuse_unknown_readers(chain, known)
    _refuse_without_roots(connection, chains.values())
    accepted = sorted(
        (entry for chain in chains.values() for entry in chain.new),
        key=lambda entry: (entry.clock, entry.origin, entry.sequence),
    )
    if all(entry.kind == Act.MERGE.value for entry in accepted):
        # Two libraries that took in one another's records of merging would never be done.
        accepted = []
    return Weighed(tuple(accepted), tuple(chains.values()))


def _told(
    entries: Iterator[JournalEntry], progress: Progress, cancelled: Cancelled
) -> Iterator[JournalEntry]:
    for done, entry in enumerate(entries):
        if done % _TOLD_EVERY == 0:
            progress(ImportProgress("Checking the log", done, 0))
            if cancelled():
                raise ImportCancelled
        yield entry


def _refuse_unknown_readers(chain: WeighedChain, known: set[str]) -> None:
    if any(entry.reader and entry.reader not in known for entry in chain.new):
        chain.refuse(
            f"The log of installation {chain.origin[:8]} speaks of a reader whom it does not "
            "name. Nothing new of it was taken in; ask for it once more."
        )


def _refuse_without_roots(connection: Connection, chains: Iterable[WeighedChain]) -> None:
    """An undo needs the gesture that it takes back, in whose log ever that is."""
    refused = True
    while refused:
        done = {
            (entry.origin, entry.gesture.sequence): entry.clock
            for chain in chains
            for entry in chain.new
            if entry.gesture is not None and entry.gesture.kind == Kind.DO.value
        }
        refused = False
        for chain in chains:
            if any(_lacks_root(connection, entry, done) for entry in chain.new):
                chain.refuse(
                    f"Installation {chain.origin[:8]} takes back something that is neither here "
                    "nor in what was sent. Nothing new of it was taken in; ask for all logs of "
                    "that library."
                )
                refused = True


def _lacks_root(
    connection: Connection, entry: JournalEntry, done: Mapping[tuple[str, int], int]
) -> bool:
    gesture = entry.gesture
    if gesture is None or gesture.kind == Kind.DO.value:
        return False
    made = done.get(gesture.root)
    if made is None:
        made = connection.exec_driver_sql(
            "SELECT b.clock FROM batches b JOIN origins o ON o.id = b.origin_id "
            "WHERE o.uuid = ? AND b.sequence = ? AND b.kind = 'do'",
            gesture.root,
        ).scalar_one_or_none()
    return made is None or made >= entry.clock
