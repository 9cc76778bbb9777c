"""A question about patches: which ones, and in what order. A value that can be saved."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from glomviewer.domain.labels import Split


class Queue(StrEnum):
    EVERYTHING = "everything"
    NOT_YET_SEEN = "not yet seen"
    MODEL_DISAGREES = "model disagrees"
    UNCERTAIN = "uncertain"
    DISPUTED = "disputed"
    CANNOT_TELL = "cannot tell"
    FLAGGED = "flagged"
    CHANGED_CALLS = "changed calls"


class SortKey(StrEnum):
    UNCERTAINTY = "uncertainty"
    PROBABILITY = "probability"
    NAME = "name"
    CASE = "case"
    SIZE = "size"
    TIME = "time"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class PatchQuery:
    """All conditions hold at once; an empty tuple or None asks for nothing.

    `labels` are shown labels (one's own, else the reference label), -1 for none; `calls` are
    0 and 1, -1 for no prediction; `cell` is (reference label's target, call) of a confusion
    matrix; `probability` is a closed range of the calibrated probability; `text` is matched
    within name, case and slide, whatever the letter case; `ids` restricts to given patches.
    """

    queue: Queue = Queue.EVERYTHING
    labels: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    cases: tuple[str, ...] = ()
    slides: tuple[str, ...] = ()
    splits: tuple[Split, ...] = ()
    cell: tuple[int, int] | None = None
    probability: tuple[float, float] | None = None
    text: str = ""
    missing_only: bool = False
    excluded: bool = False
    ids: tuple[int, ...] | None = None
    sort: SortKey = SortKey.NAME
    descending: bool = False

    def with_(self, **changes: Any) -> PatchQuery:
        return replace(self, **changes)

    @property
    def restricts(self) -> bool:
        """Whether anything beyond queue and order is asked for."""
        return replace(self, queue=Queue.EVERYTHING, sort=SortKey.NAME, descending=False) != (
            PatchQuery()
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> PatchQuery:
        """Read a query written by `to_json`.

        Raises:
            ValueError: the text is no query of this version.
        """
        raw: dict[str, Any] = json.loads(text)
        try:
            return cls(
                queue=Queue(raw["queue"]),
                labels=tuple(raw["labels"]),
                calls=tuple(raw["calls"]),
                cases=tuple(raw["cases"]),
                slides=tuple(raw["slides"]),
                splits=tuple(Split(split) for split in raw["splits"]),
                cell=None if raw["cell"] is None else (raw["cell"][0], raw["cell"][1]),
                probability=None
                if raw["probability"] is None
                else (raw["probability"][0], raw["probability"][1]),
                text=raw["text"],
                missing_only=raw["missing_only"],
                excluded=raw["excluded"],
                ids=None if raw["ids"] is None else tuple(raw["ids"]),
                sort=SortKey(raw["sort"]),
                descending=raw["descending"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"This is no saved filter of this version: {error}") from error
