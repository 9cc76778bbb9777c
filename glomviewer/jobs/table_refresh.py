"""Keeps the table of patches in step with the library. Runs on the store thread; no Qt.

The live table belongs to the window's thread. Here the changed rows are read into a small
table of their own, and the window copies them over: reading 5,000 rows never stops the eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_table import IntArray, ModelView, PatchTable
from glomviewer.domain.records import ModelRecord

if TYPE_CHECKING:
    from glomviewer.store.library import Library

RELOAD_FROM = 50_000
"""From this many changed patches on, loading the whole table takes less time."""


Models = tuple[ModelRecord | None, ModelRecord | None]
"""The active model, and the one whose calls are shown."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What the window takes over: a whole new table, or values for some rows of the live one."""

    table: PatchTable | None = None
    models: Models | None = None
    rows: IntArray | None = None
    values: PatchTable | None = None

    def apply(self, live: PatchTable) -> PatchTable:
        """The table that holds from now on: `live` with its rows renewed, or a new one."""
        if self.table is not None:
            return self.table
        if self.rows is not None and self.values is not None:
            live.update(self.rows, self.values.columns)
        return live


def concerns_view(changes: Changes) -> bool:
    """Whether the model view is to be read again."""
    return changes.predictions or changes.models or changes.active_model or changes.threshold


class TableRefresher:
    """Knows the newest table and whose labels it shows."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._table: PatchTable | None = None
        self._reader: int | None = None
        self.shown_model: str | None = None

    def load(self, *, reader: int | None) -> Refresh:
        """Read everything, as this reader sees it."""
        self._reader = reader
        return self._reload()

    def after(self, changes: Changes) -> Refresh:
        """Read again what an operation has changed about patches."""
        table = self._table
        if table is None:
            return Refresh()
        rows = table.rows_of(changes.patches)
        unknown = len(rows) != len(changes.patches)
        if changes.all_patches or unknown or len(rows) >= RELOAD_FROM:
            return self._reload()
        if not len(rows):
            return Refresh()
        rows = np.unique(rows)
        values = _part(table, rows)
        self._library.refresh_rows(values, changes.patches, self._reader)
        return Refresh(rows=rows, values=values)

    def view(self, table: PatchTable) -> tuple[ModelView, Models]:
        """The calls to show on a table. Reads only: any thread."""
        active = self._library.active_model()
        shown = active
        if self.shown_model is not None:
            shown = self._library.model(self.shown_model)
        if shown is None:
            return ModelView.empty(len(table)), (active, shown)
        previous = self._library.previous_model()
        if active is not None and shown.id != active.id:
            # Looking at another model, one asks where it differs from the active one.
            previous = active
        view = self._library.load_model_view(
            table, shown.id, previous.id if previous is not None else None
        )
        return view, (active, shown)

    def _reload(self) -> Refresh:
        table = self._library.load_table(self._reader)
        table.view, models = self.view(table)
        self._table = table
        return Refresh(table=table, models=models)


def _part(table: PatchTable, rows: IntArray) -> PatchTable:
    """A table of these ascending rows alone."""
    return PatchTable(
        columns={
            name: np.ascontiguousarray(column[rows]) for name, column in table.columns.items()
        },
        cases=table.cases,
        slides=table.slides,
        targets=table.targets,
    )
