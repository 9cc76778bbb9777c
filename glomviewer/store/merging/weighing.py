"""Which acts of a foreign log can be taken in: those of whole, unbroken chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

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
from glomviewer.store.merging.chains import WeighedChain, bounds, known_chain
from glomviewer.store.merging.foreign import ForeignLog
from glomviewer.store.merging.signed_bodies import signed_heads
from glomviewer.store.packs.rows import JournalEntry

_TOLD_EVERY = 2000
_DO = Kind.DO.value


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
    within = bounds(connection)
    chains = {
        name.uuid: WeighedChain(name.uuid, known_chain(connection, name.uuid), within)
        for name in foreign.origins
    }
    for entry in _told(foreign.entries(), progress, cancelled):
        chains[entry.origin].take(entry)
    known = {name.uuid for name in foreign.readers} | set(
        connection.exec_driver_sql("SELECT uuid FROM readers").scalars()
    )
    for chain in chains.values():
        _refuse_unknown_readers(chain, known)
        _refuse_contradicting_signatures(connection, chain)
    _refuse_without_roots(connection, chains.values())
    accepted = sorted(
        (entry for chain in chains.values() for entry in chain.new),
        key=attrgetter("clock", "origin", "sequence"),
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


def _refuse_contradicting_signatures(connection: Connection, chain: WeighedChain) -> None:
    """What somebody signed for must be what is here, as far as it is here."""
    for entry in chain.new:
        if entry.kind != Act.SIGNOFF.value:
            continue
        for origin, number, hashed in signed_heads(entry) or ():
            here = connection.exec_driver_sql(
                "SELECT j.hash FROM journal j JOIN origins o ON o.id = j.origin_id "
                "WHERE o.uuid = ? AND j.sequence = ?",
                (origin, number),
            ).scalar_one_or_none()
            if here not in (None, hashed):
                chain.refuse(
                    f"Act {entry.sequence:,} of installation {chain.origin[:8]} signs for another "
                    f"act {number:,} of installation {origin[:8]} than the one that is here. "
                    "Nothing new of it was taken in; find out which one was altered."
                )
                return


def _refuse_without_roots(connection: Connection, chains: Iterable[WeighedChain]) -> None:
    """An undo needs the gesture that it takes back, in whose log ever that is, and its reader."""
    refused = True
    while refused:
        done = {
            (entry.origin, entry.gesture.sequence): (entry.clock, entry.reader)
            for chain in chains
            for entry in chain.new
            if entry.gesture is not None and entry.gesture.kind == _DO
        }
        refused = False
        for chain in chains:
            objections = (_root_objection(connection, entry, done) for entry in chain.new)
            objection = next(filter(None, objections), "")
            if objection:
                chain.refuse(f"Installation {chain.origin[:8]} takes back {objection}")
                refused = True


def _root_objection(
    connection: Connection, entry: JournalEntry, done: Mapping[tuple[str, int], tuple[int, str]]
) -> str:
    """What is wrong with the gesture that this one takes back or makes again; "" if nothing."""
    gesture = entry.gesture
    if gesture is None or gesture.kind == _DO:
        return ""
    root = done.get(gesture.root)
    if root is None:
        row = connection.exec_driver_sql(
            "SELECT b.clock, r.uuid FROM batches b JOIN origins o ON o.id = b.origin_id "
            "JOIN readers r ON r.id = b.reader_id "
            "WHERE o.uuid = ? AND b.sequence = ? AND b.kind = 'do'",
            gesture.root,
        ).one_or_none()
        root = None if row is None else (int(row[0]), str(row[1]))
    if root is None or root[0] >= entry.clock:
        return (
            "something that is neither here nor in what was sent. Nothing new of it was taken in; "
            "ask for all logs of that library."
        )
    if root[1] != entry.reader:
        return (
            "what another reader has said. Nothing new of it was taken in; find out who wrote it "
            "and with what."
        )
    return ""
