"""Where a reader is in his list of a reading: back over what he has read, never past the first
patch that he has not. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.readings.records import ItemState


class Walk:
    """Labels stand here as soon as the key is pressed; `take` brings what is durable."""

    def __init__(self, items: Sequence[ItemState]) -> None:
        self._items = list(items)
        self._places = {item.id: place for place, item in enumerate(self._items)}
        self._place = self.first_unread

    def __len__(self) -> int:
        return len(self._items)

    @property
    def place(self) -> int:
        """From 0; the number of items once all are read and the end is on the screen."""
        return self._place

    @property
    def at_end(self) -> bool:
        return self._place >= len(self._items)

    @property
    def item(self) -> ItemState | None:
        return None if self.at_end else self._items[self._place]

    @property
    def first_unread(self) -> int:
        unread = (place for place, item in enumerate(self._items) if item.label == NO_LABEL)
        return next(unread, len(self._items))

    @property
    def cases(self) -> int:
        """How many cases a list that goes by case has, 0 for any other."""
        return max((item.case_place for item in self._items), default=-1) + 1

    @property
    def unread(self) -> int:
        return sum(item.label == NO_LABEL for item in self._items)

    def take(self, items: Sequence[ItemState]) -> None:
        """These are the items as they are in the library; stay where one is."""
        self._items = list(items)
        self._places = {item.id: place for place, item in enumerate(self._items)}
        self.go_to(self._place)

    def note(self, item: int, **values: object) -> None:
        """Something is now so about an item, such as `label=1`."""
        place = self._places[item]
        self._items[place] = replace(self._items[place], **values)  # type: ignore[arg-type]

    def go_to(self, place: int) -> bool:
        """Whether that was another place."""
        before, self._place = self._place, max(0, min(place, self.first_unread))
        return self._place != before

    def go_to_item(self, item: int) -> bool:
        return self.go_to(self._places[item])

    def back(self) -> bool:
        return self.go_to(self._place - 1)

    def forward(self) -> bool:
        return self.go_to(self._place + 1)

    def to_first_unread(self) -> bool:
        return self.go_to(self.first_unread)

    def ahead(self, count: int) -> list[ItemState]:
        """The items after this one."""
        return self._items[self._place + 1 : self._place + 1 + count]

    def behind(self, count: int) -> list[ItemState]:
        return self._items[max(0, self._place - count) : self._place][::-1]
