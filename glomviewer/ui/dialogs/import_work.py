"""The long parts of an import, as the wizard hands them to threads. No widgets."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from glomviewer.domain.changes import Changes
from glomviewer.jobs.image_reading import ImageError, read_full, reduced
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, Task, TaskControl
from glomviewer.store.import_values import (
    ImportCancelled,
    ImportPlan,
    ImportProgress,
    ImportRefused,
    ImportReport,
    ImportSource,
)
from glomviewer.store.importing import commit_import, prepare_import
from glomviewer.store.library import Library
from glomviewer.store.scanning import read_source

SAMPLES = 10
SAMPLE_SIDE = 88
KIND = "import"


@dataclass(frozen=True, slots=True)
class Look:
    """What reading a source gave: the source, some of its pictures by name, and the absolute
    paths of those of its files that are in the library already."""

    source: ImportSource
    samples: tuple[tuple[str, QImage], ...]
    known: frozenset[str] = frozenset()


def look_as_task(
    session: Session, path: Path, table: Path | None, found: Callable[[Look], None]
) -> Task:
    """Look through a folder; `found` gets what there is, on the window's thread."""

    def work(control: TaskControl) -> str:
        try:
            source = read_source(
                path, table=table, progress=_teller(control), cancelled=control.cancelled
            )
        except ImportCancelled:
            raise Cancelled from None
        except ImportRefused as refused:
            raise JobError(str(refused)) from refused
        look = Look(source, samples_of(source), known_paths(session, source.folder))
        session.post(partial(found, look))
        return f"{len(source.files):,} images found in {source.folder.name}."

    return session.tasks.start(f"Looking through {path.name}", work, kind="look")


def import_as_task(
    session: Session, plan: ImportPlan, done: Callable[[ImportReport], None]
) -> Task:
    """Import what the plan says; `done` gets the report, on the window's thread."""

    def work(control: TaskControl) -> str:
        try:
            prepared = prepare_import(
                session.library, plan, progress=_teller(control), cancelled=control.cancelled
            )
        except ImportCancelled:
            raise Cancelled from None
        reports: list[ImportReport] = []

        def commit(library: Library) -> Changes:
            report, changes = commit_import(library, prepared)
            reports.append(report)
            return changes

        control.write(commit)
        session.post(partial(done, reports[0]))
        return reports[0].sentence

    return session.tasks.start("Importing", work, kind=KIND)


def known_paths(session: Session, folder: Path) -> frozenset[str]:
    """The patches of the library that lie below a folder."""
    start = os.path.normcase(folder.absolute())
    paths = session.library.paths_of(session.table.ids.tolist()).values()
    return frozenset(path for path in paths if os.path.normcase(path).startswith(start))


def samples_of(source: ImportSource) -> tuple[tuple[str, QImage], ...]:
    """Some pictures spread over the source; those that can't be read are passed over."""
    files = source.files
    step = max(1, len(files) // SAMPLES)
    samples: list[tuple[str, QImage]] = []
    for file in files[::step][:SAMPLES]:
        try:
            image = reduced(read_full(source.folder / file), 2 * SAMPLE_SIDE)
        except ImageError:
            continue
        samples.append((file, image))
    return tuple(samples)


def _teller(control: TaskControl) -> Callable[[ImportProgress], None]:
    def tell(progress: ImportProgress) -> None:
        control.progress(progress.done, progress.total, progress.stage, progress.seconds_left)

    return tell
