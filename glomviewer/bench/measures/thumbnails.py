"""Thumbnails made from large PNG as an import makes them."""

from __future__ import annotations

from glomviewer.bench.context import Context
from glomviewer.bench.pictures import HEIGHT, WIDTH, picture_pool
from glomviewer.bench.report import Row, at_least
from glomviewer.bench.timing import median_seconds
from glomviewer.store.import_values import never_cancelled, no_progress
from glomviewer.store.reading_files import read_files

TARGET = 100
ROUNDS = 4
REPEATS = 3


def measure(context: Context) -> list[Row]:
    context.say("thumbnails")
    files = picture_pool(context.output / "pool")
    names = [file.name for file in files] * (1 if context.quick else ROUNDS)

    def make() -> None:
        made = read_files(files[0].parent, names, progress=no_progress, cancelled=never_cancelled)
        for read in made:
            assert read.thumbnail, read.failure

    rate = len(names) / median_seconds(make, context.repeats(REPEATS))
    size = sum(file.stat().st_size for file in files) / len(files) / 1000
    return [
        Row(
            what=f"thumbnails from {WIDTH} x {HEIGHT} PNG, all cores",
            target=f"{TARGET} a second",
            measured=f"{rate:.0f} a second",
            how=f"{len(names)} drawn PNG of {size:.0f} KB, read, hashed, decoded and made small "
            f"as an import does; median of {REPEATS}",
            verdict=at_least(rate, TARGET),
            values={"per_second": rate},
        )
    ]
