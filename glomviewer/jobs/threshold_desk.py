"""Everything that the threshold is chosen from, read from a library in one go. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glomviewer.domain.labels import Split
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.records import ModelRecord
from glomviewer.domain.thresholds.crossing import CaseCalls
from glomviewer.domain.thresholds.history import Steps, steps_of
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.domain.thresholds.search import NoThresholdError, PlacedThresholds, search_threshold
from glomviewer.domain.thresholds.sets import case_calls, locked_scores, tuning_sets
from glomviewer.jobs.sentences import JobError
from glomviewer.store.models import ThresholdChange
from training.threshold_rule import Rule

if TYPE_CHECKING:
    from glomviewer.store.library import Library

SEEN_UNKNOWN = (
    "What this model was trained on is unknown; it may have seen the locked patches, and its "
    "figures there would prove nothing."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A model, the sets that may move its threshold by name (the preferred one first), the
    cases that a move concerns, its thresholds so far (newest first), how often the locked set
    has been looked at, and how many labelled patches that holds."""

    model: ModelRecord
    sets: Mapping[str, RankedScores]
    cases: CaseCalls
    history: tuple[ThresholdChange, ...]
    looks: int
    locked: int

    @property
    def steps(self) -> Steps[ThresholdChange]:
        return steps_of(reversed(self.history))

    @property
    def seen_known(self) -> bool:
        return self.model.card.get("seen") != "unknown"


@dataclass(frozen=True, slots=True)
class LockedFigures:
    """The locked patches that may be judged on, those that the model has seen, and those whose
    label was given with the call shown."""

    scores: RankedScores
    seen: int
    shown: int


def read_desk(library: Library, table: PatchTable, model_id: str | None = None) -> Desk | None:
    """The desk of a model, of the active one unless named; None where there is none."""
    active = library.active_model()
    wanted = model_id or (active.id if active is not None else None)
    if wanted is None:
        return None
    scores = library.load_model_scores(table, wanted)
    labelled = table.target_of(table["reference"]) >= 0  # type: ignore[arg-type]
    locked = (table["split"] == Split.LOCKED) & labelled & ~table["excluded"].astype(np.bool_)
    model = library.model(wanted)
    return Desk(
        model=model,
        sets=tuning_sets(table, scores, trained_here=model.run is not None),
        cases=case_calls(table, scores),
        history=tuple(library.threshold_history(wanted)),
        looks=library.looks(),
        locked=int(np.count_nonzero(locked)),
    )


def read_locked(library: Library, table: PatchTable, model_id: str) -> LockedFigures:
    """The scores on the locked set. Whoever asks counts the look first.

    Raises:
        JobError: nobody knows what the model was trained on.
    """
    if library.model(model_id).card.get("seen") == "unknown":
        raise JobError(SEEN_UNKNOWN)
    entries = [one for one in library.training_manifest() if one.split == "locked"]
    judged = np.array([one.patch for one in entries if one.gate], dtype=np.int64)
    scores = library.load_model_scores(table, model_id)
    return LockedFigures(
        scores=locked_scores(table, scores, judged),
        seen=int(np.count_nonzero(scores.trained_on[table.rows_of(judged)])),
        shown=len(entries) - len(judged),
    )


def threshold_of_rule(scores: RankedScores, rule: Rule) -> float:
    """Where the rule puts the threshold on these patches.

    Raises:
        JobError: the rule can't be met.
    """
    try:
        return search_threshold(scores, PlacedThresholds.of(scores), rule)
    except NoThresholdError as error:
        raise JobError(str(error)) from error


def set_in_words(name: str, scores: RankedScores) -> str:
    """`590 out-of-fold patches of 24 cases`: what a threshold was placed on."""
    patches = f"{len(scores):,} {name} {'patch' if len(scores) == 1 else 'patches'}"
    if scores.groups == len(scores):
        return patches
    many = "" if scores.groups == 1 else "s"
    return f"{patches} of {scores.groups:,} {scores.unit}{many}"
