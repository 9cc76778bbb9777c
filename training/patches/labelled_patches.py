"""A model's predictions on a labelled CSV: what evaluate, thresholds and gate start from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.command_line import positive, tell_event
from training.computing.scoring import Scored, score_rows
from training.config import UserError
from training.convert import preset_help
from training.device import choose_device
from training.events import Event, Result
from training.judging.metrics import Scores
from training.judging.resampling import Floats
from training.learning.calibration import apply_calibration
from training.models.model_folder import LoadedModel, read_seen
from training.patches.data_folder import DataFolder, read_data_folder, read_labels
from training.patches.manifest import ManifestRow

_SPLITS = {"test": "locked", "train": "train", "validation": "validation", "final": "final"}


@dataclass(frozen=True, slots=True)
class LabelledTest:
    """Readable labelled rows with their pixel hashes, and a model's raw logits on them (N,)."""

    rows: list[ManifestRow]
    raw: Floats
    errors: dict[str, str]

    @property
    def labels(self) -> NDArray[np.int8]:
        return np.array([row.label for row in self.rows], dtype=np.int8)

    @property
    def groups(self) -> list[str]:
        return [row.group for row in self.rows]

    def scores(self, model: LoadedModel) -> Scores:
        logits = apply_calibration(model.card.calibration, self.raw)
        return Scores(self.labels, logits, model.card.threshold.logit)


def add_test_arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--test", type=Path, metavar="LABELS.csv", help="name,ground truth[,…]")
    source.add_argument(
        "--data-path",
        type=Path,
        metavar="DIR",
        help="a folder with labels.csv or public.csv, or with two class folders",
    )
    parser.add_argument("--images", type=Path, help="the patches; by default beside the CSV")
    parser.add_argument("--split", choices=sorted(_SPLITS), help="only rows of this split")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--batch-size", type=positive, help="patches at once")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model-path", type=Path, required=True, help="a model folder, or a .pth with --preset"
    )
    parser.add_argument("--preset", help=f"for a bare .pth. {preset_help()}")
    parser.add_argument("--threshold", type=float, help="for a bare .pth: a probability")


def read_test(arguments: argparse.Namespace) -> list[ManifestRow]:
    """The labelled rows that the arguments name; UserError where there are none."""
    data = _read(arguments)
    for note in data.notes:
        print(f"warning: {note}", file=sys.stderr)
    wanted = _SPLITS[arguments.split] if arguments.split else None
    rows = [row for row in data.rows if row.label is not None and wanted in (None, row.split)]
    if not rows:
        of = f" of the split {arguments.split}" if arguments.split else ""
        raise UserError(f"{arguments.test or arguments.data_path} holds no labelled patches{of}.")
    return rows


def _read(arguments: argparse.Namespace) -> DataFolder:
    if arguments.data_path is not None:
        if arguments.images is not None:
            raise UserError("--images goes with --test: a data folder has its images within.")
        return read_data_folder(arguments.data_path)
    images = arguments.images
    if images is None:
        beside = arguments.test.parent / "images"
        images = beside if beside.is_dir() else arguments.test.parent
    return read_labels(arguments.test, images)


def held_out(model: LoadedModel, test: LabelledTest) -> LabelledTest:
    """Those of the patches that the model was not trained or tuned on; all, if it saw them all
    or nobody knows.
    """
    if model.card.seen == "unknown":
        return test
    seen = read_seen(model.folder)
    kept = [i for i, row in enumerate(test.rows) if row.hash not in seen]
    if not kept:
        return test
    return replace(test, rows=[test.rows[i] for i in kept], raw=test.raw[kept])


def score_test(
    model: LoadedModel, rows: Sequence[ManifestRow], arguments: argparse.Namespace
) -> LabelledTest:
    """Predict `rows`; UserError where not one can be read."""
    card = model.card
    scored: Scored = score_rows(
        model.module,
        card.preprocessing,
        card.architecture.head,
        choose_device(arguments.device),
        rows,
        emit=_tell_all_but_result,
        batch_size=arguments.batch_size,
        views=card.views,
    )
    readable = [
        replace(row, hash=scored.hashes[row.patch]) for row in rows if row.patch in scored.logits
    ]
    for patch, reason in scored.errors.items():
        print(f"warning: {patch} could not be read: {reason}", file=sys.stderr)
    if not readable:
        raise UserError(f"none of the {len(rows)} patches could be read.")
    return LabelledTest(readable, scored.of(readable), scored.errors)


def seen_warning(model: LoadedModel, test: LabelledTest) -> str:
    """What is to be said of figures on patches that the model may have learnt from; or ""."""
    if model.card.seen == "unknown":
        return (
            "it is not known what this model was trained on: the figures are too good if any of "
            "these patches was among it"
        )
    known = read_seen(model.folder)
    seen = sum(row.hash in known for row in test.rows)
    if not seen:
        return ""
    return (
        f"{seen} of these {len(test.rows)} patches were used to train or tune this model or an "
        "ancestor: the figures are too good"
    )


def _tell_all_but_result(event: Event) -> None:
    if not isinstance(event, Result):
        tell_event(event)
