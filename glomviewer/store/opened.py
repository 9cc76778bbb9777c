"""An open library: its folder, its lock, its transactions. What can be done with it is beside."""

from __future__ import annotations

import logging
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import LockHolder
from glomviewer.paths import resources_dir
from glomviewer.store import checks, clock, disk_trouble, journal, migrate, settings, sight
from glomviewer.store.engine import make_engine, writing
from glomviewer.store.errors import DamagedLibrary, LibraryError, ReadOnly, Refused
from glomviewer.store.import_values import (
    Cancelled,
    ImportCancelled,
    Progress,
    never_cancelled,
    no_progress,
)
from glomviewer.store.installation import current_origin, installation_id, start_origin
from glomviewer.store.journal import Act
from glomviewer.store.lock import WriterLock
from glomviewer.store.network import refuse_network_drive
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import metadata

log = logging.getLogger(__name__)


class OpenLibrary:
    """A library that is open, for writing or for reading only.

    Safe to use from several threads: each transaction takes its own connection, and those that
    write wait for one another.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        engine: Engine,
        lock: WriterLock | None,
        holder: LockHolder | None,
    ) -> None:
        self.paths = paths
        self.holder = holder
        self._engine = engine
        self._lock = lock
        self._write_turn = threading.RLock()
        self._origin = (0, "")
        self._blinded_reads = sight.BlindedReads(paths.database)
        self.viewer: int | None = None
        """The reader in front of the screen; None is the laboratory itself, which sees all."""
        self.actor: int | None = None
        """In whose name acts are done where nobody sits before a screen, as in a shell."""
        with self.read() as connection:
            self.label_set = LabelSet.from_json(settings.setting(connection, "label_set"))
            self.uuid = settings.setting(connection, "library_uuid")

    @classmethod
    def create(cls, folder: Path, *, label_set: LabelSet | None = None) -> Self:
        """Make a new, empty library and open it for writing.

        Raises:
            Refused: something is at that place already.
            NetworkDrive: the folder would lie on a network drive.
            DiskTrouble: its disk is full or fails.
        """
        folder = folder.absolute()
        refuse_network_drive(folder)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused(f"There is something at {folder} already; choose another name.")
        labels = label_set or _default_labels()
        paths = LibraryPaths(folder)
        draft = folder / f"library.{uuid.uuid4().hex}.draft"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            paths.make_folders()
            with disk_trouble.told(folder.name):
                _make_database(draft, labels)
            draft.replace(paths.database)
        except BaseException:
            # It was empty or not there before, and half a library would be in the way of the next.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls.open(folder, backup=False)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        write: bool = True,
        backup: bool = True,
        progress: Progress = no_progress,
        cancelled: Cancelled = never_cancelled,
    ) -> Self:
        """Open a library. Where somebody else writes to it, it opens for reading only, and
        `holder` says who that is. One of an older format is brought up to date, which can take
        long: `progress` hears how far that is.

        Raises:
            NotALibrary, NewerLibrary, DamagedLibrary, NetworkDrive, DiskTrouble: each says what to
            do.
            ImportCancelled: `cancelled` said so while it was brought up to date; it is as it was.
        """
        paths = LibraryPaths(folder.absolute())
        checks.refuse_what_is_no_library(paths)
        refuse_network_drive(paths.folder)
        lock, holder = _take_lock(paths) if write else (None, None)
        try:
            migrate.bring_up_to_date(
                paths, may_write=lock is not None, progress=progress, cancelled=cancelled
            )
            library = cls(paths, make_engine(paths.database, read_only=lock is None), lock, holder)
            library._begin(backup=backup)
        except DatabaseError as error:
            _release(lock)
            trouble = disk_trouble.disk_trouble(error, folder.name)
            raise trouble or DamagedLibrary(
                checks.damaged_sentence(paths, str(error.orig))
            ) from error
        except (LibraryError, ImportCancelled):
            _release(lock)
            raise
        return library

    def _begin(self, *, backup: bool) -> None:
        with self.read() as connection:
            checks.quick_check(connection, self.paths)
        if self.read_only:
            return
        self.paths.make_folders()
        installation = installation_id()
        with self.write() as connection:
            self._origin = current_origin(connection, installation) or start_origin(
                connection, installation
            )
        if backup:
            self._back_up_on_opening()

    def _back_up_on_opening(self) -> None:
        """Overridden where backups are known."""

    def _back_up(self, reason: str) -> None:
        """Overridden where backups are known."""

    @property
    def folder(self) -> Path:
        return self.paths.folder

    @property
    def read_only(self) -> bool:
        return self._lock is None

    @property
    def origin(self) -> str:
        """Under which name this installation writes to the log; "" when reading only."""
        return self._origin[1]

    @contextmanager
    def read(self, *, unblinded: bool = False) -> Iterator[Connection]:
        """A snapshot of the library for as long as the block lasts, as the viewer may see it.
        `unblinded` is for work whose answer reaches no reader."""
        viewer = None if unblinded else self.viewer
        with self._engine.connect() as connection:
            if viewer is None or not sight.is_blinded(connection, viewer):
                yield connection
                return
        with self._blinded_reads.connection(viewer) as connection:
            yield connection

    @property
    def acting(self) -> int | None:
        """In whose name acts are done unless somebody is named."""
        return self.actor if self.viewer is None else self.viewer

    def refuse_while_blinded(self, what: str) -> None:
        """Let nothing be done whose answer would tell the viewer what he may not know yet;
        `what` completes "… waits until".

        Raises:
            Refused: the viewer still reads patches independently.
        """
        if self.viewer is None:
            return
        with self.read(unblinded=True) as connection:
            if sight.is_blinded(connection, self.viewer):
                raise Refused(
                    f"{what} waits until you have finished what you read independently, since it "
                    "would tell you what others have said; finish it, or have another reader do "
                    "it."
                )

    def note(
        self,
        connection: Connection,
        act: Act,
        title: str,
        *,
        reader: int | None = None,
        by_itself: bool = False,
        **body: Any,
    ) -> None:
        """Write an act that is no gesture into the journal, in the transaction that does it. Unless
        told otherwise, whoever sits at the screen or shell does it; `by_itself`: nobody, as when
        a run ends."""
        who = self.acting if reader is None and not by_itself else reader
        journal.write(connection, self._origin[0], act, title, reader=who, body=body)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is on the disk when the block ends, or none of it.

        Raises:
            ReadOnly: the library is open for reading only.
            DiskTrouble: its disk is full or fails.
        """
        self.refuse_unless_writable()
        with (
            self._write_turn,
            disk_trouble.told(self.folder.name),
            writing(self._engine).begin() as connection,
        ):
            yield connection

    def refuse_unless_writable(self) -> None:
        """Raises:
        ReadOnly: the library is open for reading only; the sentence says why.
        """
        if self.read_only:
            raise ReadOnly(self.read_only_sentence)

    @property
    def read_only_sentence(self) -> str:
        if self.holder is None:
            return f"The library {self.folder.name} was opened for reading only."
        return (
            f"The library {self.folder.name} is open for reading only: "
            f"{self.holder.sentence} is writing to it."
        )

    def close(self) -> None:
        if not self.read_only:
            try:
                with self._engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA optimize")
            except OperationalError as error:
                log.warning("The library's statistics were not renewed: %s", error.orig)
        self._blinded_reads.close()
        self._engine.dispose()
        _release(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _take_lock(paths: LibraryPaths) -> tuple[WriterLock | None, LockHolder | None]:
    """(the lock if it is ours now, who has it if somebody else does); neither of them in a
    folder that can't be written to."""
    lock = WriterLock(paths)
    try:
        holder = lock.acquire()
    except OSError as error:
        log.warning("The library is read only: %s", error)
        return None, None
    return (lock, None) if holder is None else (None, holder)


def _release(lock: WriterLock | None) -> None:
    if lock is not None:
        lock.release()


def _default_labels() -> LabelSet:
    file = resources_dir() / "labels" / "global_sclerosis.json"
    return LabelSet.from_json(file.read_text(encoding="utf-8"))


def _make_tables(file: Path) -> None:
    """All tables of the newest schema, with nothing in them."""
    file.touch()
    engine = make_engine(file, read_only=False, journal="DELETE")
    with writing(engine).begin() as connection:
        metadata.create_all(connection)
        migrate.stamp(connection)
    engine.dispose()


def _make_database(file: Path, label_set: LabelSet) -> None:
    """An empty database of the newest schema; written whole before it gets its name."""
    _make_tables(file)
    engine = make_engine(file, read_only=False, journal="DELETE")
    with writing(engine).begin() as connection:
        settings.set_setting(connection, "library_uuid", uuid.uuid4().hex)
        settings.set_setting(connection, "label_set", label_set.to_json())
        settings.set_setting(connection, "created_at", str(clock.now()))
    engine.dispose()
