"""Models of the library, their versioned thresholds, and the log of promotions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.records import ModelRecord, Reader
from glomviewer.store import clock
from glomviewer.store.errors import Refused, UnknownRecord

_MODELS = """
SELECT m.id, m.name, m.version, m.added_at, m.card, m.gate, m.run, m.note, m.slope, m.intercept,
(SELECT t.logit FROM thresholds t WHERE t.model_id = m.id ORDER BY t.id DESC LIMIT 1),
m.id = (SELECT p.model_id FROM promotions p ORDER BY p.id DESC LIMIT 1)
FROM models m WHERE m.removed = 0
"""

_PROMOTIONS = """
SELECT p.id, p.model_id, p.previous_id, p.reader_id, r.name, r.initials, p.kind, p.reason,
p.verdict, p.overruled, p.made_at, p.zone
FROM promotions p LEFT JOIN readers r ON r.id = p.reader_id ORDER BY p.id DESC
"""


@dataclass(frozen=True, slots=True)
class Promotion:
    """One row of the log of promotions. `kind` is promotion, roll back or first model."""

    id: int
    model: str
    previous: str | None
    reader: Reader | None
    kind: str
    reason: str
    verdict: str
    overruled: bool
    made_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ThresholdChange:
    """A threshold (calibrated logit) that a model has had, by whose rule and why."""

    logit: float
    rule: str
    reason: str
    reader: Reader | None
    made_at: datetime


def models(connection: Connection, folder: Path) -> list[ModelRecord]:
    """Newest first. `folder` is where models lie."""
    rows = connection.exec_driver_sql(f"{_MODELS} ORDER BY m.added_at DESC, m.rowid DESC")
    return [_record(row, folder) for row in rows]


def model(connection: Connection, model_id: str, folder: Path) -> ModelRecord:
    """Raises:
    UnknownRecord: the library has no such model, or it was removed.
    """
    row = connection.exec_driver_sql(f"{_MODELS} AND m.id = ?", (model_id,)).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no model {model_id}.")
    return _record(row, folder)


def add_model(
    connection: Connection,
    card: dict[str, Any],
    seen: Iterable[str],
    *,
    run: str | None,
    gate: dict[str, Any] | None,
) -> None:
    """Register a model by its card and the pixel hashes that it was trained or tuned on.

    Raises:
        Refused: the library has a model of this id.
    """
    model_id = str(card["id"])
    known = connection.exec_driver_sql(
        "SELECT count(*) FROM models WHERE id = ?", (model_id,)
    ).scalar_one()
    if known:
        raise Refused(f"The library has, or had, a model with the id {model_id} already.")
    calibration, threshold = card.get("calibration", {}), card.get("threshold", {})
    connection.exec_driver_sql(
        "INSERT INTO models (id, name, version, folder, added_at, card, gate, run, slope, "
        "intercept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            model_id,
            str(card.get("name", "model")),
            int(card.get("version", 1)),
            model_id,
            clock.now(),
            json.dumps(card),
            None if gate is None else json.dumps(gate),
            run,
            float(calibration.get("slope", 1.0)),
            float(calibration.get("intercept", 0.0)),
        ),
    )
    hashes = [(model_id, one) for one in dict.fromkeys(seen)]
    if hashes:
        connection.exec_driver_sql(
            "INSERT INTO model_seen (model_id, pixel_hash) VALUES (?, ?)", hashes
        )
    set_threshold(
        connection,
        model_id,
        float(threshold.get("logit", 0.0)),
        reader=None,
        rule=str(threshold.get("rule", "")),
        reason="as the model came",
    )


def set_threshold(
    connection: Connection,
    model_id: str,
    logit: float,
    *,
    reader: int | None,
    rule: str,
    reason: str,
) -> None:
    """From now on the model's calls are 1 from this calibrated logit up."""
    connection.exec_driver_sql(
        "INSERT INTO thresholds (model_id, logit, rule, reason, reader_id, made_at, zone) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (model_id, float(logit), rule, reason, reader, clock.now(), clock.zone_name()),
    )


def threshold_history(connection: Connection, model_id: str) -> list[ThresholdChange]:
    """Newest first."""
    rows = connection.exec_driver_sql(
        "SELECT t.logit, t.rule, t.reason, r.id, r.name, r.initials, t.made_at FROM thresholds t "
        "LEFT JOIN readers r ON r.id = t.reader_id WHERE t.model_id = ? ORDER BY t.id DESC",
        (model_id,),
    )
    return [
        ThresholdChange(row[0], row[1], row[2], _reader(*row[3:6]), clock.moment(row[6]))
        for row in rows
    ]


def active_id(connection: Connection) -> str | None:
    return connection.exec_driver_sql(
        "SELECT model_id FROM promotions ORDER BY id DESC LIMIT 1"
    ).scalar_one_or_none()


def previous_id(connection: Connection) -> str | None:
    """The model that was active before the active one; None where there was none, or it was
    removed since."""
    return connection.exec_driver_sql(
        "SELECT m.id FROM models m WHERE m.removed = 0 AND m.id = "
        "(SELECT previous_id FROM promotions ORDER BY id DESC LIMIT 1)"
    ).scalar_one_or_none()


def promote(
    connection: Connection,
    model_id: str,
    *,
    reader: int | None,
    kind: str,
    reason: str = "",
    verdict: str = "",
    overruled: bool = False,
) -> None:
    """Make a model the active one.

    Raises:
        Refused: it is active already.
    """
    active = active_id(connection)
    if active == model_id:
        raise Refused("This model is the active one already.")
    connection.exec_driver_sql(
        "INSERT INTO promotions (model_id, previous_id, reader_id, kind, reason, verdict, "
        "overruled, made_at, zone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            model_id,
            active,
            reader,
            kind,
            reason,
            verdict,
            int(overruled),
            clock.now(),
            clock.zone_name(),
        ),
    )


def promotions(connection: Connection) -> list[Promotion]:
    """Newest first."""
    return [
        Promotion(
            id=row[0],
            model=row[1],
            previous=row[2],
            reader=_reader(*row[3:6]),
            kind=row[6],
            reason=row[7],
            verdict=row[8],
            overruled=bool(row[9]),
            made_at=clock.moment(row[10]),
            zone=row[11],
        )
        for row in connection.exec_driver_sql(_PROMOTIONS)
    ]


def change(connection: Connection, model_id: str, **columns: str | int) -> None:
    """Rename, note or remove a model: what its logs do not rest on."""
    for column, value in columns.items():
        connection.exec_driver_sql(
            f"UPDATE models SET {column} = ? WHERE id = ?", (value, model_id)
        )


def _reader(reader_id: int | None, name: str | None, initials: str | None) -> Reader | None:
    return None if reader_id is None else Reader(reader_id, name or "", initials or "")


def _record(row: Any, folder: Path) -> ModelRecord:
    card = json.loads(row[4])
    return ModelRecord(
        id=row[0],
        name=row[1],
        version=row[2],
        folder=str(folder / row[0]),
        created=_created(card, row[3]),
        active=bool(row[11]),
        card=card,
        gate=None if row[5] is None else json.loads(row[5]),
        run=row[6],
        note=row[7],
        slope=row[8],
        intercept=row[9],
        threshold=row[10],
    )


def _created(card: dict[str, Any], added_at: int) -> datetime:
    try:
        created = datetime.fromisoformat(str(card["created"]))
    except (KeyError, ValueError):
        return clock.moment(added_at)
    return created if created.tzinfo else created.replace(tzinfo=UTC)
