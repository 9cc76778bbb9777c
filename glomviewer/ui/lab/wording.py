"""What the lab says of data, time and leaks, in sentences. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.records import RunRecord, TrainingCounts
from glomviewer.jobs.leak_search import Leak, LeakReport
from glomviewer.jobs.training_estimate import Estimate
from glomviewer.ui.widgets.durations import duration_text
from glomviewer.ui.widgets.numbers import counted

SEVERITY_WORDS = {
    "refuse": "The gate will not judge while this stands",
    "warn": "Figures may be too good",
    "note": "Harmless so far",
}
MOST_PAST_RUNS = 5
GIB = 2**30


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Patches that stay out for one reason, and the query that shows them, where there is one."""

    number: int
    reason: str
    query: PatchQuery | None


def left_out(counts: TrainingCounts, labels: LabelSet) -> list[LeftOut]:
    """What a training leaves out, with nothing that isn't there."""
    crosses = tuple(
        label.code for label in labels.labels if label.target is None and label.shape == "cross"
    )
    every = (
        LeftOut(counts.disputed, "disputed", PatchQuery(queue=Queue.DISPUTED)),
        LeftOut(counts.cannot_tell, "cannot tell", PatchQuery(queue=Queue.CANNOT_TELL)),
        LeftOut(counts.not_a_glomerulus, "not a glomerulus", PatchQuery(labels=crosses)),
        LeftOut(counts.excluded, "excluded", PatchQuery(excluded=True)),
        LeftOut(counts.missing, "with a missing file", PatchQuery(missing_only=True)),
        LeftOut(counts.unlabelled, "without a label", PatchQuery(labels=(NO_LABEL,))),
        LeftOut(counts.duplicates, "duplicates", None),
    )
    return [one for one in every if one.number]


def estimate_line(estimate: Estimate) -> str:
    """`About 4 min and 1.2 GB of memory.`; the child's own sentence where it gave one."""
    if estimate.sentence:
        return estimate.sentence
    parts = [duration_text(estimate.seconds)]
    if estimate.memory_bytes:
        parts.append(f"{estimate.memory_bytes / GIB:.1f} GB of memory")
    said = " and ".join(part for part in parts if part)
    return f"About {said}." if said else ""


def past_line(recipe: str, runs: tuple[RunRecord, ...]) -> str:
    """How long runs with this recipe took; "" where there were none."""
    took = [
        (run.finished - run.started).total_seconds()
        for run in runs
        if run.recipe == recipe and run.state == "finished" and run.finished is not None
    ][:MOST_PAST_RUNS]
    if not took:
        return ""
    if len(took) == 1:
        return f"The last run with {recipe} took {duration_text(took[0])}."
    shortest, longest = duration_text(min(took)), duration_text(max(took))
    if shortest == longest:
        return f"The last {len(took)} runs with {recipe} took {shortest} each."
    return f"The last {len(took)} runs with {recipe} took {shortest} to {longest}."


def leaks_headline(report: LeakReport) -> str:
    if not report.leaks:
        return "No leak was found"
    return f"{counted(len(report.leaks), 'finding')} in the data"


def checked_lines(report: LeakReport) -> str:
    return "\n".join(one[:1].upper() + one[1:] for one in report.checked)


def open_text(leak: Leak) -> str:
    return f"Open {counted(len(leak.patches), 'patch', 'patches')}"


def leak_title(leak: Leak) -> str:
    """What Review calls its patches: a sentence would be cut off there."""
    return f"Leak: {leak.kind.replace('_', ' ').replace('-', ' ') or 'these patches'}"
