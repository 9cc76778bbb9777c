"""The queue of disputes, what was said side by side, referring, adjudicating, and why."""

import pytest
from builders import add_model, make_library

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.labels import ReferenceSource
from glomviewer.store.errors import Refused, UnknownRecord


@pytest.fixture
def small(tmp_path):
    made = make_library(
        tmp_path,
        readers=[("Ann Reader", "AR"), ("Bob Other", "BO"), ("Cara Chief", "CC")],
        image_files=False,
    )
    yield made
    made.library.close()


@pytest.fixture
def library(small):
    return small.library


@pytest.fixture
def readers(small):
    return small.readers


@pytest.fixture
def disputed(library, readers):
    """Ann and Bob differ on patches 1, 2 and 3, and agree on 4."""
    ann, bob, _ = readers
    library.decide(reader=ann, patches=[1, 2, 3, 4], label=1)
    library.decide(reader=bob, patches=[1, 2, 3], label=0, comment="open loops")
    library.decide(reader=bob, patches=[4], label=1)
    return library


def test_the_queue_holds_what_readers_differ_on(disputed):
    assert disputed.disputes() == [1, 2, 3]
    assert disputed.dispute_counts() == {
        DisputeState.OPEN: 3,
        DisputeState.SENT_BACK: 0,
        DisputeState.CONSENSUS: 0,
        DisputeState.SETTLED: 0,
    }


def test_excluded_patches_are_in_no_queue(disputed, readers):
    disputed.exclude(reader=readers[0], patches=[1], reason="wrong stain")
    assert disputed.disputes() == [2, 3]


def test_a_row_says_how_many_differ(disputed, readers):
    disputed.decide(reader=readers[2], patches=[1], label=2)
    first, second = disputed.dispute_rows([2, 1])
    assert (first.patch, first.calls, first.differing, first.case) == (2, 2, 1, "case 1")
    assert (second.calls, second.differing, second.label) == (3, 2, -1)


def test_all_calls_stand_side_by_side_with_comments(disputed, readers):
    disputed.comment(reader=readers[2], patch=1, text="look at level 4")
    found = disputed.dispute(1)
    assert [calls.reader.name for calls in found.calls] == ["Ann Reader", "Bob Other"]
    ann, bob = found.calls
    assert (ann.final.label, bob.final.label, bob.final.comment) == (1, 0, "open loops")
    assert ann.first == ann.final and not ann.final.after_reveal
    assert [remark.text for remark in found.remarks] == ["look at level 4"]
    assert found.state is DisputeState.OPEN and found.adjudication is None


def test_a_change_after_a_reveal_keeps_the_first_call(disputed, small, readers):
    model = add_model(small, {1: -2.0})
    disputed.decide(reader=readers[0], patches=[1], label=0, call_shown=True, model=model)
    ann, bob = disputed.dispute(1).calls
    assert ann.changed_his_mind and not bob.changed_his_mind
    assert ann.first is not None and (ann.first.label, ann.final.label) == (1, 0)
    assert ann.final.after_reveal and ann.final.model == "demo · 1"


def test_one_who_has_always_known_the_call_has_no_first_one(library, readers):
    library.decide(reader=readers[0], patches=[1], label=1, call_shown=True, model="gone")
    (ann,) = library.dispute(1).calls
    assert ann.first is None and ann.final.model == "gone"


def test_of_the_model_nothing_is_told_but_on_demand(disputed, small):
    model = add_model(small, {1: 2.0, 2: -2.0}, slope=2.0, intercept=1.0, threshold=0.0)
    assert "demo" not in repr(disputed.dispute(1))
    call = disputed.model_call(1, model)
    assert call is not None and call.label == 1 and call.title == "demo · 1"
    assert call.probability == pytest.approx(1 / (1 + 2.718281828**-5), abs=1e-6)
    assert call.threshold == 0.5 and not call.trained_on
    assert disputed.model_call(2, model).label == 0
    assert disputed.model_call(3, model) is None


def test_the_call_is_the_one_that_the_table_shows(disputed, small):
    logits = {patch: (-1) ** patch * patch / 7 for patch in small.ids}
    model = add_model(small, logits, slope=1.3, intercept=-0.2, threshold=0.4)
    table = disputed.load_table(None)
    calls = disputed.load_model_view(table, model).calls()
    for row, patch in enumerate(table.ids.tolist()):
        call = disputed.model_call(patch, model)
        assert call is not None and disputed.label_set.targets()[call.label] == calls[row]


