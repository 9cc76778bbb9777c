"""The library's methods about readings: making one, reading in it, finishing, signing off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

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
from glomviewer.store import (
    committing,
    mirrored,
    models,
    rating_tables,
    readers,
    reading_items,
    reading_plans,
    readings,
    reveals,
    sight,
    signoffs,
)
from glomviewer.store.errors import Refused
from glomviewer.store.exchange.pack_library import refuse_what_is_done_at_home
from glomviewer.store.journal import Act
from glomviewer.store.opened import OpenLibrary
from glomviewer.store.reading_items import Item, item_of
from glomviewer.store.reading_plans import ALL, NewReading


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
        sample: Sample = ALL,
    ) -> Changes:
        """Make a reading of (a sample of) these patches; `Changes.reading` is its id.

        The active model is the one whose calls are revealed. Excluded patches and those without
        a file stay out, and those that show the same pixels are read once. The same seed plans
        the same lists.

        Raises:
            Refused: no patch, no reader, fewer readers than readings a patch, a name twice.
        """
        new = NewReading(name, patches, protocol, readers, by, seed, sample)
        with self.write() as connection:
            refuse_what_is_done_at_home(connection, "readings are made")
            active = models.active_id(connection)
            model = models.model(connection, active, self.paths.models) if active else None
            made = reading_plans.make(connection, new, model)
            self.note(
                connection, Act.READING, f"reading {name.strip()} made", reader=by, **made.facts
            )
        return _for_all(made.id, made.sentence)

    def readings(self, viewer: int | None = None) -> list[ReadingSummary]:
        """Newest first; those in which `viewer` has something left to read come first."""
        with self.read(unblinded=True) as connection:
            found = readings.readings(connection)
        return sorted(found, key=lambda one: not _waits_for(one, viewer))

    def waiting_readings(self, reader: int) -> int:
        """How many readings wait for this reader to read, or to finish them."""
        with self.read(unblinded=True) as connection:
            return readings.waiting(connection, reader)

    def still_read_in(self, patch: int) -> str:
        """The reading in which the viewer still reads a patch independently; "" for none."""
        if self.viewer is None:
            return ""
        with self.read(unblinded=True) as connection:
            return sight.still_read_in(connection, self.viewer, patch)

    def reading(self, reading: int) -> ReadingSummary:
        with self.read(unblinded=True) as connection:
            return readings.reading(connection, reading)

    def reading_items(self, reading: int, reader: int) -> list[ItemState]:
        """This reader's list in its order. What is a repeat is told once he has finished. What
        was said of patches that the viewer still reads in another reading is left out.

        Raises:
            Refused: another reader looks who still reads independently himself.
        """
        with self.read(unblinded=True) as connection:
            self._refuse_prying(connection, reading, reader)
            of = readings.reading(connection, reading)
            own = of.progress_of(reader)
            told = of.is_closed or (own is not None and own.finished is not None)
            listed = reading_items.items(
                connection, reading, reader, of.protocol, tell_repeats=told
            )
            if self.viewer is None or (reader == self.viewer and not told):
                return listed
            hidden = sight.hidden_patches(connection, self.viewer, {item.patch for item in listed})
        return [item.unsaid() if item.patch in hidden else item for item in listed]

    def reading_patches(self, reading: int) -> list[int]:
        """The patches of a reading, in ascending order; of one that the viewer does not read in
        only those that he may know, since a reading may be made of what others dispute."""
        with self.read() as connection:
            return readings.patches(connection, reading)

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
        the protocol shows it now; it is not looked up before the label is on the disk. Once the
        reading is finished, `comment` must say why the label changes.

        Raises:
            Refused: a detail or a reason is missing, the reading is closed, the list another's.
        """
        with self.write() as connection:
            of = item_of(connection, item, reader)
            changes = committing.commit(
                connection,
                of,
                label,
                origin=self._origin[0],
                label_set=self.label_set,
                detail=detail,
                comment=comment,
                flagged=flagged,
            )
        return replace(changes, reveal=self._earned_call(of)) if of.can_reveal else changes

    def change_after_reveal(
        self, *, reader: int, item: int, label: int, detail: str = "", comment: str = ""
    ) -> Changes:
        """Another label on an item whose call was revealed; marked as made after seeing."""
        return self.commit_item(
            reader=reader, item=item, label=label, detail=detail, comment=comment
        )

    def comment_on_item(self, *, reader: int, item: int, text: str) -> Changes:
        with self.write() as connection:
            of = item_of(connection, item, reader)
            return committing.comment_on(connection, of, text, origin=self._origin[0])

    def flag_item(self, *, reader: int, item: int, flagged: bool = True) -> Changes:
        with self.write() as connection:
            of = item_of(connection, item, reader)
            return committing.flag(connection, of, flagged, origin=self._origin[0])

    def revealed_call(self, *, reader: int, item: int) -> RevealedCall | None:
        """The call that was revealed on this item once more; None before its commit, but for a
        protocol that shows it at once, and as long as another reading keeps it back."""
        with self.read(unblinded=True) as connection:
            of = item_of(connection, item, reader)
        return self._earned_call(of)

    def finish_reading(self, *, reading: int, reader: int, reason: str = "") -> Changes:
        """The reader is through: nothing is kept from him any more. With items left, `reason`
        says why."""
        with self.write() as connection:
            of = readings.reading(connection, reading)
            sentence = readings.finish(connection, of, reader, reason)
            own = of.progress_of(reader)
            self.note(
                connection,
                Act.FINISH,
                f"reading {of.name} finished",
                reader=reader,
                reading=of.uuid,
                items=own.items if own else 0,
                left=own.left if own else 0,
                why=reason.strip(),
            )
        return _for_all(reading, sentence)

    def close_reading(self, *, reading: int, by: int | None = None, reason: str = "") -> Changes:
        """Nobody decides in it from now on. Where somebody has not finished, `reason` says why."""
        with self.write() as connection:
            of = readings.reading(connection, reading)
            sentence = readings.close(connection, of, self.acting if by is None else by, reason)
            self.note(
                connection,
                Act.READING,
                f"reading {of.name} closed",
                reader=by,
                reading=of.uuid,
                why=reason.strip(),
            )
        return _for_all(reading, sentence)

    def sign_off(
        self,
        *,
        reading: int,
        reader: int,
        meaning: Meaning,
        note: str = "",
        passphrase: str = "",
    ) -> Changes:
        """Sign for a reading, with the passphrase of a reader who has one.

        Raises:
            Refused: the passphrase is wrong, or what is signed for is not so.
        """
        self._refuse_stranger(reader, passphrase)
        with self.write() as connection:
            of = readings.reading(connection, reading)
            signer = readers.reader(connection, reader)
            signoffs.sign(connection, of, signer, meaning, note)
            mirrored.log_newest(
                connection,
                self._origin[0],
                mirrored.SIGNOFFS,
                f"reading {of.name} signed off: {meaning}",
            )
        return Changes(
            readings=True, reading=reading, sentence=f"{of.name} is signed off as {meaning}."
        )

    def signoffs(self, reading: int | None = None) -> list[SignOff]:
        """Of one reading, or all of them; oldest first."""
        with self.read() as connection:
            return signoffs.signoffs(connection, reading)

    def later_changes(self, reading: int) -> list[LaterChange]:
        """What was changed on its patches after somebody had signed for it."""
        with self.read() as connection:
            return signoffs.later_changes(connection, reading)

    def ratings(self, reading: int | None = None) -> RatingTable:
        """Who called what: in one reading, or each reader's labels of the whole library.

        Raises:
            Refused: the viewer still reads in it independently.
        """
        with self.read() as connection:
            self._refuse_pending(connection, reading)
            return rating_tables.ratings(connection, self.paths, reading)

    def _earned_call(self, item: Item) -> RevealedCall | None:
        """The model's call, if the item's reader and whoever sits at the screen may know it."""
        with self.read(unblinded=True) as connection:
            if not committing.call_is_earned(connection, item):
                return None
            viewer = item.reader if self.viewer is None else self.viewer
            if sight.keeps_call(connection, viewer, item.patch):
                return None
            return reveals.call_of(connection, self.paths, item)

    def _refuse_stranger(self, reader: int, passphrase: str) -> None:
        with self.read(unblinded=True) as connection:
            kept = readers.passphrase_of(connection, reader)
        if not readers.is_passphrase(passphrase, kept):
            raise Refused("The passphrase is not right; nothing was signed.")

    def _refuse_prying(self, connection: Connection, reading: int, reader: int) -> None:
        if reader != self.viewer:
            self._refuse_pending(connection, reading)

    def _refuse_pending(self, connection: Connection, reading: int | None) -> None:
        if self.viewer is None or reading is None:
            return
        row = connection.exec_driver_sql(
            "SELECT 1 FROM pending WHERE reader_id = ? AND reading_id = ? LIMIT 1",
            (self.viewer, reading),
        ).first()
        if row is not None:
            raise Refused(
                "You still read in this reading; finish it, and what others say is shown."
            )


def _waits_for(reading: ReadingSummary, viewer: int | None) -> bool:
    own = None if viewer is None else reading.progress_of(viewer)
    return own is not None and own.finished is None and not reading.is_closed


def _for_all(reading: int, sentence: str) -> Changes:
    """What may be known of patches has changed, so that every screen asks again."""
    return Changes(
        all_patches=True,
        labels=True,
        files=True,
        predictions=True,
        readings=True,
        undo=True,
        reading=reading,
        sentence=sentence,
    )
