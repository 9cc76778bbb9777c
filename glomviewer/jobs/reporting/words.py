"""How the report says numbers, times and readers."""

from __future__ import annotations

from glomviewer.domain.agreement.percentages import Relabelling
from glomviewer.domain.agreement.statistic import Caution, Share, Statistic
from glomviewer.domain.cases import Proportion
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.study import ReaderPart
from glomviewer.jobs.reporting.footnotes import Footnotes

NOTHING = "–"
"""What stands in a cell that has nothing to say."""


def count(value: int) -> str:
    return f"{value:,}"


def counted(value: int, one: str, many: str = "") -> str:
    """`1 patch`, `2 patches`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def figure(value: Statistic, notes: Footnotes) -> str:
    """`0.712 (0.601 to 0.813)`, or "not defined"; what else is to be known goes into the notes."""
    return _with_marks(value, _bounded(value, " ({} to {})"), notes)


def stacked(value: Statistic, patches: int, notes: Footnotes) -> str:
    """A figure in a narrow column: its interval stands below it, and on how many patches it
    rests where that is another number than `patches`."""
    shown, *interval = _bounded(value, "\n{} to {}").split("\n")
    resting_on = [f"on {count(value.n)}"] if value.n not in (0, patches) else []
    return "\n".join((_with_marks(value, shown, notes), *interval, *resting_on))


def spoken(value: Statistic) -> str:
    """A figure within a sentence, with all that is to be known of it."""
    if value.value is None:
        return f"not defined: {value.reason}"
    lacking = f"; {value.reason}" if value.reason else ""
    note = f"; {value.note}" if value.note else ""
    return f"{_bounded(value, ' ({} to {})')}{lacking}{note}"


def _with_marks(value: Statistic, shown: str, notes: Footnotes) -> str:
    if value.value is None:
        return f"{shown}{notes.marks(value.reason)}"
    why_no_interval = "" if value.caution is Caution.FIXED else value.reason
    return f"{value.cautioned(shown)}{notes.marks(why_no_interval, value.note)}"


def _bounded(value: Statistic, interval: str) -> str:
    if value.value is None:
        return "not defined"
    if value.low is None or value.high is None:
        return _number(value.value)
    return _number(value.value) + interval.format(_number(value.low), _number(value.high))


def _number(value: float) -> str:
    return f"{value:.3f}".replace("-0.000", "0.000")


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def proportion(value: Proportion) -> str:
    """`33.3 % (20.1 to 47.9)`, or that there is nothing to count."""
    if not value.total:
        return "not defined: no patch"
    return f"{percent(value.value)} % ({percent(value.low)} to {percent(value.high)})"


def of(value: Proportion) -> str:
    """`3 of 15`."""
    return f"{value.positive:,} of {value.total:,}"


def rate(value: Share, notes: Footnotes) -> str:
    """`3 of 15`, and below it the share with its interval."""
    return f"{value.count:,} of {value.of:,}\n{figure(value.share, notes)}"


def moment(value: Moment | None) -> str:
    """The time in UTC, and below it what the clock on the wall said."""
    if value is None:
        return NOTHING
    return f"{value.utc}\n{value.local}" if value.local else value.utc


def one_line(value: Moment | None) -> str:
    if value is None:
        return NOTHING
    return f"{value.utc} ({value.local})" if value.local else value.utc


def cell(value: str) -> str:
    return value or NOTHING


def reader(value: ReaderPart) -> str:
    return f"{value.name} ({value.initials})" if value.initials else value.name


def seconds(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.1f} min"


def listed(values: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} and {values[-1]}"


def cut_offs(values: tuple[float, ...]) -> str:
    """`20 %`, `20 % and 50 %`."""
    return listed(tuple(f"{100 * value:g} %" for value in values))


def category(place: int | None, limits: tuple[float, ...]) -> str:
    """What a case is by how many of the ascending cut-offs its share reaches."""
    if place is None:
        return "no glomerulus"
    if place == 0:
        return f"below {100 * limits[0]:g} %"
    above = f"{100 * limits[place - 1]:g} %"
    return f"{above} or more" if place == len(limits) else f"{above} to {100 * limits[place]:g} %"


def moved(found: Relabelling) -> str:
    """How many cases change category by what was settled."""
    number = len(found.changing)
    return (
        f"{counted(number, 'case')} of {count(len(found.cases))} "
        f"{'changes' if number == 1 else 'change'} category at {cut_offs(found.cut_offs)}."
    )
