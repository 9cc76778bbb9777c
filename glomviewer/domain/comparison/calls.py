"""Which patches two models call differently, and which each of them gets most wrong."""

from __future__ import annotations

import numpy as np

from glomviewer.domain.comparison.scored import Compared, Mask, Scored


def mended(compared: Compared) -> tuple[int, ...]:
    """Patches that the first model calls wrongly and the second rightly, the most decided
    change of the logit first."""
    return _most_moved(compared, compared.first.wrong & ~compared.second.wrong)


def broken(compared: Compared) -> tuple[int, ...]:
    """Patches that the second model calls wrongly and the first rightly."""
    return _most_moved(compared, ~compared.first.wrong & compared.second.wrong)


def worst_mistakes(compared: Compared, scored: Scored) -> tuple[int, ...]:
    """The wrongly called patches of a model, those farthest from its threshold first."""
    distance = np.abs(scored.logit - scored.threshold)
    return _ordered(compared, scored.wrong, distance)


def _most_moved(compared: Compared, rows: Mask) -> tuple[int, ...]:
    first, second = compared.first, compared.second
    moved = (second.logit - second.threshold) - (first.logit - first.threshold)
    return _ordered(compared, rows, np.abs(moved))


def _ordered(compared: Compared, rows: Mask, weight: np.ndarray) -> tuple[int, ...]:
    chosen = np.flatnonzero(rows)
    order = np.argsort(-weight[chosen], kind="stable")
    return tuple(compared.patches[chosen[order]].tolist())
