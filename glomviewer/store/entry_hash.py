"""How an act of the journal is written down to be hashed.

`canonical` is the one spelling of any value. Of acts and decisions, of which logs hold hundreds of
thousands, the same spelling is put together here by hand, twice as fast as JSON's encoder can do
it for values of which it knows nothing; whatever is not of the usual types goes through that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode

_HEADER = (
    *("body", "clock", "kind", "made_at", "origin"),
    *("program", "reader", "sequence", "title", "zone"),
)
_header_values = itemgetter(*_HEADER)
_HEADER_TYPES = [int, str, int, str, str, str, int, str, str]
"""Of all but the body."""

_CONTENT = ("kind", "patches", "reader", "root", "sequence", "title")
_content_values = itemgetter(*_CONTENT)
_CONTENT_TYPES = [str, int, str, list, int, str]

_ROW_TYPES = [int, str, int, str, int, str, int, str, str, str, int, str, int]


def canonical(value: Any) -> str:
    """The one way in which a value is written down to be hashed or signed."""
    return _encode(value)


def entry_hash(previous: str, header: Mapping[str, Any], rows: Iterable[Sequence[Any]]) -> str:
    """The hash of a row of the journal after `previous`; `rows` are a gesture's decisions."""
    digest = hashlib.sha256(f"{previous}\n{header_text(header)}\n".encode())
    for row in rows:
        digest.update(f"{row_text(row)}\n".encode())
    return digest.hexdigest()


def header_text(header: Mapping[str, Any]) -> str:
    """What `canonical` says of an act without its decisions."""
    if len(header) != len(_HEADER):
        return _encode(header)
    content, *values = _header_values(header)
    body = quoted(content) if type(content) is str else _content_text(content)
    if not body or [*map(type, values)] != _HEADER_TYPES:
        return _encode(header)
    clock, kind, made_at, origin, program, reader, sequence, title, zone = values
    return (
        f'{{"body":{body},"clock":{clock},"kind":{quoted(kind)},"made_at":{made_at},'
        f'"origin":{quoted(origin)},"program":{quoted(program)},"reader":{quoted(reader)},'
        f'"sequence":{sequence},"title":{quoted(title)},"zone":{quoted(zone)}}}'
    )


def _content_text(content: Any) -> str:
    """What a gesture says beside its decisions; "" where it is of other types than usual."""
    if type(content) is not dict or len(content) != len(_CONTENT):
        return ""
    values = _content_values(content)
    if [*map(type, values)] != _CONTENT_TYPES or [*map(type, values[3])] != [str, int]:
        return ""
    kind, patches, reader, (origin, root), sequence, title = values
    return (
        f'{{"kind":{quoted(kind)},"patches":{patches},"reader":{quoted(reader)},'
        f'"root":[{quoted(origin)},{root}],"sequence":{sequence},"title":{quoted(title)}}}'
    )


def row_text(row: Sequence[Any]) -> str:
    """What `canonical` says of a decision."""
    if [*map(type, row)] != _ROW_TYPES:
        return _encode(row)
    number, subject, item, field, was, was_value, label, value, detail, comment, told, model, on = (
        row
    )
    return (
        f"[{number},{quoted(subject)},{item},{quoted(field)},{was},{quoted(was_value)},{label},"
        f"{quoted(value)},{quoted(detail)},{quoted(comment)},{told},{quoted(model)},{on}]"
    )
