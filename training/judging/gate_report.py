"""What the gate found, as gate.json and in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from training.judging.metrics import Figures, Interval
from training.judging.resampling import RELIABLE_FROM_GROUPS, Groups

MAY_PROMOTE = ("better", "not_worse", "first")


@dataclass(frozen=True, slots=True)
class GateReport:
    """The verdict with everything it rests on; `needed` counts groups (of `unit`)."""

    verdict: str
    patches: int
    sclerotic: int
    groups: int
    unit: str
    reliable: bool
    looks: int
    margins: Mapping[str, float]
    new: Figures
    left_out: Mapping[str, int]
    draws: int
    undefined_draws: int
    old: Figures | None = None
    difference: Mapping[str, Interval] = field(default_factory=dict)
    lower_bounds: Mapping[str, float | None] = field(default_factory=dict)
    mended: Sequence[str] = ()
    broken: Sequence[str] = ()
    needed: int | None = None
    needed_sentence: str = ""
    sentence: str = ""

    @property
    def may_promote(self) -> bool:
        return self.verdict in MAY_PROMOTE

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "may_promote": self.may_promote,
            "sentence": self.sentence,
            "patches": self.patches,
            "sclerotic": self.sclerotic,
            "groups": self.groups,
            "unit": self.unit,
            "reliable": self.reliable,
            "looks": self.looks,
            "margins": dict(self.margins),
            "old": _values(self.old),
            "new": _values(self.new),
            "difference": {name: one.to_json() for name, one in self.difference.items()},
            "lower_bounds": dict(self.lower_bounds),
            "confusion_old": [list(row) for row in self.old.confusion] if self.old else None,
            "confusion_new": [list(row) for row in self.new.confusion],
            "mended": list(self.mended),
            "broken": list(self.broken),
            "left_out": dict(self.left_out),
            "needed": self.needed,
            "needed_sentence": self.needed_sentence,
            "draws": self.draws,
            "undefined_draws": self.undefined_draws,
        }


def _values(figures: Figures | None) -> dict[str, dict[str, float | None]]:
    if figures is None:
        return {}
    return {name: interval.to_json() for name, interval in figures.values.items()}


def needed_sentence(needed: int | None, groups: Groups, patches: int) -> str:
    """How large a locked set would settle it."""
    if needed is None or needed <= groups.count:
        return "How many more would settle it can't be told from these."
    many = round(needed * patches / groups.count)
    unit = "patches" if groups.unit == "patch" else f"cases or slides (about {many:,} patches)"
    return (
        f"If the two are equally good, about {needed:,} {unit} would be needed to show it; "
        f"here are {groups.count:,}."
    )


def sentence_for(report: GateReport, *, seen: int, unknown: Sequence[str]) -> str:
    """The verdict for a reader, with what it rests on."""
    if unknown:
        names = " and the ".join(unknown)
        return (
            f"Not judged: it is not known which patches the {names} was trained on, "
            "so its figures on the locked patches prove nothing."
        )
    if seen:
        return (
            f"Not judged: a model or an ancestor of it was trained or tuned on {seen} of the "
            "locked patches."
        )
    base = _basis(report)
    if report.verdict == "first":
        if not report.patches:
            return "The first model: nothing to compare with, and no locked patch to measure on."
        auc, f1 = report.new.values["auc"], report.new.values["f1"]
        return f"The first model: nothing to compare with. AUC {auc}, F1 {f1} {base}."
    f1, auc = (_signed(report.difference[name]) for name in ("f1", "auc"))
    moved = f"F1 {f1}, AUC {auc} {base}"
    if report.verdict == "better":
        return f"Better: {moved}; recall is not lower."
    if report.verdict == "not_worse":
        f1_margin, auc_margin = report.margins["f1"], report.margins["auc"]
        return f"Not worse by more than {f1_margin:g} in F1 and {auc_margin:g} in AUC: {moved}."
    if report.verdict == "worse":
        return f"Worse: {moved}. The active model stays."
    return f"Cannot tell at this size: {moved}. The active model stays. {report.needed_sentence}"


def _basis(report: GateReport) -> str:
    unit = "" if report.unit == "patch" else f" from {report.groups:,} cases or slides"
    few = (
        "" if report.reliable else f" (fewer than {RELIABLE_FROM_GROUPS}: intervals are unreliable)"
    )
    return f"on {report.patches:,} locked patches ({report.sclerotic:,} sclerotic){unit}{few}"


def _signed(interval: Interval) -> str:
    if interval.value is None:
        return "undefined"
    if interval.low is None or interval.high is None:
        return f"{interval.value:+.3f}"
    return f"{interval.value:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})"
