"""The tables that agreement is computed from, held against what was done by hand."""

import numpy as np
import pytest
from builders import PatchPlan, add_model, make_library, plans

from glomviewer.domain.labels import ReferenceSource
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store import recomputation
from glomviewer.store.errors import Refused, UnknownRecord

SCLEROTIC, NOT_SCLEROTIC = 1, 0
NEVER = Protocol(repeats=0, reveal=Reveal.NEVER)


@pytest.fixture
def small(tmp_path):
    """Six patches in two cases and one of no case; the model calls odd ones sclerotic."""
    patches = [*plans(cases=2, each=3, labelled=False), PatchPlan(case="")]
    readers = (("Bob Else", "BE"), ("Ann Other", "AO"))
    made = make_library(tmp_path, patches, readers=readers, image_files=False)
    seen = [made.library.patch(2).pixel_hash]
    add_model(made, {patch: 2.0 if patch % 2 else -2.0 for patch in made.ids[:-1]}, seen=seen)
    with made.library:
        yield made


def begun(small, protocol=NEVER, **more):
    made = small.library.create_reading(
        **{"name": "r", "patches": small.ids, "protocol": protocol, "readers": small.readers}
        | {"seed": 1}
        | more
    )
    return made.reading


def call(small, reading, reader, labels, *, finish=True):
    """Call patches so, each item in turn; a list gives the calls of one patch one by one."""
    for item in small.library.reading_items(reading, reader):
        said = labels.get(item.patch, ())
        for label in said if isinstance(said, list | tuple) else [said]:
            small.library.commit_item(reader=reader, item=item.id, label=label)
    if finish:
        small.library.finish_reading(reading=reading, reader=reader, reason="so")


def test_a_reading_by_patch_and_reader(small):
    bob, ann = small.readers
    reading = begun(small)
    call(small, reading, ann, {1: 1, 2: 0, 3: [1, 0]})
    call(small, reading, bob, {1: 1, 2: 1})
    table = small.library.ratings(reading)
    assert [one.initials for one in table.readers] == ["AO", "BE"]
    assert table.patches.tolist() == small.ids
    assert table.first[:4].tolist() == [[1, 1], [0, 1], [0, -1], [-1, -1]]
    assert table.final.tolist() == table.first.tolist()
    assert not table.revealed.any()
    assert table.cases == ("case 1", "case 2")
    assert table.case.tolist() == [0, 0, 0, 1, 1, 1, -1]
    assert table.call.tolist() == [1, 0, 1, 0, 1, 0, -1]
    assert table.trained_on.tolist() == [False, True, False, False, False, False, False]
    assert table.reference[:3].tolist() == [1, -1, 0]
    assert table.reference_source[:3].tolist() == [
        ReferenceSource.READERS_AGREE,
        ReferenceSource.DISPUTED,
        ReferenceSource.SINGLE_READER,
    ]
    assert (table.made_at > 0).tolist() == (table.first >= 0).tolist()
    items = small.library.reading_items(reading, ann)
    assert table.order[:, 0].tolist() == [
        next(item.place for item in items if item.patch == patch) for patch in small.ids
    ]


def test_a_change_after_the_reveal_is_final_and_not_first(small):
    _, ann = small.readers
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.AFTER))
    call(small, reading, ann, {1: [0, 1], 2: 0}, finish=False)
    table = small.library.ratings(reading)
    assert table.first[:2, 0].tolist() == [0, 0]
    assert table.final[:2, 0].tolist() == [1, 0]
    assert table.revealed[:2, 0].tolist() == [True, True]
    assert table.model == "demo · 1"


def test_a_label_beside_the_call_is_no_first_one(small):
    _, ann = small.readers
    small.library.decide(reader=ann, patches=[1], label=1, call_shown=True)
    reading = begun(small)
    call(small, reading, ann, {1: 0, 2: 0})
    table = small.library.ratings(reading)
    assert table.first[:2, 0].tolist() == [-1, 0]
    assert table.final[:2, 0].tolist() == [0, 0]


def test_the_untouched_reference_knows_no_call_after_a_reveal(small):
    """On 1 they agree at first, on 2 since Ann has seen the call, on 3 no more since then; 4 is
    Ann's alone, 5 adjudicated, 6 the same by one who knows the call, 7 called beside it."""
    bob, ann = small.readers
    cara = small.library.add_reader("Cara More", "CM").id
    small.library.decide(reader=ann, patches=[7], label=0, call_shown=True)
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.AFTER))
    call(small, reading, ann, {1: 1, 2: [1, 0], 3: [0, 1], 4: 1, 5: 1, 6: 1})
    call(small, reading, bob, {1: 1, 2: 0, 3: 0, 5: 0, 6: 0})
    small.library.adjudicate(reader=cara, patch=5, label=2, call_shown=False)
    small.library.adjudicate(reader=bob, patch=6, label=0, call_shown=False)
    source = ReferenceSource
    expected = (
        [1, -1, 0, 1, 2, -1, -1],
        [
            source.READERS_AGREE,
            source.DISPUTED,
            source.READERS_AGREE,
            source.SINGLE_READER,
            source.ADJUDICATED,
            source.ADJUDICATED,
            source.NONE,
        ],
    )
    for table in (small.library.ratings(reading), small.library.ratings()):
        assert (table.untouched.tolist(), table.untouched_source.tolist()) == expected
    assert small.library.ratings().reference.tolist() == [1, 0, -1, 1, 2, 0, 0]


