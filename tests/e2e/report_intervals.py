"""The 95 % intervals of the report again, by a plain loop over draws of whole cases.

Every draw puts as many cases together as there are, and each figure is computed anew from all
their patches, by other code than the program's: only how cases are picked is its own, since other
draws would give other intervals.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import cache

import numpy as np
import pytest
from report_read import interval

LETTERS = ("S", "N", "U")
DRAWS, SEED = 2000, 0
LABELS = 4
"""How many can be given, which is what AC1 goes by."""
ROUNDED = 6e-4

Pair = tuple[str, str]
Figure = Callable[[Sequence[Pair]], float | None]


def ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def raw(pairs: Sequence[Pair]) -> float:
    return sum(a == b for a, b in pairs) / len(pairs)


def positive(pairs: Sequence[Pair]) -> float | None:
    return specific(pairs, "S")


def negative(pairs: Sequence[Pair]) -> float | None:
    said = sum(one != "S" for pair in pairs for one in pair)
    return ratio(2 * sum(a != "S" and b != "S" for a, b in pairs), said)


def specific(pairs: Sequence[Pair], letter: str) -> float | None:
    said = sum(one == letter for pair in pairs for one in pair)
    return ratio(2 * sum(a == b == letter for a, b in pairs), said)


def cohen(pairs: Sequence[Pair]) -> float | None:
    n = len(pairs)
    firsts, seconds = zip(*pairs, strict=True)
    chance = sum(firsts.count(one) * seconds.count(one) for one in LETTERS) / n**2
    return None if chance == 1 else (raw(pairs) - chance) / (1 - chance)


def fleiss(pairs: Sequence[Pair]) -> float | None:
    chance = sum(share**2 for share in _shares(pairs))
    return None if chance == 1 else (raw(pairs) - chance) / (1 - chance)


def ac1(pairs: Sequence[Pair], labels: int = LABELS) -> float | None:
    chance = sum(share * (1 - share) for share in _shares(pairs)) / (labels - 1)
    return (raw(pairs) - chance) / (1 - chance)


def alpha(pairs: Sequence[Pair]) -> float | None:
    """One minus observed over expected disagreement, by Krippendorff's coincidences."""
    n = 2 * len(pairs)
    said = [sum(one == letter for pair in pairs for one in pair) for letter in LETTERS]
    expected = sum(one * (n - one) for one in said) / (n - 1)
    return None if not expected else 1 - 2 * sum(a != b for a, b in pairs) / expected


def _shares(pairs: Sequence[Pair]) -> list[float]:
    return [
        sum(one == letter for pair in pairs for one in pair) / 2 / len(pairs) for letter in LETTERS
    ]


OF_PAIRS: dict[str, Figure] = {
    "Raw agreement": raw,
    "Positive agreement": positive,
    "Negative agreement": negative,
    "Cohen's kappa": cohen,
    "Fleiss' kappa": fleiss,
    "Gwet's AC1": ac1,
    "Krippendorff's alpha": alpha,
}


def check_pairs(row: dict[str, str], rows: Sequence[tuple[str, Pair]]) -> None:
    """All figures of a row of the report, which rests on these pairs of calls, each by its case."""
    checked = [name for name in OF_PAIRS if name in row]
    assert len(checked) >= 3
    for name in checked:
        check(row[name], rows, OF_PAIRS[name])


def check(cell: str, rows: Sequence[tuple[str, Pair]], figure: Figure) -> None:
    """One figure of the report against the loop. None is told where all draws are alike."""
    low, high = bounds(rows, figure)
    if high - low < 1e-9:
        assert " to " not in cell, cell
    else:
        assert interval(cell) == pytest.approx((low, high), abs=ROUNDED), cell


def bounds(rows: Sequence[tuple[str, Pair]], figure: Figure) -> tuple[float, float]:
    groups = _groups(rows)
    computed = cache(lambda picked: figure([one for place in picked for one in groups[place]]))
    picks = np.random.default_rng(SEED).integers(0, len(groups), size=(DRAWS, len(groups)))
    drawn = [computed(tuple(sorted(picked))) for picked in picks.tolist()]
    low, high = np.quantile([one for one in drawn if one is not None], [0.025, 0.975])
    return float(low), float(high)


def _groups(rows: Sequence[tuple[str, Pair]]) -> list[list[Pair]]:
    """The pairs of each case in the program's order: first cases of a single patch, by its
    calls, and then the others by their names."""
    by_case: dict[str, list[Pair]] = {}
    for case, pair in rows:
        by_case.setdefault(case, []).append(pair)

    def place(case: str) -> tuple[Hashable, ...]:
        pairs = by_case[case]
        return (0, *map(LETTERS.index, pairs[0])) if len(pairs) == 1 else (1, case)

    return [by_case[case] for case in sorted(by_case, key=place)]


def check_share(cell: str, rows: Sequence[tuple[str, tuple[int, int]]]) -> None:
    """A share of the report; of each patch how much it adds above and below the line."""
    cases = sorted({case for case, _ in rows})
    sums = np.array(
        [np.sum([one for case, one in rows if case == wanted], axis=0) for wanted in cases]
    )
    resting_on = int(np.count_nonzero(sums[:, 1]))
    if resting_on < 2:
        assert " to " not in cell, cell
        return
    drawn = []
    for picked in np.random.default_rng(SEED).integers(0, len(cases), size=(DRAWS, len(cases))):
        above, below = sums[picked].sum(axis=0)
        if below:
            drawn.append(above / below)
    low, high = np.quantile(drawn, [0.025, 0.975])
    if high - low < 1e-9:
        assert " to " not in cell, cell
    else:
        assert interval(cell) == pytest.approx((low, high), abs=ROUNDED), cell
