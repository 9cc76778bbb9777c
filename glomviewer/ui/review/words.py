"""What the patch panel says, in the sentences of a colleague."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from glomviewer.domain.labels import NO_LABEL, LabelSet, ReferenceSource
from glomviewer.domain.patch_query import PatchQuery, Queue, SortKey
from glomviewer.domain.patch_select import sigmoid
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.records import Decision, Patch
from glomviewer.ui.review.cells import Cell, part_of

HIDDEN = "Hidden until you decide"

SOURCES = {
    ReferenceSource.NONE: "",
    ReferenceSource.ADJUDICATED: "adjudicated",
    ReferenceSource.READERS_AGREE: "readers agree",
    ReferenceSource.SINGLE_READER: "single reader",
    ReferenceSource.IMPORTED: "imported",
    ReferenceSource.DISPUTED: "disputed, readers differ",
}

ORDERS = {
    SortKey.UNCERTAINTY: ("least certain first", "most certain first"),
    SortKey.PROBABILITY: ("lowest probability first", "highest probability first"),
    SortKey.NAME: ("by name", "by name, last first"),
    SortKey.CASE: ("by case", "by case, last first"),
    SortKey.SIZE: ("smallest first", "largest first"),
    SortKey.TIME: ("decided longest ago first", "decided last first"),
    SortKey.DISAGREEMENT: ("most contradicted first", "least contradicted first"),
}

FIRST_ORDER = {
    Queue.MODEL_DISAGREES: SortKey.DISAGREEMENT,
    Queue.UNCERTAIN: SortKey.UNCERTAINTY,
    Queue.CHANGED_CALLS: SortKey.UNCERTAINTY,
}
"""The order that a queue opens in, where the reader has not chosen one."""

EMPTY_QUEUES = {
    Queue.NOT_YET_SEEN: "You have seen every patch.",
    Queue.MODEL_DISAGREES: "No call of the model contradicts a label that you may compare.",
    Queue.UNCERTAIN: "No call lies near the threshold.",
    Queue.DISPUTED: "Readers agree wherever more than one has decided.",
    Queue.CANNOT_TELL: "Nobody has said “cannot tell”.",
    Queue.FLAGGED: "Nothing is flagged. F flags a patch to come back to.",
    Queue.CHANGED_CALLS: "No call has changed since the model before.",
}


@dataclass(frozen=True, slots=True)
class CallText:
    """`text` is the model's call in words; `known` whether the reader may know it."""

    text: str
    known: bool
    call: int | None


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def title_of(query: PatchQuery) -> str:
    return capital(query.queue.value)


def order_of(query: PatchQuery) -> str:
    return ORDERS[query.sort][int(query.descending)]


def call_text(table: PatchTable, patch: int, labels: LabelSet, *, reveal: bool = True) -> CallText:
    """The call on a patch against the threshold, or that it is hidden, or that there is none.

    `reveal` False hides it even where the reader might know it, until he has decided.
    """
    rows = table.rows_of((patch,))
    if not len(rows) or not table.view.has_predictions:
        return CallText("No model yet" if len(rows) else "", False, None)
    part = part_of(table, rows)
    decided = int(part["current"][0]) != NO_LABEL
    if not bool(part.call_visible()[0]) or not (reveal or decided):
        return CallText(HIDDEN, False, None)
    logit = float(part.view.ranking[0])
    if math.isnan(logit):
        return CallText("Not predicted", False, None)
    call = int(logit >= part.view.threshold)
    codes = labels.codes_of_target(call)
    name = labels[codes[0]].name if codes else str(call)
    text = f"{capital(name)}, {probability_text(logit, part.view.threshold)}"
    if bool(part.view.trained_on[0]):
        out_of_fold = float(part.view.logit[0]) != logit
        text += " · out of fold" if out_of_fold else " · trained on it"
    return CallText(text, True, call)


def spoken(cell: Cell, place: int, count: int, labels: LabelSet) -> str:
    """A thumbnail in words, for a screen reader; it tells no more than the thumbnail shows."""
    parts = [f"Patch {place + 1:,} of {count:,}", labels.name_of(cell.label)]
    if cell.call is not None:
        codes = labels.codes_of_target(cell.call)
        name = labels[codes[0]].name if codes else str(cell.call)
        parts.append(f"the model: {name}")
    marks = (
        ("disputed", cell.disputed),
        ("flagged", cell.flagged),
        ("commented", cell.commented),
        ("excluded", cell.excluded),
        ("file missing", cell.missing),
    )
    parts += [name for name, holds in marks if holds]
    return ", ".join(parts)


def probability_text(logit: float, threshold: float) -> str:
    """The probability with as many digits as it takes to tell it from the threshold."""
    value, limit = (float(sigmoid(np.array([x]))[0]) for x in (logit, threshold))
    for digits in (2, 3, 4, 5):
        if f"{value:.{digits}f}" != f"{limit:.{digits}f}" or logit == threshold:
            return f"{value:.{digits}f}"
    return f"{value:.5f}"


def reference_text(patch: Patch, labels: LabelSet) -> str:
    if patch.disputed and patch.reference_label == NO_LABEL:
        return "Disputed, readers differ"
    if patch.reference_label == NO_LABEL:
        return "None yet"
    source = SOURCES[patch.reference_source]
    return f"{capital(labels.name_of(patch.reference_label))}{f' ({source})' if source else ''}"


def kept_text(reading: str) -> str:
    """Why nothing is told of a patch, and where it is decided on; "" where it isn't kept."""
    if not reading:
        return ""
    return (
        f"You still read this patch independently in “{reading}”. Decide on it there: until you "
        "have finished, nothing else about it is shown."
    )


def size_text(patch: Patch) -> str:
    text = f"{patch.width} × {patch.height} px"
    if patch.microns_per_pixel:
        width = patch.width * patch.microns_per_pixel
        height = patch.height * patch.microns_per_pixel
        text += f", {width:.0f} × {height:.0f} µm"
    return text


def place_text(patch: Patch) -> str:
    parts = [part for part in (patch.case, patch.slide) if part]
    return ", ".join(parts) if parts else "Not known"


def decision_texts(decision: Decision, labels: LabelSet) -> tuple[str, str]:
    """One line of the history, and what was said with it."""
    when = decision.made_at.astimezone().strftime("%d %b %Y, %H:%M")
    what = _what(decision, labels)
    if decision.kind in ("undo", "redo"):
        what = f"{capital(decision.kind)}: {what[:1].lower()}{what[1:]}"
    parts = [what, decision.reader.initials or decision.reader.name, when]
    if decision.field == "label":
        parts.append("call shown" if decision.call_shown else "call hidden")
        if not decision.on_screen:
            parts.append("never on screen")
    return " · ".join(parts), decision.comment


def _what(decision: Decision, labels: LabelSet) -> str:
    if decision.field in ("label", "adjudication"):
        name = capital(labels.name_of(decision.label))
        if decision.field == "adjudication":
            return f"Adjudicated: {name[:1].lower()}{name[1:]}"
        return f"{name} ({decision.detail})" if decision.detail else name
    if decision.field in ("flag", "exclusion", "referral"):
        return capital(decision.after)
    return capital(decision.field)
