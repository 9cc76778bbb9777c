"""Readings in the store: who reads what, and in which order."""

from collections import Counter

import pytest
from reading_acts import (
    INDEPENDENT,
    begun,
    call,
    rows_of,
)

from glomviewer.domain.readings.protocol import Order, Protocol
from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.store.errors import Refused, UnknownRecord


def test_a_reading_has_a_list_for_each_reader(small, ann, bob):
    reading = begun(small)
    (summary,) = small.library.readings()
    assert (summary.name, summary.patches, summary.protocol) == ("first", 24, INDEPENDENT)
    assert [one.reader.initials for one in summary.readers] == ["AO", "BE"]
    for reader in (ann, bob):
        items = small.library.reading_items(reading, reader)
        assert [item.place for item in items] == list(range(26))
        counted = Counter(item.patch for item in items)
        assert set(counted) == set(small.ids)
        assert sorted(counted.values())[-2:] == [2, 2]
        assert not any(item.is_repeat for item in items)


def test_what_cannot_be_read_stays_out(small, ann):
    small.library.exclude(reader=ann, patches=[1, 2], reason="wrong stain")
    changes = small.library.create_reading(
        name="rest", patches=small.ids, protocol=INDEPENDENT, readers=small.readers[:2]
    )
    assert changes.sentence == (
        "The reading rest was made: 22 patches for 2 readers. Left out: 2 excluded."
    )
    assert small.library.reading_patches(changes.reading) == small.ids[2:]


def test_a_sample_of_whole_cases(small):
    reading = begun(small, sample=Sample(SampleKind.CASES, 2))
    patches = small.library.reading_patches(reading)
    assert len(patches) == 8
    assert len({patch.case for patch in small.library.patches(patches)}) == 2


def test_patches_are_shared_out_where_fewer_readings_are_needed(small):
    reading = begun(small, Protocol(needed=2, repeats=0), readers=3)
    (summary,) = small.library.readings()
    assert [one.items for one in summary.readers] == [16, 16, 16]
    assert small.library.reading_patches(reading) == small.ids


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"readers": 1}, "needs 2 readings, and there is 1"),
        ({"readers": 0}, "at least one reader"),
        ({"patches": []}, "No patch is left"),
        ({"name": " "}, "needs a name"),
    ],
)
def test_a_reading_that_cannot_be_is_refused(small, wrong, said):
    with pytest.raises(Refused, match=said):
        begun(small, **wrong)
    assert small.library.readings() == []


def test_a_name_is_taken_once(small):
    begun(small)
    with pytest.raises(Refused, match="reading First already"):
        begun(small, name="First")


def test_unknown_patches_are_refused(small):
    with pytest.raises(UnknownRecord):
        begun(small, patches=[1, 999])


def test_one_reads_ones_own_list(small, library, ann, bob):
    item = library.reading_items(begun(small), ann)[0]
    with pytest.raises(Refused, match="another reader's list"):
        call(small, bob, item)


def test_a_patch_of_two_readings_has_one_number(small, library, ann):
    begun(small, patches=[1, 2, 3, 4])
    begun(small, patches=[3, 4, 5, 6], name="second")
    rows = rows_of(library, f"SELECT patch_id, number FROM pending WHERE reader_id = {ann}")
    assert len({number for _, number in rows}) == 8


def test_a_list_by_case_numbers_its_cases(small, library, ann):
    reading = begun(small, Protocol(order=Order.BY_CASE, repeats=0.2))
    items = library.reading_items(reading, ann)
    places = [item.case_place for item in items]
    assert places == sorted(places)
    assert set(places) == set(range(6))
