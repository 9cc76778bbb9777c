"""The verb `embed`: features of a model's backbone, kept by pixel hash."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from training.command_line import (
    ComputeOptions,
    add_speed_arguments,
    announce_device,
    options_of,
    print_event,
    tell_event,
)
from training.computing.pipeline import Runner
from training.config import BaseWeights, Preprocessing, UserError
from training.events import Emit, Note, Result
from training.models.base_weights import load_base
from training.models.model_folder import load_model
from training.patches.feature_cache import FeatureCache, Features, feature_key
from training.patches.manifest import ManifestRow, read_manifest
from training.patches.pixel_cache import PixelCache
from training.predict import folder_rows
from training.progress import ProgressMeter, ShouldStop, never_stop

# Rows that are computed before the cache is saved again; it is rewritten whole.
_SAVE_EVERY = 4096


@dataclass(slots=True)
class Embedded:
    """`hashes` by patch where it could be read, `errors` where not; `computed` of this call."""

    key: str
    hashes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    computed: int = 0


@dataclass(frozen=True, slots=True)
class Backbone:
    module: Any
    preprocessing: Preprocessing
    name: str


def embed_rows(
    backbone: Backbone,
    rows: Sequence[ManifestRow],
    folder: Path,
    options: ComputeOptions,
    *,
    emit: Emit,
    should_stop: ShouldStop = never_stop,
) -> tuple[Embedded, FeatureCache]:
    """Compute the features of the rows that the cache in `folder` lacks.

    What was computed before Cancelled is kept. A row without a hash is always computed, and its
    hash told in the result.
    """
    done = Embedded(key=feature_key(backbone.module, backbone.preprocessing))
    cache = FeatureCache(folder, done.key)
    todo = _unknown(rows, cache, done)
    meter = ProgressMeter(emit, len(rows), "embedding", done=len(rows) - len(todo))
    if not todo:
        return done, cache
    device = announce_device(emit, "embed", options.device, backbone.name)
    runner = Runner(
        backbone.module,
        backbone.preprocessing,
        head_of(backbone.module),
        device,
        precision=options.precision,
        batch_size=options.batch_size,
    )
    squares = PixelCache.open(options.cache, backbone.preprocessing) if options.cache else None
    hashes: list[str] = []
    features: list[Features] = []
    run = runner.run(todo, workers=options.workers, cache=squares, should_stop=should_stop)
    try:
        with closing(run) as results:
            for result in results:
                for index, row in enumerate(result.rows):
                    error = _error(result.errors[index], result.embeddings[index])
                    if error:
                        done.errors[row.patch] = error
                        continue
                    done.hashes[row.patch] = result.hashes[index]
                    done.computed += 1
                    hashes.append(result.hashes[index])
                    features.append(result.embeddings[index])
                meter.advance(len(result.rows))
                if len(hashes) >= _SAVE_EVERY:
                    cache.add(hashes, np.stack(features))
                    hashes, features = [], []
    finally:
        if hashes:
            cache.add(hashes, np.stack(features))
    return done, cache


def head_of(module: Any) -> Any:
    """Embeddings don't depend on the head, but the runner reads a logit off it."""
    return "softmax" if module.get_classifier().out_features == 2 else "logit"


def _unknown(rows: Sequence[ManifestRow], cache: FeatureCache, done: Embedded) -> list[ManifestRow]:
    todo: list[ManifestRow] = []
    for row in rows:
        if row.hash and row.hash in cache:
            done.hashes[row.patch] = row.hash
        else:
            todo.append(row)
    return todo


def _error(error: str, embedding: Features) -> str:
    return error or ("" if np.isfinite(embedding).all() else "the model gave no finite numbers")


def load_backbone_of(model: Path | None) -> Backbone:
    """The model's backbone, or EfficientNet-Lite0 where none is named."""
    if model is None:
        base = load_base(BaseWeights("efficientnet-lite0"))
        return Backbone(base.module, base.preprocessing, base.source)
    loaded = load_model(model)
    return Backbone(loaded.module, loaded.card.preprocessing, loaded.card.name)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--input-dir", type=Path, help="a folder of patches")
    source.add_argument("--manifest", type=Path, help="a manifest.csv")
    parser.add_argument(
        "--model-path", type=Path, help="a model folder; without it, EfficientNet-Lite0"
    )
    parser.add_argument(
        "--output", type=Path, required=True, help="the folder for KEY.npy and KEY.txt"
    )
    add_speed_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    emit = print_event if arguments.json else tell_event
    rows = (
        read_manifest(arguments.manifest)
        if arguments.manifest is not None
        else folder_rows(arguments.input_dir)
    )
    done, cache = embed_rows(
        load_backbone_of(arguments.model_path),
        rows,
        arguments.output,
        options_of(arguments),
        emit=emit,
    )
    for patch, reason in done.errors.items():
        emit(Note(text=f"{patch} could not be read: {reason}", level="warning"))
    if not len(cache):
        raise UserError("none of the patches could be read.")
    emit(Result(payload=embedding_payload(done, arguments.output)))
    return 0


def embedding_payload(done: Embedded, folder: Path) -> dict[str, Any]:
    return {
        "output": str(folder / f"{done.key}.npy"),
        "hashes": str(folder / f"{done.key}.txt"),
        "computed": done.computed,
        "errors": len(done.errors),
    }
