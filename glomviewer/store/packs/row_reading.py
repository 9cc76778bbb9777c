"""Reading a foreign journal: every field has the type and range that this program writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, NoReturn

from glomviewer.store.journal import Act
from glomviewer.store.log import Field, Kind
from glomviewer.store.packs.canonical import canonical, parsed
from glomviewer.store.packs.errors import UnsoundContent
from glomviewer.store.packs.keys import plain_fingerprint
from glomviewer.store.packs.plain_lines import (
    LONG,
    MOST_LABEL,
    MOST_NUMBER,
    SHORT,
    plain_gesture,
    plain_row,
)
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
        first = self._next()
        self.head: RowsHead = self._head(None if first is None else self._value(first))
        self._origins = {origin.uuid for origin in self.head.origins}
        self._readers = {reader.uuid for reader in self.head.readers}

    def entries(self) -> Iterator[JournalEntry]:
        """Raises UnsoundContent at the first line that this program would not have written."""
        while (line := self._next()) is not None:
            yield self._plain(line) or self._entry(self._value(line))

    def _next(self) -> bytes | None:
        """The next line, None at the end."""
        line = next(self._lines, None)
        if line is not None:
            self._number += 1
        return line

    def _value(self, line: bytes) -> Any:
        """What a line says."""
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
        known = self._text(values[1], "fingerprint", SHORT)
        if known and plain_fingerprint(known) != known:
            self._refuse("has a fingerprint that is none")
        return OriginName(self._matching(values[0], "origin", _UUID), known)

    def _reader(self, item: Any) -> ReaderName:
        values = self._list(item, 3)
        uuid = self._matching(values[0], "reader", _UUID)
        name = self._text(values[1], "reader's name", SHORT)
        initials = self._text(values[2], "reader's initials", SHORT)
        if not name.strip() or not initials.strip():
            self._refuse("has a reader without name or initials")
        return ReaderName(uuid, name, initials)

    def _plain(self, line: bytes) -> JournalEntry | None:
        """A gesture as files are full of them; None for what has to be read as JSON."""
        found = plain_gesture(line)
        if (
            found is None
            or found.content.reader not in self._readers
            or found.content.root[0] not in self._origins
            or found.origin not in self._origins
        ):
            return None
        return JournalEntry(*found.values, found.content, self._rows(found.rows))

    def _entry(self, line: Any) -> JournalEntry:
        if not isinstance(line, dict) or line.keys() != _ENTRY_FIELDS:
            self._refuse("is no act of a journal")
        kind = self._one_of(line["kind"], "kind of act", _ACTS)
        rows = self._number_in(line["rows"], "number of decisions", 0, MOST_NUMBER)
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
            self._number_in(line["sequence"], "sequence", 1, MOST_NUMBER),
            self._number_in(line["clock"], "clock", 1, MOST_NUMBER),
            kind,
            reader,
            self._number_in(line["made_at"], "time", 0, MOST_NUMBER),
            self._text(line["zone"], "zone", SHORT),
            self._text(line["title"], "title", LONG),
            self._text(line["program"], "program", SHORT),
            body,
            self._matching(line["hash"], "hash", _HASH),
            gesture,
            self._rows(rows),
        )

    def _gesture(self, body: Any) -> GestureContent:
        if not isinstance(body, dict) or body.keys() != _GESTURE_FIELDS:
            self._refuse("is a gesture without its content")
        root = self._list(body["root"], 2)
        return GestureContent(
            sequence=self._number_in(body["sequence"], "gesture's sequence", 1, MOST_NUMBER),
            kind=self._one_of(body["kind"], "kind of gesture", _KINDS),
            title=self._text(body["title"], "gesture's title", LONG),
            patches=self._number_in(body["patches"], "number of patches", 0, MOST_NUMBER),
            reader=self._named(body["reader"], "reader", self._readers),
            root=(
                self._named(root[0], "origin", self._origins),
                self._number_in(root[1], "gesture's root", 1, MOST_NUMBER),
            ),
        )

    def _body(self, text: Any) -> str:
        body = self._text(text, "body", LONG)
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
            line = self._next()
            if line is None:
                self._refuse("is the last one, and decisions of its gesture are missing")
            rows.append(plain_row(line) or self._row(self._value(line)))
            if len(rows) > 1 and rows[-1].sequence <= rows[-2].sequence:
                self._refuse("is out of order")
        return tuple(rows)

    def _row(self, line: Any) -> DecisionRow:
        row = DecisionRow._make(self._list(line, len(DecisionRow._fields)))
        self._number_in(row.sequence, "decision's sequence", 1, MOST_NUMBER)
        self._flag(row.is_item)
        self._matching(row.subject, "subject", _UUID if row.is_item else _PATCH)
        self._one_of(row.field, "field", _FIELDS)
        self._number_in(row.before_label, "label", -1, MOST_LABEL)
        self._number_in(row.label, "label", -1, MOST_LABEL)
        self._text(row.before_value, "value", LONG)
        self._text(row.value, "value", LONG)
        if row.field == Field.REFERRAL.value:
            self._one_of(row.value, "referral", _REFERRALS)
        self._text(row.detail, "detail", LONG)
        self._text(row.comment, "comment", LONG)
        self._flag(row.call_shown)
        self._text(row.model, "model", SHORT)
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
