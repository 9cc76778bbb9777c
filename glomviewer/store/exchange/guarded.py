"""A foreign log, looked through for what no honest file says before it is merged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from glomviewer.store.errors import Refused
from glomviewer.store.merging.foreign import FileLog
from glomviewer.store.packs.row_reading import JournalReader
from glomviewer.store.packs.rows import JournalEntry, OriginName, ReaderName


class GuardedLog:
    """The log in a file.

    Nobody but this installation writes on under the name by which it writes here now, and in a
    return nobody but its reader acts who has a name at home. `entries` raises Refused where one
    does, so that the whole transaction is given up.
    """

    def __init__(
        self,
        content: bytes,
        file: str,
        *,
        own_origin: str,
        own_acts: int,
        strangers: Collection[str] = (),
    ) -> None:
        """`own_acts` is how many acts this installation has written here, `strangers` are uuids
        of readers who must not act in it.

        Raises:
            UnsoundContent: its first line is none.
        """
        self._log = FileLog(JournalReader([content], file))
        self._file = file
        self._own = (own_origin, own_acts)
        self._strangers = frozenset(strangers)
        self.origins: Sequence[OriginName] = self._log.origins
        self.readers: Sequence[ReaderName] = self._log.readers

    def entries(self) -> Iterator[JournalEntry]:
        for entry in self._log.entries():
            if entry.origin == self._own[0] and entry.sequence > self._own[1]:
                raise Refused(
                    f"{self._file} says that this installation has done what it has not; use "
                    "nothing of it."
                )
            if entry.reader in self._strangers:
                raise Refused(
                    f"{self._file} holds acts of another reader than the one whom the pack was "
                    "written for; nothing was taken in. Ask for a return that only he has worked "
                    "on."
                )
            yield entry
