"""What the logs say of a model, for as long as they say it."""

from __future__ import annotations

from sqlalchemy import Connection

from glomviewer.domain.records import ModelRecord


def why_kept(connection: Connection, model: ModelRecord) -> str:
    """Why a model can't be removed, as a sentence; "" where it can.

    Whoever reads in a log that a label was given beside a model's call, or that a model was
    active, must still be able to ask that model.
    """
    if model.active:
        return f"{model.title} is the active model; promote another one first."
    decisions = connection.exec_driver_sql(
        "SELECT count(*) FROM decisions WHERE model = ?", (model.id,)
    ).scalar_one()
    if decisions:
        made = "1 decision was" if decisions == 1 else f"{decisions:,} decisions were"
        return (
            f"{model.title} stays in the library: {made} made beside its calls, and the log "
            "refers to it."
        )
    readings = connection.exec_driver_sql(
        "SELECT name FROM readings WHERE model_id = ? ORDER BY id DESC LIMIT 1", (model.id,)
    ).scalar_one_or_none()
    if readings is not None:
        return (
            f"{model.title} stays in the library: the reading {readings} is held against its calls."
        )
    promoted = connection.exec_driver_sql(
        "SELECT count(*) FROM promotions WHERE model_id = ? OR previous_id = ?",
        (model.id, model.id),
    ).scalar_one()
    if promoted:
        return (
            f"{model.title} stays in the library: it has been the active model, and the log of "
            "promotions refers to it."
        )
    return ""