def test_sending_back_and_the_consensus_list_are_gestures(disputed, readers):
    chief = readers[2]
    disputed.refer(reader=chief, patches=[1], to=Referral.READING, reason="out of focus")
    disputed.refer(reader=chief, patches=[2], to=Referral.CONSENSUS)
    assert disputed.disputes() == [3]
    assert disputed.disputes(DisputeState.SENT_BACK) == [1]
    assert disputed.disputes(DisputeState.CONSENSUS) == [2]
    referral = disputed.dispute(1).referral
    assert referral is not None
    assert (referral.to, referral.reader.id, referral.reason) == (
        Referral.READING,
        chief,
        "out of focus",
    )
    said = disputed.history(1)[0]
    assert (said.before, said.after) == ("open again", "sent back for another reading")
    disputed.undo(reader=chief)
    assert disputed.disputes() == [2, 3]
    disputed.undo(reader=chief)
    disputed.redo(reader=chief)
    assert disputed.disputes(DisputeState.CONSENSUS) == []
    assert disputed.disputes(DisputeState.SENT_BACK) == [1]


def test_what_was_sent_back_is_open_again_once_it_has_been_called(disputed, readers):
    chief = readers[2]
    disputed.refer(reader=chief, patches=[1], to=Referral.READING)
    disputed.decide(reader=chief, patches=[1], label=1)
    assert disputed.disputes() == [1, 2, 3] and disputed.disputes(DisputeState.SENT_BACK) == []
    found = disputed.dispute(1)
    assert found.state is DisputeState.OPEN and found.referral.called_since
    assert disputed.refer(reader=chief, patches=[1], to=Referral.READING)
    assert disputed.disputes(DisputeState.SENT_BACK) == [1]


def test_taking_off_the_list_opens_it_again(disputed, readers):
    disputed.refer(reader=readers[2], patches=[1, 2], to=Referral.CONSENSUS)
    disputed.refer(reader=readers[2], patches=[1], to=Referral.NONE)
    assert disputed.disputes() == [1, 3]
    assert disputed.dispute(1).referral is None
    assert not disputed.refer(reader=readers[2], patches=[1], to=Referral.NONE)


def test_what_is_no_dispute_can_not_be_referred(disputed, readers):
    with pytest.raises(Refused, match="Patch 4 is not disputed"):
        disputed.refer(reader=readers[2], patches=[1, 4], to=Referral.CONSENSUS)
    with pytest.raises(UnknownRecord):
        disputed.refer(reader=readers[2], patches=[99], to=Referral.READING)
    assert disputed.disputes(DisputeState.CONSENSUS) == []


def test_adjudicating_settles_and_touches_no_call(disputed, readers):
    before = disputed.dispute(1).calls
    disputed.refer(reader=readers[2], patches=[1], to=Referral.CONSENSUS, reason="for all of us")
    disputed.adjudicate(
        reader=readers[2], patch=1, label=1, reason="solidified tuft", call_shown=False
    )
    found = disputed.dispute(1)
    assert found.state is DisputeState.SETTLED and found.calls == before
    assert found.referral is not None and found.referral.to is Referral.CONSENSUS
    assert found.adjudication is not None and not found.adjudication.call_shown
    assert (found.adjudication.label, found.adjudication.reason) == (1, "solidified tuft")
    assert disputed.disputes(DisputeState.SETTLED) == [1]
    assert disputed.dispute_rows([1])[0].label == 1
    disputed.undo(reader=readers[2])
    assert disputed.disputes(DisputeState.CONSENSUS) == [1]


def test_who_has_decided_having_seen_the_call_adjudicates_having_seen_it(disputed, readers):
    disputed.decide(reader=readers[2], patches=[1], label=1, call_shown=True, model="m")
    disputed.adjudicate(reader=readers[2], patch=1, label=1, reason="so", call_shown=False)
    assert disputed.dispute(1).adjudication.call_shown
    assert disputed.why(1).gate_label == -1


def test_whoever_still_reads_a_patch_settles_nothing_about_it(disputed, readers):
    begin_reading(disputed, "first", readers[2], [1])
    for gesture in (
        lambda: disputed.adjudicate(reader=readers[2], patch=1, label=1, reason="so"),
        lambda: disputed.refer(reader=readers[2], patches=[1], to=Referral.READING),
    ):
        with pytest.raises(Refused, match="first"):
            gesture()


