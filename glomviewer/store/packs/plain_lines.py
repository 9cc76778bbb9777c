"""The lines that journals are full of, read by the one spelling in which this program writes them.

A return of 10,000 decisions is 20,000 lines that differ in a few values. A pattern takes these out
and looks at them in one go, in half the time of reading JSON and then asking of each value what it
is. It fits only what is sound as it stands; any other line is left to be read as JSON, which says
what is wrong with it if anything is. So nothing is taken here that would be refused there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from glomviewer.store.log import Field, Kind
from glomviewer.store.packs.rows import DecisionRow, GestureContent

MOST_NUMBER = 2**53
MOST_LABEL = 2**31 - 1
# Far beyond what anybody types, so that no library of our own is ever refused.
SHORT, LONG = 10_000, 10_000_000

_UUID = '"([0-9a-f]{32})"'
_NUMBER = "(0|[1-9][0-9]{0,15})"
_LABEL = "(-1|0|[1-9][0-9]{0,9})"
_FLAG = "([01])"
# Without escapes, which no plain text needs.
_TEXT = r'"([^"\\\x00-\x1f]*)"'
_SUBJECT = '"(?:([0-9a-f]{32})",1|([0-9a-f]{64}(?::[1-9][0-9]{0,8})?)",0)'
_KINDS = "|".join(kind.value for kind in Kind)
_FIELDS = "|".join(field.value for field in Field if field is not Field.REFERRAL)

_GESTURE = re.compile(
    rf'\{{"body":\{{"kind":"({_KINDS})","patches":{_NUMBER},"reader":{_UUID},'
    rf'"root":\[{_UUID},{_NUMBER}\],"sequence":{_NUMBER},"title":{_TEXT}\}},"clock":{_NUMBER},'
    rf'"hash":"([0-9a-f]{{64}})","kind":"gesture","made_at":{_NUMBER},"origin":{_UUID},'
    rf'"program":{_TEXT},"reader":{_UUID},"rows":{_NUMBER},"sequence":{_NUMBER},"title":{_TEXT},'
    rf'"zone":{_TEXT}\}}'
)
_ROW = re.compile(
    rf'\[{_NUMBER},{_SUBJECT},"({_FIELDS})",{_LABEL},{_TEXT},{_LABEL},{_TEXT},{_TEXT},{_TEXT},'
    rf"{_FLAG},{_TEXT},{_FLAG}\]"
)


class PlainGesture(NamedTuple):
    """A gesture still without its decisions: the values of its entry before `gesture`, and how
    many lines of decisions follow."""

    values: tuple[str, int, int, str, str, int, str, str, str, str, str]
    content: GestureContent
    rows: int

    @property
    def origin(self) -> str:
        return self.values[0]


def plain_gesture(line: bytes) -> PlainGesture | None:
    """None where the line has to be read as JSON. Whether its origins and its reader are named in
    the first line is not looked at."""
    found = _GESTURE.fullmatch(_text_of(line))
    if found is None:
        return None
    kind, patches, by, root_origin, root, number, told, clock, hashed, *others = found.groups()
    made_at, origin, program, reader, rows, sequence, title, zone = others
    content = GestureContent(int(number), kind, told, int(patches), by, (root_origin, int(root)))
    at, when, made, count = int(sequence), int(clock), int(made_at), int(rows)
    sound = (
        by == reader
        and 1 <= at <= MOST_NUMBER
        and 1 <= when <= MOST_NUMBER
        and 1 <= content.sequence <= MOST_NUMBER
        and 1 <= content.root[1] <= MOST_NUMBER
        and made <= MOST_NUMBER
        and content.patches <= MOST_NUMBER
        and count <= MOST_NUMBER
        and len(zone) + len(program) <= SHORT
        and len(title) + len(told) <= LONG
    )
    values = (origin, at, when, "gesture", reader, made, zone, title, program, "", hashed)
    return PlainGesture(values, content, count) if sound else None


def plain_row(line: bytes) -> DecisionRow | None:
    """A decision; None where the line has to be read as JSON."""
    found = _ROW.fullmatch(_text_of(line))
    if found is None:
        return None
    number, item, patch, field, was, was_value, label, *others = found.groups()
    value, detail, comment, told, model, on_screen = others
    row = DecisionRow(
        *(int(number), item or patch, 0 if item is None else 1, field, int(was), was_value),
        *(int(label), value, detail, comment, int(told), model, int(on_screen)),
    )
    sound = (
        1 <= row.sequence <= MOST_NUMBER
        and row.before_label <= MOST_LABEL
        and row.label <= MOST_LABEL
        and len(model) <= SHORT
        and len(was_value) + len(value) + len(detail) + len(comment) <= LONG
    )
    return row if sound else None


def _text_of(line: bytes) -> str:
    """ "" where it is no UTF-8, which nothing here fits."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return ""
