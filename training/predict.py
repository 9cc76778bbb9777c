"""The verb `predict`: calls on a folder, or logits on a manifest that the app takes over."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from training import atomic
from training.command_line import (
    ComputeOptions,
    add_speed_arguments,
    announce_device,
    options_of,
    print_event,
    tell_event,
)
from training.computing.pipeline import Runner
from training.config import ModelCard, Preprocessing, UserError
from training.convert import convert_apart, parse_preset, preset_help
from training.decode import SUFFIXES
from training.events import Emit, Note, Result
from training.models.model_folder import LoadedModel, load_model
from training.patches.manifest import ManifestRow, read_manifest
from training.patches.pixel_cache import PixelCache
from training.patches.predictions_file import PredictionRow, PredictionsFile
from training.progress import ProgressMeter, ShouldStop, never_stop

Layout = Literal["probability", "system-a", "system-d"]
LAYOUTS: Mapping[Layout, tuple[str, ...]] = {
    "probability": ("name", "predicted_class", "probability"),
    "system-a": ("name", "predicted_class"),
    "system-d": ("Name", "Predicted_Class"),
}


@dataclass(slots=True)
class Predicted:
    """Raw logits and errors by patch, of this call alone; `skipped` were there already."""

    logits: dict[str, float] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    skipped: int = 0


def predict_rows(
    loaded: LoadedModel,
    rows: list[ManifestRow],
    options: ComputeOptions,
    *,
    emit: Emit,
    output: Path | None = None,
    should_stop: ShouldStop = never_stop,
) -> Predicted:
    """Predict `rows`; with `output`, append there as it goes and skip what it holds already.

    Raises Cancelled (what has been written stays) and UserError.
    """
    card = loaded.card
    device = announce_device(emit, "predict", options.device, f"{card.name} {card.version}")
    runner = Runner(
        loaded.module,
        card.preprocessing,
        card.architecture.head,
        device,
        precision=options.precision,
        batch_size=options.batch_size,
        views=card.views,
    )
    found = Predicted()
    with ExitStack() as stack:
        file = None
        if output is not None:
            file = stack.enter_context(PredictionsFile(output, prediction_source(card)))
            found.skipped = sum(row.patch in file.done for row in rows)
            rows = [row for row in rows if row.patch not in file.done]
        meter = ProgressMeter(emit, len(rows) + found.skipped, "predicting", done=found.skipped)
        cache = PixelCache.open(options.cache, card.preprocessing) if options.cache else None
        results = stack.enter_context(
            closing(runner.run(rows, workers=options.workers, cache=cache, should_stop=should_stop))
        )
        for result in results:
            batch: list[PredictionRow] = []
            for row, logit, error in zip(result.rows, result.logits, result.errors, strict=True):
                batch.append(_row(row.patch, float(logit), error))
            for row in batch:
                if row.logit is None:
                    found.errors[row.patch] = row.error
                else:
                    found.logits[row.patch] = row.logit
            if file is not None:
                file.append(batch)
            meter.advance(len(batch))
    return found


def _row(patch: str, logit: float, error: str) -> PredictionRow:
    if not error and not math.isfinite(logit):
        error = "the model gave no finite number"
    return PredictionRow(patch, None if error else logit, error)


def prediction_source(card: ModelCard) -> str:
    """What raw logits depend on: weights, preprocessing and views, not threshold or name."""
    parts: list[Any] = [card.weights_hash or card.id, card.preprocessing.to_json()]
    return json.dumps(parts if card.views == 1 else [*parts, card.views])


def probability(card: ModelCard, logit: float) -> float:
    """The calibrated probability of class 1."""
    calibrated = card.calibration.apply(logit)
    if calibrated >= 0:
        return 1.0 / (1.0 + math.exp(-calibrated))
    power = math.exp(calibrated)
    return power / (1.0 + power)


def folder_rows(folder: Path) -> list[ManifestRow]:
    """Every file in the folder and below that has an image's name, in order."""
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    rows = [
        ManifestRow(path.relative_to(folder).as_posix(), path) for path in paths if path.is_file()
    ]
    if not rows:
        raise UserError(f"{folder} holds no images ({', '.join(sorted(SUFFIXES))}).")
    return rows


