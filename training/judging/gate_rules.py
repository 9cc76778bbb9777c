"""The gate: may a candidate replace the active model, judged on locked patches by case or slide.

Four verdicts on the paired difference (new minus old, same bootstrap draws for both):
worse        an upper 97.5 % bound of the difference in F1 or AUC is below 0;
better       a lower 97.5 % bound in F1 or AUC is above 0, and recall is not lower;
not_worse    the one-sided 95 % lower bounds lie above -margin for F1 and for AUC;
cannot_tell  everything else, which never promotes itself.
`refused` where a model or an ancestor has (or may have) seen a locked patch, `first` where
there was no active model. The two 2.5 % tails of `better` and `worse` share a 5 % error rate
between F1 and AUC. Bounds of differences are expanded for few groups (see resampling).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.judging.gate_report import GateReport, needed_sentence, sentence_for
from training.judging.metrics import (
    Interval,
    Scores,
    point_values,
    resample,
    summarise,
    undefined_draws,
)
from training.judging.resampling import DRAWS, Floats, Groups, bounds, groups_of

DEFAULT_MARGINS = {"f1": 0.01, "auc": 0.005}
# With fewer groups, or patches of a class, no sign test can reach one in twenty: 0.5^5 = 0.03.
FEWEST = 5
# Rule of three: what was not seen in n patches may still happen in 3 of n (95 %).
_UNSEEN = 3
_ONE_SIDED = 0.05
# Quantiles for a lower bound at 95 % that is to lie above the margin in 80 % of such sets.
_Z_95, _Z_80 = 1.6449, 0.8416


@dataclass(frozen=True, slots=True)
class Locked:
    """Locked patches with a label that counts: ids, pixel hashes, groups ("" unknown), labels."""

    patches: Sequence[str]
    hashes: Sequence[str]
    groups: Sequence[str]
    labels: NDArray[np.int8]

    def only(self, keep: NDArray[np.bool_]) -> Locked:
        chosen = np.flatnonzero(keep).tolist()
        return Locked(
            [self.patches[i] for i in chosen],
            [self.hashes[i] for i in chosen],
            [self.groups[i] for i in chosen],
            self.labels[chosen],
        )


@dataclass(frozen=True, slots=True)
class Side:
    """One model before the gate: calibrated logits (NaN where unreadable), threshold, and seen.

    `seen` are the pixel hashes it or an ancestor was trained or tuned on; None where unknown.
    """

    logits: Floats
    threshold: float
    seen: frozenset[str] | None

    def scores(self, labels: NDArray[np.int8], keep: NDArray[np.bool_]) -> Scores:
        return Scores(labels[keep], self.logits[keep], self.threshold)


def judge(
    locked: Locked,
    *,
    old: Side | None,
    new: Side,
    margins: Mapping[str, float] = DEFAULT_MARGINS,
    looks: int = 0,
    left_out: Mapping[str, int] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> GateReport:
    """Judge `new` against `old` (None: no active model); one look at the locked set."""
    keep = np.isfinite(new.logits)
    if old is not None:
        keep &= np.isfinite(old.logits)
    seen = _seen_count(locked, [side for side in (old, new) if side is not None])
    readable = locked.only(keep)
    groups = groups_of(readable.groups)
    sides = [side.scores(locked.labels, keep) for side in (old, new) if side is not None]
    drawn = resample(sides, groups, draws=draws, seed=seed) if groups.count else [{} for _ in sides]
    summaries = [
        summarise(scores, groups, one, draws=draws)
        for scores, one in zip(sides, drawn, strict=True)
    ]
    report = GateReport(
        verdict="first",
        patches=len(readable.labels),
        sclerotic=int(np.sum(readable.labels == 1)),
        groups=groups.count,
        unit=groups.unit,
        reliable=groups.reliable,
        looks=looks + 1,
        margins=dict(margins),
        new=summaries[-1],
        left_out={**(left_out or {}), "seen_by_model": seen, "unreadable": int(np.sum(~keep))},
        draws=draws,
        undefined_draws=max(undefined_draws(one) for one in drawn),
    )
    if old is not None:
        comparison = _Comparison(readable, groups, sides[0], sides[1], drawn[0], drawn[1])
        report = replace(report, old=summaries[0], **comparison.findings(margins))
    named = (("active model", old), ("candidate", new))
    unknown = [name for name, side in named if side is not None and side.seen is None]
    if seen or unknown:
        report = replace(report, verdict="refused")
    return replace(report, sentence=sentence_for(report, seen=seen, unknown=unknown))


def _seen_count(locked: Locked, sides: Sequence[Side]) -> int:
    seen = frozenset[str]().union(*(side.seen for side in sides if side.seen is not None))
    return sum(1 for pixel_hash in locked.hashes if pixel_hash in seen)


@dataclass(frozen=True, slots=True)
class _Comparison:
    locked: Locked
    groups: Groups
    old: Scores
    new: Scores
    old_draws: Mapping[str, Floats]
    new_draws: Mapping[str, Floats]

    def findings(self, margins: Mapping[str, float]) -> dict[str, Any]:
        """The fields of the report that compare two models."""
        right_old = self.old.calls == (self.locked.labels == 1)
        right_new = self.new.calls == (self.locked.labels == 1)
        difference = self._difference()
        lower = self._lower_bounds(broken=int(np.sum(right_old & ~right_new)))
        needed = self._needed(margins)
        verdict = self._verdict(difference, lower, margins)
        return {
            "verdict": verdict,
            "difference": difference,
            "lower_bounds": lower,
            "mended": self._ids(~right_old & right_new),
            "broken": self._ids(right_old & ~right_new),
            "needed": needed,
            "needed_sentence": ""
            if verdict in ("better", "not_worse")
            else needed_sentence(needed, self.groups, len(self.locked.labels)),
        }

    def _ids(self, chosen: NDArray[np.bool_]) -> list[str]:
        return [self.locked.patches[i] for i in np.flatnonzero(chosen).tolist()]

    def _drawn_difference(self, metric: str) -> Floats:
        if not self.old_draws:
            return np.empty(0)
        return self.new_draws[metric] - self.old_draws[metric]

    def _bounds(self, metric: str, tail: float = 0.025) -> tuple[float, float] | None:
        drawn = self._drawn_difference(metric)
        return bounds(drawn, self.groups.count, tail=tail, expanded=True)

    def _difference(self) -> dict[str, Interval]:
        result = {}
        for metric in ("auc", "f1", "recall", "precision", "log_loss"):
            value = _minus(_value(self.new, metric), _value(self.old, metric))
            limits = self._bounds(metric)
            result[metric] = Interval(value, *(limits or (None, None)))
        return result

    def _lower_bounds(self, *, broken: int) -> dict[str, float | None]:
        """One-sided 95 % lower bounds of the difference in F1 and AUC."""
        result: dict[str, float | None] = {}
        for metric in ("f1", "auc"):
            limits = self._bounds(metric, tail=_ONE_SIDED)
            result[metric] = limits[0] if limits else None
        if result["f1"] is not None and not broken and not self._identical():
            # Draws repeat what was seen: with no broken call among them, F1 can't fall in any.
            result["f1"] = min(result["f1"], self._f1_with_unseen_flips())
        return result

    def _identical(self) -> bool:
        return bool(np.array_equal(self.old.logits, self.new.logits))

    def _f1_with_unseen_flips(self) -> float:
        positive = self.locked.labels == 1
        tp = int(np.sum(self.new.calls & positive))
        wrong = int(np.sum(self.new.calls != positive))
        left = max(0, tp - _UNSEEN)
        f1 = 2 * left / max(1, 2 * left + wrong + min(tp, _UNSEEN))
        return f1 - (_value(self.old, "f1") or 0.0)

    def _verdict(
        self,
        difference: Mapping[str, Interval],
        lower: Mapping[str, float | None],
        margins: Mapping[str, float],
    ) -> str:
        positives = int(np.sum(self.locked.labels == 1))
        smallest = min(self.groups.count, positives, len(self.locked.labels) - positives)
        if smallest < FEWEST:
            return "cannot_tell"
        f1, auc = difference["f1"], difference["auc"]
        if _below(f1.high, 0.0) or _below(auc.high, 0.0):
            return "worse"
        recall = difference["recall"].value
        gained = _above(f1.low, 0.0) or _above(auc.low, 0.0)
        if gained and recall is not None and recall >= 0.0:
            return "better"
        if all(_above(lower[metric], -margins[metric]) for metric in ("f1", "auc")):
            return "not_worse"
        return "cannot_tell"

    def _needed(self, margins: Mapping[str, float]) -> int | None:
        """Groups at which two equally good models that differ as these do would pass.

        The standard error falls with the root of the number of groups, so n rises by the square
        of how much too wide the interval is.
        """
        factors = []
        for metric in ("f1", "auc"):
            drawn = self._drawn_difference(metric)
            defined = drawn[np.isfinite(drawn)]
            if len(defined) < 2 or margins[metric] <= 0:
                return None
            factors.append((_Z_95 + _Z_80) * float(defined.std()) / margins[metric])
        factor = max(factors)
        return int(np.ceil(self.groups.count * factor**2)) if factor > 0 else None


def _value(scores: Scores, metric: str) -> float | None:
    return point_values(scores)[metric]


def _minus(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def _above(bound: float | None, limit: float) -> bool:
    return bound is not None and bound > limit


def _below(bound: float | None, limit: float) -> bool:
    return bound is not None and bound < limit
