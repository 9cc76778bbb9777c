"""What is known of one model's scores, and of the patches that it has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from glomviewer.domain.records import ModelRecord
from glomviewer.store import predictions, sight
from glomviewer.store.paths import LibraryPaths


@dataclass(frozen=True, slots=True)
class PatchScores:
    """Calibrated logits by patch, in ascending order of `patches`, NaN where there is none.

    They are rounded to float32 as in every table, so that calls are the same everywhere;
    `threshold` is too. `seen` are the pixel hashes that the model or an ancestor was trained or
    tuned on, None where nobody knows; `learned` are those of them that this library's split does
    not tell of, since a model that was trained elsewhere has seen them.
    """

    patches: NDArray[np.int64]
    logit: NDArray[np.float64]
    out_of_fold: NDArray[np.float64]
    threshold: float
    seen: frozenset[str] | None
    learned: frozenset[str]


def patch_scores(connection: Connection, paths: LibraryPaths, model: ModelRecord) -> PatchScores:
    patches, raw, raw_out_of_fold = predictions.logits(
        paths.predictions(model.id), without=sight.hidden_calls(connection)
    )
    seen = None
    if model.card.get("seen") != "unknown":
        seen = _hashes(connection, [model.id], elsewhere=False)
    ancestors = [str(one) for one in model.card.get("ancestors") or ()]
    return PatchScores(
        patches=patches,
        logit=_rounded(model.slope * raw + model.intercept),
        out_of_fold=_rounded(model.slope * raw_out_of_fold + model.intercept),
        threshold=float(np.float32(model.threshold)),
        seen=seen,
        learned=_hashes(connection, [model.id, *ancestors], elsewhere=True),
    )


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values.astype(np.float32).astype(np.float64)


def _hashes(connection: Connection, models: Sequence[str], *, elsewhere: bool) -> frozenset[str]:
    """Pixel hashes that these models have seen; `elsewhere`: only those without a run here."""
    found: set[str] = set()
    for model in models:
        rows = connection.exec_driver_sql(
            "SELECT s.pixel_hash FROM model_seen s JOIN models m ON m.id = s.model_id "
            "WHERE m.id = ? AND (m.run IS NULL OR NOT ?)",
            (model, elsewhere),
        )
        found.update(rows.scalars())
    return frozenset(found)
