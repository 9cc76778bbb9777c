"""What the page of the threshold says, in the sentences of a colleague. No Qt here."""

from __future__ import annotations

from datetime import datetime

from glomviewer.domain.records import ModelRecord
from glomviewer.domain.thresholds.counts import Counts, Intervals, Range
from glomviewer.domain.thresholds.history import BY_HAND, Steps
from glomviewer.domain.thresholds.intervals import RELIABLE_FROM_GROUPS
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.domain.thresholds.sets import OUT_OF_FOLD
from glomviewer.jobs.threshold_desk import LockedFigures, set_in_words
from glomviewer.store.models import ThresholdChange
from glomviewer.ui.widgets.numbers import counted, value_text
from glomviewer.ui.widgets.probabilities import probability_of, probability_text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FOR_REVIEW = "For review, not for diagnosis."
FIGURE_NAMES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "specificity": "Specificity",
}
NO_MODEL = ("No model yet", "A threshold is chosen once there is a model with predictions.")


def nothing_to_choose_on(title: str) -> tuple[str, str]:
    return (
        "Nothing to choose a threshold on yet",
        f"It takes labelled patches of both classes that {title} has not learned from: "
        "validation patches with a prediction, or out-of-fold predictions of a training. Locked "
        "patches never move a threshold.",
    )


def model_entry(record: ModelRecord) -> str:
    return f"{record.title}, active" if record.active else record.title


def in_use(shown: ModelRecord, active: ModelRecord | None) -> str:
    """Which model's calls the readers see, so that nobody takes this desk for that one's."""
    if shown.active:
        return "The active model, in use: a move changes the calls that every reader gets."
    if active is None:
        return "No model is active, so none is in use."
    return (
        f"Not in use, the active model is {active.title}: a move changes only what {shown.title} "
        "would call."
    )


def undo_texts(title: str, steps: Steps[ThresholdChange]) -> tuple[str, str]:
    """What undo and redo would put back, "" where there is nothing."""
    return (
        _step_text("Undo", title, steps.undo),
        _step_text("Redo", title, steps.redo),
    )


def _step_text(verb: str, title: str, change: ThresholdChange | None) -> str:
    if change is None:
        return ""
    return f"{verb}: the threshold of {title} back to {threshold_text(change.logit)}"


def threshold_text(logit: float) -> str:
    return probability_text(probability_of(logit))


def headline(chosen: float, current: float) -> str:
    now, was = threshold_text(chosen), threshold_text(current)
    if chosen == current:
        return f"Threshold {now}"
    return f"Threshold {now}, now {was}" if now != was else f"Threshold {now}, a little apart"


def standing_on(title: str, name: str, scores: RankedScores, *, seen_known: bool) -> str:
    """Which model, on what, and for what it is not."""
    text = f"{title} on {set_in_words(name, scores)}, {scores.sclerotic:,} of them sclerotic."
    if not seen_known:
        text += " What the model was trained on is unknown: it may have learned from them."
    elif name != OUT_OF_FOLD:
        text += " The model was tuned on these, so that the figures flatter it a little."
    return f"{text} Locked patches take no part. {FOR_REVIEW}"


def range_text(found: Range | None) -> str:
    return "" if found is None else f"{value_text(found[0])} to {value_text(found[1])}"


def count_range_text(found: Range | None) -> str:
    return "" if found is None else f"{round(found[0]):,} to {round(found[1]):,}"


def interval_kind(intervals: Intervals, *, settling: bool) -> str:
    """What the intervals are, so that nobody takes quick ones for those of the bootstrap."""
    if intervals.draws:
        groups = counted(intervals.groups, intervals.unit)
        text = f"95 % intervals: {intervals.draws:,} bootstrap draws of {groups}."
        if intervals.undefined:
            text += f" F1 was undefined in {counted(intervals.undefined, 'draw')}."
        if intervals.groups < RELIABLE_FROM_GROUPS:
            text += f" Fewer than {RELIABLE_FROM_GROUPS} {intervals.unit}s: not reliable."
        return text
    if settling:
        return "95 % intervals: Wilson's while the line moves, as if patches were independent."
    return "95 % intervals: Wilson's, with every patch on its own."


def mistakes(counts: Counts) -> str:
    missed = f"{counts.false_negative:,} missed"
    return f"{missed}, {counted(counts.false_positive, 'false alarm')}"


def crossing_headline(crossing: int, cases: int, unit: str, cut_off: float) -> str:
    percent = f"{100 * cut_off:g} %"
    if not cases:
        return "No case is known"
    crosses = "crosses" if crossing <= 1 else "cross"
    number = f"{crossing:,}" if crossing else "None"
    return f"{number} of {counted(cases, unit)} {crosses} {percent}"


def share_text(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def looked_text(looks: int) -> str:
    if not looks:
        return "Nobody has looked at it yet."
    times = {1: "once", 2: "twice"}.get(looks, f"{looks:,} times")
    return f"Looked at {times} so far."


def locked_ask(patches: int, looks: int) -> str:
    return (
        f"{looked_text(looks)} It holds {counted(patches, 'labelled patch', 'labelled patches')}. "
        "Every look is counted, since each wears the set out a little: a threshold that was "
        "chosen by it can't be judged by it."
    )


def when_text(moment: datetime, now: datetime) -> str:
    """`21 Nov 20:16`, and the year where it is another one, in the zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return f"{day} {local:%H:%M}" if local.year == now.year else f"{day} {local.year}"


def locked_left_out(figures: LockedFigures) -> str:
    parts = []
    if figures.seen:
        parts.append(f"{counted(figures.seen, 'patch', 'patches')} seen by the model")
    if figures.shown:
        parts.append(f"{figures.shown:,} labelled with the call shown")
    return f"Left out: {', '.join(parts)}." if parts else ""


def why_not_movable(*, changed: bool, rule: str, reason: str, read_only: bool, reader: bool) -> str:
    """Why the threshold can't be moved as it stands; "" where it can."""
    if read_only:
        return "This library is open for reading only: look, but nothing is moved."
    if not reader:
        return "Say who you are first: the reader is kept with every move."
    if not changed:
        return "This is the threshold in force. Drag the line, or choose a rule."
    if rule == BY_HAND and not reason:
        return "By hand needs a reason."
    return ""
