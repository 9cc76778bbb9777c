"""What the gate said, in words. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glomviewer.jobs.verdicts import may_promote
from glomviewer.ui.models.figures import counted, interval_text, value_text
from glomviewer.ui.widgets.matrix import Matrix

METRIC_NAMES = {
    "auc": "AUC",
    "f1": "F1",
    "recall": "Recall",
    "precision": "Precision",
    "log_loss": "Log loss",
}
ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")
REASONS_LEFT_OUT = {
    "seen_by_model": "seen by a model in training",
    "disputed": "disputed",
    "unlabelled": "without a label",
    "call_shown": "labelled with the call shown",
    "gate": "not labelled blind",
    "not_gate": "not labelled blind",
    "unreadable": "unreadable",
}


@dataclass(frozen=True, slots=True)
class GateRow:
    """One line of the table that sets the old model beside the new."""

    name: str
    old: str
    new: str
    difference: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that the gate card shows, as text."""

    headline: str
    sentence: str
    looks: str
    left_out: str
    needed: str
    rows: tuple[GateRow, ...]
    old: Matrix | None
    new: Matrix | None
    mended: tuple[int, ...]
    broken: tuple[int, ...]
    may_promote: bool


def headline_of(verdict: str, active: str) -> str:
    beside = active or "the active model"
    return {
        "better": f"Better than {beside}",
        "not_worse": f"Not worse than {beside}",
        "worse": f"Worse than {beside}",
        "cannot_tell": f"Cannot tell whether it is as good as {beside}",
        "refused": "Not judged",
        "first": "The first model: nothing to compare it with",
    }.get(verdict, f"An unknown verdict: {verdict}")


def look_text(looks: int) -> str:
    if looks <= 0:
        return ""
    ordinal = ORDINALS[looks] if looks < len(ORDINALS) else f"{looks}th"
    worn = " Each look wears the set out a little." if looks >= 3 else ""
    return f"{ordinal} look at the locked set.{worn}"


def read_gate(gate: Mapping[str, Any], *, active: str, candidate: str) -> Verdict:
    """The contents of gate.json for the screen; keys that are not there are passed over."""
    old, new = gate.get("old") or {}, gate.get("new") or {}
    difference = gate.get("difference") or {}
    rows = tuple(
        _row(METRIC_NAMES[metric], metric, old, new, difference)
        for metric in METRIC_NAMES
        if metric in new
    )
    mended = tuple(int(patch) for patch in gate.get("mended") or ())
    broken = tuple(int(patch) for patch in gate.get("broken") or ())
    if old:
        flips = f"{len(mended):,} mended, {len(broken):,} broken"
        rows = (*rows, GateRow("Changed calls", "", "", flips))
    return Verdict(
        headline=headline_of(str(gate.get("verdict", "")), active),
        sentence=str(gate.get("sentence", "")),
        looks=look_text(int(gate.get("looks") or 0)),
        left_out=_left_out(gate.get("left_out") or {}),
        needed=str(gate.get("needed_sentence") or ""),
        rows=rows,
        old=_matrix(active, gate.get("confusion_old")),
        new=_matrix(candidate, gate.get("confusion_new")),
        mended=mended,
        broken=broken,
        may_promote=may_promote(gate),
    )


def _row(
    name: str,
    metric: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    difference: Mapping[str, Any],
) -> GateRow:
    return GateRow(
        name=name,
        old=value_text(old[metric].get("value")) if metric in old else "",
        new=value_text(new[metric].get("value")) if old else interval_text(new[metric]),
        difference=interval_text(difference[metric], signed=True) if metric in difference else "",
    )


def _matrix(title: str, counts: Any) -> Matrix | None:
    if not counts:
        return None
    (tn, fp), (fn, tp) = counts
    return Matrix(title, ((int(tn), int(fp)), (int(fn), int(tp))))


def _left_out(reasons: Mapping[str, Any]) -> str:
    parts = [
        f"{counted(int(number), 'patch', 'patches')} {_reason(reason)}"
        for reason, number in reasons.items()
        if number
    ]
    return f"Left out of the comparison: {', '.join(parts)}." if parts else ""


def _reason(key: str) -> str:
    return REASONS_LEFT_OUT.get(key, key.replace("_", " "))
