"""Which sections there are, and running some of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from glomviewer.bench.context import Context
from glomviewer.bench.report import Row, Verdict

SECTIONS: dict[str, str] = {
    "window": "the window from the command, and its memory",
    "grid": "first paint and page jumps at 1,000,000 rows",
    "filters": "filters and orders",
    "agreement": "agreement of five readers over 100,000 patches",
    "keys": "key press to durable label and the next image",
    "reading": "key press to durable label and the next image in the reading screen",
    "disputes": "the disputes queue over 1,000,000 decisions",
    "merging": "merging returns with 100,000 decisions",
    "memory": "memory of the window at 1,000,000 rows after use",
    "thumbnails": "thumbnails from large PNG",
    "training": "prediction and training over the bare model",
}
"""In the order of the table; those that need the window's libraries import them when run."""


def run_sections(names: Sequence[str], context: Context) -> list[Row]:
    """The rows of these sections, in the table's order. What took too long costs its own row."""
    rows: list[Row] = []
    for name in SECTIONS:
        if name in names:
            measure: Callable[[Context], list[Row]] = importlib.import_module(
                f"glomviewer.bench.measures.{name}"
            ).measure
            try:
                rows += measure(context)
            except TimeoutError as error:
                rows.append(Row(SECTIONS[name], "", f"not measured: {error}", "", Verdict.MISSED))
    return rows
