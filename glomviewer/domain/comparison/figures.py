"""What a model achieves on labelled patches, as single numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.comparison.curves import BINS, bin_of
from glomviewer.domain.comparison.ranking import Ranking
from glomviewer.domain.comparison.scored import Floats, Ints, Mask, Scored

METRICS = (
    "auc",
    "average_precision",
    "f1",
    "precision",
    "recall",
    "specificity",
    "kappa",
    "log_loss",
    "calibration_error",
)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts by reference label and call."""

    true_negative: int
    false_positive: int
    false_negative: int
    true_positive: int

    @property
    def rows(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """((tn, fp), (fn, tp)): rows are reference labels, columns calls."""
        return (
            (self.true_negative, self.false_positive),
            (self.false_negative, self.true_positive),
        )


def confusion(scored: Scored) -> Confusion:
    calls, target = scored.calls, scored.target
    return Confusion(
        true_negative=int(np.count_nonzero(~calls & ~target)),
        false_positive=int(np.count_nonzero(calls & ~target)),
        false_negative=int(np.count_nonzero(~calls & target)),
        true_positive=int(np.count_nonzero(calls & target)),
    )


def point_figures(scored: Scored) -> dict[str, float | None]:
    """Every metric on the patches as they are; None where it is not defined."""
    weights = Weighted.of(scored, np.zeros(len(scored.target), dtype=np.int64), 1, exact=True)
    drawn = weights.figures(np.ones((1, 1)))
    return {name: _defined(float(drawn[name][0])) for name in METRICS}


def chance_figures(target: Mask) -> dict[str, float | None]:
    """Of a model that knows only the share of positives: it gives every patch that probability
    and, for F1 and precision, calls every one positive; None where its calls could be any."""
    if not len(target):
        return dict.fromkeys(METRICS)
    share = float(np.count_nonzero(target) / len(target))
    both = 0.0 < share < 1.0
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share) if both else 0.0
    return {
        "auc": 0.5 if both else None,
        "average_precision": share or None,
        "f1": 2 * share / (1 + share),
        "precision": share,
        "recall": None,
        "specificity": None,
        "kappa": 0.0 if both else None,
        "log_loss": float(entropy),
        "calibration_error": 0.0,
    }


def why_undefined(metric: str, scored: Scored) -> str:
    """The reason why a metric has no value on these patches, as an end of a sentence."""
    if not len(scored.target):
        return "there is no patch"
    positives = bool(scored.target.any())
    reasons: Mapping[str, str] = {
        "auc": "one class only",
        "average_precision": "no sclerotic patch",
        "f1": "nothing sclerotic, and nothing called so",
        "precision": "nothing is called sclerotic",
        "recall": "no sclerotic patch",
        "specificity": "no patch that is not sclerotic",
        "kappa": "one class only, by label and by call",
    }
    if metric in ("average_precision", "recall") and positives:
        return "not enough patches"
    return reasons.get(metric, "not enough patches")


def _defined(value: float) -> float | None:
    return value if np.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class Weighted:
    """What doesn't change from draw to draw, so that a draw costs a few array operations.

    `sums` are sums per group, shape (groups, 5): tn, fp, fn, tp, loss; `bin_gaps` those of
    (probability - label) per group and bin of probability, shape (groups, bins).
    """

    ranking: Ranking
    sums: Floats
    bin_gaps: Floats

    @classmethod
    def of(cls, scored: Scored, codes: Ints, groups: int, *, exact: bool = False) -> Weighted:
        """`codes` say which group, from 0 to `groups` - 1, each patch belongs to."""
        sums = np.zeros((groups, 5))
        cell = 2 * scored.target.astype(np.int64) + scored.calls
        np.add.at(sums, (codes, cell), 1.0)
        np.add.at(sums[:, 4], codes, scored.losses)
        gaps = np.zeros((groups, BINS))
        probability = scored.probability
        np.add.at(gaps, (codes, bin_of(probability)), probability - scored.target)
        return cls(Ranking.of(scored, codes, groups, exact=exact), sums, gaps)

    def figures(self, weights: Floats) -> dict[str, Floats]:
        """Each metric in each draw, shape (draws,); NaN where it is not defined.

        `weights` say how often each group was drawn, shape (draws, groups).
        """
        tn, fp, fn, tp, loss = (weights @ self.sums).T
        size = tn + fp + fn + tp
        positives, negatives = tp + fn, tn + fp
        auc, average_precision = self.ranking.figures(weights)
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = ((tp + fp) * positives + (tn + fn) * negatives) / size**2
            return {
                "auc": auc,
                "average_precision": average_precision,
                "f1": 2 * tp / (2 * tp + fp + fn),
                "precision": tp / (tp + fp),
                "recall": tp / positives,
                "specificity": tn / negatives,
                "kappa": ((tp + tn) / size - chance) / (1 - chance),
                "log_loss": loss / size,
                "calibration_error": np.abs(weights @ self.bin_gaps).sum(axis=1) / size,
            }
