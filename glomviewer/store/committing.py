"""What a reader does with an item of a reading. Each is one gesture of the log."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.readings.protocol import Reveal
from glomviewer.store import call_knowledge, pending, sight, signoffs
from glomviewer.store.decisions import check_label, record
from glomviewer.store.errors import Refused
from glomviewer.store.log import Entry, Field
from glomviewer.store.reading_items import Item, Said, said_on


def commit(
    connection: Connection,
    item: Item,
    label: int,
    *,
    origin: int,
    label_set: LabelSet,
    detail: str = "",
    comment: str = "",
    flagged: bool | None = None,
) -> Changes:
    """The reader's label of an item. Whether it was made after seeing the model's call is what
    the protocol and the log say.

    Raises:
        Refused: the reading is closed; a reason or a detail is missing; there is no such label.
    """
    comment = comment.strip()
    _refuse_if_closed(item)
    check_label(label_set, label, detail)
    _ask_for_detail(label_set, label, detail)
    said = said_on(connection, item)
    entries: list[Entry] = []
    if comment or (said.label, said.detail) != (label, detail):
        _ask_for_reason(connection, item, said, label, comment)
        entries.append(_label_entry(connection, item, said, label, detail, comment))
    if flagged is not None and flagged != said.flagged:
        entries.append(_flag_entry(item, flagged))
    name = label_set.name_of(label)
    title = f"call 1 patch {name} in {item.reading_name}"
    changes = record(connection, entries, title, f"Saved: {name}.", origin, item.reader)
    if entries and item.can_reveal:
        pending.tell_call(connection, item.reader, item.reading, item.patch)
    return _about(changes, item)


def comment_on(connection: Connection, item: Item, text: str, *, origin: int) -> Changes:
    """Add a comment to an item; earlier ones stay."""
    text = text.strip()
    if not text:
        raise Refused("The comment is empty, so nothing was saved.")
    _refuse_if_closed(item)
    entry = Entry(item.patch, Field.COMMENT, comment=text, on_screen=True, item=item.id)
    title = f"comment on 1 patch in {item.reading_name}"
    return _about(record(connection, [entry], title, "Comment saved.", origin, item.reader), item)


def flag(connection: Connection, item: Item, flagged: bool, *, origin: int) -> Changes:
    """Flag an item to come back to. Others who still read the patch independently don't see it."""
    _refuse_if_closed(item)
    entries = [_flag_entry(item, flagged)] * (said_on(connection, item).flagged != flagged)
    what = "flag" if flagged else "unflag"
    title = f"{what} 1 patch in {item.reading_name}"
    sentence = f"{what.capitalize()}ged."
    return _about(record(connection, entries, title, sentence, origin, item.reader), item)


def call_is_earned(connection: Connection, item: Item) -> bool:
    """Whether the protocol has shown the model's call of this item to its reader by now, and no
    other reading keeps it back."""
    if sight.keeps_call(connection, item.reader, item.patch):
        return False
    if item.protocol.reveal is Reveal.AT_ONCE:
        return item.can_reveal
    return item.can_reveal and said_on(connection, item).label != NO_LABEL


def _about(changes: Changes, item: Item) -> Changes:
    return changes | Changes(readings=bool(changes), reading=item.reading)


def _label_entry(
    connection: Connection, item: Item, said: Said, label: int, detail: str, comment: str
) -> Entry:
    shown = (
        item.finished
        or (item.protocol.reveal is Reveal.AT_ONCE and call_is_earned(connection, item))
        or item.patch
        in call_knowledge.told(connection, item.reader, [item.patch], reading=item.reading)
    )
    return Entry(
        patch=item.patch,
        field=Field.LABEL,
        before_label=said.label,
        label=label,
        detail=detail,
        comment=comment,
        call_shown=shown,
        model=item.model if shown else "",
        on_screen=True,
        item=item.id,
    )


def _flag_entry(item: Item, flagged: bool) -> Entry:
    return Entry(
        item.patch,
        Field.FLAG,
        before_value="" if flagged else "flagged",
        value="flagged" if flagged else "",
        item=item.id,
    )


def _refuse_if_closed(item: Item) -> None:
    if item.closed:
        raise Refused(
            f"The reading {item.reading_name} is closed; adjudicate the patch if it is called "
            "wrongly. Nothing was changed."
        )


def _ask_for_detail(label_set: LabelSet, label: int, detail: str) -> None:
    """A label that belongs to no class needs its reason where the set offers any."""
    chosen = label_set[label]
    if chosen.target is None and chosen.details and not detail:
        raise Refused(f"Say why: {chosen.name} because of {', '.join(chosen.details)}.")


def _ask_for_reason(
    connection: Connection, item: Item, said: Said, label: int, comment: str
) -> None:
    if item.finished and not comment:
        what = "changes" if said.label not in (NO_LABEL, label) else "is added"
        raise Refused(
            f"You have finished the reading {item.reading_name}; say in a comment why this label "
            f"{what} now."
        )
    signoffs.ask_for_reason(connection, item.reader, [item.patch], comment)