def test_whoever_still_reads_a_patch_learns_nothing_of_its_dispute(disputed, small, readers):
    model = add_model(small, {1: 2.0, 2: 2.0})
    disputed.refer(reader=readers[0], patches=[1], to=Referral.CONSENSUS, reason="all of us")
    begin_reading(disputed, "first", readers[2], [1])
    disputed.viewer = readers[2]
    assert disputed.disputes() == [2, 3] and disputed.disputes(DisputeState.CONSENSUS) == []
    assert disputed.dispute_counts()[DisputeState.CONSENSUS] == 0
    assert disputed.model_call(1, model) is None and disputed.model_call(2, model) is not None
    found, row = disputed.dispute(1), disputed.dispute_rows([1])[0]
    assert found.calls == () and found.remarks == () and found.referral is None
    assert (found.case, found.state, found.imported_label) == ("", None, -1)
    assert found.name.startswith("Patch ")
    assert (row.calls, row.case, row.state) == (0, "", None)
    assert "open loops" not in " ".join(disputed.why(1).sentences)
    disputed.viewer = readers[0]
    assert disputed.disputes(DisputeState.CONSENSUS) == [1]


def test_a_queue_of_one_reading(disputed, readers):
    reading = begin_reading(disputed, "first", readers[0], [2, 4], pending=False)
    assert disputed.disputes(reading=reading) == [2]
    assert disputed.dispute_counts(reading)[DisputeState.OPEN] == 1
    assert disputed.reading_names() == {reading: "first"}


def test_why_says_source_and_gate(disputed, readers):
    ann, _, chief = readers
    assert disputed.why(1).source is ReferenceSource.DISPUTED
    assert "Both readers' calls differ".lower() in disputed.why(1).headline.lower()
    assert disputed.why(1).gate_label == -1
    assert disputed.why(4).source is ReferenceSource.READERS_AGREE
    assert disputed.why(5).headline.startswith("It counts as not globally sclerotic because it was")
    disputed.decide(reader=ann, patches=[5], label=1)
    assert "Ann Reader, the only reader so far" in disputed.why(5).headline
    disputed.adjudicate(reader=chief, patch=1, label=1, reason="tuft", call_shown=True)
    explained = disputed.why(1)
    assert explained.source is ReferenceSource.ADJUDICATED and "tuft" in explained.headline
    assert "after the model's call had been shown" in explained.gate
    assert any("Bob Other called it not globally sclerotic" in one for one in explained.said)


def test_how_often_each_source_was_used(disputed, readers):
    disputed.adjudicate(reader=readers[2], patch=1, label=1, reason="tuft")
    counted = disputed.source_counts()
    assert counted == {
        ReferenceSource.ADJUDICATED: 1,
        ReferenceSource.READERS_AGREE: 1,
        ReferenceSource.IMPORTED: 20,
        ReferenceSource.DISPUTED: 2,
    }
    assert disputed.source_counts([1, 5, 6]) == {
        ReferenceSource.ADJUDICATED: 1,
        ReferenceSource.IMPORTED: 2,
    }
    assert disputed.source_counts([]) == {}


def test_labels_without_adjudications(disputed, readers):
    chief = readers[2]
    for patch, label in ((1, 1), (4, 0), (6, 0)):
        disputed.adjudicate(reader=chief, patch=patch, label=label, reason="so")
    assert disputed.labels_before_adjudication() == {1: -1, 4: 1, 6: 1}


def begin_reading(library, name, reader, patches, *, pending=True):
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO readings (uuid, name, created_at) VALUES (?, ?, 0)", (name, name)
        )
        reading = connection.exec_driver_sql("SELECT max(id) FROM readings").scalar_one()
        connection.exec_driver_sql(
            "INSERT INTO reading_readers (reading_id, reader_id) VALUES (?, ?)", (reading, reader)
        )
        for place, patch in enumerate(patches):
            connection.exec_driver_sql(
                "INSERT INTO reading_items (uuid, reading_id, reader_id, place, patch_id) "
                "VALUES (?, ?, ?, ?, ?)",
                (f"{name} {place}", reading, reader, place, patch),
            )
            if pending:
                connection.exec_driver_sql(
                    "INSERT INTO pending (reader_id, patch_id, reading_id) VALUES (?, ?, ?)",
                    (reader, patch, reading),
                )
    return reading
