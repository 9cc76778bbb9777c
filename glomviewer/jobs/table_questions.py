"""Queries over the live table, with the names read from the library where a text is sought."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from glomviewer.domain.name_index import NameIndex
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.patch_select import PatchSelect, cannot_tell_codes
from glomviewer.domain.patch_table import PatchTable

if TYPE_CHECKING:
    from glomviewer.store.library import Library


class TableQuestions:
    """Gives the questions for a state of the table. Reading the names takes a second at a
    million, so it is done at the first search, by the thread that asks."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._cannot_tell = cannot_tell_codes(library.label_set)
        self._names: NameIndex | None = None
        self._named: PatchTable | None = None
        self._reading = threading.Lock()

    def about(self, table: PatchTable) -> PatchSelect:
        """Questions about the table as it is now."""
        return PatchSelect(table, cannot_tell=self._cannot_tell)

    def for_query(self, select: PatchSelect, query: PatchQuery) -> PatchSelect:
        """The same questions, able to answer this query. Any thread but the window's."""
        if not query.text.strip():
            return select
        names = self._names_of(select.table)
        return PatchSelect(select.table, cannot_tell=self._cannot_tell, names=names.rows_with)

    def _names_of(self, table: PatchTable) -> NameIndex:
        with self._reading:
            if self._names is None or self._named is not table:
                ids = table.ids.tolist()
                by_id = self._library.names_of(ids)
                self._names = NameIndex(by_id.get(patch, "") for patch in ids)
                self._named = table
            return self._names
