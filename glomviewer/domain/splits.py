"""Which part of the data a case belongs to: assigned once, by whole groups, and never moved.

A group is a case, else a slide, else a single patch. All patches of a group share one split,
since patches of one patient on both sides would make every figure look better than it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from glomviewer.domain.labels import Split

_MOST_USED_FIRST = (Split.TRAIN, Split.VALIDATION, Split.FINAL, Split.LOCKED)
"""Where a column puts one group into several splits it goes to the first of these: what a model
may have been trained on must not come to judge it."""

_NEEDED_FIRST = (Split.TRAIN, Split.LOCKED, Split.VALIDATION, Split.FINAL)


class Shares(NamedTuple):
    """The parts that the splits should have; they need not add up to 1. `final` may be 0."""

    train: float = 0.65
    validation: float = 0.15
    locked: float = 0.2
    final: float = 0.0

    def of(self) -> dict[Split, float]:
        """The share of each split that has one, adding up to 1.

        Raises:
            ValueError: a share is negative, or all are 0.
        """
        total = sum(self)
        if min(self) < 0 or total <= 0:
            raise ValueError("Shares of the splits are 0 or more, and not all of them are 0.")
        return {Split(place): share / total for place, share in enumerate(self) if share > 0}


@dataclass(frozen=True, slots=True)
class Group:
    """Patches that must stay together.

    `counts` are its patches by class, such as (sclerotic, not, without label). `fixed` is the
    split that patches of it have already; `asked` are those that a column of an import names.
    """

    key: str
    counts: tuple[int, ...]
    fixed: Split = Split.NONE
    asked: frozenset[Split] = frozenset()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The split of every group by its key, and sentences to be told loudly."""

    splits: Mapping[str, Split]
    warnings: tuple[str, ...] = ()


def assign(groups: Sequence[Group], shares: Shares) -> Assignment:
    """Give every group a split: its own if it has one, else the column's, else greedily.

    Where a column was honoured and no group at all is in validation, a validation set is cut
    from the groups that the column gave to train. The same groups get the same splits whatever
    their order.

    Raises:
        ValueError: the shares can't be met.
    """
    wanted = shares.of()
    splits = {group.key: group.fixed for group in groups if group.fixed != Split.NONE}
    open_groups = [group for group in groups if group.fixed == Split.NONE]
    honoured = {group.key: _most_used(group.asked) for group in open_groups if group.asked}
    warnings = _conflicts(open_groups)
    if honoured and Split.VALIDATION in wanted:
        present = {*splits.values(), *honoured.values()}
        if Split.VALIDATION not in present:
            honoured |= _cut_validation(open_groups, honoured, wanted)
    splits |= honoured
    if honoured and Split.LOCKED not in splits.values():
        warnings.append(
            "The split column names no test patches, so there is no locked set to judge "
            "a new model by."
        )
    rest = [group for group in open_groups if not group.asked]
    splits |= _greedy(rest, groups, splits, wanted)
    return Assignment(splits, tuple(warnings))


def _most_used(asked: Iterable[Split]) -> Split:
    named = set(asked)
    return next(split for split in _MOST_USED_FIRST if split in named)


def _conflicts(groups: Iterable[Group]) -> list[str]:
    number = sum(len(group.asked) > 1 for group in groups)
    if not number:
        return []
    what = "1 case or slide is" if number == 1 else f"{number:,} cases or slides are"
    return [
        f"{what} in more than one split of the column; each was put as a whole where a model may "
        "have learnt from it (train before validation before test)."
    ]


def _cut_validation(
    groups: Sequence[Group], honoured: Mapping[str, Split], wanted: Mapping[Split, float]
) -> dict[str, Split]:
    train = [group for group in groups if honoured.get(group.key) == Split.TRAIN]
    if len(train) < 2:
        return {}
    parts = {split: wanted.get(split, 0.5) for split in (Split.TRAIN, Split.VALIDATION)}
    total = sum(parts.values())
    return _greedy(train, train, {}, {split: part / total for split, part in parts.items()})


def _greedy(
    rest: Sequence[Group],
    everything: Sequence[Group],
    assigned: Mapping[str, Split],
    wanted: Mapping[Split, float],
) -> dict[str, Split]:
    """The largest first, each to where it brings classes and number of groups nearest to shares.

    The distance is the sum over classes of (have - target)^2 / (target * total), so that a small
    split is not swamped by a large case and the rare class weighs as much as the common one.
    """
    sizes = {group.key: (*group.counts, 1) for group in everything}
    totals = [sum(column) for column in zip(*sizes.values(), strict=True)]
    have = {split: [0.0] * len(totals) for split in wanted}
    for key, split in assigned.items():
        if split in have and key in sizes:
            _add(have[split], sizes[key])
    splits: dict[str, Split] = {}
    ordered = sorted(rest, key=lambda group: (-sum(group.counts), _scatter(group.key)))
    for place, group in enumerate(ordered):
        empty = [split for split in _NEEDED_FIRST if split in have and not have[split][-1]]
        left = len(ordered) - place
        if empty and left <= len(empty):
            chosen = empty[0]
        else:
            size = sizes[group.key]
            chosen = min(wanted, key=lambda split: _cost(have[split], wanted[split], size, totals))
        splits[group.key] = chosen
        _add(have[chosen], sizes[group.key])
    return splits


def _cost(
    have: Sequence[float], share: float, size: Sequence[int], totals: Sequence[float]
) -> float:
    """By how much the distance grows when a group of this size joins."""
    cost = 0.0
    for present, number, total in zip(have, size, totals, strict=True):
        if number and total:
            target = share * total
            cost += number * (2 * (present - target) + number) / (target * total)
    return cost


def _add(have: list[float], size: Sequence[int]) -> None:
    for place, number in enumerate(size):
        have[place] += number


def _scatter(key: str) -> bytes:
    """An order that has nothing to do with names, which may follow the years or the centres."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
