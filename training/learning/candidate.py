"""From a fitted module to a model folder: calibrated, with a threshold, figures and its past."""

from __future__ import annotations

import platform
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import torch

from training.config import Calibration, Job, ModelCard, RunFolder, Threshold
from training.device import describe_device
from training.events import utc_now
from training.judging.gate_rules import Side
from training.judging.metrics import Figures, Scores, figures
from training.judging.resampling import Floats
from training.learning.calibration import apply_calibration, fit_calibration
from training.learning.fitting import Fitted, Material
from training.learning.threshold_search import search_threshold
from training.models.model_folder import file_hash, save_model
from training.patches.manifest import ManifestRow
from training.patches.split_record import SPLITS_FILE, digests, recorded, splits_text
from training.recipe import Recipe

_PACKAGES = (
    *("glomviewer", "torch", "timm", "scikit-learn", "imbalanced-learn", "scipy", "numpy"),
    "pillow",
)


@dataclass(frozen=True, slots=True)
class Tuned:
    """Calibration and threshold, and the figures on the patches that placed them."""

    calibration: Calibration
    threshold: Threshold
    figures: Figures

    def side(self, raw: Floats, seen: frozenset[str] | None) -> Side:
        """The candidate before the gate, from raw logits."""
        return Side(apply_calibration(self.calibration, raw), self.threshold.logit, seen)


def tune(fitted: Fitted, rule: str, *, seed: int) -> Tuned:
    """Calibrate, then search the threshold, on the fitted module's tuning patches."""
    labels = labels_of(fitted.tuning_rows)
    calibration = fit_calibration(fitted.tuning_logits, labels, fitted_on=fitted.tuned_on)
    calibrated = apply_calibration(calibration, fitted.tuning_logits)
    threshold = search_threshold(calibrated, labels, rule)
    scores = Scores(labels, calibrated, threshold.logit)
    found = figures(scores, [row.group for row in fitted.tuning_rows], seed=seed)
    return Tuned(calibration, threshold, found)


def labels_of(rows: Sequence[ManifestRow]) -> Any:
    """(N,) of rows that have a label."""
    return np.array([row.label for row in rows], dtype=np.int8)


def candidate_seen(material: Material) -> frozenset[str]:
    """Pixel hashes of all that the candidate or an ancestor was trained or tuned on."""
    return material.base.seen | {row.hash for row in material.splits.tuned}


def save_candidate(
    folder: RunFolder,
    job: Job,
    recipe: Recipe,
    material: Material,
    fitted: Fitted,
    tuned: Tuned,
    locked: Mapping[str, Any] | None,
    *,
    leaks: Mapping[str, int],
) -> ModelCard:
    """Write the candidate's folder; `locked` are its figures there, with the looks."""
    patches = recorded(material.splits)
    metrics: dict[str, Any] = {
        "validation": {
            **tuned.figures.to_json(),
            "on": fitted.tuned_on,
            "looks": fitted.looks,
        }
    }
    if locked is not None:
        metrics["locked"] = dict(locked)
    card = ModelCard(
        id=uuid.uuid4().hex,
        name=job.model_name,
        version=job.model_version,
        architecture=fitted.architecture,
        preprocessing=fitted.preprocessing,
        calibration=tuned.calibration,
        threshold=tuned.threshold,
        created=utc_now(),
        metrics=metrics,
        seen="known" if material.base.seen_known else "unknown",
        ancestors=list(material.base.ancestors),
        log_position=dict(job.log_position),
        recipe={**recipe.to_json(), "found": fitted.record},
        versions=installed_versions(),
        device=describe_device(material.device),
        seed=job.seed,
        views=fitted.views,
        record={
            "base": base_record(job, material),
            "data": digests(patches),
            "leaks": dict(leaks),
            "threads": torch.get_num_threads(),
        },
    )
    return save_model(
        folder.candidate,
        card,
        fitted.module.state_dict(),
        candidate_seen(material),
        {SPLITS_FILE: splits_text(patches)},
    )


def base_record(job: Job, material: Material) -> dict[str, str]:
    """Where the weights started, without a path of this machine.

    `kind` is what a job has to ask for to start there again: a `model` by its id, a `file` by its
    name and SHA-256.
    """
    base = material.base
    found = {"kind": job.base.kind, "source": base.source}
    if base.ancestors:
        return {**found, "kind": "model", "model": base.ancestors[-1]}
    if base.file is not None:
        return {**found, "kind": "file", "file": base.file.name, "hash": file_hash(base.file)}
    return found


def installed_versions() -> dict[str, str]:
    """Of Python and of what the figures depend on."""
    found = {"python": platform.python_version(), "cuda": torch.version.cuda or ""}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