def test_who_has_called_a_patch_outside_a_reading_stands_behind_its_reference(small):
    bob, ann = small.readers
    small.library.decide(reader=bob, patches=[1, 2], label=1)
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER, needed=1), readers=[ann])
    call(small, reading, ann, {1: 1, 3: 1})
    table = small.library.ratings(reading)
    assert table.untouched[:3].tolist() == [1, 1, 1]
    assert table.untouched_source[:3].tolist() == [
        ReferenceSource.READERS_AGREE,
        ReferenceSource.SINGLE_READER,
        ReferenceSource.SINGLE_READER,
    ]


@pytest.mark.parametrize(("reveal", "after"), [(Reveal.NEVER, False), (Reveal.AFTER, True)])
def test_repeats_are_a_readers_calls_of_the_same_patch(small, reveal, after):
    _, ann = small.readers
    reading = begun(small, Protocol(repeats=0.3, reveal=reveal))
    done = set()
    for item in small.library.reading_items(reading, ann):
        label = NOT_SCLEROTIC if item.patch in done else SCLEROTIC
        small.library.commit_item(reader=ann, item=item.id, label=label)
        done.add(item.patch)
    table = small.library.ratings(reading)
    repeats = table.repeats[0]
    assert len(repeats.patches) == 2
    assert repeats.first.tolist() == [SCLEROTIC] * 2
    assert repeats.again.tolist() == [NOT_SCLEROTIC] * 2
    assert repeats.after_reveal.tolist() == [after] * 2
    assert set(table.final[:, 0].tolist()) == {SCLEROTIC}
    assert len(table.repeats[1].patches) == 2
    assert set(table.repeats[1].again.tolist()) == {-1}


def test_all_labels_of_the_library(small):
    bob, ann = small.readers
    library = small.library
    library.decide(reader=ann, patches=[1, 2], label=1)
    library.decide(reader=ann, patches=[2], label=0, call_shown=True)
    library.decide(reader=bob, patches=[2, 3], label=0)
    table = library.ratings()
    assert table.patches.tolist() == [1, 2, 3]
    assert table.first.tolist() == [[1, -1], [1, 0], [-1, 0]]
    assert table.final.tolist() == [[1, -1], [0, 0], [-1, 0]]
    assert table.revealed.tolist() == [[False, False], [True, False], [False, False]]
    assert table.order.max() == -1


def test_who_kept_his_call_in_a_reading_has_been_shown_the_models(small):
    bob, ann = small.readers
    once = Protocol(repeats=0, reveal=Reveal.AFTER, needed=1)
    call(small, begun(small, once, readers=[ann]), ann, {1: 1, 2: [1, 0]})
    small.library.decide(reader=bob, patches=[1, 2], label=0)
    table = small.library.ratings()
    assert table.revealed[:2].tolist() == [[True, False], [True, False]]


def test_the_threshold_is_that_of_the_reading(small):
    reading = begun(small)
    model = small.library.active_model()
    small.library.set_threshold(model.id, 3.0, reader=None)
    call(small, reading, small.readers[0], {1: 1})
    assert small.library.ratings(reading).call[0] == 1
    assert small.library.ratings(reading).threshold == pytest.approx(0.0)
    assert small.library.ratings().call[0] == 0


def test_a_short_reading_in_a_long_log(small):
    bob, ann = small.readers
    for label in (1, 0, 1, 0):
        small.library.decide(reader=bob, patches=small.ids, label=label)
    reading = begun(small, patches=[3])
    call(small, reading, ann, {3: [0, 1]})
    table = small.library.ratings(reading)
    assert (table.first.tolist(), table.final.tolist()) == ([[1, -1]], [[1, -1]])


def test_nobody_has_read(small):
    table = small.library.ratings()
    assert (len(table), table.readers) == (0, ())
    reading = begun(small)
    assert np.all(small.library.ratings(reading).final == -1)


def test_an_unknown_reading(small):
    with pytest.raises(UnknownRecord):
        small.library.ratings(99)


def test_who_still_reads_is_not_told_how_others_call_it(small):
    bob, ann = small.readers
    reading = begun(small)
    call(small, reading, bob, {1: 1})
    small.library.viewer = ann
    with pytest.raises(Refused, match="still read in this reading"):
        small.library.ratings(reading)
    assert len(small.library.ratings()) == 0


def test_pending_patches_are_verified_and_built_again(small):
    begun(small)
    with small.library.write() as connection:
        assert recomputation.differences(connection) == []
        connection.exec_driver_sql("DELETE FROM pending WHERE patch_id = 1")
        assert recomputation.differences(connection) == [
            "2 patches are kept as read independently, or as not, otherwise than the readings say."
        ]
        recomputation.rebuild(connection)
        assert recomputation.differences(connection) == []
