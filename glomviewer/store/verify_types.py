"""Whether the columns of the logs hold the kinds of values that this program writes.

SQLite keeps text in a column of numbers if somebody puts it there; whatever computes with the log
looks here first.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Boolean, Column, Connection, Float, Integer

from glomviewer.store.schema import APPEND_ONLY, metadata

_LOOKED_AT = (*APPEND_ONLY, "origins", "readers")


def wrong_types(connection: Connection) -> Iterator[str]:
    """Tables with values of another kind, as sentences."""
    for name in _LOOKED_AT:
        table = metadata.tables[name]
        wrong = " OR ".join(_is_wrong(column) for column in table.columns)
        count = connection.exec_driver_sql(
            f"SELECT count(*) FROM {name} WHERE {wrong}"
        ).scalar_one()
        if count:
            rows = "1 row" if count == 1 else f"{count:,} rows"
            yield (
                f"{rows} of {name} hold values of another kind than this program writes, such as "
                "text for a number: the log was edited."
            )


def _is_wrong(column: Column[object]) -> str:
    if isinstance(column.type, Float):
        kinds = ["real", "integer"]
    elif isinstance(column.type, Integer | Boolean):
        kinds = ["integer"]
    else:
        kinds = ["text"]
    if column.nullable:
        kinds.append("null")
    return f"typeof({column.name}) NOT IN ({', '.join(map(repr, kinds))})"
