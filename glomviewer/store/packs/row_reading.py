"""Reading a foreign journal: every field has the type and range that this program writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from operator import itemgetter
from typing import Any, NoReturn

from glomviewer.store.journal import Act
from glomviewer.store.log import Field, Kind
from glomviewer.store.packs.canonical import canonical, parsed
from glomviewer.store.packs.errors import UnsoundContent
from glomviewer.store.packs.keys import plain_fingerprint
from glomviewer.store.packs.rows import (
    DecisionRow,
    GestureContent,
    JournalEntry,
    OriginName,
    ReaderName,
    RowsHead,
)

_UUID = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_PATCH = re.compile(r"[0-9a-f]{64}(?::[1-9][0-9]{0,8})?|file:[0-9a-f]{0,64}:[^\0]{0,4096}")

_ENTRY_FIELDS = {field.name for field in fields(JournalEntry)} - {"gesture"}
_GESTURE_FIELDS = {field.name for field in fields(GestureContent)}
_GESTURE = Act.GESTURE.value
_ACTS = frozenset(act.value for act in Act)
_FIELDS = frozenset(field.value for field in Field)
_KINDS = frozenset(kind.value for kind in Kind)
_REFERRALS = frozenset({"", "reading", "consensus"})

_entry_values = itemgetter(
    *("origin", "sequence", "clock", "kind", "reader", "made_at"),
    *("zone", "title", "program", "hash", "rows"),
)
_ENTRY_TYPES = [str, int, int, str, str, int, str, str, str, str, int]
_gesture_values = itemgetter("sequence", "kind", "title", "patches", "reader", "root")
_GESTURE_TYPES = [int, str, str, int, str, list]
_TYPES = [int, str, int, str, int, str, int, str, str, str, int, str, int]
_PLAIN_FIELDS = _FIELDS - {Field.REFERRAL.value}

_LATEST = 2**53
_MOST_LABEL = 2**31 - 1
# Far beyond what anybody types, so that no library of our own is ever refused.
_SHORT, _LONG = 10_000, 10_000_000


class JournalReader:
    """The head at once, the acts one after the other as they are asked for."""

    def __init__(self, content: Iterable[bytes], file: str) -> None:
        """`file` is what a refusal calls the file.

        Raises:
            UnsoundContent: the first line is none.
        """
        self._file = file
        self._number = 0
        self._lines = _lines_of(content)
        self.head: RowsHead = self._head(self._next())
        self._origins = {origin.uuid for origin in self.head.origins}
        self._readers = {reader.uuid for reader in self.head.readers}

    def entries(self) -> Iterator[JournalEntry]:
        """Raises UnsoundContent at the first line that this program would not have written."""
        while (line := self._next()) is not None:
            yield self._entry(line)

    def _next(self) -> Any:
        """The next line's value, None at the end."""
        line = next(self._lines, None)
        if line is None:
            return None
        self._number += 1
        try:
            value = parsed(line)
            # Halves of characters come in by their escapes alone, and no table can hold them.
            if b"\\u" in line:
                canonical(value)
        except (ValueError, RecursionError) as error:
            raise self._error("is no JSON") from error
        if value is None:
            self._refuse("is empty")
        return value

    def _head(self, line: Any) -> RowsHead:
        if not isinstance(line, dict) or line.keys() != {"origins", "readers"}:
            self._refuse("does not name origins and readers")
        origins = tuple(self._origin(item) for item in self._list(line["origins"]))
        readers = tuple(self._reader(item) for item in self._list(line["readers"]))
        named = [origin.uuid for origin in origins], [reader.uuid for reader in readers]
        if any(len(set(uuids)) != len(uuids) for uuids in named):
            self._refuse("names an origin or a reader twice")
        return RowsHead(origins, readers)

    def _origin(self, item: Any) -> OriginName:
        values = self._list(item, 2)
        known = self._text(values[1], "fingerprint", _SHORT)
        if known and plain_fingerprint(known) != known:
            self._refuse("has a fingerprint that is none")
        return OriginName(self._matching(values[0], "origin", _UUID), known)

    def _reader(self, item: Any) -> ReaderName:
        values = self._list(item, 3)
        uuid = self._matching(values[0], "reader", _UUID)
        name = self._text(values[1], "reader's name", _SHORT)
        initials = self._text(values[2], "reader's initials", _SHORT)
        if not name.strip() or not initials.strip():
            self._refuse("has a reader without name or initials")
        return ReaderName(uuid, name, initials)

    def _entry(self, line: Any) -> JournalEntry:
        if not isinstance(line, dict) or line.keys() != _ENTRY_FIELDS:
            self._refuse("is no act of a journal")
        plain = self._plain_gesture(line)
        if plain is not None:
            return plain
        kind = self._one_of(line["kind"], "kind of act", _ACTS)
        rows = self._number_in(line["rows"], "number of decisions", 0, _LATEST)
        gesture: GestureContent | None = None
        body = ""
        if kind == _GESTURE:
            gesture = self._gesture(line["body"])
        else:
            body = self._body(line["body"])
            if rows:
                self._refuse("has decisions and is no gesture")
        reader = line["reader"]
        if reader != "":
            reader = self._named(reader, "reader", self._readers)
        if gesture is not None and gesture.reader != reader:
            self._refuse("is a gesture of two readers")
        return JournalEntry(
            self._named(line["origin"], "origin", self._origins),
            self._number_in(line["sequence"], "sequence", 1, _LATEST),
            self._number_in(line["clock"], "clock", 1, _LATEST),
            kind,
            reader,
            self._number_in(line["made_at"], "time", 0, _LATEST),
            self._text(line["zone"], "zone", _SHORT),
            self._text(line["title"], "title", _LONG),
            self._text(line["program"], "program", _SHORT),
            body,
            self._matching(line["hash"], "hash", _HASH),
            gesture,
            self._rows(rows),
        )

    def _plain_gesture(self, line: dict[str, Any]) -> JournalEntry | None:
        """A gesture as files are full of them, looked through at once; None for any other act, of
        which each value is looked at on its own, to say what is wrong with it."""
        values, body = _entry_values(line), line["body"]
        if (
            [*map(type, values)] != _ENTRY_TYPES
            or type(body) is not dict
            or body.keys() != _GESTURE_FIELDS
        ):
            return None
        content = _gesture_values(body)
        if [*map(type, content)] != _GESTURE_TYPES or [*map(type, content[5])] != [str, int]:
            return None
        origin, sequence, clock, kind, reader, made_at, zone, title, program, hashed, rows = values
        number, done, told, patches, by, (root_origin, root) = content
        if not (
            kind == _GESTURE
            and origin in self._origins
            and by == reader
            and reader in self._readers
            and done in _KINDS
            and root_origin in self._origins
            and 1 <= sequence <= _LATEST
            and 1 <= clock <= _LATEST
            and 0 <= made_at <= _LATEST
            and 0 <= rows <= _LATEST
            and 1 <= number <= _LATEST
            and 0 <= patches <= _LATEST
            and 1 <= root <= _LATEST
            and len(zone) + len(program) <= _SHORT
            and len(title) + len(told) <= _LONG
            and _HASH.fullmatch(hashed) is not None
        ):
            return None
        return JournalEntry(
            *(origin, sequence, clock, kind, reader, made_at, zone, title, program),
            body="",
            hash=hashed,
            gesture=GestureContent(number, done, told, patches, by, (root_origin, root)),
            rows=self._rows(rows),
        )

    def _gesture(self, body: Any) -> GestureContent:
        if not isinstance(body, dict) or body.keys() != _GESTURE_FIELDS:
            self._refuse("is a gesture without its content")
        root = self._list(body["root"], 2)
        return GestureContent(
            sequence=self._number_in(body["sequence"], "gesture's sequence", 1, _LATEST),
            kind=self._one_of(body["kind"], "kind of gesture", _KINDS),
            title=self._text(body["title"], "gesture's title", _LONG),
            patches=self._number_in(body["patches"], "number of patches", 0, _LATEST),
            reader=self._named(body["reader"], "reader", self._readers),
            root=(
                self._named(root[0], "origin", self._origins),
                self._number_in(root[1], "gesture's root", 1, _LATEST),
            ),
        )

    def _body(self, text: Any) -> str:
        body = self._text(text, "body", _LONG)
        try:
            value = parsed(body)
            sound = isinstance(value, dict)
            if "\\u" in body:
                canonical(value)
        except (ValueError, RecursionError):
            sound = False
        if not sound:
            self._refuse("has a body that is no JSON object")
        return body

    def _rows(self, count: int) -> tuple[DecisionRow, ...]:
        rows: list[DecisionRow] = []
        while len(rows) < count:
            row = self._next()
            if row is None:
                self._refuse("is the last one, and decisions of its gesture are missing")
            rows.append(self._row(row))
            if len(rows) > 1 and rows[-1].sequence <= rows[-2].sequence:
                self._refuse("is out of order")
        return tuple(rows)

    def _row(self, line: Any) -> DecisionRow:
        row = DecisionRow._make(self._list(line, len(DecisionRow._fields)))
        if _is_plain(row):
            return row
        self._number_in(row.sequence, "decision's sequence", 1, _LATEST)
        self._flag(row.is_item)
        self._matching(row.subject, "subject", _UUID if row.is_item else _PATCH)
        self._one_of(row.field, "field", _FIELDS)
        self._number_in(row.before_label, "label", -1, _MOST_LABEL)
        self._number_in(row.label, "label", -1, _MOST_LABEL)
        self._text(row.before_value, "value", _LONG)
        self._text(row.value, "value", _LONG)
        if row.field == Field.REFERRAL.value:
            self._one_of(row.value, "referral", _REFERRALS)
        self._text(row.detail, "detail", _LONG)
        self._text(row.comment, "comment", _LONG)
        self._flag(row.call_shown)
        self._text(row.model, "model", _SHORT)
        self._flag(row.on_screen)
        return row

    def _list(self, value: Any, length: int | None = None) -> list[Any]:
        if not isinstance(value, list) or (length is not None and len(value) != length):
            self._refuse("has another number of values than this program writes")
        return value

    def _text(self, value: Any, what: str, longest: int) -> str:
        if not isinstance(value, str) or len(value) > longest:
            self._refuse(f"has no {what} of at most {longest:,} characters")
        return value

    def _matching(self, value: Any, what: str, pattern: re.Pattern[str]) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self._refuse(f"has something else as its {what}")
        return value

    def _one_of(self, value: Any, what: str, known: frozenset[str]) -> str:
        if not isinstance(value, str) or value not in known:
            self._refuse(f"has an unknown {what}")
        return value

    def _named(self, value: Any, what: str, known: set[str]) -> str:
        if not isinstance(value, str) or value not in known:
            self._refuse(f"speaks of a {what} that the first line does not name")
        return value

    def _number_in(self, value: Any, what: str, least: int, most: int) -> int:
        if type(value) is not int or not least <= value <= most:
            self._refuse(f"has no {what} from {least} to {most}")
        return value

    def _flag(self, value: Any) -> None:
        if type(value) is not int or value not in (0, 1):
            self._refuse("has something else than 0 or 1 where it must say yes or no")

    def _refuse(self, what: str) -> NoReturn:
        raise self._error(what)

    def _error(self, what: str) -> UnsoundContent:
        return UnsoundContent(
            f"{self._file} can't be used: line {max(self._number, 1)} of its journal {what}; ask "
            "its sender to write it again, and if that does not help, update both programs."
        )


def _is_plain(row: DecisionRow) -> bool:
    """Whether it is one of the rows that files are full of, so that nothing need be looked at
    twice; of any other row each value is looked at on its own, to say what is wrong with it."""
    sequence, subject, is_item, field, *_, call_shown, model, on_screen = row
    return (
        [*map(type, row)] == _TYPES
        and 1 <= sequence <= _LATEST
        and field in _PLAIN_FIELDS
        and is_item in (0, 1)
        and call_shown in (0, 1)
        and on_screen in (0, 1)
        and -1 <= row.before_label <= _MOST_LABEL
        and -1 <= row.label <= _MOST_LABEL
        and (_UUID if is_item else _PATCH).fullmatch(subject) is not None
        and len(model) <= _SHORT
        and len(row.before_value) + len(row.value) + len(row.detail) + len(row.comment) <= _LONG
    )


def _lines_of(content: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for piece in content:
        first, *others = piece.split(b"\n")
        held.append(first)
        if others:
            yield b"".join(held)
            yield from others[:-1]
            held = [others[-1]]
    if rest := b"".join(held):
        yield rest
