"""The conditions of a query as chips: what each says, and the query without it."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.ui.review.words import capital, counted

SPLITS = {
    Split.NONE: "in no part yet",
    Split.TRAIN: "training",
    Split.VALIDATION: "validation",
    Split.LOCKED: "locked",
    Split.FINAL: "final",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One chip: its text, and the query that is left when it is taken away."""

    text: str
    without: PatchQuery


def conditions(query: PatchQuery, labels: LabelSet) -> list[Condition]:
    found: list[Condition] = []

    def add(said: str, /, **without: object) -> None:
        found.append(Condition(said, query.with_(**without)))

    for code in query.labels:
        rest = tuple(other for other in query.labels if other != code)
        add(f"Label: {labels.name_of(code)}", labels=rest)
    for call in query.calls:
        rest = tuple(other for other in query.calls if other != call)
        add(f"Call: {call_name(call, labels)}", calls=rest)
    if query.cell is not None:
        target, call = query.cell
        text = f"Reference {call_name(target, labels)}, call {call_name(call, labels)}"
        add(text, cell=None)
    for case in query.cases:
        add(f"Case {case}", cases=tuple(other for other in query.cases if other != case))
    for slide in query.slides:
        add(f"Slide {slide}", slides=tuple(other for other in query.slides if other != slide))
    for split in query.splits:
        rest = tuple(other for other in query.splits if other != split)
        add(f"Part: {SPLITS[split]}", splits=rest)
    if query.probability is not None:
        low, high = query.probability
        add(f"Probability {low:.2f} to {high:.2f}", probability=None)
    if query.text.strip():
        add(f"“{query.text.strip()}”", text="")
    if query.missing_only:
        add("File missing", missing_only=False)
    if query.excluded:
        add("Excluded", excluded=False)
    if query.ids is not None:
        add(counted(len(query.ids), "chosen patch", "chosen patches"), ids=None)
    return found


def call_name(call: int, labels: LabelSet) -> str:
    codes = labels.codes_of_target(call) if call != NO_LABEL else ()
    return labels[codes[0]].name if codes else "no prediction"


def without_filters(query: PatchQuery) -> PatchQuery:
    """The same queue in the same order, whole."""
    return PatchQuery(queue=query.queue, sort=query.sort, descending=query.descending)


def filter_name(query: PatchQuery, labels: LabelSet) -> str:
    """A name to start from when a filter is saved."""
    parts = [condition.text for condition in conditions(query, labels)]
    return ", ".join([capital(query.queue.value), *parts])[:60]
