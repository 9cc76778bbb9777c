"""What the reading screen says. No Qt here, and no name of a file, slide or case."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.labels import NO_LABEL, Label, LabelSet
from glomviewer.domain.readings.records import ItemState, ReadingSummary, RevealedCall
from glomviewer.ui.readings.pace import Pace
from glomviewer.ui.readings.walk import Walk
from glomviewer.ui.widgets.numbers import counted

NOT_FOR_DIAGNOSIS = "For review, not for diagnosis"


@dataclass(frozen=True, slots=True)
class Revealed:
    """One's own label where there is one, the model's with its probability, whether they agree,
    and whose call it is and what it is not for."""

    own: Label | None
    call: Label
    chance: str
    agreement: str
    about: str


def wants_detail(label: Label) -> bool:
    """Whether a label says too little by itself, as `cannot tell` does."""
    return label.target is None and bool(label.details)


def kind_of(reading: ReadingSummary) -> str:
    return "Independent reading" if reading.protocol.independent else "Open reading"


def progress_text(reading: ReadingSummary, walk: Walk, pace: Pace) -> str:
    """`Independent reading · 38 of 120 · about 14 minutes left`."""
    total, item = len(walk), walk.item
    if item is None:
        return f"{kind_of(reading)} · {counted(total, 'patch', 'patches')} read"
    parts = [kind_of(reading), f"{walk.place + 1:,} of {total:,}"]
    if item.case_place >= 0:
        parts.append(f"Case {item.case_place + 1:,} of {walk.cases:,}")
    if item.detail:
        parts.append(f"you said: {item.detail}")
    left = time_left(pace.seconds_for(walk.unread))
    return " · ".join([*parts, left] if left else parts)


def time_left(seconds: float | None) -> str:
    """`about 14 minutes left`, "" where nobody knows yet."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute left"
    if minutes < 100:
        return f"about {counted(minutes, 'minute')} left"
    hours, rest = divmod(minutes, 60)
    half = " and a half" if 15 <= rest < 45 else ""
    whole = hours + (rest >= 45)
    return f"about {whole:,}{half} hours left"


def patch_name(item: ItemState) -> str:
    return f"Patch {item.place + 1:,}"


def not_saved(item: ItemState, sentence: str) -> str:
    return f"{patch_name(item)} was not saved. {sentence}"


def all_read(reading: ReadingSummary, items: int) -> tuple[str, str]:
    """Headline and sentence once the last one has its label."""
    told = "you see what the others have called, and " if len(reading.readers) > 1 else ""
    return (
        f"You have read all {counted(items, 'patch', 'patches')}.",
        "You may still go back and change what you have called. Once you finish, "
        f"{told}a later change needs a reason.",
    )


def revealed(item: ItemState, call: RevealedCall, labels: LabelSet) -> Revealed:
    """What stands under the patch once the call is told."""
    called = labels[labels.codes_of_target(call.call)[0]]
    about = f"{call.model} · threshold {call.threshold:.2f} · {NOT_FOR_DIAGNOSIS}."
    if not item.is_done:
        return Revealed(None, called, f"{call.probability:.2f}", "", about)
    own = labels[item.label]
    agreement = "You agree." if own.target == call.call else "You differ."
    if wants_detail(own):
        agreement = ""
    if item.first_label not in (NO_LABEL, item.label):
        agreement = f"You first said {labels.name_of(item.first_label)}."
    return Revealed(
        own,
        called,
        f"{call.probability:.2f}",
        agreement,
        f"{about} Another label changes yours; both are kept.",
    )


CALL_AFTER_FINISH = (
    "You have finished this reading and left this patch unread, so a call needs a reason, which "
    "shows in the report."
)
CHANGE_AFTER_FINISH = (
    "You have finished this reading, so a change needs a reason. It is kept beside what you called "
    "first, and shows in the report."
)
