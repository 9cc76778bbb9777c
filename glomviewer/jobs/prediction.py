"""Predicts every patch that a model hasn't seen to yet, and stores the predictions. No Qt.

A manifest goes to the worker and a file of predictions comes back; the library takes it over
in one transaction. What an interrupted prediction has written counts the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from glomviewer.domain.changes import Changes
from glomviewer.jobs.exchange_files import ManifestLine, read_predictions, write_manifest
from glomviewer.jobs.worker_client import WorkerCancelled, WorkerClient, WorkerRequest
from glomviewer.store.library import Library
from training import events

LOOK_FOR_CANCEL = 0.1


class Control(Protocol):
    """Progress and Cancel, as a task of the window or a verb gives them."""

    def progress(
        self, done: int, total: int, stage: str = "", seconds_left: float | None = None
    ) -> None: ...
    def cancelled(self) -> bool: ...


def predict_missing(
    library: Library,
    *,
    model: str,
    worker: WorkerClient,
    control: Control,
    device: str = "auto",
    on_device: Callable[[str], None] | None = None,
) -> Changes:
    """Predict the patches without a prediction of this model. What was done before a Cancel
    is stored too; then `control.cancelled()` is true.

    Raises:
        WorkerError: the worker refused or died; a next call goes on from where it was.
    """
    patches = library.unpredicted(model)
    if not patches:
        return Changes(sentence="Every patch has a prediction already.")
    folder = library.paths.predictions(model).parent
    folder.mkdir(parents=True, exist_ok=True)
    manifest, output = folder / f"{model}.manifest.csv", folder / f"{model}.pending.csv"
    write_manifest(manifest, _lines(library, patches))

    def on_event(event: events.Event) -> None:
        if isinstance(event, events.Progress):
            control.progress(event.done, event.total, event.stage, event.seconds_left)
        elif isinstance(event, events.Started) and on_device is not None and event.device:
            on_device(event.device)

    request = worker.request(
        "predict",
        on_event=on_event,
        model=str(library.paths.model(model).absolute()),
        manifest=str(manifest.absolute()),
        output=str(output.absolute()),
        device=device,
        batch_size=None,
        workers=None,
    )
    with suppress(WorkerCancelled):
        _wait(request, control)
    return _take_over(library, model, set(patches), manifest, output)


def _lines(library: Library, patches: list[int]) -> list[ManifestLine]:
    files = library.image_sources_of(patches)
    return [
        (patch, str(files[patch].path), files[patch].pixel_hash, "", "", None, False)
        for patch in patches
    ]


def _wait(request: WorkerRequest, control: Control) -> None:
    asked = False
    while True:
        try:
            request.result(LOOK_FOR_CANCEL)
            return
        except TimeoutError:
            if control.cancelled() and not asked:
                asked = True
                request.cancel()


def _take_over(
    library: Library, model: str, wanted: set[int], manifest: Path, output: Path
) -> Changes:
    if not output.exists():
        return Changes()
    rows = {line[0]: line for line in read_predictions(output) if line[0] in wanted}
    unread = sum(1 for _, logit, _ in rows.values() if logit is None)
    changes = library.store_predictions(model, rows.values(), None)
    manifest.unlink(missing_ok=True)
    output.unlink(missing_ok=True)
    predicted = len(rows) - unread
    sentence = f"{predicted:,} {'patch' if predicted == 1 else 'patches'} predicted."
    if unread:
        sentence += f" {unread:,} could not be read."
    return changes | Changes(predictions=True, sentence=sentence)
