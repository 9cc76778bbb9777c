"""Every patch's state as columns in memory, so that filters, sorts and counts take milliseconds.

At 1,000,000 patches a table takes about 60 MB. The store fills it; `patch_select` asks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.labels import NO_LABEL, Split

IntArray = NDArray[np.int64]
Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]

COLUMNS: dict[str, type[np.generic]] = {
    "id": np.int64,
    "name_rank": np.int32,
    "case": np.int32,
    "slide": np.int32,
    "width": np.int32,
    "height": np.int32,
    "microns_per_pixel": np.float32,
    "split": np.int8,
    "imported": np.int8,
    "current": np.int8,
    "reference": np.int8,
    "reference_source": np.int8,
    "disputed": np.bool_,
    "flagged": np.bool_,
    "commented": np.bool_,
    "seen": np.bool_,
    "excluded": np.bool_,
    "missing": np.bool_,
    "duplicate": np.bool_,
    "decided_at": np.int64,
}
"""The columns that come from the library itself. `current` and `seen` are those of the reader
in front of the screen; `case` and `slide` index `PatchTable.cases` and `.slides`;
`decided_at` is the UTC second of the last decision by anyone, 0 for none."""


@dataclass(slots=True)
class ModelView:
    """The predictions of the model in view, by row of the table.

    `logit` is calibrated, float32, NaN where there is none; a call is 1 where it reaches
    `threshold`. `previous_call` is the call of the model that was active before, -1 for none.
    `trained_on` marks patches that the model or an ancestor has seen; `ranking` is `logit`
    with out-of-fold values in its place where there are any, for *model disagrees*.
    """

    model: str
    title: str
    threshold: float
    logit: NDArray[np.float32]
    ranking: NDArray[np.float32]
    previous_call: Codes
    trained_on: Mask

    @classmethod
    def empty(cls, rows: int) -> ModelView:
        nothing = np.full(rows, np.nan, dtype=np.float32)
        return cls(
            model="",
            title="",
            threshold=0.0,
            logit=nothing,
            ranking=nothing.copy(),
            previous_call=np.full(rows, -1, dtype=np.int8),
            trained_on=np.zeros(rows, dtype=np.bool_),
        )

    @property
    def has_predictions(self) -> bool:
        return bool(self.model)

    def calls(self) -> Codes:
        """0, 1, or -1 where there is no prediction, by row."""
        # A bare float would be rounded to the logits' float32 first, onto a logit below it.
        calls = (self.logit >= np.float64(self.threshold)).astype(np.int8)
        calls[np.isnan(self.logit)] = -1
        return calls


@dataclass(slots=True)
class PatchTable:
    """Rows in ascending order of patch id. `targets` maps label codes to 0, 1 or None."""

    columns: dict[str, NDArray[np.generic]]
    cases: list[str]
    slides: list[str]
    targets: Mapping[int, int | None]
    view: ModelView = field(init=False)

    def __post_init__(self) -> None:
        self.view = ModelView.empty(len(self))

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __getitem__(self, column: str) -> NDArray[np.generic]:
        return self.columns[column]

    @property
    def ids(self) -> IntArray:
        return self.columns["id"]  # type: ignore[return-value]

    @classmethod
    def empty(cls, targets: Mapping[int, int | None]) -> PatchTable:
        columns = {name: np.zeros(0, dtype=kind) for name, kind in COLUMNS.items()}
        return cls(columns=columns, cases=[], slides=[], targets=targets)

    def rows_of(self, ids: IntArray | tuple[int, ...]) -> IntArray:
        """The rows of these patches, in their order; unknown ids are left out."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self) or not len(wanted):
            return np.zeros(0, dtype=np.int64)
        rows = np.searchsorted(self.ids, wanted)
        rows = np.minimum(rows, len(self) - 1)
        return rows[self.ids[rows] == wanted]

    def update(self, rows: IntArray, values: Mapping[str, NDArray[np.generic]]) -> None:
        """Overwrite some columns of some rows in place."""
        for name, column in values.items():
            self.columns[name][rows] = column

    def shown_label(self) -> Codes:
        """What a thumbnail shows filled: one's own label, else the reference label."""
        own: Codes = self.columns["current"]  # type: ignore[assignment]
        return np.where(own != NO_LABEL, own, self.columns["reference"]).astype(np.int8)

    def target_of(self, codes: Codes) -> Codes:
        """0, 1, or -1 for labels that never enter a metric, by element of `codes`."""
        lookup = np.full(256, -1, dtype=np.int8)
        for code, target in self.targets.items():
            if target is not None:
                lookup[code] = target
        return lookup[codes.astype(np.int16)]

    def call_visible(self) -> Mask:
        """Where this reader may know the model's call: not on locked and final patches
        before his own decision, so that the labels the gate stands on stay unanchored."""
        split: Codes = self.columns["split"]  # type: ignore[assignment]
        guarded = (split == Split.LOCKED) | (split == Split.FINAL)
        return ~guarded | (self.columns["current"] != NO_LABEL)
