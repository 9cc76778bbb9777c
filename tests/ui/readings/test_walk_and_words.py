"""Where a reader is in his list, how fast he goes, and in which words it is said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import ItemState, ReadingSummary
from glomviewer.ui.readings import wording
from glomviewer.ui.readings.pace import LONGEST_LOOK, Pace
from glomviewer.ui.readings.walk import Walk

NOW = datetime(2026, 5, 3, 9, tzinfo=UTC)


def items(labels, cases=None):
    return [
        ItemState(
            id=100 + place,
            uuid=f"{place:032x}",
            place=place,
            patch=place + 1,
            turn=0,
            label=label,
            case_place=-1 if cases is None else cases[place],
        )
        for place, label in enumerate(labels)
    ]


def reading(*, independent=True):
    reveal = Reveal.NEVER
    protocol = Protocol(independent=independent, reveal=reveal, needed=1)
    return ReadingSummary(1, "u", "Study A", protocol, NOW, (), 10)


@given(
    st.lists(st.sampled_from([-1, 0, 1]), max_size=12),
    st.lists(st.sampled_from(["back", "forward", "to_first_unread", "label"]), max_size=40),
)
def test_no_step_leads_past_the_first_unread_or_before_the_first(labels, steps):
    walk = Walk(items(labels))
    for step in steps:
        if step != "label":
            getattr(walk, step)()
        elif walk.item is not None:
            walk.note(walk.item.id, label=1)
        first = walk.first_unread
        assert 0 <= walk.place <= first
        assert walk.at_end == (walk.place == len(walk))
        assert all(walk._items[place].is_done for place in range(first))


def test_it_begins_at_the_first_unread_and_ends_where_all_are_read():
    assert Walk(items([1, 0, -1, 1])).place == 2
    assert Walk(items([1, 0])).at_end
    assert Walk([]).at_end


def test_an_undone_label_brings_its_item_back():
    walk = Walk(items([1, 1, -1]))
    walk.take(items([1, -1, -1]))
    assert walk.place == 1


def test_the_pace_is_the_median_and_knows_nothing_of_pauses():
    pace = Pace()
    now = 0.0
    for seconds in (4.0, 6.0, LONGEST_LOOK + 1, 5.0):
        pace.begin(now)
        now += seconds
        pace.decide(now)
    assert pace.seconds_for(10) == pytest.approx(50)
    pace.begin(now)
    pace.pause()
    pace.decide(now + 1)
    assert pace.seconds_for(10) == pytest.approx(50)


def test_the_pace_of_last_time_is_known_but_not_from_too_little():
    moments = [NOW + timedelta(seconds=seconds) for seconds in (0, 5, 10, 4000, 4005)]
    assert Pace(moments).seconds_for(12) == pytest.approx(60)
    assert Pace(moments[:2]).seconds_for(12) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (5, "less than a minute left"),
        (60, "about 1 minute left"),
        (840, "about 14 minutes left"),
        (5940, "about 99 minutes left"),
        (2 * 3600, "about 2 hours left"),
        (2.5 * 3600, "about 2 and a half hours left"),
        (2.9 * 3600, "about 3 hours left"),
    ],
)
def test_time_left_in_words(seconds, words):
    assert wording.time_left(seconds) == words


def test_progress_in_words():
    pace = Pace(NOW + timedelta(seconds=7 * n) for n in range(8))
    walk = Walk(items([1] * 37 + [-1] * 83))
    assert (
        wording.progress_text(reading(), walk, pace)
        == "Independent reading · 38 of 120 · about 10 minutes left"
    )
    by_case = Walk(items([1, -1, -1], cases=[0, 1, 1]))
    assert (
        wording.progress_text(reading(independent=False), by_case, Pace())
        == "Open reading · 2 of 3 · Case 2 of 2"
    )
    done = Walk(items([1, 1]))
    assert wording.progress_text(reading(), done, Pace()) == "Independent reading · 2 patches read"
