"""What a foreign act of signing must say to be entered among the sign-offs of this library."""

from __future__ import annotations

import json
from typing import Any

from glomviewer.domain.readings.records import Meaning
from glomviewer.store.packs.rows import JournalEntry

_LATEST = 2**53
_MEANINGS = frozenset(meaning.value for meaning in Meaning)

SignedHead = tuple[str, int, str]


def signed_heads(entry: JournalEntry) -> tuple[SignedHead, ...] | None:
    """The heads of chains that were signed for; None where the act is no sound sign-off."""
    body = _parsed(entry.body)
    if not isinstance(body, dict) or not entry.reader:
        return None
    texts = [body.get(key) for key in ("reading", "meaning", "note", "heads")]
    if not all(isinstance(text, str) for text in texts) or body["meaning"] not in _MEANINGS:
        return None
    heads = _parsed(body["heads"])
    if not isinstance(heads, list) or not all(map(_is_head, heads)):
        return None
    found = tuple((origin, number, hashed) for origin, number, hashed in heads)
    # Nobody can have signed for what he did afterwards.
    later = any(head[0] == entry.origin and head[1] >= entry.sequence for head in found)
    return None if later else found


def _is_head(head: Any) -> bool:
    return (
        isinstance(head, list)
        and [type(part) for part in head] == [str, int, str]
        and 0 <= head[1] < _LATEST
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
