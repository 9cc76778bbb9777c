"""What the page remembers of itself: where the reader was in each list, and over restarts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from glomviewer.domain.patch_query import PatchQuery

LISTS_REMEMBERED = 60


@dataclass(frozen=True, slots=True)
class Place:
    """The patch that the reader stood on, and how far the list was scrolled."""

    current: int | None
    scroll: int


class ViewMemory:
    """Places by query; the oldest are forgotten."""

    def __init__(self) -> None:
        self._places: dict[PatchQuery, Place] = {}

    def keep(self, query: PatchQuery, place: Place) -> None:
        self._places.pop(query, None)
        self._places[query] = place
        while len(self._places) > LISTS_REMEMBERED:
            del self._places[next(iter(self._places))]

    def place(self, query: PatchQuery) -> Place | None:
        return self._places.get(query)


@dataclass(frozen=True, slots=True)
class SavedView:
    """One library's page as the settings keep it. Nothing in it names a patient."""

    query: PatchQuery = field(default_factory=PatchQuery)
    title: str = ""
    current: int | None = None
    scroll: int = 0
    same_scale: bool = False
    splitter: str = ""

    def to_settings(self) -> dict[str, Any]:
        # Cases, slides and searched text can be names of patients; the settings lie outside
        # the library, so a view that is narrowed by them is remembered as its queue only.
        query = self.query.with_(cases=(), slides=(), text="", ids=None)
        return {
            "query": query.to_json(),
            "title": self.title if query == self.query else "",
            "current": self.current,
            "scroll": self.scroll,
            "same_scale": self.same_scale,
            "splitter": self.splitter,
        }

    @classmethod
    def from_settings(cls, raw: object) -> SavedView:
        """Read what `to_settings` gave; anything else is the usual view."""
        if not isinstance(raw, dict):
            return cls()
        try:
            return cls(
                query=PatchQuery.from_json(str(raw["query"])),
                title=str(raw["title"]),
                current=raw["current"] if isinstance(raw["current"], int) else None,
                scroll=int(raw["scroll"]),
                same_scale=bool(raw["same_scale"]),
                splitter=str(raw["splitter"]),
            )
        except (KeyError, TypeError, ValueError):
            return cls()
