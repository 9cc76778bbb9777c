"""Training runs as the library knows them, and the looks that were taken at the locked set."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.records import RunRecord
from glomviewer.store import clock
from glomviewer.store.errors import Refused, UnknownRecord

STATES = ("starting", "running", "finished", "failed", "stopped")
_RUNS = (
    "SELECT id, state, recipe, folder, started_at, finished_at, pid, pid_created, candidate, "
    "gate, message, corrections FROM runs"
)
_CHANGEABLE = ("state", "finished", "pid", "pid_created", "candidate", "gate", "message")


def runs(connection: Connection) -> list[RunRecord]:
    """Newest first."""
    rows = connection.exec_driver_sql(f"{_RUNS} ORDER BY started_at DESC, rowid DESC")
    return [_record(row) for row in rows]


def run(connection: Connection, run_id: str) -> RunRecord:
    """Raises:
    UnknownRecord: the library has no such run.
    """
    row = connection.exec_driver_sql(f"{_RUNS} WHERE id = ?", (run_id,)).one_or_none()
    if row is None:
        raise UnknownRecord(f"The library has no run {run_id}.")
    return _record(row)


def add_run(
    connection: Connection, run_id: str, *, recipe: str, folder: str, corrections: int, state: str
) -> None:
    _check_state(state)
    connection.exec_driver_sql(
        "INSERT INTO runs (id, state, recipe, folder, started_at, corrections) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (run_id, state, recipe, folder, clock.now(), corrections),
    )


def update_run(connection: Connection, run_id: str, **changes: Any) -> None:
    """Change what becomes of a run: state, finished, pid, pid_created, candidate, gate, message.

    Raises:
        Refused: another field was named, or there is no such state.
        UnknownRecord: the library has no such run.
    """
    run(connection, run_id)
    for field, value in changes.items():
        if field not in _CHANGEABLE:
            raise Refused(f"A run has no field {field} that could change.")
        if field == "state":
            _check_state(value)
        column = "finished_at" if field == "finished" else field
        connection.exec_driver_sql(
            f"UPDATE runs SET {column} = ? WHERE id = ?", (_stored(value), run_id)
        )


def count_look(connection: Connection, run_id: str | None, sentence: str) -> bool:
    """Count a look at the locked set; False where this run's look was counted before."""
    if run_id is not None:
        known = connection.exec_driver_sql(
            "SELECT count(*) FROM looks WHERE run = ?", (run_id,)
        ).scalar_one()
        if known:
            return False
    connection.exec_driver_sql(
        "INSERT INTO looks (run, sentence, made_at) VALUES (?, ?, ?)",
        (run_id, sentence, clock.now()),
    )
    return True


def looks(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM looks").scalar_one())


def _check_state(state: str) -> None:
    if state not in STATES:
        raise Refused(f"A run is {', '.join(STATES)}, but never {state}.")


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.microseconds(value)
    if isinstance(value, dict):
        return json.dumps(value)
    return value


def _record(row: Any) -> RunRecord:
    return RunRecord(
        id=row[0],
        state=row[1],
        recipe=row[2],
        folder=row[3],
        started=clock.moment(row[4]),
        finished=None if row[5] is None else clock.moment(row[5]),
        pid=row[6],
        pid_created=row[7],
        candidate=row[8],
        gate=None if row[9] is None else json.loads(row[9]),
        message=row[10],
        corrections=row[11],
    )
