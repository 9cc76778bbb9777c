"""Which patches a query means, and in what order: numpy over the columns of a patch table.

What depends on the model leaves out every row whose call this reader may not know yet, so
that neither a filter, an order, a count nor the histogram gives a guarded call away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.patch_order import ordered
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.patch_table import Codes, IntArray, Mask, PatchTable

UNCERTAIN_WITHIN = 1.0
"""A call is uncertain where its calibrated logit is nearer than this to the threshold."""

NameSearch = Callable[[str], Mask]
"""Gives, for a text, which rows' names contain it."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of patches by calibrated probability in equal bins from 0 to 1, and where the
    threshold lies among them (a probability; NaN without a model)."""

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    threshold: float


def cannot_tell_codes(labels: LabelSet) -> tuple[int, ...]:
    """The labels that say "cannot tell": the set marks them by the question mark."""
    return tuple(
        label.code for label in labels.labels if label.target is None and label.shape == "question"
    )


def sigmoid(logit: NDArray[Any]) -> NDArray[np.float64]:
    """The probability of a logit, without overflow at either end."""
    return 0.5 * (1.0 + np.tanh(0.5 * logit.astype(np.float64)))


class PatchSelect:
    """Questions about one state of a table: masks that several answers need are made once.

    Make a new one where the table or its model view has changed.
    """

    def __init__(
        self,
        table: PatchTable,
        *,
        cannot_tell: Collection[int],
        names: NameSearch | None = None,
    ) -> None:
        self.table = table
        self._cannot_tell = tuple(cannot_tell)
        self._names = names

    def ids(self, query: PatchQuery) -> IntArray:
        """The patches of the query in its order."""
        return self.table.ids[self.rows(query)]

    def rows(self, query: PatchQuery) -> IntArray:
        """The table's rows of the query in its order."""
        return ordered(
            self.table,
            np.flatnonzero(self.mask(query)),
            query,
            known=self._known,
        )

    def mask(self, query: PatchQuery) -> Mask:
        """Which rows the query means, excluded ones only where it asks for them."""
        mask = self._queue(query.queue).copy()
        mask &= self._excluded if query.excluded else ~self._excluded
        for condition in self._conditions(query):
            mask &= condition
        return mask

    def queue_counts(self, query: PatchQuery | None = None) -> dict[Queue, int]:
        """How many patches each queue holds, within the filters of `query` where given."""
        base = (query or PatchQuery()).with_(queue=Queue.EVERYTHING)
        within = self.mask(base)
        return {queue: int(np.count_nonzero(self._queue(queue) & within)) for queue in Queue}

    def histogram(self, query: PatchQuery, *, bins: int = 50) -> Histogram:
        """The probabilities within a query, whatever range of them it asks for."""
        mask = self.mask(query.with_(probability=None)) & self._known
        edges = np.linspace(0.0, 1.0, bins + 1)
        probability = sigmoid(self.table.view.logit[mask])
        which = np.minimum((probability * bins).astype(np.int64), bins - 1)
        view = self.table.view
        threshold = float(sigmoid(np.array([view.threshold]))[0])
        return Histogram(
            counts=np.bincount(which, minlength=bins),
            edges=edges,
            threshold=threshold if view.has_predictions else float("nan"),
        )

    def _conditions(self, query: PatchQuery) -> Iterable[Mask]:
        table = self.table
        if query.ids is not None:
            chosen = np.zeros(len(table), dtype=np.bool_)
            chosen[table.rows_of(query.ids)] = True
            yield chosen
        if query.labels:
            yield np.isin(self._shown, query.labels)
        if query.calls:
            # A guarded row takes no part even where "no prediction" is asked for: its absence
            # from the list would otherwise tell nothing, but its presence would.
            yield self._visible & np.isin(self._calls, query.calls)
        if query.cell is not None:
            target, call = query.cell
            reference: Codes = table["reference"]  # type: ignore[assignment]
            yield self._visible & (table.target_of(reference) == target) & (self._calls == call)
        if query.probability is not None:
            yield self._within(query.probability)
        if query.cases:
            yield np.isin(table["case"], _codes(table.cases, query.cases))
        if query.slides:
            yield np.isin(table["slide"], _codes(table.slides, query.slides))
        if query.splits:
            yield np.isin(table["split"], [int(split) for split in query.splits])
        if query.missing_only:
            yield table["missing"].astype(np.bool_)
        if query.text.strip():
            yield self._matching(query.text.strip())

    def _queue(self, queue: Queue) -> Mask:
        table = self.table
        if queue is Queue.NOT_YET_SEEN:
            return ~table["seen"].astype(np.bool_)
        if queue is Queue.MODEL_DISAGREES:
            return self._disagrees
        if queue is Queue.UNCERTAIN:
            near = np.abs(table.view.logit - table.view.threshold) < UNCERTAIN_WITHIN
            return self._known & near
        if queue is Queue.DISPUTED:
            return table["disputed"].astype(np.bool_)
        if queue is Queue.CANNOT_TELL:
            return np.isin(self._shown, self._cannot_tell)
        if queue is Queue.FLAGGED:
            return table["flagged"].astype(np.bool_)
        if queue is Queue.CHANGED_CALLS:
            previous = table.view.previous_call
            return self._known & (previous >= 0) & (previous != self._calls)
        return np.ones(len(table), dtype=np.bool_)

    @cached_property
    def _disagrees(self) -> Mask:
        view = self.table.view
        target = self.table.target_of(self._shown)
        ranked = ~np.isnan(view.ranking)
        call = view.ranking >= view.threshold
        return self._visible & ranked & (target >= 0) & (call != (target == 1))

    def _within(self, probability: tuple[float, float]) -> Mask:
        low, high = probability
        value = sigmoid(self.table.view.logit)
        return self._known & (value >= low) & (value <= high)

    def _matching(self, text: str) -> Mask:
        table = self.table
        found = np.isin(table["case"], _containing(table.cases, text))
        found |= np.isin(table["slide"], _containing(table.slides, text))
        if self._names is not None:
            found |= self._names(text)
        return found

    @cached_property
    def _excluded(self) -> Mask:
        return self.table["excluded"].astype(np.bool_)

    @cached_property
    def _visible(self) -> Mask:
        return self.table.call_visible()

    @cached_property
    def _known(self) -> Mask:
        """Rows with a prediction that this reader may see."""
        return self._visible & ~np.isnan(self.table.view.logit)

    @cached_property
    def _calls(self) -> Codes:
        return self.table.view.calls()

    @cached_property
    def _shown(self) -> Codes:
        return self.table.shown_label()


def _codes(names: list[str], wanted: Collection[str]) -> list[int]:
    chosen = set(wanted)
    return [code for code, name in enumerate(names) if name in chosen]


def _containing(names: list[str], text: str) -> list[int]:
    folded = text.casefold()
    return [code for code, name in enumerate(names) if folded in name.casefold()]
