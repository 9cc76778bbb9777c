"""A foreign log, looked through for what no honest file says before it is merged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glomviewer.store.errors import Refused
from glomviewer.store.journal import Act
from glomviewer.store.log import Field
from glomviewer.store.made_knowing import KNOWN
from glomviewer.store.merging.foreign import FileLog
from glomviewer.store.packs.row_reading import JournalReader
from glomviewer.store.packs.rows import JournalEntry, OriginName, ReaderName

_DECIDED_AT_HOME = frozenset(
    {Field.ADJUDICATION.value, Field.EXCLUSION.value, Field.REFERRAL.value}
)


class GuardedLog:
    """The log in a file.

    Nobody but this installation writes on under the name by which it writes here now. In a return
    nobody acts but its reader, he goes on with no log but his own, and does not decide what is
    decided at home. `entries` raises Refused where a log does otherwise, so that the whole
    transaction is given up.
    """

    def __init__(
        self,
        content: bytes,
        file: str,
        *,
        own_origin: str,
        own_acts: int,
        reader: str = "",
        others: Mapping[str, int] | None = None,
    ) -> None:
        """`own_acts` is how many acts this installation has written here. Of a return, `reader`
        is the uuid of the one who may act in it, and `others` are the origins that are not his,
        with how many acts of each are here.

        Raises:
            UnsoundContent: its first line is none.
        """
        self._log = FileLog(JournalReader([content], file))
        self._file = file
        self._own = (own_origin, own_acts)
        self._reader = reader
        self._others = others or {}
        self.origins: Sequence[OriginName] = self._log.origins
        self.readers: Sequence[ReaderName] = self._log.readers

    def entries(self) -> Iterator[JournalEntry]:
        for entry in self._log.entries():
            if entry.origin == self._own[0] and entry.sequence > self._own[1]:
                raise Refused(
                    f"{self._file} says that this installation has done what it has not; use "
                    "nothing of it."
                )
            if self._reader:
                self._refuse_what_is_not_his(entry)
            yield entry

    def _refuse_what_is_not_his(self, entry: JournalEntry) -> None:
        if entry.reader not in ("", self._reader):
            raise Refused(
                f"{self._file} holds acts of another reader than the one whom the pack was "
                "written for; nothing was taken in. Ask for a return that only he has worked on."
            )
        if entry.sequence > self._others.get(entry.origin, entry.sequence):
            raise Refused(
                f"{self._file} goes on with the log of another reader or of this library; use "
                "nothing of it, and ask its reader what he wrote it with."
            )
        if entry.kind == Act.PACK.value and KNOWN in _facts(entry.body):
            raise Refused(
                f"{self._file} says which calls somebody knew, which is decided at home; nothing "
                "was taken in. Ask its reader what he wrote it with."
            )
        if any(row.field in _DECIDED_AT_HOME for row in entry.rows):
            raise Refused(
                f"{self._file} excludes, refers or adjudicates patches, which is decided at home; "
                "nothing was taken in. Ask for a return that holds the reader's own labels."
            )


def _facts(body: str) -> Mapping[str, Any]:
    """What an act says of itself; nothing where it is no object."""
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
