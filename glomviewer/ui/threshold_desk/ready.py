"""What the page stands on, read and sorted out beside the window's thread. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_table import IntArray, PatchTable
from glomviewer.domain.records import ModelRecord
from glomviewer.domain.thresholds.scores import Floats, RankedScores
from glomviewer.domain.thresholds.search import PlacedThresholds
from glomviewer.jobs.threshold_desk import Desk, read_desk
from glomviewer.store.library import Library
from glomviewer.ui.threshold_desk.score_axis import by_class


@dataclass(frozen=True, slots=True)
class SortedOut:
    """One set, where its line can stand, and its logits by class: a million take too long for
    the window's thread."""

    scores: RankedScores
    placed: PlacedThresholds
    classes: tuple[Floats, Floats]

    @classmethod
    def of(cls, scores: RankedScores) -> SortedOut:
        return cls(scores, PlacedThresholds.of(scores), by_class(scores))


@dataclass(frozen=True, slots=True)
class Ready:
    """The models to choose from, the active one first; the desk of the one that was asked for,
    its sets, and how many of each case it calls sclerotic at the threshold in force."""

    models: tuple[ModelRecord, ...] = ()
    desk: Desk | None = None
    sets: Mapping[str, SortedOut] = field(default_factory=dict)
    called: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def read_ready(library: Library, table: PatchTable, wanted: str) -> Ready:
    """The desk of this model, or of the first one where it is "" or no longer there."""
    models = active_first(library.models())
    if not models:
        return Ready()
    model = wanted if any(one.id == wanted for one in models) else models[0].id
    desk = read_desk(library, table, model)
    assert desk is not None
    return Ready(
        models,
        desk,
        {name: SortedOut.of(scores) for name, scores in desk.sets.items()},
        desk.cases.called(desk.model.threshold),
    )


def active_first(newest_first: Sequence[ModelRecord]) -> tuple[ModelRecord, ...]:
    return tuple(sorted(newest_first, key=lambda record: not record.active))


def concern_labels(changes: Changes) -> bool:
    """Whether figures of the locked set may no longer be so."""
    return changes.all_patches or changes.labels or changes.exclusions or changes.splits


def concern_desk(changes: Changes) -> bool:
    """Whether anything that stands on the page may have changed."""
    return (
        concern_labels(changes)
        or changes.predictions
        or changes.models
        or changes.active_model
        or changes.threshold
        or changes.runs
        or changes.readers
    )
