"""Which of the offered patches a reading takes."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class SampleKind(StrEnum):
    ALL = "all"
    RANDOM = "random"
    STRATIFIED = "stratified"
    CASES = "cases"


@dataclass(frozen=True, slots=True)
class Sample:
    """`size` patches at random; stratified: as many of each reference label as its share, and
    over as many cases as there are; or all patches of `size` cases. The same seed draws the same.

    Raises:
        ValueError: a sample of less than one.
    """

    kind: SampleKind = SampleKind.ALL
    size: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.kind is not SampleKind.ALL and self.size < 1:
            what = "case" if self.kind is SampleKind.CASES else "patch"
            raise ValueError(f"A sample needs at least 1 {what}; the size given is {self.size}.")

    def sentence(self) -> str:
        if self.kind is SampleKind.ALL:
            return "All patches that were chosen."
        what = {
            SampleKind.RANDOM: f"{self.size:,} patches at random",
            SampleKind.STRATIFIED: f"{self.size:,} patches, each label by its share",
            SampleKind.CASES: f"All patches of {self.size:,} cases at random",
        }[self.kind]
        return f"{what} (seed {self.seed})."


@dataclass(frozen=True, slots=True)
class Offered:
    """A patch that could be taken. `case` is any key of its case, `label` its reference label."""

    patch: int
    case: str
    label: int


def drawn(sample: Sample, offered: Sequence[Offered]) -> list[int]:
    """The patches of the sample, in ascending order; all of them where it asks for more."""
    by_patch = sorted(offered, key=lambda one: one.patch)
    chance = random.Random(sample.seed)
    if sample.kind is SampleKind.ALL or sample.size >= len(by_patch):
        return [one.patch for one in by_patch]
    if sample.kind is SampleKind.RANDOM:
        return sorted(one.patch for one in chance.sample(by_patch, sample.size))
    if sample.kind is SampleKind.CASES:
        cases = sorted({one.case for one in by_patch})
        chosen = set(chance.sample(cases, min(sample.size, len(cases))))
        return [one.patch for one in by_patch if one.case in chosen]
    return sorted(_stratified(by_patch, sample.size, chance))


def _stratified(offered: Sequence[Offered], size: int, chance: random.Random) -> list[int]:
    strata: defaultdict[int, list[Offered]] = defaultdict(list)
    for one in offered:
        strata[one.label].append(one)
    shares = _shares({label: len(patches) for label, patches in strata.items()}, size)
    return [
        patch
        for label in sorted(strata)
        for patch in _over_cases(strata[label], chance)[: shares[label]]
    ]


def _shares(counts: dict[int, int], size: int) -> dict[int, int]:
    """How many of each: by largest remainder, and at least one of each where there is room."""
    total = sum(counts.values())
    exact = {key: size * count / total for key, count in counts.items()}
    shares = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(counts, key=lambda key: (shares[key] - exact[key], key))
    for key in by_remainder[: size - sum(shares.values())]:
        shares[key] += 1
    for key in sorted(counts, key=lambda key: (counts[key], key)):
        most = max(shares, key=lambda other: (shares[other], other))
        if not shares[key] and shares[most] > 1:
            shares[most] -= 1
            shares[key] += 1
    return shares


def _over_cases(offered: Sequence[Offered], chance: random.Random) -> list[int]:
    """All of them, one of each case in turn, so that a few large cases do not fill a sample."""
    cases: defaultdict[str, list[int]] = defaultdict(list)
    for one in offered:
        cases[one.case].append(one.patch)
    names = sorted(cases)
    chance.shuffle(names)
    for name in names:
        chance.shuffle(cases[name])
    taken: list[int] = []
    depth = 0
    while len(taken) < len(offered):
        taken += [cases[name][depth] for name in names if depth < len(cases[name])]
        depth += 1
    return taken
