"""One key in the one-at-a-time view: until the label is durable and the next image is painted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

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
from glomviewer.bench.pictures import HEIGHT, WIDTH
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.timing import Spread
from glomviewer.bench.training_load import training_load
from glomviewer.domain.changes import Changes

PATCHES = 5_758
KEYS = 200
PAUSE = 0.25
"""Seconds that a quick reader looks at a patch before the next key."""
TARGET = 0.05


@dataclass(slots=True)
class KeyTimes:
    """Seconds from the key to each of both, and to the later of them."""

    durable: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)

    @property
    def both(self) -> list[float]:
        return [max(pair) for pair in zip(self.durable, self.painted, strict=True)]


def measure(context: Context) -> list[Row]:
    built = context.library(PATCHES)
    keys = context.repeats(KEYS)
    with driven_window(built) as driven:
        context.say("keys")
        idle = press_keys(driven, keys)
        context.say("keys while a run trains")
        with training_load(context) as what:
            training = press_keys(driven, keys)
    return [_row("nothing else running", idle, keys), _row(what, training, keys)]


def press_keys(driven: DrivenWindow, count: int) -> KeyTimes:
    """Label `count` patches by keys, each when the last image is there and a pause has passed."""
    page, session = driven.page, driven.session
    page.grid.go_to(0)
    page.open_reading()
    reading = page.reading
    canvas = reading.canvas
    painted = FirstPaint(canvas)
    durable_at: dict[int, float] = {}

    def on_changed(changes: Changes) -> None:
        durable_at.update(dict.fromkeys(changes.patches, time.perf_counter()))

    def on_shown(_patch: int) -> None:
        painted.arm()

    session.changed.connect(on_changed)
    reading.picture.shown.connect(on_shown)
    times = KeyTimes()
    wait_until(lambda: reading.picture.full_shown)
    for _ in range(count):
        let_pass(PAUSE)
        patch = reading.patch
        assert patch is not None
        key = _key_of_another_label(driven, patch)
        durable_at.clear()
        painted.at = None
        start = time.perf_counter()
        QTest.keyClick(canvas, key)
        wait_until(lambda patch=patch: patch in durable_at and painted.at is not None)
        assert reading.patch != patch and painted.at is not None
        times.durable.append(durable_at[patch] - start)
        times.painted.append(painted.at - start)
    session.changed.disconnect(on_changed)
    reading.picture.shown.disconnect(on_shown)
    page.close_reading()
    return times


def _key_of_another_label(driven: DrivenWindow, patch: int) -> Qt.Key:
    """A key that changes something: a label that the patch has already is not written again."""
    table = driven.session.table
    current = int(table["current"][table.rows_of((patch,))[0]])
    label = next(each for each in driven.session.label_set.labels if each.code != current)
    return Qt.Key(ord(label.keys[0].upper()))


def _row(circumstances: str, times: KeyTimes, keys: int) -> Row:
    both = Spread.of(times.both)
    durable, painted = Spread.of(times.durable), Spread.of(times.painted)
    return Row(
        what=f"key press to durable label and the next image on screen; {circumstances}",
        target=f"p99 {TARGET * 1000:.0f} ms",
        measured=both.text,
        how=f"{keys} keys in the one-at-a-time view, {WIDTH} x {HEIGHT} PNG, one key every "
        f"{PAUSE * 1000:.0f} ms; durable {durable.text}; painted {painted.text}",
        verdict=at_most(both.p99, TARGET),
        values={
            "both": both.values(),
            "durable": durable.values(),
            "painted": painted.values(),
        },
    )
