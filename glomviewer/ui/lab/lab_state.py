"""Everything that the lab shows of a library, read in one go. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from glomviewer.domain.records import RunRecord, TrainingCounts
from training.recipe_files import recipe_names

if TYPE_CHECKING:
    from glomviewer.store.library import Library

TRAINED_ON = ("train", "validation")


@dataclass(frozen=True, slots=True)
class LabState:
    """`runs` newest first; `recipes` those that are built in, whose files are read too;
    `active` and `candidate` are titles, of the active model and of what the last run made."""

    counts: TrainingCounts
    runs: tuple[RunRecord, ...]
    recipes: tuple[str, ...] = ()
    active: str = ""
    candidate: str = ""

    @property
    def run(self) -> RunRecord | None:
        """The run in progress, else the last one."""
        return self.runs[0] if self.runs else None

    @property
    def labelled(self) -> int:
        return sum(sum(pair) for pair in self.counts.per_split.values())

    @property
    def trained_on(self) -> int:
        """How many patches a training would show to a model."""
        return sum(sum(self.counts.per_split.get(split, (0, 0))) for split in TRAINED_ON)


def read_lab(library: Library) -> LabState:
    active = library.active_model()
    runs = tuple(library.runs())
    made = runs[0].candidate if runs else None
    titles = {model.id: model.title for model in library.models()}
    return LabState(
        counts=library.training_counts(active.id if active is not None else None),
        runs=runs,
        recipes=tuple(recipe_names()),
        active=active.title if active is not None else "",
        candidate=titles.get(made, "") if made else "",
    )
