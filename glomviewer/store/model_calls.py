"""The call of a model on one patch, for whoever asks for it by name."""

from __future__ import annotations

import math

import numpy as np
from sqlalchemy import Connection

from glomviewer.domain.disputes.records import ModelCall
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import ModelRecord
from glomviewer.store import predictions
from glomviewer.store.paths import LibraryPaths

_TRAINED_ON = """
SELECT 1 FROM model_seen s JOIN files f ON f.pixel_hash = s.pixel_hash
WHERE s.model_id = ? AND f.patch_id = ? LIMIT 1
"""


def model_call(
    connection: Connection,
    paths: LibraryPaths,
    model: ModelRecord,
    patch: int,
    labels: LabelSet,
) -> ModelCall | None:
    """The model's call against its threshold; None where it has not predicted the patch. As
    everywhere, an out-of-fold logit stands in where the model was trained on the patch."""
    logit, out_of_fold = predictions.logits_of(paths.predictions(model.id), patch)
    raw = logit if out_of_fold is None else out_of_fold
    if raw is None:
        return None
    # As in the table of calls, where logits are float32.
    calibrated = float(np.float32(model.slope * raw + model.intercept))
    codes = labels.codes_of_target(int(calibrated >= model.threshold))
    if not codes:
        return None
    seen = connection.exec_driver_sql(_TRAINED_ON, (model.id, patch)).first()
    return ModelCall(
        title=model.title,
        label=codes[0],
        probability=_sigmoid(calibrated),
        threshold=_sigmoid(model.threshold),
        trained_on=seen is not None,
        out_of_fold=out_of_fold is not None,
    )


def _sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))
