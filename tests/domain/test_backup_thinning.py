"""Many young backups, few old ones."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.backup_thinning import kept

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

hours_ago = st.lists(st.floats(min_value=0, max_value=24 * 900), max_size=200)


def moments(ages):
    return [NOW - timedelta(hours=age) for age in ages]


def test_half_hourly_backups_of_two_years_shrink_to_a_few_dozen():
    all_of_them = moments(hour / 2 for hour in range(2 * 24 * 730))
    keep = kept(all_of_them, NOW)
    assert 49 + 14 + 7 + 20 <= len(keep) <= 49 + 15 + 9 + 26


def test_everything_of_the_last_day_stays():
    young = moments(range(24))
    assert kept(young, NOW) == set(young)


def test_last_backup_of_a_day_is_the_one_that_stays():
    day = NOW - timedelta(days=5)
    times = [day.replace(hour=hour) for hour in (8, 12, 17)]
    newer = moments([1, 2, 3])
    assert kept([*times, *newer], NOW) == {times[-1], *newer}


@given(hours_ago)
def test_newest_backup_is_never_thinned(ages):
    times = moments(ages)
    keep = kept(times, NOW)
    assert keep <= set(times)
    assert not times or max(times) in keep


@given(hours_ago)
def test_thinning_twice_changes_nothing_more(ages):
    once = kept(moments(ages), NOW)
    assert kept(once, NOW) == once


@given(hours_ago)
def test_no_month_of_the_past_is_left_without_a_backup(ages):
    times = moments(ages)
    keep = kept(times, NOW)
    assert {(t.year, t.month) for t in times} == {(t.year, t.month) for t in keep}
