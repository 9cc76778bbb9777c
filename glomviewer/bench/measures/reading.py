"""One key in the reading screen: until the label is durable and the next image is painted."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from glomviewer.bench.context import Context
from glomviewer.bench.driven_window import (
    DrivenWindow,
    FirstPaint,
    driven_window,
    let_pass,
    wait_until,
)
from glomviewer.bench.libraries import BuiltLibrary, synthetic_library
from glomviewer.bench.measures.keys import KEYS, PATCHES, PAUSE, TARGET, KeyTimes
from glomviewer.bench.pictures import HEIGHT, WIDTH
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.timing import Spread
from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.store.library import Library
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.readings.page import ReadingsPage

READ = 1_000
"""Patches of the reading: more than a reader reads at one go."""
ROUNDS = {
    Reveal.NEVER: "the call never shown: one key a patch",
    Reveal.AFTER: "the call shown after it: the label, then Space",
}


def measure(context: Context) -> list[Row]:
    patches = 400 if context.quick else PATCHES
    context.say(f"a library of {patches:,} patches to read in")
    built = synthetic_library(patches, context.output, "readings")
    keys = context.repeats(KEYS)
    readings = _new_readings(built)
    rows: list[Row] = []
    with driven_window(built) as driven:
        for reveal, words in ROUNDS.items():
            context.say(f"keys in a reading, {words}")
            page = _opened(driven, readings[reveal])
            times = press_keys(driven, page, keys, tells=reveal is Reveal.AFTER)
            rows.append(_row(words, times, keys))
    return rows


def _new_readings(built: BuiltLibrary) -> dict[Reveal, int]:
    """Readings in which nothing has been read; those of earlier measurements are closed."""
    made: dict[Reveal, int] = {}
    with Library.open(built.folder, backup=False) as library:
        before = library.readings()
        for one in before:
            if not one.is_closed:
                library.close_reading(reading=one.id, reason="measured")
        # Each of patches of its own: what is still to be read in one is not revealed in another.
        for number, reveal in enumerate(ROUNDS, len(before) + 1):
            changes = library.create_reading(
                name=f"Reading {number}",
                patches=range(1 + number % 2, built.patches + 1, 2),
                protocol=Protocol(independent=True, repeats=0.05, reveal=reveal, needed=1),
                readers=[built.reader],
                sample=Sample(SampleKind.RANDOM, min(READ, built.patches // 4), seed=number),
            )
            assert changes.reading is not None
            made[reveal] = changes.reading
    return made


def _opened(driven: DrivenWindow, reading: int) -> ReadingsPage:
    """The page Readings with this reading on the screen and its first patch in full."""
    driven.window.show_page(PageName.READINGS)
    page = driven.window.page_widget(PageName.READINGS)
    assert isinstance(page, ReadingsPage)
    wait_until(lambda: page.state.shows_content and driven.session.is_idle)
    page.overview.choose(reading)
    page.read()
    wait_until(lambda: page.is_reading and page.room.screen.canvas.picture.full_shown)
    return page


def press_keys(driven: DrivenWindow, page: ReadingsPage, count: int, *, tells: bool) -> KeyTimes:
    """Label `count` items by keys, each when the last image is there and a pause has passed.

    Where the reading `tells` the call, `durable` runs from the label's key and `painted` from
    that of Space, which goes on once the call stands there.
    """
    screen = page.room.screen
    canvas = screen.canvas.canvas
    painted = FirstPaint(canvas)
    durable_at: list[float] = []

    def on_changed(changes: Changes) -> None:
        if changes.labels:
            durable_at.append(time.perf_counter())

    def on_shown(_patch: int) -> None:
        painted.arm()

    driven.session.changed.connect(on_changed)
    screen.canvas.shown.connect(on_shown)
    times = KeyTimes()
    for number in range(count):
        let_pass(PAUSE)
        conduct = page.room.conduct
        assert conduct is not None and conduct.item is not None and screen.accepts_labels
        item = conduct.item.id
        durable_at.clear()
        painted.at = None
        start = time.perf_counter()
        QTest.keyClick(canvas, Qt.Key.Key_1 if number % 3 else Qt.Key.Key_0)
        if tells:
            wait_until(lambda conduct=conduct: conduct.can_keep)
            times.durable.append(durable_at[0] - start)
            let_pass(PAUSE)
            start = time.perf_counter()
            QTest.keyClick(canvas, Qt.Key.Key_Space)
            wait_until(lambda: painted.at is not None)
        else:
            wait_until(lambda: bool(durable_at) and painted.at is not None)
            times.durable.append(durable_at[0] - start)
        assert painted.at is not None and conduct.item is not None and conduct.item.id != item
        times.painted.append(painted.at - start)
    driven.session.changed.disconnect(on_changed)
    screen.canvas.shown.disconnect(on_shown)
    page.pause()
    return times


def _row(words: str, times: KeyTimes, keys: int) -> Row:
    both = Spread.of(times.both)
    durable, painted = Spread.of(times.durable), Spread.of(times.painted)
    return Row(
        what="key press to durable label and the next image in the reading screen; " + words,
        target=f"p99 {TARGET * 1000:.0f} ms",
        measured=both.text,
        how=f"{keys} keys in an independent reading of {READ:,} patches, {WIDTH} x {HEIGHT} PNG "
        f"in any turn, one key every {PAUSE * 1000:.0f} ms; durable {durable.text}; painted "
        f"{painted.text}",
        verdict=at_most(both.p99, TARGET),
        values={
            "both": both.values(),
            "durable": durable.values(),
            "painted": painted.values(),
        },
    )
