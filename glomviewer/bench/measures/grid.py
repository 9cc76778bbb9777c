"""The grid at 1,000,000 rows: its first paint, pages down, and jumps to anywhere."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import psutil

from glomviewer.bench.context import Context
from glomviewer.bench.driven_window import DrivenWindow, driven_window, wait_until
from glomviewer.bench.libraries import keep_thumbnails
from glomviewer.bench.pictures import picture_pool
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.timing import Spread, short
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.review.grid import PatchGrid
from glomviewer.ui.review.grid_layout import Move
from glomviewer.ui.review.screen_log import ScreenLog

PATCHES = 1_000_000
JUMPS = 200
GRID_WIDTH, GRID_HEIGHT = 1000, 860
"""About what is left for the grid on a screen of 1920 x 1080."""
FIRST_TARGET = 0.25
JUMP_TARGET = 0.016


class FrameLog(ScreenLog):
    """Remembers which patches have had their picture painted since it was last cleared: a
    thumbnail that comes later is painted alone."""

    def __init__(self) -> None:
        super().__init__()
        self.last_frame: set[int] = set()

    def saw(self, patches: Iterable[int]) -> None:
        self.last_frame |= set(patches)


@dataclass(frozen=True, slots=True)
class Stage:
    """A grid of its own in a window of the usual size, over the driven window's library."""

    grid: PatchGrid
    log: FrameLog
    images: ImageLoader

    def complete(self) -> bool:
        """Whether the last frame had a picture in every cell."""
        visible = [int(self.grid.ids[place]) for place in self.grid.places_in_view()]
        return bool(visible) and self.log.last_frame.issuperset(visible)


@dataclass(slots=True)
class JumpTimes:
    """Seconds of the window's thread for the frame, and until every thumbnail was painted."""

    frame: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)


def measure(context: Context) -> list[Row]:
    built = context.library(PATCHES)
    jumps = context.repeats(JUMPS)
    places = np.random.default_rng(7).integers(0, built.patches, jumps).tolist()
    with driven_window(built) as driven:
        ids = driven.page.grid.ids.copy()
        log = FrameLog()
        stage = Stage(PatchGrid(driven.session, driven.images, log), log, driven.images)
        stage.grid.resize(GRID_WIDTH, GRID_HEIGHT)
        stage.grid.show()
        stage.grid.show_patches(ids)
        wait_until(stage.complete)
        page = len(stage.grid.visible_places())
        _prepare(driven, context, places, page)
        context.say("the grid")
        first = _first_paint(stage, context.repeats(5))
        down = _pages(stage, jumps)
        far = _jumps(stage, places)
        memory = psutil.Process().memory_info().rss
        stage.grid.close()
        stage.grid.deleteLater()
    rows = f"{built.patches:,} rows"
    frame = Spread.of(far.frame + down.frame)
    return [
        Row(
            what=f"grid: first paint at {rows}",
            target=short(FIRST_TARGET),
            measured=f"{short(first.frame[len(first.frame) // 2])}, with every thumbnail "
            f"{short(first.complete[len(first.complete) // 2])}",
            how=f"a new list of all ids until the frame is painted, {page} cells; median of "
            f"{len(first.frame)}",
            verdict=at_most(float(np.median(first.frame)), FIRST_TARGET),
            values={"frame": first.frame, "complete": first.complete},
        ),
        Row(
            what=f"grid: page jump at {rows}",
            target=f"p99 {short(JUMP_TARGET)}",
            measured=frame.text,
            how=f"{jumps} pages down and {jumps} jumps to anywhere, until the frame is painted",
            verdict=at_most(frame.p99, JUMP_TARGET),
            values=frame.values(),
        ),
        Row(
            what=f"the same until every thumbnail is painted, at {rows}",
            target="",
            measured=f"pages down {Spread.of(down.complete).text}; "
            f"jumps {Spread.of(far.complete).text}",
            how="thumbnails of these pages are in the cache, as after an import",
            values={
                "down": Spread.of(down.complete).values(),
                "jumps": Spread.of(far.complete).values(),
            },
        ),
        Row(
            what=f"memory of the window and of this measuring after that, at {rows}",
            target="",
            measured=f"{memory / 1e9:.2f} GB",
            how="resident set of the process",
            values={"bytes": memory},
        ),
    ]


def _prepare(driven: DrivenWindow, context: Context, places: list[int], page: int) -> None:
    """Have the thumbnails of the pages in the cache that will be jumped to, and one after."""
    ids = driven.page.grid.ids
    wanted = {int(patch) for place in places for patch in ids[place : place + 3 * page]}
    wanted |= {int(patch) for place in places for patch in ids[max(0, place - page) : place]}
    wanted |= {int(patch) for patch in ids[: (JUMPS + 2) * page]}
    files = picture_pool(context.output / "pool")
    keep_thumbnails(driven.session.library, files, sorted(wanted))


def _first_paint(stage: Stage, repeats: int) -> JumpTimes:
    times = JumpTimes()
    ids = stage.grid.ids.copy()
    for _ in range(repeats):
        stage.images.forget()
        stage.grid.forget_pictures()
        start = time.perf_counter()
        stage.grid.show_patches(ids)
        stage.grid.verticalScrollBar().setValue(0)
        _paint(stage, start, times)
    times.frame.sort()
    times.complete.sort()
    return times


def _pages(stage: Stage, count: int) -> JumpTimes:
    """Pages down, each as soon as the one before is complete."""
    times = JumpTimes()
    stage.grid.go_to(0)
    wait_until(stage.complete)
    for _ in range(count):
        start = time.perf_counter()
        stage.grid.move(Move.PAGE_DOWN)
        _paint(stage, start, times)
    return times


def _jumps(stage: Stage, places: list[int]) -> JumpTimes:
    times = JumpTimes()
    for place in places:
        start = time.perf_counter()
        stage.grid.go_to(place)
        _paint(stage, start, times)
    return times


def _paint(stage: Stage, start: float, times: JumpTimes) -> None:
    stage.log.last_frame.clear()
    stage.grid.viewport().repaint()
    times.frame.append(time.perf_counter() - start)
    wait_until(stage.complete)
    times.complete.append(time.perf_counter() - start)
