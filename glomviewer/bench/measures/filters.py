"""Filters, orders, counts and the histogram, asked as the Review page asks them."""

from __future__ import annotations

from collections.abc import Callable

from glomviewer.bench.context import Context
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.timing import median_seconds, short
from glomviewer.domain.patch_query import PatchQuery, Queue, SortKey
from glomviewer.domain.patch_select import PatchSelect, cannot_tell_codes
from glomviewer.domain.patch_table import PatchTable
from glomviewer.store.library import Library

SIZES = ((100_000, 0.1), (1_000_000, 0.5))
REPEATS = 3


def measure(context: Context) -> list[Row]:
    rows = []
    for patches, limit in SIZES:
        table, cannot_tell = _table(context, patches)
        rows += _measure_table(context, table, cannot_tell, limit)
    return rows


def _table(context: Context, patches: int) -> tuple[PatchTable, tuple[int, ...]]:
    built = context.library(patches)
    with Library.open(built.folder, write=False) as library:
        table = library.load_table(built.reader)
        active, previous = library.active_model(), library.previous_model()
        assert active is not None and previous is not None
        table.view = library.load_model_view(table, active.id, previous.id)
        return table, cannot_tell_codes(library.label_set)


def _measure_table(
    context: Context, table: PatchTable, cannot_tell: tuple[int, ...], limit: float
) -> list[Row]:
    repeats = context.repeats(REPEATS)

    def select() -> PatchSelect:
        # A new one, as after every decision: nothing is remembered from the query before.
        return PatchSelect(table, cannot_tell=cannot_tell)

    def ask(query: PatchQuery) -> Callable[[], object]:
        return lambda: select().ids(query)

    times = {name: median_seconds(ask(query), repeats) for name, query in queries(table).items()}
    worst = max(times, key=times.__getitem__)
    middle = sorted(times.values())[len(times) // 2]
    counts = median_seconds(lambda: select().queue_counts(), repeats)
    histogram = median_seconds(lambda: select().histogram(PatchQuery()), repeats)
    return [
        Row(
            what=f"filter or sort, {len(table):,} patches",
            target=short(limit),
            measured=f"slowest {short(times[worst])} ({worst}), median {short(middle)}",
            how=f"{len(times)} filters and orders, each asked anew; medians of {repeats}",
            verdict=at_most(times[worst], limit),
            values=times,
        ),
        Row(
            what=f"counts of all queues; histogram, {len(table):,} patches",
            target="",
            measured=f"{short(counts)}; {short(histogram)}",
            how=f"medians of {repeats}",
            values={"queue_counts": counts, "histogram": histogram},
        ),
    ]


def queries(table: PatchTable) -> dict[str, PatchQuery]:
    """Each queue, each order in both directions, each filter, and some of them together."""
    asked = {f"queue {queue}": PatchQuery(queue=queue) for queue in Queue}
    for sort in SortKey:
        asked[f"sort by {sort}"] = PatchQuery(sort=sort)
        asked[f"sort by {sort} descending"] = PatchQuery(sort=sort, descending=True)
    case = table.cases[len(table.cases) // 2]
    asked |= {
        "one label": PatchQuery(labels=(1,)),
        "calls": PatchQuery(calls=(1,)),
        "case": PatchQuery(cases=(case,)),
        "text in case": PatchQuery(text=case[:-1]),
        "probability": PatchQuery(probability=(0.4, 0.6), sort=SortKey.PROBABILITY),
        "confusion": PatchQuery(cell=(0, 1)),
        "label, probability, sorted": PatchQuery(
            labels=(0, -1), probability=(0.2, 1.0), sort=SortKey.UNCERTAINTY
        ),
    }
    return asked
