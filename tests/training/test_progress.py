"""Progress tells rate and seconds left, and not too often."""

from training.events import Progress
from training.progress import ProgressMeter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def meter(clock: Clock, total: int, **options) -> tuple[ProgressMeter, list[Progress]]:
    told: list[Progress] = []
    return ProgressMeter(told.append, total, "testing", clock=clock, **options), told  # type: ignore[arg-type]


def test_rate_and_seconds_left():
    clock = Clock()
    progress, told = meter(clock, 100)
    for _ in range(4):
        clock.now += 1
        progress.advance(5)
    assert told[-1].done == 20
    assert told[-1].rate == 5.0
    assert told[-1].seconds_left == 16.0


def test_the_rate_is_of_the_last_20_seconds():
    clock = Clock()
    progress, told = meter(clock, 10_000)
    for _ in range(100):
        clock.now += 1
        progress.advance(1)
    for _ in range(30):
        clock.now += 1
        progress.advance(10)
    assert told[-1].rate == 10.0


def test_events_are_spaced_but_the_last_always_comes():
    clock = Clock()
    progress, told = meter(clock, 1000, every=1.0)
    for _ in range(1000):
        clock.now += 0.01
        progress.advance()
    assert 10 <= len(told) <= 12
    assert told[-1].done == told[-1].total == 1000


def test_what_was_done_before_does_not_count_into_the_rate():
    clock = Clock()
    progress, told = meter(clock, 100, done=90)
    clock.now += 1
    progress.advance(5)
    assert told[-1].done == 95
    assert told[-1].rate == 5.0
