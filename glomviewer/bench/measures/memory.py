"""Memory of the window at 1,000,000 patches once its caches are full."""

from __future__ import annotations

import psutil
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from glomviewer.bench.context import Context
from glomviewer.bench.driven_window import DrivenWindow, driven_window, let_pass, wait_until
from glomviewer.bench.report import Row, at_most
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.ui.review.grid_layout import Move

PATCHES = 1_000_000
PAGES = 60
IMAGES = 150
SETTLING = 1.0
TARGET = 1e9


def measure(context: Context) -> list[Row]:
    built = context.library(PATCHES)
    with driven_window(built) as driven:
        context.say("memory after use")
        process = psutil.Process()
        loaded = process.memory_info().rss
        pages, images = (2, 3) if context.quick else (PAGES, IMAGES)
        _page(driven, pages)
        _read(driven, images)
        _search(driven)
        let_pass(SETTLING)
        used = process.memory_info().rss
    return [
        Row(
            what=f"memory of the app at {built.patches:,} patches, after use",
            target="under 1 GB",
            measured=f"{used / 1e9:.2f} GB (loaded: {loaded / 1e9:.2f} GB)",
            how=f"resident set after {pages} pages, {images} large images and a search for a text",
            verdict=at_most(used, TARGET),
            values={"loaded": loaded, "used": used},
        )
    ]


def _page(driven: DrivenWindow, pages: int) -> None:
    grid = driven.page.grid
    grid.go_to(0)
    for _ in range(pages):
        grid.move(Move.PAGE_DOWN)
        grid.viewport().repaint()
        wait_until(lambda: driven.images.idle)


def _read(driven: DrivenWindow, images: int) -> None:
    driven.page.open_reading()
    reading = driven.page.reading
    for _ in range(images):
        before = reading.patch
        QTest.keyClick(reading.canvas, Qt.Key.Key_Right)
        wait_until(lambda before=before: reading.patch != before and reading.picture.full_shown)
    driven.page.close_reading()


def _search(driven: DrivenWindow) -> None:
    """The names of all patches are read for a search, and kept."""
    found: list[int] = []
    driven.session.select(PatchQuery(text="_S1_00000"), lambda ids: found.append(len(ids)))
    wait_until(lambda: bool(found))
