"""Two raters at a time, on the patches that both called."""

from __future__ import annotations

from itertools import combinations

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.measuring import agreement_of
from glomviewer.domain.agreement.ratings import Ratings


def all_pairs(raters: int) -> list[tuple[int, int]]:
    """Every pair of raters, by their columns."""
    return list(combinations(range(raters), 2))


def agreement_of_two(
    ratings: Ratings, positive: tuple[int, ...], plan: Bootstrap | None = None
) -> Agreement:
    """All statistics of two raters, each on the very patches that both called (pairwise
    deletion): what a reader called alone counts for nothing.

    Raises:
        ValueError: there are not two raters.
        Stopped: the drawing was cancelled.
    """
    if len(ratings.raters) != 2:
        raise ValueError(f"A pair is two raters, not {len(ratings.raters)}.")
    return agreement_of(ratings, positive, plan, only_compared=True)
