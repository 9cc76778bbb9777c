"""Where a foreign log comes from: another library's database, or the lines of a return."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from glomviewer.store import journal_stream
from glomviewer.store.errors import DamagedLibrary
from glomviewer.store.packs.row_reading import JournalReader
from glomviewer.store.packs.rows import JournalEntry, OriginName, ReaderName


class ForeignLog(Protocol):
    """A log that was written elsewhere. Nothing of it is believed before its chains are checked."""

    @property
    def origins(self) -> Sequence[OriginName]: ...

    @property
    def readers(self) -> Sequence[ReaderName]: ...

    def entries(self) -> Iterator[JournalEntry]:
        """The acts; those of one origin in the order of their sequence, without a gap. Where they
        do not begin at 1, what came before must be known to whoever takes them in."""
        ...


class FileLog:
    """The log in a pack's lines. It can be read once."""

    def __init__(self, reader: JournalReader) -> None:
        self._reader = reader
        self.origins: Sequence[OriginName] = reader.head.origins
        self.readers: Sequence[ReaderName] = reader.head.readers

    def entries(self) -> Iterator[JournalEntry]:
        return self._reader.entries()


class LibraryLog:
    """The log of another library of this format, or what of it some origins wrote."""

    def __init__(self, connection: Connection, *, only: Collection[str] | None = None) -> None:
        """`only`: uuids of the origins wanted, None for all."""
        names = journal_stream.origin_names(connection)
        self._connection = connection
        self._ids = [id_ for id_, name in names.items() if only is None or name.uuid in only]
        self.origins: Sequence[OriginName] = [names[id_] for id_ in self._ids]
        self.readers: Sequence[ReaderName] = journal_stream.reader_names(connection)

    def entries(self) -> Iterator[JournalEntry]:
        """Raises DamagedLibrary where the other library can't be read."""
        try:
            for origin in self._ids:
                yield from journal_stream.acts(self._connection, origin)
        except DatabaseError as error:
            raise DamagedLibrary(
                f"The log of the other library can't be read ({error.orig}); verify it there and "
                "restore a backup of it."
            ) from error
