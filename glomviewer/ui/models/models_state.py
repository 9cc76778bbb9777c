"""Everything that the page of models shows, read from a library in one go. No Qt here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glomviewer.domain.records import ModelRecord, RunRecord, TrainingCounts
from glomviewer.jobs.operations.modelling import TURNED_DOWN
from glomviewer.store.models import Promotion, ThresholdChange

if TYPE_CHECKING:
    from glomviewer.store.library import Library


@dataclass(frozen=True, slots=True)
class ModelsState:
    """Models, runs, promotions and thresholds newest first; `thresholds` are those that the
    active model has had; `turned_down` names candidates that a reader did not want."""

    models: tuple[ModelRecord, ...]
    runs: tuple[RunRecord, ...]
    counts: TrainingCounts
    previous: ModelRecord | None
    promotions: tuple[Promotion, ...]
    thresholds: tuple[ThresholdChange, ...]
    looks: int
    turned_down: frozenset[str]

    @property
    def active(self) -> ModelRecord | None:
        return next((model for model in self.models if model.active), None)

    @property
    def run(self) -> RunRecord | None:
        """The run in progress, else the last one."""
        return self.runs[0] if self.runs else None

    @property
    def candidate(self) -> ModelRecord | None:
        """The newest trained model, where nobody has promoted it or turned it down yet."""
        trained = next((model for model in self.models if model.run is not None), None)
        if trained is None or trained.active or trained.id in self.turned_down:
            return None
        promoted = {promotion.model for promotion in self.promotions}
        return None if trained.id in promoted else trained

    def model(self, model_id: str | None) -> ModelRecord | None:
        return next((model for model in self.models if model.id == model_id), None)

    def beside(self, record: ModelRecord) -> ModelRecord | None:
        """The model that this one was judged against, where the library still knows it."""
        for promotion in self.promotions:
            if promotion.model == record.id:
                return self.model(promotion.previous)
        return self.active if not record.active else None


def read_models(library: Library) -> ModelsState:
    active = library.active_model()
    active_id = active.id if active is not None else None
    return ModelsState(
        models=tuple(library.models()),
        runs=tuple(library.runs()),
        counts=library.training_counts(active_id),
        previous=library.previous_model(),
        promotions=tuple(library.promotions()),
        thresholds=tuple(library.threshold_history(active_id)) if active_id else (),
        looks=library.looks(),
        turned_down=frozenset(json.loads(library.setting(TURNED_DOWN, "[]"))),
    )
