"""What a patch can be called. Labels are data: a set is read from JSON and kept in the library."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

NO_LABEL = -1
"""The code of a patch that nobody has called anything, in arrays and in the log of an undo."""


class Split(IntEnum):
    """The part of the data that a case was assigned to, for good."""

    NONE = -1
    TRAIN = 0
    VALIDATION = 1
    LOCKED = 2
    FINAL = 3


class ReferenceSource(IntEnum):
    """Why a reference label counts as true, in the order in which sources are asked."""

    NONE = 0
    ADJUDICATED = 1
    READERS_AGREE = 2
    SINGLE_READER = 3
    IMPORTED = 4
    DISPUTED = 5


@dataclass(frozen=True, slots=True)
class Label:
    """One word of the label set.

    `target` is the class that the label means to a model: 1, 0, or None for a label that
    never enters training, metrics or a denominator.
    """

    code: int
    name: str
    short: str
    target: int | None
    shape: str
    colour: str
    colour_on_dark: str
    keys: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels of a library, in the order in which the screen offers them."""

    name: str
    labels: tuple[Label, ...]

    def __getitem__(self, code: int) -> Label:
        for label in self.labels:
            if label.code == code:
                return label
        raise KeyError(code)

    def name_of(self, code: int | None) -> str:
        """The label's name, or "no label" for `NO_LABEL` and None."""
        if code is None or code == NO_LABEL:
            return "no label"
        return self[code].name

    def targets(self) -> dict[int, int | None]:
        return {label.code: label.target for label in self.labels}

    def codes_of_target(self, target: int) -> tuple[int, ...]:
        return tuple(label.code for label in self.labels if label.target == target)

    def to_json(self) -> str:
        return json.dumps({"format": 1, **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> LabelSet:
        """Read a set written by `to_json` or by hand.

        Raises:
            ValueError: the text is no label set, or two labels share a code.
        """
        raw: dict[str, Any] = json.loads(text)
        labels = tuple(
            Label(
                code=int(entry["code"]),
                name=str(entry["name"]),
                short=str(entry.get("short", entry["name"])),
                target=entry["target"],
                shape=str(entry["shape"]),
                colour=str(entry["colour"]),
                colour_on_dark=str(entry.get("colour_on_dark", entry["colour"])),
                keys=tuple(entry["keys"]),
                details=tuple(entry.get("details", ())),
            )
            for entry in raw["labels"]
        )
        codes = [label.code for label in labels]
        if len(set(codes)) != len(codes) or any(code < 0 for code in codes):
            raise ValueError(f"The label set {raw['name']!r} has a code twice or below zero.")
        return cls(name=str(raw["name"]), labels=labels)
