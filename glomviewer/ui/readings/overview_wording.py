"""What the overview says of readings. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.domain.readings.records import (
    LaterChange,
    Meaning,
    ReaderProgress,
    ReadingSummary,
    SignOff,
)
from glomviewer.domain.records import Reader
from glomviewer.ui.widgets.numbers import counted

ORDERS = {
    Order.FIXED: "the same for all",
    Order.SHUFFLED: "shuffled for each reader",
    Order.BY_CASE: "by case",
}
REVEALS = {
    Reveal.NEVER: "never shown",
    Reveal.AFTER: "shown after one's own",
    Reveal.AT_ONCE: "shown at once",
}
MEANINGS = {
    Meaning.READ: "read",
    Meaning.ADJUDICATED: "adjudicated",
    Meaning.APPROVED: "approved",
}

STILL_READS = "You still read in it independently. Finish your reading before you close it for all."


def moment(when: datetime) -> str:
    """In the time of this machine."""
    return f"{when.astimezone():%d %b %Y, %H:%M}".lstrip("0")


def day(when: datetime) -> str:
    return f"{when.astimezone():%d %b %Y}".lstrip("0")


def short_protocol(reading: ReadingSummary) -> str:
    """`120 patches, read independently; the model's call after one's own`."""
    protocol = reading.protocol
    kind = "independently" if protocol.independent else "openly"
    call = {
        Reveal.NEVER: "the model's call never shown",
        Reveal.AFTER: "the model's call after one's own",
        Reveal.AT_ONCE: "the model's call at once",
    }[protocol.reveal]
    return f"{counted(reading.patches, 'patch', 'patches')}, read {kind}; {call}"


def is_blinded(reading: ReadingSummary, viewer: Reader | None) -> bool:
    """Whether this reader may not know yet what the others do in it."""
    own = None if viewer is None else reading.progress_of(viewer.id)
    still_reads = own is not None and own.finished is None and not reading.is_closed
    return reading.protocol.independent and still_reads


def told_readers(reading: ReadingSummary, viewer: Reader | None) -> list[ReaderProgress]:
    """Those whose progress may be told: only one's own while one reads independently."""
    if not is_blinded(reading, viewer):
        return list(reading.readers)
    return [one for one in reading.readers if viewer is not None and one.reader.id == viewer.id]


def progress(one: ReaderProgress) -> str:
    if one.finished is not None:
        return "signed off" if one.signed else "finished"
    return f"{one.done:,} of {one.items:,}"


def finished(one: ReaderProgress) -> str:
    if one.finished is None:
        return ""
    return f"{day(one.finished)}, signed" if one.signed else day(one.finished)


def standing(reading: ReadingSummary, viewer: Reader | None) -> str:
    """How far a reading is, in the few words of a row."""
    if reading.is_closed:
        return "closed"
    told = told_readers(reading, viewer)
    if is_blinded(reading, viewer):
        return f"yours: {progress(told[0])}" if told else ""
    finished = sum(one.finished is not None for one in told)
    signed = sum(one.signed for one in told)
    if signed == len(told) and told:
        return "signed off"
    if finished == len(told) and told:
        return "finished"
    if len(told) == 1:
        return progress(told[0])
    done, items = sum(one.done for one in told), sum(one.items for one in told)
    share = f"{100 * done // items if items else 0} % read"
    return f"{share}, {finished} of {len(told)} finished" if finished else share


def signed(sign: SignOff) -> str:
    note = f": {sign.note}" if sign.note else ""
    return f"{sign.reader.name}, {MEANINGS[sign.meaning]}, {moment(sign.made_at)}{note}"


def later(changes: Sequence[LaterChange], labels: LabelSet) -> str:
    """Every change since a sign-off, one a line; "" where there is none."""
    lines = [
        f"{one.reader.name}, {moment(one.made_at)}: {labels.name_of(one.before)} → "
        f"{labels.name_of(one.label)}" + (f" ({one.reason})" if one.reason else "")
        for one in changes
    ]
    more = f"\n… and {len(lines) - 5:,} more" if len(lines) > 5 else ""
    return "\n".join(lines[:5]) + more


def obstacle(reading: ReadingSummary, viewer: Reader | None, *, read_only: bool) -> str:
    """Why the viewer can't read in it now; "" where he can."""
    if viewer is None:
        return "Say who reads first: the name is kept with every label."
    own = reading.progress_of(viewer.id)
    if own is None:
        return f"{viewer.name} is not a reader of this reading."
    if reading.is_closed:
        return "This reading is closed: nothing can be decided in it any more."
    if read_only:
        return "This library is open for reading only, so nothing can be decided in it."
    return ""


def read_verb(own: ReaderProgress | None) -> str:
    if own is None or not own.done:
        return "Begin reading"
    if own.finished is not None:
        return "Look through again"
    return "Go on reading" if own.left else "To the end"


def finishing(own: ReaderProgress) -> str:
    """What ending one's reading means."""
    count = counted(own.items, "patch", "patches")
    read = f"You have read all {count}." if not own.left else f"{own.left:,} of {count} are unread."
    return (
        f"{read} Once you finish, nothing is kept from you any more, and a later change needs a "
        "reason and shows."
    )


def closing(reading: ReadingSummary) -> str:
    """What closing a reading means."""
    reads = [one.reader.name for one in reading.readers if one.finished is None]
    waits = (
        f"{', '.join(reads)} {'has' if len(reads) == 1 else 'have'} not finished. "
        if reads
        else "All of its readers have finished. "
    )
    return (
        f"{waits}Nobody can decide anything in it from now on, and nothing about its patches is "
        "kept from its readers any more. A closed reading can't be opened again."
    )
