"""Which backups to keep: many young ones, few old ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

ALWAYS = 3
_ALL_WITHIN = timedelta(hours=24)
_DAILY_WITHIN = timedelta(days=14)
_WEEKLY_WITHIN = timedelta(weeks=9)


def kept(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Those to keep: all of the last 24 hours and the newest three; of each day of two weeks,
    each week of nine, and each month before that, the last one."""
    newest_first = sorted(set(moments), reverse=True)
    keep = set(newest_first[:ALWAYS])
    groups: set[tuple[object, ...]] = set()
    for moment in newest_first:
        age = now - moment
        if age <= _ALL_WITHIN:
            keep.add(moment)
            continue
        group = _group_of(age)(moment)
        if group not in groups:
            groups.add(group)
            keep.add(moment)
    return keep


def _group_of(age: timedelta) -> Callable[[datetime], tuple[object, ...]]:
    if age <= _DAILY_WITHIN:
        return lambda moment: ("day", moment.date())
    if age <= _WEEKLY_WITHIN:
        return lambda moment: ("week", *moment.isocalendar()[:2])
    return lambda moment: ("month", moment.year, moment.month)
