"""A model's predictions by row of the patch table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from glomviewer.domain.patch_table import Codes, Mask, ModelView, PatchTable
from glomviewer.domain.records import ModelRecord
from glomviewer.domain.thresholds.sets import ModelScores
from glomviewer.store import predictions, sight
from glomviewer.store.paths import LibraryPaths

_TRAINED_ON = """
SELECT f.patch_id FROM model_seen s JOIN files f ON f.pixel_hash = s.pixel_hash
WHERE s.model_id = ?
"""


def load_model_view(
    connection: Connection,
    paths: LibraryPaths,
    table: PatchTable,
    model: ModelRecord,
    previous: ModelRecord | None,
) -> ModelView:
    """The calibrated logits of `model`, and the calls of `previous`, by row of `table`."""
    scores = load_model_scores(connection, paths, table, model)
    told = ~np.isnan(scores.out_of_fold)
    return ModelView(
        model=model.id,
        title=model.title,
        threshold=model.threshold,
        logit=scores.logit,
        ranking=np.where(told, scores.out_of_fold, scores.logit),
        previous_call=_calls(connection, paths, table, previous),
        trained_on=scores.trained_on,
    )


def load_model_scores(
    connection: Connection, paths: LibraryPaths, table: PatchTable, model: ModelRecord
) -> ModelScores:
    """The calibrated logits of `model`, in and out of fold, by row of `table`."""
    patches, raw, raw_out_of_fold = predictions.logits(
        paths.predictions(model.id), without=sight.hidden_calls(connection)
    )
    return ModelScores(
        logit=_by_row(table, patches, model.slope * raw + model.intercept),
        out_of_fold=_by_row(table, patches, model.slope * raw_out_of_fold + model.intercept),
        trained_on=_trained_on(connection, table, model.id),
    )


def _calls(
    connection: Connection, paths: LibraryPaths, table: PatchTable, model: ModelRecord | None
) -> Codes:
    if model is None:
        return np.full(len(table), -1, dtype=np.int8)
    patches, raw, _ = predictions.logits(
        paths.predictions(model.id), without=sight.hidden_calls(connection)
    )
    logit = _by_row(table, patches, model.slope * raw + model.intercept)
    calls = (logit >= np.float64(model.threshold)).astype(np.int8)
    calls[np.isnan(logit)] = -1
    return calls


def _trained_on(connection: Connection, table: PatchTable, model_id: str) -> Mask:
    rows = connection.exec_driver_sql(_TRAINED_ON, (model_id,)).scalars().all()
    mask = np.zeros(len(table), dtype=np.bool_)
    mask[table.rows_of(np.array(rows, dtype=np.int64))] = True
    return mask


def _by_row(
    table: PatchTable, patches: NDArray[np.int64], values: NDArray[np.float64]
) -> NDArray[np.float32]:
    column = np.full(len(table), np.nan, dtype=np.float32)
    if len(patches) and len(table):
        rows = np.minimum(np.searchsorted(table.ids, patches), len(table) - 1)
        there = table.ids[rows] == patches
        column[rows[there]] = values[there]
    return column
