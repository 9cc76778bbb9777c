"""The library's methods about readings: making one, reading in it, finishing, signing off."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.domain.agreement.ratings import RatingTable
from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.domain.readings.records import (
    ItemState,
    LaterChange,
    Meaning,
    ReadingSummary,
    RevealedCall,
    SignOff,
)
from glomviewer.domain.readings.sample import Sample
from glomviewer.store.opened import OpenLibrary

_ALL = Sample()


class RoomMethods(OpenLibrary):
    def create_reading(
        self,
        *,
        name: str,
        patches: Sequence[int],
        protocol: Protocol,
        readers: Sequence[int],
        by: int | None = None,
        seed: int | None = None,
        sample: Sample = _ALL,
    ) -> Changes:
        """Make a reading of (a sample of) these patches; `Changes.reading` is its id.

        The active model is the one whose calls are revealed. Patches that show the same pixels
        are read once. The same seed plans the same lists.

        Raises:
            Refused: no patch, no reader, fewer readers than readings a patch, a name twice.
        """
        raise NotImplementedError

    def readings(self, viewer: int | None = None) -> list[ReadingSummary]:
        """Newest first; those in which `viewer` has something left to read come first."""
        raise NotImplementedError

    def reading(self, reading: int) -> ReadingSummary:
        raise NotImplementedError

    def reading_items(self, reading: int, reader: int) -> list[ItemState]:
        """This reader's list in its order."""
        raise NotImplementedError

    def reading_patches(self, reading: int) -> list[int]:
        """The patches of a reading, in ascending order."""
        raise NotImplementedError

    def commit_item(
        self,
        *,
        reader: int,
        item: int,
        label: int,
        detail: str = "",
        comment: str = "",
        flagged: bool | None = None,
    ) -> Changes:
        """The reader's label of an item: one gesture. `Changes.reveal` is the model's call where
        the protocol shows it now. Once finished, `comment` must say why it changes."""
        raise NotImplementedError

    def change_after_reveal(
        self, *, reader: int, item: int, label: int, detail: str = "", comment: str = ""
    ) -> Changes:
        """Another label on an item whose call was revealed; marked as made after seeing."""
        return self.commit_item(
            reader=reader, item=item, label=label, detail=detail, comment=comment
        )

    def comment_on_item(self, *, reader: int, item: int, text: str) -> Changes:
        raise NotImplementedError

    def flag_item(self, *, reader: int, item: int, flagged: bool = True) -> Changes:
        raise NotImplementedError

    def revealed_call(self, *, reader: int, item: int) -> RevealedCall | None:
        """The call that was revealed on this item once more; None before its commit."""
        raise NotImplementedError

    def finish_reading(self, *, reading: int, reader: int, reason: str = "") -> Changes:
        """The reader is through: nothing is kept from him any more. With items left, `reason`
        says why."""
        raise NotImplementedError

    def close_reading(self, *, reading: int, by: int | None = None, reason: str = "") -> Changes:
        """Nobody decides in it from now on. Where somebody has not finished, `reason` says why."""
        raise NotImplementedError

    def sign_off(
        self,
        *,
        reading: int,
        reader: int,
        meaning: Meaning,
        note: str = "",
        passphrase: str = "",
    ) -> Changes:
        raise NotImplementedError

    def signoffs(self, reading: int | None = None) -> list[SignOff]:
        """Of one reading, or all of them; oldest first."""
        raise NotImplementedError

    def later_changes(self, reading: int) -> list[LaterChange]:
        """What was changed on its patches after somebody had signed for it."""
        raise NotImplementedError

    def ratings(self, reading: int | None = None) -> RatingTable:
        """Who called what: in one reading, or each reader's labels of the whole library."""
        raise NotImplementedError

    def set_passphrase(self, reader: int, old: str, new: str) -> Changes:
        """Lock a reader by a passphrase, change it, or with "" take it off."""
        raise NotImplementedError

    def check_passphrase(self, reader: int, text: str) -> bool:
        """Whether this is the reader's passphrase; True for one who has none."""
        raise NotImplementedError
