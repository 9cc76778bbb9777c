"""What a retraining would use and what it would leave out, in sentences. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.records import TrainingCounts
from glomviewer.ui.widgets.numbers import counted

SPLIT_ROWS = (
    ("train", "Training"),
    ("validation", "Validation"),
    ("locked", "Locked, for the gate"),
    ("final", "Final, read by no gate"),
)


@dataclass(frozen=True, slots=True)
class SplitRow:
    name: str
    patches: int
    sclerotic: int
    cases: int


def headline(counts: TrainingCounts, active: str) -> str:
    if not active:
        labelled = sum(sum(pair) for pair in counts.per_split.values())
        return f"{counted(labelled, 'labelled patch', 'labelled patches')}, no model yet"
    return f"{counted(counts.corrections, 'correction')} since {active}"


def split_rows(counts: TrainingCounts) -> list[SplitRow]:
    """One row a split that holds anything, training first."""
    rows = []
    for key, name in SPLIT_ROWS:
        not_sclerotic, sclerotic = counts.per_split.get(key, (0, 0))
        patches = not_sclerotic + sclerotic
        if patches or key in ("train", "validation", "locked"):
            rows.append(SplitRow(name, patches, sclerotic, counts.cases_per_split.get(key, 0)))
    return rows


def left_out(counts: TrainingCounts) -> str:
    """`Left out: 9 disputed, 21 cannot tell, …`"""
    parts = [
        f"{number:,} {reason}"
        for number, reason in (
            (counts.disputed, "disputed"),
            (counts.cannot_tell, "cannot tell"),
            (counts.not_a_glomerulus, "not a glomerulus"),
            (counts.excluded, "excluded"),
            (counts.duplicates, "duplicates across splits"),
            (counts.missing, "with a missing file"),
            (counts.unlabelled, "without a label"),
        )
        if number
    ]
    text = f"Left out: {', '.join(parts)}." if parts else "Nothing is left out."
    return f"{text} {shown_calls(counts)}".rstrip()


def shown_calls(counts: TrainingCounts) -> str:
    """What labels made with the call shown mean for the gate, "" where there are none."""
    if not counts.locked_with_call_shown:
        return ""
    shown = counted(counts.locked_with_call_shown, "locked patch", "locked patches")
    return f"{shown} labelled with the call shown will not count in the gate."


def obstacle(counts: TrainingCounts) -> str:
    """Why no training is possible with these labels, or nothing."""
    for key, name in (("train", "training"), ("validation", "validation")):
        not_sclerotic, sclerotic = counts.per_split.get(key, (0, 0))
        if not_sclerotic + sclerotic == 0:
            return f"No labelled patch is in the {name} set yet."
        if not not_sclerotic or not sclerotic:
            missing = "globally sclerotic" if not sclerotic else "not globally sclerotic"
            return f"The {name} set holds no patch labelled {missing} yet."
    return ""
