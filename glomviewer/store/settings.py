"""What a library remembers about itself, and the filters that readers saved in it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.patch_query import PatchQuery

_CALLERS = "app."

DEMO_SETTING = "demo"
"""The library's setting that says that its patches are drawn by a program."""

DEMO_READER = ("Demo Reader", "DR")
"""Who sits before the demo where nobody has said his name, and his initials."""


def setting(connection: Connection, key: str, default: str = "") -> str:
    value = connection.exec_driver_sql(
        "SELECT value FROM settings WHERE key = ?", (key,)
    ).scalar_one_or_none()
    return default if value is None else str(value)


def set_setting(connection: Connection, key: str, value: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO settings (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def value(connection: Connection, key: str, default: Any) -> Any:
    """What a caller keeps here under a name of its own; the library's own keys are apart."""
    text = setting(connection, f"{_CALLERS}{key}")
    return json.loads(text) if text else default


def set_value(connection: Connection, key: str, value: Any) -> None:
    set_setting(connection, f"{_CALLERS}{key}", json.dumps(value))


def saved_filters(connection: Connection) -> dict[str, PatchQuery]:
    """By name; filters that this version can't read are left out."""
    found: dict[str, PatchQuery] = {}
    for name, text in connection.exec_driver_sql(
        "SELECT name, query FROM saved_filters ORDER BY name COLLATE NOCASE"
    ):
        try:
            found[name] = PatchQuery.from_json(text)
        except ValueError:
            continue
    return found


def save_filter(connection: Connection, name: str, query: PatchQuery) -> None:
    connection.exec_driver_sql(
        "INSERT INTO saved_filters (name, query) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET query = excluded.query",
        (name, query.to_json()),
    )


def delete_filter(connection: Connection, name: str) -> None:
    connection.exec_driver_sql("DELETE FROM saved_filters WHERE name = ?", (name,))
