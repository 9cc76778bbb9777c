"""What numbers, cases and thumbnails of the desk open in Review."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from glomviewer.domain.patch_query import PatchQuery, SortKey
from glomviewer.domain.thresholds.crossing import Crossing
from glomviewer.domain.thresholds.scores import RankedScores
from glomviewer.jobs.threshold_desk import Desk


class Opening(QObject):
    """`opened` carries a query and its title; `told` the patches whose calls it gives away.
    `shown_model` is whose calls Review shows: only its probabilities can order patches there."""

    opened = Signal(object, str)
    told = Signal(object)

    def __init__(self, shown_model: Callable[[], str | None], parent: QObject) -> None:
        super().__init__(parent)
        self._shown_model = shown_model

    def patches(self, desk: Desk, title: str, patches: tuple[int, ...]) -> None:
        """Open these, in order of probability where Review knows the model's."""
        if patches:
            self.told.emit(patches)
            known = desk.model.id == self._shown_model()
            sort = SortKey.PROBABILITY if known else SortKey.NAME
            query = PatchQuery(ids=patches, sort=sort)
            self.opened.emit(query, f"{desk.model.title}: {title}")

    def cells(
        self,
        desk: Desk,
        scores: RankedScores,
        threshold: float,
        cells: Iterable[tuple[int, int]],
        title: str,
    ) -> None:
        """Open cells of a confusion matrix, pairs of reference label and call."""
        found = [scores.cell(*cell, threshold) for cell in cells]
        self.patches(desk, title, tuple(patch for cell in found for patch in cell))

    def changed(self, desk: Desk, threshold: float) -> None:
        """Open what would be called otherwise."""
        changed = desk.cases.changed(desk.model.threshold, threshold)
        self.patches(desk, "calls that would change", tuple(changed.tolist()))

    def case(self, crossing: Crossing) -> None:
        """Open a case, or a slide that stands for one."""
        cases = (crossing.case,) if crossing.case else ()
        slides = (crossing.slide,) if crossing.slide else ()
        self.opened.emit(PatchQuery(cases=cases, slides=slides), crossing.name)
