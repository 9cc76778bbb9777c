"""What a decision writes down, and what it makes of the reference label."""

from datetime import UTC, datetime, timedelta

import pytest

from glomviewer.domain.labels import NO_LABEL, ReferenceSource
from glomviewer.store import recomputation
from glomviewer.store.errors import Refused, UnknownRecord


def reference(library, patch):
    found = library.patch(patch)
    return found.reference_label, found.reference_source, found.disputed


def test_a_decision_says_who_what_when_and_what_could_be_seen(library, ann):
    changes = library.decide(
        reader=ann,
        patches=[3],
        label=0,
        detail="segmental sclerosis",
        comment="tip lesion",
        call_shown={3: True},
        model="swin-7",
    )
    (decision,) = library.history(3)
    assert decision.reader.initials == "AO"
    assert (decision.label, decision.detail, decision.comment) == (
        0,
        "segmental sclerosis",
        "tip lesion",
    )
    assert (decision.call_shown, decision.model, decision.on_screen) == (True, "swin-7", True)
    assert (decision.origin, decision.sequence, decision.batch) == (
        library.origin,
        1,
        changes.batch,
    )
    assert abs(decision.made_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert decision.zone
    assert changes.patches == (3,)
    assert changes.sentence == "Labelled 1 patch not globally sclerotic."


def test_sequence_numbers_have_no_gaps(library, ann, bob):
    library.decide(reader=ann, patches=[1, 2, 3], label=1)
    library.decide(reader=bob, patches=[1], label=0)
    library.undo(reader=bob)
    numbers = sorted(one.sequence for patch in (1, 2, 3) for one in library.history(patch))
    assert numbers == [1, 2, 3, 4, 5]
    assert library.log_position() == {library.origin: 5}


def test_the_reference_label_follows_the_stated_order(library, ann, bob):
    assert reference(library, 2) == (1, ReferenceSource.IMPORTED, False)
    library.decide(reader=ann, patches=[2], label=0)
    assert reference(library, 2) == (0, ReferenceSource.SINGLE_READER, False)
    library.decide(reader=bob, patches=[2], label=0)
    assert reference(library, 2) == (0, ReferenceSource.READERS_AGREE, False)
    library.decide(reader=bob, patches=[2], label=2)
    assert reference(library, 2) == (NO_LABEL, ReferenceSource.DISPUTED, True)
    library.adjudicate(reader=ann, patch=2, label=1, reason="level 5")
    assert reference(library, 2) == (1, ReferenceSource.ADJUDICATED, False)


def test_a_bulk_decision_leaves_what_was_never_on_screen_not_yet_seen(library, ann):
    library.decide(reader=ann, patches=[1, 2, 3], label=2, on_screen=[2])
    assert library.load_table(ann)["seen"][:3].tolist() == [False, True, False]
    assert [library.history(patch)[0].on_screen for patch in (1, 2, 3)] == [False, True, False]


def test_seen_is_each_readers_own_and_survives_an_undo(library, ann, bob):
    library.mark_seen(reader=ann, patches=[5])
    library.decide(reader=ann, patches=[6], label=1)
    library.undo(reader=ann)
    assert library.load_table(ann)["seen"].nonzero()[0].tolist() == [4, 5]
    assert not library.load_table(bob)["seen"].any()


def test_the_same_label_again_is_not_logged_unless_it_is_the_first_look(library, ann):
    library.decide(reader=ann, patches=[1], label=1, on_screen=[])
    assert library.decide(reader=ann, patches=[1], label=1, on_screen=[]).batch is None
    assert library.decide(reader=ann, patches=[1], label=1).batch is not None
    again = library.decide(reader=ann, patches=[1], label=1)
    assert not again
    assert again.sentence
    assert len(library.history(1)) == 2


def test_accepting_calls_is_one_gesture_with_several_labels(library, ann):
    changes = library.decide_many(reader=ann, labels={1: 1, 2: 0, 3: 1}, call_shown=True)
    assert library.load_table(ann)["current"][:3].tolist() == [1, 0, 1]
    assert {library.history(patch)[0].batch for patch in (1, 2, 3)} == {changes.batch}


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda lib, ann: lib.decide(reader=ann, patches=[1], label=9), "no label 9"),
        (lambda lib, ann: lib.decide(reader=ann, patches=[1], label=1, detail="x"), "no detail"),
        (lambda lib, ann: lib.exclude(reader=ann, patches=[1], reason=" "), "why"),
        (lambda lib, ann: lib.comment(reader=ann, patch=1, text=" "), "empty"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_changes_nothing(library, ann, act, words):
    with pytest.raises(Refused, match=words):
        act(library, ann)
    assert library.history(1) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda lib: lib.decide(reader=1, patches=[1, 999], label=1),
        lambda lib: lib.decide(reader=77, patches=[1], label=1),
        lambda lib: lib.exclude(reader=1, case="nobody", reason="x"),
        lambda lib: lib.patch(999),
    ],
)
def test_unknown_patches_readers_and_cases_are_refused(library, ann, act):
    with pytest.raises(UnknownRecord):
        act(library)
    assert library.history(1) == []


def test_a_refused_gesture_leaves_no_batch_behind(library, ann):
    with pytest.raises(UnknownRecord):
        library.decide(reader=ann, patches=[1, 999], label=1)
    assert library.next_undo(ann) is None


def test_rebuilding_the_state_from_the_log_changes_nothing(library, ann, bob):
    library.decide(reader=ann, patches=range(1, 20), label=1, comment="x")
    library.decide(reader=bob, patches=range(10, 30), label=0, call_shown=True)
    library.flag(reader=bob, patches=[3, 4])
    library.flag(reader=ann, patches=[4], flagged=False)
    library.exclude(reader=ann, case="case 2", reason="wrong stain")
    library.include(reader=bob, patches=[21])
    library.adjudicate(reader=ann, patch=12, label=0)
    library.undo(reader=bob)
    before = library.load_table(ann)
    with library.write() as connection:
        assert recomputation.differences(connection) == []
        recomputation.rebuild(connection)
    after = library.load_table(ann)
    for name, column in before.columns.items():
        assert (column == after[name]).all() or name == "microns_per_pixel"


def test_a_tampered_state_is_found(library, ann):
    library.decide(reader=ann, patches=[1, 2], label=1)
    with library.write() as connection:
        connection.exec_driver_sql("UPDATE patch_states SET reference = 0 WHERE patch_id = 2")
        connection.exec_driver_sql("DELETE FROM current_labels WHERE patch_id = 1")
    with library.read() as connection:
        found = recomputation.differences(connection)
    assert len(found) == 2
