"""Everything that the page of models shows, read from a library in one go. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glomviewer.domain.records import ModelRecord, RunRecord, TrainingCounts

if TYPE_CHECKING:
    from glomviewer.store.library import Library

KEPT = "kept_active_over"
"""The library's setting that lists candidates which a reader has turned down."""


@dataclass(frozen=True, slots=True)
class ModelsState:
    """Models and runs newest first; `kept` are the candidates that were turned down."""

    models: tuple[ModelRecord, ...]
    runs: tuple[RunRecord, ...]
    counts: TrainingCounts
    previous: ModelRecord | None
    promotions: tuple[Any, ...]
    looks: int
    kept: frozenset[str]

    @property
    def active(self) -> ModelRecord | None:
        return next((model for model in self.models if model.active), None)

    @property
    def run(self) -> RunRecord | None:
        """The run in progress, else the last one."""
        return self.runs[0] if self.runs else None

    @property
    def candidate(self) -> ModelRecord | None:
        """The newest trained model that nobody has promoted or turned down yet."""
        active = self.active
        for model in self.models:
            if model.active or model.id in self.kept or model.id in self._promoted:
                continue
            if model.run is not None and (active is None or model.created > active.created):
                return model
        return None

    @property
    def _promoted(self) -> frozenset[str]:
        return frozenset(str(promotion.model) for promotion in self.promotions)

    def model(self, model_id: str) -> ModelRecord | None:
        return next((model for model in self.models if model.id == model_id), None)


def read_models(library: Library) -> ModelsState:
    models: Sequence[ModelRecord] = library.models()
    active = library.active_model()
    return ModelsState(
        models=tuple(models),
        runs=tuple(library.runs()),
        counts=library.training_counts(active.id if active is not None else None),
        previous=library.previous_model(),
        promotions=tuple(library.promotions()),
        looks=library.looks(),
        kept=frozenset(library.setting(KEPT, [])),
    )