def load_any_model(path: Path, preset: str | None, threshold: float | None) -> LoadedModel:
    """A model folder, or a bare .pth with a preset, converted for this once in a child process."""
    if path.is_dir():
        return load_model(path)
    if not path.is_file():
        raise UserError(f"{path} does not exist.")
    if preset is None:
        raise UserError(
            f"{path} is a bare checkpoint, which doesn't say how it was trained: name a "
            f"--preset. {preset_help()}"
        )
    return _load_checkpoint(path, *parse_preset(preset, threshold))


def _load_checkpoint(path: Path, preprocessing: Preprocessing, threshold: float) -> LoadedModel:
    with tempfile.TemporaryDirectory(
        prefix="training-convert-", ignore_cleanup_errors=True
    ) as folder:
        model = Path(folder) / "model"
        convert_apart(path.absolute(), model, preprocessing, threshold)
        return load_model(model)


def calls_text(
    card: ModelCard, rows: list[ManifestRow], found: Predicted, layout: Layout = "probability"
) -> str:
    """The CSV of the old commands; by default with the calibrated probability added."""
    header = LAYOUTS[layout]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        if row.patch in found.logits:
            logit = found.logits[row.patch]
            call = card.threshold.call(card.calibration.apply(logit))
            told = (row.patch, call, repr(probability(card, logit)))
            writer.writerow(told[: len(header)])
    return buffer.getvalue()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "System A's evaluation.py --input-dir DIR --model-path FILE.pth --output-file CSV is this "
        "verb with a --preset, since the file doesn't say its padding and threshold. Options may "
        "be written with _ in place of -."
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--input-dir", type=Path, help="a folder of patches")
    source.add_argument("--manifest", type=Path, help="a manifest.csv: writes patch,logit,error")
    parser.add_argument(
        "--model-path", type=Path, required=True, help="a model folder, or a .pth with --preset"
    )
    parser.add_argument(
        "--output-file", "--output", type=Path, required=True, help="the CSV to write"
    )
    parser.add_argument(
        "--layout",
        choices=tuple(LAYOUTS),
        default="probability",
        help="columns of the CSV: "
        + "; ".join(f"{name}: {','.join(columns)}" for name, columns in LAYOUTS.items()),
    )
    parser.add_argument("--preset", help=f"for a bare .pth. {preset_help()}")
    parser.add_argument("--threshold", type=float, help="for a bare .pth: a probability")
    add_speed_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    emit = print_event if arguments.json else tell_event
    by_manifest = arguments.manifest is not None
    rows = read_manifest(arguments.manifest) if by_manifest else folder_rows(arguments.input_dir)
    loaded = load_any_model(arguments.model_path, arguments.preset, arguments.threshold)
    found = predict_rows(
        loaded,
        rows,
        options_of(arguments),
        emit=emit,
        output=arguments.output_file if by_manifest else None,
    )
    for patch, reason in found.errors.items():
        emit(Note(text=f"{patch} could not be read: {reason}", level="warning"))
    if not by_manifest:
        if not found.logits:
            raise UserError(
                f"none of the {len(rows)} files in {arguments.input_dir} could be read."
            )
        atomic.write_text(
            arguments.output_file, calls_text(loaded.card, rows, found, arguments.layout)
        )
    emit(Result(payload=prediction_payload(found, arguments.output_file)))
    return 0


def prediction_payload(found: Predicted, output: Path) -> dict[str, Any]:
    return {
        "output": str(output),
        "predicted": len(found.logits),
        "errors": len(found.errors),
        "skipped": found.skipped,
    }
