"""Values of a foreign JSON object, each with the type that this program writes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from glomviewer.domain.labels import LabelSet
from glomviewer.store.packs.canonical import parsed
from glomviewer.store.packs.manifest import unsound

_UUID = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_LATEST = 2**53
LONGEST = 10_000
_LONGEST_LABELS, _LONGEST_WORD = 1_000_000, 1000
_MOST_LABEL = 127


class Fields:
    """An object in the file called `file`; what can't be used is refused with `what` it is."""

    def __init__(self, value: Any, file: str, what: str) -> None:
        """Raises UnsoundContent."""
        self._file = file
        self._what = what
        if not isinstance(value, Mapping):
            raise self.refusal("is none")
        self._value: Mapping[str, Any] = value

    def text(self, key: str, *, longest: int = LONGEST) -> str:
        value = self._value.get(key)
        if not isinstance(value, str) or len(value) > longest:
            raise self.refusal(f"has no {key}")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise self.refusal(f"has no {key}") from error
        return value

    def uuid(self, key: str) -> str:
        return self._matching(key, _UUID)

    def hash(self, key: str) -> str:
        return self._matching(key, _HASH)

    def number(self, key: str, least: int = 0, most: int = _LATEST) -> int:
        value = self._value.get(key)
        if type(value) is not int or not least <= value <= most:
            raise self.refusal(f"has no {key}")
        return value

    def flag(self, key: str) -> bool:
        value = self._value.get(key)
        if not isinstance(value, bool):
            raise self.refusal(f"has no {key}")
        return value

    def positive_or_none(self, key: str) -> float | None:
        value = self._value.get(key)
        if value is None:
            return None
        number = self.finite(key)
        if number <= 0:
            raise self.refusal(f"has no {key}")
        return number

    def finite(self, key: str) -> float:
        value = self._value.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refusal(f"has no {key}")
        try:
            number = float(value)
        except OverflowError as error:
            raise self.refusal(f"has no {key}") from error
        if not math.isfinite(number):
            raise self.refusal(f"has no {key}")
        return number

    def label_set(self, key: str) -> LabelSet:
        """A label set of words, keys and codes as a table and a screen can hold them."""
        try:
            found = LabelSet.from_json(self.text(key, longest=_LONGEST_LABELS))
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
            RecursionError,
        ) as error:
            raise self.refusal("has labels that can't be read") from error
        for label in found.labels:
            words = (label.name, label.short, label.shape, label.colour, label.colour_on_dark)
            texts = (*words, *label.keys, *label.details)
            told = all(isinstance(text, str) and len(text) <= _LONGEST_WORD for text in texts)
            if not told or not label.name.strip() or label.code > _MOST_LABEL:
                raise self.refusal("has labels that can't be used")
            if label.target is not None and (label.target not in (0, 1)):
                raise self.refusal("has labels that can't be used")
        return found

    def list_of(self, key: str) -> list[Any]:
        value = self._value.get(key)
        if not isinstance(value, list):
            raise self.refusal(f"has no {key}")
        return value

    def part(self, key: str) -> Fields:
        """An object within it."""
        return Fields(self._value.get(key), self._file, f"{self._what}'s {key}")

    def refusal(self, objection: str) -> Exception:
        return unsound(self._file, f"its {self._what} {objection}")

    def _matching(self, key: str, pattern: re.Pattern[str]) -> str:
        value = self._value.get(key)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.refusal(f"has no {key}")
        return value


def list_in(data: bytes, file: str, what: str) -> list[Any]:
    """The list that a member holds.

    Raises:
        UnsoundContent: it holds none.
    """
    try:
        value = parsed(data)
    except ValueError as error:
        raise unsound(file, f"its {what} can't be read") from error
    if not isinstance(value, list):
        raise unsound(file, f"its {what} is no list")
    return value
