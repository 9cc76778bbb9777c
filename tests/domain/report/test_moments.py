"""A time is told in UTC, with what the clock on the wall said beside it."""

from datetime import UTC, datetime, timedelta, timezone

from glomviewer.domain.report.moments import Moment

LATE = datetime(2026, 7, 1, 23, 30, 5, 1234, tzinfo=UTC)


def test_a_moment_is_told_in_utc_and_on_the_wall():
    moment = Moment(LATE, "Europe/Berlin")
    assert moment.utc == "2026-07-01 23:30:05 UTC"
    assert moment.local == "2026-07-02 01:30:05 Europe/Berlin"
    assert moment.exact == "2026-07-01T23:30:05.001234+00:00"


def test_on_the_same_day_the_wall_needs_no_date():
    assert Moment(LATE.replace(hour=8), "Europe/Berlin").local == "10:30:05 Europe/Berlin"


def test_utc_needs_no_wall():
    assert Moment(LATE, "UTC").local == "" and Moment(LATE).local == ""


def test_a_zone_that_this_machine_does_not_know_is_named_as_it_is():
    assert Moment(LATE, "Mars/Olympus").local == "Mars/Olympus"
    assert Moment(LATE, "../../etc/passwd").local == "../../etc/passwd"


def test_the_zone_that_a_time_came_in_does_not_matter():
    elsewhere = LATE.astimezone(timezone(timedelta(hours=-7)))
    assert Moment(elsewhere, "").utc == Moment(LATE, "").utc
