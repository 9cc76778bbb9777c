"""What must hold in a library after the process that wrote to it was killed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glomviewer.bench.kills.messages import Moment, Order, Said, Work
from glomviewer.bench.kills.victim import BULK
from glomviewer.store.copied_in import unfinished
from glomviewer.store.library import Library
from glomviewer.store.verify import FileCheck, verify


@dataclass(frozen=True, slots=True)
class Before:
    """The library as the victim found it."""

    patches: int
    active: str
    bulk: int
    elsewhere: int = 0
    """How long the log of the other machine is here."""

    @classmethod
    def of(cls, library: Library, reader: int, elsewhere: str = "") -> Before:
        active = library.active_model()
        table = library.load_table(reader)
        return cls(
            patches=len(table),
            active=active.id if active is not None else "",
            bulk=int(table.columns["current"][0]) if len(table) else -1,
            elsewhere=_length(library, elsewhere),
        )


def problems_after(folder: Path, order: Order, said: list[Said], before: Before) -> list[str]:
    """What is wrong; nothing where every promise was kept."""
    with Library.open(folder, backup=False) as library:
        if library.read_only:
            return [f"the lock is still held: {library.holder}"]
        check = {
            Work.LABEL: _labels,
            Work.BULK: _bulk_gestures,
            Work.IMPORT: _import,
            Work.COPY_IN: _import,
            Work.PROMOTE: _promotions,
            Work.READ: _readings,
            Work.MERGE: _merge,
        }[order.work]
        problems = check(library, order, said, before)
    return problems + [
        f"verify: {problem}" for problem in verify(folder, files=FileCheck.SIZE).problems
    ]


def in_flight(said: list[Said]) -> dict[str, Any] | None:
    """What the victim had begun and not confirmed when it was killed."""
    return said[-1].facts if said and said[-1].moment is Moment.TRYING else None


def confirmed(said: list[Said]) -> list[dict[str, Any]]:
    return [each.facts for each in said if each.moment is Moment.DONE]


def _labels(library: Library, order: Order, said: list[Said], _before: Before) -> list[str]:
    """Every confirmed decision is in the log, and the last one of each patch is in force."""
    problems = []
    last: dict[int, int] = {}
    for done in confirmed(said):
        last[done["patch"]] = done["label"]
        logged = [row for row in library.history(done["patch"]) if row.batch == done["batch"]]
        if len(logged) != 1 or logged[0].label != done["label"]:
            problems.append(f"the confirmed decision {done} is logged as {logged}")
    table = library.load_table(order.reader)
    current = dict(zip(table.ids.tolist(), table.columns["current"].tolist(), strict=True))
    begun = in_flight(said)
    for patch, label in last.items():
        allowed = {label} | ({begun["label"]} if begun and begun["patch"] == patch else set())
        if current[patch] not in allowed:
            problems.append(f"patch {patch} is {current[patch]}, and {label} was confirmed")
    return problems


def _bulk_gestures(library: Library, order: Order, said: list[Said], before: Before) -> list[str]:
    """A gesture over many patches, its undo and its redo are there whole or not at all."""
    states = [done["label"] for done in confirmed(said)]
    allowed = {states[-1] if states else before.bulk}
    begun = in_flight(said)
    if begun is not None:
        allowed.add(begun["label"])
    table = library.load_table(order.reader)
    found = set(table.columns["current"][:BULK].tolist())
    if len(found) != 1 or not found <= allowed:
        return [f"after a bulk gesture the labels are {found}, and one of {allowed} is right"]
    return []


def _import(library: Library, order: Order, said: list[Said], before: Before) -> list[str]:
    """All patches of the import are there, or none; copies of none are marked as left behind."""
    now = len(library.load_table(order.reader)) - before.patches
    wanted = {int(done["patches"]) for done in confirmed(said)}
    begun = in_flight(said)
    if not wanted:
        wanted = {0} if begun is None else {0, int(begun["patches"])}
    problems = [] if now in wanted else [f"{now} patches of the import are there, not {wanted}"]
    known = {Path(root.path) for root in library.roots()} | set(unfinished(library.paths))
    stray = [each for each in library.paths.images.glob("*") if each.is_dir() and each not in known]
    return problems + [f"{folder} was copied in and belongs to nothing" for folder in stray]


def _readings(library: Library, order: Order, said: list[Said], _before: Before) -> list[str]:
    """Every confirmed commit is in the log, and the last one of each item is what was said."""
    problems = []
    last: dict[int, int] = {}
    for done in confirmed(said):
        last[done["item"]] = done["label"]
        logged = [row for row in library.history(done["patch"]) if row.batch == done["batch"]]
        if len(logged) != 1 or logged[0].label != done["label"]:
            problems.append(f"the confirmed commit {done} is logged as {logged}")
    (reading,) = library.readings()
    begun = in_flight(said)
    for item in library.reading_items(reading.id, order.reader):
        if item.id not in last:
            continue
        allowed = {last[item.id]}
        if begun and begun["item"] == item.id:
            allowed.add(begun["label"])
        if item.label not in allowed:
            problems.append(f"item {item.id} is {item.label}, and {last[item.id]} was confirmed")
    return problems


def _merge(library: Library, order: Order, said: list[Said], before: Before) -> list[str]:
    """The log of the other machine is here as far as it was sent, or as far as it was before."""
    now = _length(library, order.origin)
    allowed = {order.acts} if confirmed(said) else {before.elsewhere, order.acts}
    if now in allowed:
        return []
    return [f"{now} acts of the other machine are here, and one of {allowed} is right"]


def _length(library: Library, origin: str) -> int:
    return next((head.sequence for head in library.heads() if head.origin == origin), 0)


def _promotions(library: Library, _order: Order, said: list[Said], before: Before) -> list[str]:
    """The active model is the one confirmed last, or the one whose promotion had begun."""
    steps = [done["active"] for done in confirmed(said)]
    allowed = {steps[-1] if steps else before.active}
    begun = in_flight(said)
    if begun is not None:
        allowed.add(begun["active"])
    active = library.active_model()
    found = active.id if active is not None else ""
    return [] if found in allowed else [f"the active model is {found}, not one of {allowed}"]
