"""What is done with packs: writing and opening them, returning what was read, merging it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from glomviewer.domain.changes import Changes
from glomviewer.jobs.sentences import JobError
from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.exchange.opening import OpenedPack, open_reading_pack
from glomviewer.store.exchange.watching import UNWATCHED, Watching
from glomviewer.store.exchange.writing import WrittenPack
from glomviewer.store.library import Library
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.naming import pack_file_name


def export_reading_pack(
    library: Library,
    *,
    reading: int,
    readers: Sequence[int],
    folder: Path,
    passphrase: str = "",
    by: int | None = None,
    watching: Watching = UNWATCHED,
) -> list[WrittenPack]:
    """Write a pack for each of these readers into `folder`; those that are whole stay where a
    later one fails or is cancelled."""
    if not readers:
        raise JobError("Choose at least one reader to write a pack for.")
    summary = library.reading(reading)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[WrittenPack] = []
    for reader in readers:
        initials = library.reader(reader).initials
        name = pack_file_name(PackKind.READING, summary.name, initials)
        written.append(
            library.export_reading_pack(
                reading=reading,
                reader=reader,
                target=free_path(folder / name),
                passphrase=passphrase,
                by=by,
                watching=watching,
            )
        )
    return written


def open_pack(
    path: Path,
    *,
    folder: Path | None = None,
    passphrase: str = "",
    trust: str = "",
    watching: Watching = UNWATCHED,
) -> OpenedPack:
    """Make a library of a reading pack, or find the one that was made of it before."""
    return open_reading_pack(
        path, folder=folder, passphrase=passphrase, trust=trust, watching=watching
    )


def return_reading(
    library: Library,
    *,
    folder: Path,
    passphrase: str = "",
    by: int | None = None,
    watching: Watching = UNWATCHED,
) -> WrittenPack:
    """Write what was decided in a pack's library into `folder`."""
    readings, readers = library.readings(), library.readers()
    title = readings[0].name if readings else ""
    initials = readings[0].readers[0].reader.initials if readings and readers else ""
    folder.mkdir(parents=True, exist_ok=True)
    return library.export_return(
        target=free_path(folder / pack_file_name(PackKind.RETURN, title, initials)),
        passphrase=passphrase,
        by=by,
        watching=watching,
    )


def send_labels(
    library: Library,
    *,
    folder: Path,
    passphrase: str = "",
    by: int | None = None,
    watching: Watching = UNWATCHED,
) -> WrittenPack:
    """Write this library's log for another one that holds the same patches."""
    folder.mkdir(parents=True, exist_ok=True)
    name = pack_file_name(PackKind.LABELS, library.folder.stem)
    return library.export_labels(
        target=free_path(folder / name), passphrase=passphrase, by=by, watching=watching
    )


def send_model(
    library: Library,
    *,
    model: str,
    folder: Path,
    passphrase: str = "",
    by: int | None = None,
    watching: Watching = UNWATCHED,
) -> WrittenPack:
    """Write a model for another library."""
    record = library.model(model)
    folder.mkdir(parents=True, exist_ok=True)
    name = pack_file_name(PackKind.MODEL, f"{record.name} {record.version}")
    return library.export_model_pack(
        model=model,
        target=free_path(folder / name),
        passphrase=passphrase,
        by=by,
        watching=watching,
    )


def merge_pack(
    library: Library,
    *,
    path: Path,
    passphrase: str = "",
    trust: str = "",
    by: int | None = None,
    watching: Watching = UNWATCHED,
) -> tuple[MergedPack, Changes]:
    """Take in a return, labels or a model."""
    return library.merge_pack(path, passphrase=passphrase, trust=trust, by=by, watching=watching)


def withdraw_key(
    library: Library, *, fingerprint: str, reason: str, by: int | None = None
) -> Changes:
    """Have what a key signs refused until it has been compared again."""
    return library.withdraw_key(fingerprint, reason=reason, by=by)


def free_path(path: Path) -> Path:
    """This path, or with a number where something lies there: no file is ever overwritten."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free
