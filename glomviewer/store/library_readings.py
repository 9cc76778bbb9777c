"""The library's methods about readers and their gestures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Batch, Reader
from glomviewer.store import (
    call_knowledge,
    decisions,
    journal,
    passphrases,
    readers,
    sight,
    signoffs,
    undo,
    undo_barriers,
)
from glomviewer.store.decisions import Circumstances
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import pack_library
from glomviewer.store.journal import Act
from glomviewer.store.opened import OpenLibrary


class ReadingMethods(OpenLibrary):
    def readers(self) -> list[Reader]:
        with self.read() as connection:
            return readers.readers(connection)

    def reader(self, reader: int) -> Reader:
        with self.read() as connection:
            return readers.reader(connection, reader)

    def add_reader(self, name: str, initials: str) -> Reader:
        with self.write() as connection:
            known = {one.id for one in readers.readers(connection)}
            added = readers.add_reader(connection, name, initials)
            if added.id not in known:
                pack_library.refuse_what_is_done_at_home(connection, "readers are added")
                self.note(
                    connection,
                    Act.READER,
                    f"reader {added.initials} added",
                    uuid=journal.reader_uuid(connection, added.id),
                    name=added.name,
                    initials=added.initials,
                )
            return added

    def set_passphrase(self, reader: int, old: str, new: str) -> Changes:
        """Lock a reader by a passphrase, change it, or with "" take it off.

        Raises:
            Refused: `old` is not the passphrase so far, or the new one is too short.
        """
        self.refuse_unless_writable()
        objection = passphrases.passphrase_objection(new) if new else ""
        if objection:
            raise Refused(objection)
        if not self.check_passphrase(reader, old):
            raise Refused("The old passphrase is not right; it was left as it is.")
        # Outside of the transaction, since it takes a part of a second by design.
        kept = passphrases.hash_passphrase(new) if new else ""
        with self.write() as connection:
            was = readers.passphrase_of(connection, reader)
            readers.keep_passphrase(connection, reader, kept)
            done = ("changed" if was else "set") if new else "taken off"
            title = f"passphrase {done}"
            self.note(connection, Act.READER, title, reader=reader)
        return Changes(readers=True, sentence=f"The passphrase was {done}.")

    def check_passphrase(self, reader: int, text: str) -> bool:
        """Whether this is the reader's passphrase; True for one who has none."""
        with self.read(unblinded=True) as connection:
            kept = readers.passphrase_of(connection, reader)
        return readers.is_passphrase(text, kept)

    def decide(
        self,
        *,
        reader: int,
        patches: Sequence[int],
        label: int,
        detail: str = "",
        comment: str = "",
        call_shown: bool | Mapping[int, bool] = False,
        model: str = "",
        on_screen: Collection[int] | None = None,
    ) -> Changes:
        """One label for one or many patches: one gesture."""
        return self.decide_many(
            reader=reader,
            labels=dict.fromkeys(patches, label),
            detail=detail,
            comment=comment,
            call_shown=call_shown,
            model=model,
            on_screen=on_screen,
        )

    def decide_many(
        self,
        *,
        reader: int,
        labels: Mapping[int, int],
        detail: str = "",
        comment: str = "",
        call_shown: bool | Mapping[int, bool] = False,
        model: str = "",
        on_screen: Collection[int] | None = None,
    ) -> Changes:
        """A label of its own for each patch (such as the model's calls): one gesture.

        Whoever has once known the model's call of a patch labels it as one who knows it, whatever
        `call_shown` says.

        Raises:
            Refused: the reader still reads one of them independently, or has signed for it and
                gives no reason in `comment`.
        """
        seen = None if on_screen is None else frozenset(on_screen)
        with self._gesture(reader) as (connection, origin):
            sight.refuse_while_reading(connection, reader, labels)
            signoffs.ask_for_reason(connection, reader, labels, comment)
            known = call_knowledge.told(connection, reader, labels)
            circumstances = Circumstances(call_shown, model, seen).knowing(known)
            return decisions.label(
                connection,
                labels,
                origin=origin,
                reader=reader,
                label_set=self.label_set,
                detail=detail,
                comment=comment,
                circumstances=circumstances,
            )

    def flag(self, *, reader: int, patches: Sequence[int], flagged: bool = True) -> Changes:
        with self._gesture(reader) as (connection, origin):
            sight.refuse_while_reading(connection, reader, patches)
            return decisions.flag(connection, patches, flagged, origin=origin, reader=reader)

    def comment(self, *, reader: int, patch: int, text: str) -> Changes:
        with self._gesture(reader) as (connection, origin):
            sight.refuse_while_reading(connection, reader, [patch])
            return decisions.comment_on(connection, patch, text, origin=origin, reader=reader)

    def exclude(
        self, *, reader: int, patches: Sequence[int] = (), case: str = "", reason: str
    ) -> Changes:
        """Exclude patches, or every patch of a case, those to come included, with a reason."""
        with self._gesture(reader) as (connection, origin):
            refuse_in_a_pack(connection)
            chosen = [*patches, *decisions.patches_of_case(connection, case)]
            sight.refuse_while_reading(connection, reader, chosen)
            return decisions.exclude(
                connection, chosen, reason, origin=origin, reader=reader, whole_case=bool(case)
            )

    def include(self, *, reader: int, patches: Sequence[int] = (), case: str = "") -> Changes:
        """Take excluded patches, or every patch of a case, back in."""
        with self._gesture(reader) as (connection, origin):
            refuse_in_a_pack(connection)
            chosen = [*patches, *decisions.patches_of_case(connection, case)]
            sight.refuse_while_reading(connection, reader, chosen)
            return decisions.include(connection, chosen, origin=origin, reader=reader)

    def undo(self, *, reader: int) -> Changes:
        with self._gesture(reader) as (connection, origin):
            batch = undo.next_undo(connection, reader, origin)
            if batch is not None:
                undo_barriers.refuse(connection, batch.id, reader)
            return undo.undo(connection, origin=origin, reader=reader)

    def redo(self, *, reader: int) -> Changes:
        with self._gesture(reader) as (connection, origin):
            batch = undo.next_redo(connection, reader, origin)
            if batch is not None:
                undo_barriers.refuse(connection, batch.id, reader)
            return undo.redo(connection, origin=origin, reader=reader)

    def next_undo(self, reader: int) -> Batch | None:
        with self.read() as connection:
            return undo.next_undo(connection, reader, self._origin[0])

    def next_redo(self, reader: int) -> Batch | None:
        with self.read() as connection:
            return undo.next_redo(connection, reader, self._origin[0])

    def mark_seen(self, *, reader: int, patches: Sequence[int]) -> Changes:
        """Remember that these patches were on this reader's screen. No gesture: not undone."""
        with self._gesture(reader) as (connection, _):
            readers.mark_seen(connection, reader, list(patches))
        return Changes(patches=tuple(patches), seen=bool(patches))

    @contextmanager
    def _gesture(self, reader: int) -> Iterator[tuple[Connection, int]]:
        with self.write() as connection:
            readers.reader(connection, reader)
            yield connection, self._origin[0]


def refuse_in_a_pack(connection: Connection) -> None:
    """Raises:
    Refused: this library was opened from a pack, whose reader only says what he sees.
    """
    if pack_library.pack_library(connection) is not None:
        raise Refused(
            "This library was opened from a pack: patches are excluded, referred and adjudicated "
            "at home. Say it by a label or in a comment; nothing was changed."
        )
