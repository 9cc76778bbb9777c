"""A threshold's figures, intervals and history as objects for machines and lines for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from glomviewer.domain.thresholds.counts import FIGURES, Range, wilson_intervals
from glomviewer.domain.thresholds.intervals import (
    GroupDraws,
    bootstrap_intervals,
    can_be_drawn,
)
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.jobs.threshold_desk import Desk, set_in_words


def probability(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit)) if logit > -700 else 0.0


def figures_at(
    name: str, scores: RankedScores, threshold: float
) -> tuple[dict[str, Any], list[str]]:
    """The figures of a set at a threshold with 95 % intervals: (facts, lines)."""
    counts = scores.counts(threshold)
    if can_be_drawn(scores):
        intervals = bootstrap_intervals(scores, GroupDraws.of(scores.groups), threshold)
        how = f"bootstrap by {intervals.unit}, {intervals.draws:,} draws"
    else:
        intervals, how = wilson_intervals(counts), "Wilson, every patch on its own"
    facts: dict[str, Any] = {
        "set": name,
        "patches": len(scores),
        "sclerotic": scores.sclerotic,
        "groups": scores.groups,
        "unit": scores.unit,
        "intervals": how,
        "undefined_draws": intervals.undefined,
        "confusion": [
            [counts.true_negative, counts.false_positive],
            [counts.false_negative, counts.true_positive],
        ],
    }
    lines = [f"on {set_in_words(name, scores)}; intervals: {how}"]
    for figure in FIGURES:
        value = counts.figure(figure)
        found = intervals.values[figure]
        facts[figure] = _interval(value, found)
        lines.append(f"  {figure:<12} {_text(value, found)}")
    lines.append(
        f"  {counts.false_negative:,} missed, {counts.false_positive:,} false alarms, "
        f"{counts.true_positive:,} and {counts.true_negative:,} right"
    )
    return facts, lines


def history_facts(desk: Desk) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        {
            "threshold_logit": change.logit,
            "rule": change.rule,
            "reason": change.reason,
            "reader": None if change.reader is None else change.reader.initials,
            "made_at": change.made_at.isoformat(timespec="seconds"),
        }
        for change in desk.history
    ]


def lines_of(history: Sequence[dict[str, Any]]) -> list[str]:
    lines = ["history, newest first:"]
    for change in history:
        who = change["reader"] or "the training"
        why = f": {change['reason']}" if change["reason"] else ""
        at = probability(change["threshold_logit"])
        rule = change["rule"] or "no rule"
        lines.append(f"  {change['made_at']}  {at:.4f}  {rule}, {who}{why}")
    return lines


def _interval(value: float, found: Range | None) -> dict[str, float | None]:
    low, high = found if found is not None else (None, None)
    return {"value": None if math.isnan(value) else value, "low": low, "high": high}


def _text(value: float, found: Range | None) -> str:
    if math.isnan(value):
        return "undefined"
    return f"{value:.3f}" if found is None else f"{value:.3f} ({found[0]:.3f} to {found[1]:.3f})"
