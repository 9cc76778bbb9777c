"""Walks whatever a query, a screen or a file answered, down to its texts and numbers.

`leaves` names each by its place, so that two answers can be held against each other;
`telltales` finds tokens in them. What the walk does not know how to open it refuses, so that
nothing is passed over in silence.
"""

import dataclasses
import datetime
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from enum import Enum
from pathlib import PurePath
from typing import Any

import numpy as np

from glomviewer.store.image_file import ImageFile


def leaves(answer: object, place: str = "answer") -> Iterator[tuple[str, Any]]:
    """(place, text or number or None) of everything in an answer. Callables are left out."""
    if isinstance(answer, ImageFile) and answer.is_hidden:
        # It holds a path for decoders, and tells nobody: what it says of itself is all of it.
        yield place, repr(answer)
    elif isinstance(answer, Enum):
        yield place, answer.value
    elif answer is None or isinstance(answer, str | bool | int | float | complex):
        yield place, answer
    elif isinstance(answer, bytes | bytearray):
        yield place, bytes(answer).decode("utf-8", "replace")
    elif isinstance(answer, PurePath | datetime.date | datetime.timedelta | datetime.tzinfo):
        yield place, str(answer)
    elif isinstance(answer, np.generic):
        yield place, answer.item()
    elif isinstance(answer, np.ndarray):
        yield f"{place}.shape", str(answer.shape)
        for index, value in np.ndenumerate(answer):
            yield from leaves(value, f"{place}{list(index)}")
    elif dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        for field in dataclasses.fields(answer):
            yield from leaves(getattr(answer, field.name), f"{place}.{field.name}")
    elif isinstance(answer, BaseException):
        yield place, f"{type(answer).__name__}: {answer}"
    elif isinstance(answer, Mapping):
        for number, (key, value) in enumerate(answer.items()):
            yield from leaves(key, f"{place}{{{number}}}.key")
            yield from leaves(value, f"{place}{{{number}}}.value")
    elif isinstance(answer, Set):
        for number, value in enumerate(sorted(answer, key=repr)):
            yield from leaves(value, f"{place}{{{number}}}")
    elif isinstance(answer, Iterable):
        number = -1
        for number, value in enumerate(answer):
            yield from leaves(value, f"{place}[{number}]")
        yield f"{place}.length", number + 1
    elif not isinstance(answer, types.FunctionType | types.MethodType | type):
        held = getattr(answer, "__dict__", None)
        if held is None:
            raise TypeError(f"The walk can't open {type(answer)} at {place}.")
        yield from leaves(held, place)


def telltales(
    answer: object, texts: Collection[str] = (), numbers: Collection[float] = ()
) -> list[str]:
    """Where an answer holds one of these texts, in whatever letters, or one of these numbers."""
    wanted = [text.casefold() for text in texts]
    found: list[str] = []
    for place, leaf in leaves(answer):
        if isinstance(leaf, str):
            folded = leaf.casefold()
            found += [f"{place}: {leaf!r}" for text in wanted if text in folded]
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
            found += [f"{place}: {leaf}" for number in numbers if abs(leaf - number) < 1e-6]
    return found
