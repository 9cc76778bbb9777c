"""Work on packs as tasks of the status bar, with progress and Cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, Task, TaskControl
from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.library import Library
from glomviewer.store.packs.errors import PackCancelled

T = TypeVar("T")


def export_as_task(
    session: Session,
    *,
    reading: ReadingSummary,
    readers: Sequence[int],
    folder: Path,
    passphrase: str = "",
) -> Task:
    """Write a pack for each of these readers into `folder`."""

    def work(control: TaskControl) -> str:
        written = _cancellable(
            lambda: operations.export_reading_pack(
                session.library,
                reading=reading.id,
                readers=readers,
                folder=folder,
                passphrase=passphrase,
                by=_acting(session),
                watching=_watching(control),
            )
        )
        sentence = " ".join(one.sentence for one in written)
        if len(written) > 1:
            sentence = f"{len(written)} packs of {reading.name} are in {folder}."
        control.write(lambda _library: Changes(packs=True, reading=reading.id))
        return sentence

    return session.tasks.start(
        f"Writing packs of {reading.name}", work, kind="export packs", subject=str(reading.id)
    )


def return_as_task(session: Session, *, folder: Path, passphrase: str = "") -> Task:
    """Write what was decided in this pack's library into `folder`."""

    def work(control: TaskControl) -> str:
        written = _cancellable(
            lambda: operations.return_reading(
                session.library,
                folder=folder,
                passphrase=passphrase,
                by=_acting(session),
                watching=_watching(control),
            )
        )
        control.write(lambda _library: Changes(packs=True))
        return written.sentence

    return session.tasks.start("Writing the return", work, kind="return")


def merge_as_task(
    session: Session,
    *,
    path: Path,
    passphrase: str = "",
    trust: str = "",
    merged: Callable[[MergedPack], None],
) -> Task:
    """Take in a return, labels or a model. `merged` is told on the window's thread, before the
    task's own end."""

    def work(control: TaskControl) -> str:
        found: list[MergedPack] = []

        def merge(library: Library) -> Changes:
            one, changes = operations.merge_pack(
                library,
                path=path,
                passphrase=passphrase,
                trust=trust,
                by=_acting(session),
                watching=_watching(control),
            )
            found.append(one)
            return changes

        _cancellable(lambda: control.write(merge))
        session.post(partial(merged, found[0]))
        return found[0].sentence

    return session.tasks.start(f"Merging {path.name}", work, kind="merge")


def send_labels_as_task(session: Session, *, folder: Path) -> Task:
    """Write this library's log for another one that holds the same patches."""

    def work(control: TaskControl) -> str:
        written = _cancellable(
            lambda: operations.send_labels(
                session.library, folder=folder, by=_acting(session), watching=_watching(control)
            )
        )
        return written.sentence

    return session.tasks.start("Writing labels", work, kind="send labels")


def send_model_as_task(session: Session, *, model: ModelRecord, folder: Path) -> Task:
    """Write a model for another library."""

    def work(control: TaskControl) -> str:
        written = _cancellable(
            lambda: operations.send_model(
                session.library,
                model=model.id,
                folder=folder,
                by=_acting(session),
                watching=_watching(control),
            )
        )
        return written.sentence

    return session.tasks.start(f"Writing {model.title}", work, kind="send model")


def _watching(control: TaskControl) -> Watching:
    return Watching(
        lambda done, total, stage: control.progress(done, total, stage), control.cancelled
    )


def _cancellable(work: Callable[[], T]) -> T:
    try:
        return work()
    except PackCancelled:
        raise Cancelled from None


def _acting(session: Session) -> int | None:
    return None if session.reader is None else session.reader.id
