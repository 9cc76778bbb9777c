"""The queue of disputes as the page asks for it, over a large log of several readers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from glomviewer.bench.context import Context
from glomviewer.bench.disputed import READERS, disputed_library
from glomviewer.bench.driven_window import DrivenWindow, FirstPaint, driven_window, wait_until
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.timing import Spread, short
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.ui.disputes.page import DisputesPage
from glomviewer.ui.page_bar import PageName

DECISIONS = 1_000_000
REPEATS = 15
STEPS = 60
LIMIT = 0.3


@dataclass(slots=True)
class QueueTimes:
    """Seconds until the queue is in the window, and until what is said of its first rows is
    painted; of each state the seconds until it was painted; and from one patch to the calls of
    the next."""

    listed: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    states: dict[str, float] = field(default_factory=dict)
    next_calls: list[float] = field(default_factory=list)
    disputes: int = 0


def measure(context: Context) -> list[Row]:
    decisions = 2_000 if context.quick else DECISIONS
    context.say(f"a library of {decisions:,} decisions by {READERS} readers")
    built = disputed_library(decisions, context.output)
    with driven_window(built) as driven:
        context.say("the disputes queue")
        times = watch_queue(driven, context.repeats(REPEATS), context.repeats(STEPS))
    what = f"{decisions:,} decisions by {READERS} readers on {built.patches:,} patches"
    painted, listed = Spread.of(times.painted), Spread.of(times.listed)
    following = Spread.of(times.next_calls)
    slowest = max(times.states, key=times.states.__getitem__)
    return [
        Row(
            what=f"the disputes queue on screen, {what}",
            target=short(LIMIT),
            measured=painted.text,
            how=f"{times.disputes:,} open disputes with the counts of all states, read anew "
            f"{painted.count} times in the window; in it after {listed.text}; the slowest of the "
            f"other states took {short(times.states[slowest])} ({slowest})",
            verdict=at_most(painted.p99, LIMIT),
            values={
                "painted": painted.values(),
                "listed": listed.values(),
                "states": times.states,
                "disputes": times.disputes,
            },
        ),
        Row(
            what="from one dispute to the calls of the next",
            target="",
            measured=following.text,
            how=f"{following.count} steps through the queue; until all calls are side by side",
            values=following.values(),
        ),
    ]


def watch_queue(driven: DrivenWindow, repeats: int, steps: int) -> QueueTimes:
    """Read the queue again and again, then every other state, then step through it."""
    driven.window.show_page(PageName.DISPUTES)
    page = driven.window.page_widget(PageName.DISPUTES)
    assert isinstance(page, DisputesPage)
    wait_until(lambda: page.state.shows_content and page.queue.rowCount() > 0)
    wait_until(lambda: page.queue.row_at(0) is not None and driven.session.is_idle)
    times = QueueTimes(disputes=page.queue.rowCount())
    for _ in range(repeats):
        listed, painted = _show(driven, page, page.reader.state)
        times.listed.append(listed)
        times.painted.append(painted)
    for state in DisputeState:
        if state is not DisputeState.OPEN:
            times.states[state.value] = _show(driven, page, state)[1]
    _show(driven, page, DisputeState.OPEN)
    page.list.go_to(0)
    for _ in range(min(steps, page.queue.rowCount() - 1)):
        times.next_calls.append(_step(driven, page))
    return times


def _show(driven: DrivenWindow, page: DisputesPage, state: DisputeState) -> tuple[float, float]:
    """Seconds until the queue is listed, and until its first rows have been painted."""
    painted = FirstPaint(page.list.viewport())
    listed_at: list[float] = []

    def on_listed(_listing: object) -> None:
        listed_at.append(time.perf_counter())

    def on_said(*_where: object) -> None:
        painted.arm()

    page.reader.listed.connect(on_listed)
    page.queue.dataChanged.connect(on_said)
    start = time.perf_counter()
    page.pick_state(state)
    wait_until(lambda: bool(listed_at) and painted.at is not None)
    page.reader.listed.disconnect(on_listed)
    page.queue.dataChanged.disconnect(on_said)
    assert painted.at is not None
    wait_until(lambda: driven.session.is_idle)
    return listed_at[0] - start, painted.at - start


def _step(driven: DrivenWindow, page: DisputesPage) -> float:
    """Seconds from the key until the calls of the next patch have been painted."""
    painted = FirstPaint(page.calls.table)
    start = time.perf_counter()
    page.step(1)
    # Hidden until the calls of the patch are known.
    assert not page.calls.table.isVisible()
    painted.arm()
    wait_until(lambda: painted.at is not None)
    assert painted.at is not None
    wait_until(lambda: driven.session.is_idle)
    return painted.at - start
