"""Agreement of several readers over a large library, as the page Agreement asks for it."""

from __future__ import annotations

from glomviewer.bench.context import Context
from glomviewer.bench.read_libraries import READERS, read_library
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.timing import median_seconds, seconds, short
from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.rule import DEFAULT_RULE
from glomviewer.domain.comparison.bootstrap import DRAWS
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.store.library import Library

PATCHES = 100_000
LIMIT = 1.0
REPEATS = 5
FEW_DRAWS = 40


def measure(context: Context) -> list[Row]:
    patches = min(PATCHES, 400) if context.quick else PATCHES
    context.say(f"a library of {patches:,} patches that {READERS} readers have read")
    folder = read_library(patches, context.output).folder
    repeats = context.repeats(REPEATS)
    draws = FEW_DRAWS if context.quick else DRAWS
    with Library.open(folder, write=False) as library:
        labels = library.label_set

        def work_out() -> Measured:
            return Measured.of(None, library.ratings(), labels, DEFAULT_RULE)

        reading = median_seconds(library.ratings, repeats)
        whole = median_seconds(work_out, repeats)
        measured = work_out()
        drawn = seconds(lambda: measured.with_intervals(Bootstrap(draws)))
    what = f"{patches:,} patches, {READERS} readers"
    return [
        Row(
            what=f"agreement without intervals, {what}",
            target=short(LIMIT),
            measured=f"{short(whole)}, of which {short(reading)} to read the calls",
            how=f"every table of the page, from the library on disk; medians of {repeats}",
            verdict=at_most(whole, LIMIT),
            values={"seconds": whole, "reading": reading},
        ),
        Row(
            what=f"agreement with intervals, {what}",
            target="",
            measured=short(drawn),
            how=f"{draws:,} draws of cases for every table but those by case, with progress; once",
            values={"seconds": drawn, "draws": draws},
        ),
    ]
