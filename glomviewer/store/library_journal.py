"""The library's methods about its journal: reading it, carrying it elsewhere, merging others'."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.domain.journal_rows import JournalRow
from glomviewer.store import checks, journal, journal_pages
from glomviewer.store.decisions import NAMED_AT_MOST
from glomviewer.store.engine import make_engine
from glomviewer.store.errors import DamagedLibrary, Refused
from glomviewer.store.import_values import Cancelled, Progress, never_cancelled, no_progress
from glomviewer.store.journal import Act, Head
from glomviewer.store.merging.foreign import ForeignLog, LibraryLog
from glomviewer.store.merging.merge import merge_log
from glomviewer.store.merging.report import MergeReport
from glomviewer.store.opened import OpenLibrary
from glomviewer.store.packs.rows import RowsHead, rows_to_bytes
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import SCHEMA_VERSION
from glomviewer.store.verify_types import wrong_types


class JournalMethods(OpenLibrary):
    def journal(
        self,
        *,
        limit: int = 200,
        offset: int = 0,
        kinds: Collection[Act] = (),
        reader: int | None = None,
    ) -> list[JournalRow]:
        """A page of acts, newest first: of these kinds and this reader, or of all."""
        with self.read() as connection:
            return journal_pages.page(
                connection, limit=limit, offset=offset, kinds=kinds, reader=reader
            )

    def journal_count(self, *, kinds: Collection[Act] = (), reader: int | None = None) -> int:
        with self.read() as connection:
            return journal_pages.count(connection, kinds=kinds, reader=reader)

    def heads(self) -> list[Head]:
        """The newest act of every origin, to be written down elsewhere."""
        with self.read(unblinded=True) as connection:
            return journal.heads(connection)

    def record(self, act: Act, title: str, *, reader: int | None = None, **body: Any) -> None:
        """Log something that was done with the library and not in it, such as an export. One
        that is open for reading only can't remember."""
        if self.read_only:
            return
        with self.write() as connection:
            self.note(connection, act, title, reader=reader, **body)

    def export_log(self, *, only: Collection[str] | None = None) -> Iterator[bytes]:
        """The journal as lines for a pack's member (see `packs.rows`): of these origins' uuids,
        None for all. It is as of one moment, and the library stays open until it is read."""
        with self.read(unblinded=True) as connection:
            log = LibraryLog(connection, only=only)
            head = RowsHead(tuple(log.origins), tuple(log.readers))
            yield from rows_to_bytes(head, log.entries())

    def merge(
        self,
        foreign: ForeignLog,
        *,
        source: str = "",
        reader: int | None = None,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> tuple[MergeReport, Changes]:
        """Take a foreign log in, in one transaction: all of what can be believed, or nothing.

        Raises:
            ImportCancelled: `cancelled` said so; nothing was merged.
        """
        with self.write() as connection:
            report = merge_log(
                connection,
                foreign,
                origin=self._origin[0],
                source=source,
                reader=self.acting if reader is None else reader,
                progress=progress,
                cancelled=cancelled,
            )
        return report, merge_changes(report)

    def merge_library(
        self,
        folder: Path,
        *,
        reader: int | None = None,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> tuple[MergeReport, Changes]:
        """Merge the log of another library on this machine's disks, which may be open elsewhere.

        Raises:
            NotALibrary, DamagedLibrary, NewerLibrary: what is there can't be read.
            Refused: it is of an older format, or this very library.
            ImportCancelled: `cancelled` said so; nothing was merged.
        """
        paths = LibraryPaths(folder.absolute())
        checks.refuse_what_is_no_library(paths)
        if checks.schema_version(paths.database) < SCHEMA_VERSION:
            raise Refused(f"Open {folder.name} once with this version before it is merged.")
        if paths.folder.resolve() == self.folder.resolve():
            raise Refused("This is the library that is open; choose another one to merge.")
        engine = make_engine(paths.database, read_only=True)
        try:
            with engine.connect() as connection:
                for sentence in wrong_types(connection):
                    raise DamagedLibrary(f"{folder.name} can't be merged: {sentence}")
                return self.merge(
                    LibraryLog(connection),
                    source=folder.stem,
                    reader=reader,
                    progress=progress,
                    cancelled=cancelled,
                )
        finally:
            engine.dispose()


def merge_changes(report: MergeReport) -> Changes:
    """What a screen has to ask for again after a merge."""
    if not report.new:
        return Changes(sentence=report.sentence)
    many = len(report.patches) > NAMED_AT_MOST
    return Changes(
        patches=() if many else report.patches,
        all_patches=many,
        labels=True,
        flags=True,
        comments=True,
        exclusions=True,
        seen=True,
        readers=bool(report.readers),
        readings=True,
        sentence=report.sentence,
    )
