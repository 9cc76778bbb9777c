"""Who reads which patches, in which order, and what comes again: the lists of a reading."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glomviewer.domain.readings.protocol import Order, Protocol
from glomviewer.domain.turns import TURNS

DISTANCE = 5
"""A repeat comes at least so many places after its patch, where the list is long enough."""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An entry of a list; `repeat_of` is the place of the entry that it shows again."""

    patch: int
    turn: int = 0
    repeat_of: int | None = None


def plan(
    protocol: Protocol, patches: Mapping[int, str], readers: Sequence[int], seed: int
) -> dict[int, list[PlannedItem]]:
    """Each reader's list; `patches` gives the case of each patch (any key).

    Patches are laid turned at random where some come again, since a turned one would else be
    known for a repeat.

    Raises:
        ValueError: there are fewer readers than a patch needs.
    """
    if len(readers) < protocol.needed:
        raise ValueError(
            f"Each patch needs {protocol.needed} readings, and there "
            f"{'is' if len(readers) == 1 else 'are'} {len(readers)} to read it; name more readers "
            "or ask for fewer readings."
        )
    shared = _shuffled(patches, by_case=protocol.order is Order.BY_CASE, seed=f"{seed} order")
    allotted = _allotted(protocol, patches, shared, sorted(readers), seed)
    lists: dict[int, list[PlannedItem]] = {}
    for place, reader in enumerate(sorted(readers)):
        own = [patch for patch in shared if patch in allotted[reader]]
        if protocol.order is not Order.FIXED:
            by_case = protocol.order is Order.BY_CASE
            cases = {patch: patches[patch] for patch in own}
            own = _shuffled(cases, by_case=by_case, seed=f"{seed} reader {place}")
        which = "all" if protocol.order is Order.FIXED else f"reader {place}"
        lists[reader] = _with_repeats(own, protocol.repeats, random.Random(f"{seed} again {which}"))
    return lists


def case_places(cases: Sequence[str], repeats: Sequence[bool]) -> list[int]:
    """The number of the case at each place of a list; a repeat passes for one of the case that
    it comes amid."""
    places: list[int] = []
    number, current = -1, None
    for case, repeat in zip(cases, repeats, strict=True):
        if number < 0 or (not repeat and case != current):
            number, current = number + 1, case
        places.append(number)
    return places


def _shuffled(patches: Mapping[int, str], *, by_case: bool, seed: str) -> list[int]:
    """In an order that tells nothing: ids follow the folders that patches were imported from."""
    chance = random.Random(seed)
    order = sorted(patches)
    chance.shuffle(order)
    if by_case:
        cases = sorted(set(patches.values()))
        chance.shuffle(cases)
        rank = {case: number for number, case in enumerate(cases)}
        order.sort(key=lambda patch: rank[patches[patch]])
    return order


def _allotted(
    protocol: Protocol,
    patches: Mapping[int, str],
    order: Sequence[int],
    readers: Sequence[int],
    seed: int,
) -> dict[int, set[int]]:
    """Each patch to as many readers as it needs, so that all have about as much to read and
    every pair of them has patches in common; whole cases where they are read case by case."""
    if protocol.needed == len(readers):
        return {reader: set(patches) for reader in readers}
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for patch in order:
        groups[patches[patch] if protocol.order is Order.BY_CASE else str(patch)].append(patch)
    chance = random.Random(f"{seed} readers")
    allotted: dict[int, set[int]] = {reader: set() for reader in readers}
    together: defaultdict[tuple[int, int], int] = defaultdict(int)
    for group in sorted(groups.values(), key=len, reverse=True):
        chosen: list[int] = []
        for _ in range(protocol.needed):
            left = [reader for reader in readers if reader not in chosen]
            chosen += heapq.nsmallest(
                1,
                left,
                key=lambda reader, chosen=chosen: (
                    len(allotted[reader]),
                    sum(together[min(reader, one), max(reader, one)] for one in chosen),
                    chance.random(),
                ),
            )
        for reader in chosen:
            allotted[reader].update(group)
            for other in chosen:
                if reader < other:
                    together[reader, other] += len(group)
    return allotted


def _with_repeats(order: Sequence[int], share: float, chance: random.Random) -> list[PlannedItem]:
    """Put some patches of a list into its later part again, each `DISTANCE` or more places on
    where the list allows, and turned otherwise than before."""
    number = hidden_repeats(len(order), share)
    if not number:
        return [PlannedItem(patch) for patch in order]
    turns = [chance.randrange(TURNS) for _ in order]
    # One after which too little of the list is left could only come again too soon.
    early = max(number, min((len(order) + 1) // 2, len(order) - DISTANCE + 1))
    again = sorted(chance.sample(range(early), number))
    before: defaultdict[int, list[int]] = defaultdict(list)
    for place in again:
        soonest = max(place + DISTANCE, len(order) // 2)
        before[chance.randint(min(soonest, len(order)), len(order))].append(place)
    items: list[PlannedItem] = []
    at: dict[int, int] = {}
    for place in range(len(order) + 1):
        for earlier in before[place]:
            turn = chance.choice([turn for turn in range(1, TURNS) if turn != turns[earlier]])
            items.append(PlannedItem(order[earlier], turn, at[earlier]))
        if place < len(order):
            at[place] = len(items)
            items.append(PlannedItem(order[place], turns[place]))
    return items


def hidden_repeats(patches: int, share: float) -> int:
    """How many come again: at least one wherever a share is asked for and one can be hidden."""
    if not share or patches <= DISTANCE:
        return 0
    return min(max(1, round(share * patches)), patches // 2)
