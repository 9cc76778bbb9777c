"""The model's call of an item's patch, for a reader who has earned it."""

from __future__ import annotations

import math

import numpy as np
from sqlalchemy import Connection

from glomviewer.domain.readings.records import RevealedCall
from glomviewer.store import models, predictions, sealed_calls
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.reading_items import Item


def call_of(connection: Connection, paths: LibraryPaths, item: Item) -> RevealedCall | None:
    """The call of the reading's model at the reading's threshold; None where the protocol never
    shows it, or the model has not predicted the patch. The caller sees to it that the reader has
    committed."""
    if not item.can_reveal:
        return None
    if item.sealed:
        return sealed_calls.opened(connection, item.id)
    model = models.model(connection, item.model, paths.models)
    logit, out_of_fold = predictions.logits_of(paths.predictions(model.id), item.patch)
    raw = logit if out_of_fold is None else out_of_fold
    if raw is None:
        return None
    threshold = model.threshold if item.threshold is None else item.threshold
    # As in the table of calls, where logits are float32.
    calibrated = float(np.float32(model.slope * raw + model.intercept))
    return RevealedCall(
        call=int(calibrated >= threshold),
        probability=_probability(calibrated),
        model=model.title,
        threshold=_probability(threshold),
    )


def _probability(logit: float) -> float:
    """The logistic function without overflow."""
    return 0.5 * (1.0 + math.tanh(0.5 * logit))
