"""The main job from import to the changed calls, by the operations that window and verbs use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.domain.patch_select import PatchSelect, cannot_tell_codes, sigmoid
from glomviewer.domain.records import ModelRecord, Reader
from glomviewer.jobs import operations
from glomviewer.jobs.prediction import predict_missing
from glomviewer.jobs.retraining import end_run, follow_run
from glomviewer.jobs.runs import RunRequest, start_run, unfinished_run
from glomviewer.jobs.sentences import JobError
from glomviewer.paths import resources_dir
from glomviewer.store.demo_library import make_demo_library
from glomviewer.store.export_values import MODEL_COLUMNS, READER_COLUMNS, ExportOptions
from glomviewer.store.exporting import export_labels
from glomviewer.store.library import Library
from glomviewer.store.settings import DEMO_READER
from glomviewer.store.verify import FileCheck, verify
from glomviewer.verbs.models_at_work import command_of_models, worker
from glomviewer.verbs.shell import ShellControl
from glomviewer.walkthrough import reading_room
from glomviewer.walkthrough.truth import read_truth
from training.config import BaseWeights

Tell = Callable[[str], None]
OVERRULED = "the walk-through goes on to show the changed calls"


def walk_through(folder: Path, *, exports: Path, tell: Tell) -> None:
    """Make a demo library at `folder` and take it through the whole loop, telling each step.

    Raises:
        JobError: models can't run here, or a step has failed.
    """
    control = ShellControl(quiet=False)
    with _timed(tell, "Import"):
        report = make_demo_library(folder)
        tell(report.sentence)
    with Library.open(folder, backup=False) as library:
        reader = library.add_reader(*DEMO_READER)
        deserved = read_truth(resources_dir() / "demo" / "truth.csv", library.label_set)
        with _timed(tell, "Predict"):
            tell(_predict(library, control))
            _tell_queues(library, reader, tell)
        with _timed(tell, "Correct"):
            _correct(library, reader, deserved, tell)
        with _timed(tell, "Retrain and gate"):
            gate = _retrain(library, control, tell)
        with _timed(tell, "Promote and predict again"):
            _promote(library, reader, gate, tell)
            tell(_predict(library, control))
            _tell_queues(library, reader, tell)
        with _timed(tell, "Roll back and forth"):
            tell(operations.roll_back_model(library, reader=reader.id).sentence)
            tell(operations.roll_back_model(library, reader=reader.id).sentence)
        with _timed(tell, "Read"):
            reading_room.read_half(library, reader, deserved, tell)
        with _timed(tell, "Settle disputes"):
            reading_room.settle(library, reader, deserved, tell)
        with _timed(tell, "Send out a pack and merge its return"):
            reading_room.send_out_and_merge(library, reader, deserved, exports / "packs", tell)
        with _timed(tell, "Agreement and report"):
            reading_room.agree_and_report(library, exports / "report", tell)
        with _timed(tell, "Export and verify"):
            options = ExportOptions(columns=(*READER_COLUMNS, *MODEL_COLUMNS))
            tell(export_labels(library, exports / "labels.csv", options).sentence)
    checked = verify(folder, files=FileCheck.HASH)
    if not checked.sound:
        raise JobError("The library is not sound: " + " ".join(checked.problems))
    tell("The library is sound: database, log, files and models were looked at.")


def _predict(library: Library, control: ShellControl) -> str:
    model = _active(library)
    devices: list[str] = []
    with worker() as client:
        changes = predict_missing(
            library, model=model.id, worker=client, control=control, on_device=devices.append
        )
    on = f" on {devices[-1]}" if devices else ""
    threshold = float(sigmoid(np.array([model.threshold]))[0])
    return f"{model.title} at the threshold {threshold:.2f}{on}: {changes.sentence}"


def _tell_queues(library: Library, reader: Reader, tell: Tell) -> None:
    select = _select(library, reader)
    counts = select.queue_counts()
    told = (Queue.MODEL_DISAGREES, Queue.UNCERTAIN, Queue.CHANGED_CALLS)
    tell(", ".join(f"{queue.value}: {counts[queue]}" for queue in told))


def _select(library: Library, reader: Reader) -> PatchSelect:
    table = library.load_table(reader.id)
    previous = library.previous_model()
    table.view = library.load_model_view(
        table, _active(library).id, None if previous is None else previous.id
    )
    return PatchSelect(table, cannot_tell=cannot_tell_codes(library.label_set))


def _correct(library: Library, reader: Reader, deserved: dict[str, int], tell: Tell) -> None:
    """Read the queue *model disagrees*, then the locked patches with the call hidden, then what
    has no label; a careful reader, so every label is what the patch was drawn as."""
    select = _select(library, reader)
    table, model = select.table, _active(library)
    disagreeing = select.ids(PatchQuery(queue=Queue.MODEL_DISAGREES)).tolist()
    locked = table.ids[table["split"] == Split.LOCKED].tolist()
    unlabelled = table.ids[table["reference"] == NO_LABEL].tolist()
    changed = 0
    for patches, call_shown in ((disagreeing, True), (locked, False), (unlabelled, False)):
        for patch in library.patches(patches):
            label = deserved[Path(patch.name).stem]
            changed += label != patch.imported_label
            operations.label_patches(
                library,
                reader=reader.id,
                patches=[patch.id],
                label=label,
                call_shown=call_shown,
                model=model.id if call_shown else "",
            )
    read = len({*disagreeing, *locked, *unlabelled})
    tell(
        f"{read} patches read: {len(disagreeing)} where the model disagrees, {len(locked)} locked "
        f"ones with the call hidden, {len(unlabelled)} without a label; {changed} labels changed."
    )
    _undo_and_redo(library, reader, disagreeing, tell)


def _undo_and_redo(library: Library, reader: Reader, patches: list[int], tell: Tell) -> None:
    """One gesture over many patches, taken back and done again, then taken back for good."""
    not_a_glomerulus = library.label_set.labels[-1].code
    before = np.asarray(library.load_table(reader.id)["current"]).copy()
    steps: list[Changes] = [
        operations.label_patches(
            library, reader=reader.id, patches=patches, label=not_a_glomerulus
        ),
        operations.undo(library, reader=reader.id),
        operations.redo(library, reader=reader.id),
        operations.undo(library, reader=reader.id),
    ]
    if not np.array_equal(before, library.load_table(reader.id)["current"]):
        raise JobError("Undoing a gesture did not bring back the labels before it.")
    tell(" ".join(step.sentence for step in steps))


def _retrain(library: Library, control: ShellControl, tell: Tell) -> dict[str, Any]:
    # The demo model's own features know too little: it was trained from random weights.
    base = BaseWeights("efficientnet-lite0")
    request = RunRequest(recipe={"name": "quick"}, base=base, model_name="quick")
    tell(start_run(library, request=request, command=command_of_models()).sentence)
    record = unfinished_run(library)
    if record is None:
        raise JobError("The training has ended before it could be followed.")
    status = follow_run(library, record, control=control, tell=lambda _status: None)
    changes = end_run(
        run=record.id,
        status=status,
        write=lambda operation: operation(library),
        auto_promote=True,
        reader=None,
    )
    for note in status.notes:
        tell(note)
    gate = library.run(record.id).gate or {}
    tell(f"The gate: {changes.sentence}")
    for name in ("auc", "f1"):
        old, new = gate.get("old", {}).get(name), gate.get("new", {}).get(name)
        if old and new:
            tell(f"{name.upper()} on the locked set: {_figure(old)} before, {_figure(new)} now")
    return gate


def _figure(metric: dict[str, Any]) -> str:
    return f"{metric['value']:.3f} ({metric['low']:.3f} to {metric['high']:.3f})"


def _promote(library: Library, reader: Reader, gate: dict[str, Any], tell: Tell) -> None:
    candidate = library.models()[0]
    if candidate.active:
        tell(f"{candidate.title} was let through by the gate.")
        return
    tell(f"The gate keeps the old model ({gate.get('verdict', 'no verdict')}); a reader overrules.")
    changes = operations.promote_model(
        library, model=candidate.id, reader=reader.id, reason=OVERRULED, overrule=True
    )
    tell(changes.sentence)


def _active(library: Library) -> ModelRecord:
    model = library.active_model()
    if model is None:
        raise JobError("The demo model is not installed; `make demo-resources` trains it.")
    return model


@contextmanager
def _timed(tell: Tell, title: str) -> Iterator[None]:
    tell(f"\n{title}")
    started = time.perf_counter()
    yield
    tell(f"({time.perf_counter() - started:.1f} s)")
