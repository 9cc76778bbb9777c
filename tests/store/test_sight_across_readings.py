"""One patch in several readings: each of them keeps what it keeps, whatever the others show."""

import builders
import pytest
from readings import commit

from glomviewer.domain.readings.protocol import Order, Protocol, Reveal

ANN, BOB = ("Ann Reader", "AR"), ("Bob Reader", "BR")


@pytest.fixture
def small(tmp_path):
    made = builders.make_library(tmp_path, builders.plans(cases=2, each=2), readers=(ANN, BOB))
    builders.add_model(made, dict.fromkeys(made.ids, 2.0))
    yield made
    made.library.close()


@pytest.fixture
def ann(small):
    return small.readers[0]


@pytest.fixture
def bob(small):
    return small.readers[1]


def made(small, name, readers, reveal=Reveal.NEVER, *, independent=True):
    protocol = Protocol(independent, Order.FIXED, 0.0, reveal, len(readers))
    return small.library.create_reading(
        name=name, patches=small.ids, protocol=protocol, readers=list(readers), seed=1
    ).reading


def finished(small, reading, reader, label=1):
    small.library.viewer = reader
    for item in small.library.reading_items(reading, reader):
        commit(small.library, reader, item.id, label)
    small.library.finish_reading(reading=reading, reader=reader)


def first_item(small, reading, reader):
    return min(small.library.reading_items(reading, reader), key=lambda item: item.patch)


def shown(small, reader, patch):
    """Whether each label of this patch was made knowing the call, oldest first."""
    with small.library.read(unblinded=True) as connection:
        rows = connection.exec_driver_sql(
            "SELECT call_shown FROM decisions WHERE reader_id = ? AND patch_id = ? ORDER BY id",
            (reader, patch),
        )
        return [bool(one) for one in rows.scalars()]


def test_what_a_colleague_said_in_another_reading_is_kept_back(small, ann, bob):
    of_ann = made(small, "Hers", [ann])
    finished(small, of_ann, ann)
    mine = made(small, "His", [bob])
    small.library.viewer = bob
    told = small.library.reading_items(of_ann, ann)
    assert {(one.label, one.first_label, one.decided_at) for one in told} == {(-1, -1, None)}
    finished(small, mine, bob)
    assert {one.label for one in small.library.reading_items(of_ann, ann)} == {1}


def test_what_one_said_himself_is_kept_back_when_he_reads_anew(small, bob):
    before = made(small, "First", [bob])
    finished(small, before, bob)
    again = made(small, "Second", [bob])
    library = small.library
    library.viewer = bob
    assert {one.label for one in library.reading_items(before, bob)} == {-1}
    assert [library.history(patch) for patch in small.ids] == [[]] * len(small.ids)
    with library.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM current_labels").scalar_one() == 0
        titles = connection.exec_driver_sql("SELECT title FROM batches").scalars().all()
    assert set(titles) == {"an earlier gesture"}
    commit(library, bob, first_item(small, again, bob).id, 0)
    assert [one.label for one in library.reading_items(again, bob)].count(0) == 1
    finished(small, again, bob)
    assert {one.label for one in library.reading_items(before, bob)} == {1}


def test_a_call_shown_at_once_waits_for_a_reading_that_never_shows_it(small, bob):
    openly = made(small, "Open", [bob], Reveal.AT_ONCE, independent=False)
    blind = made(small, "Blind", [bob])
    library = small.library
    library.viewer = bob
    item = first_item(small, openly, bob)
    assert library.revealed_call(reader=bob, item=item.id) is None
    assert library.commit_item(reader=bob, item=item.id, label=1).reveal is None
    commit(library, bob, first_item(small, blind, bob).id, 1)
    assert shown(small, bob, item.patch) == [False, False]
    assert library.revealed_call(reader=bob, item=item.id) is None
    finished(small, blind, bob)
    assert library.revealed_call(reader=bob, item=item.id) is not None
    library.commit_item(reader=bob, item=item.id, label=0)
    assert shown(small, bob, item.patch)[-1]


def test_a_call_shown_after_the_commit_waits_as_well(small, bob):
    telling = made(small, "Telling", [bob], Reveal.AFTER)
    blind = made(small, "Blind", [bob])
    library = small.library
    library.viewer = bob
    item = first_item(small, telling, bob)
    assert library.commit_item(reader=bob, item=item.id, label=1).reveal is None
    commit(library, bob, first_item(small, blind, bob).id, 0)
    assert shown(small, bob, item.patch) == [False, False]


def test_a_call_that_was_shown_before_the_next_reading_was_made_stays_known(small, bob):
    telling = made(small, "Telling", [bob], Reveal.AFTER)
    library = small.library
    library.viewer = bob
    item = first_item(small, telling, bob)
    assert library.commit_item(reader=bob, item=item.id, label=1).reveal is not None
    blind = made(small, "Blind", [bob])
    commit(library, bob, first_item(small, blind, bob).id, 0)
    assert shown(small, bob, item.patch) == [False, True]


def test_a_call_that_a_colleague_has_earned_is_not_told_to_another(small, ann, bob):
    reading = made(small, "Both", [ann, bob], Reveal.AFTER)
    library = small.library
    library.viewer = ann
    item = first_item(small, reading, ann)
    commit(library, ann, item.id, 1)
    library.viewer = bob
    assert library.revealed_call(reader=ann, item=item.id) is None
