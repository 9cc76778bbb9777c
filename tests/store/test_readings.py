"""Readings in the store: lists, commits, reveals, ends, sign-off."""

from collections import Counter

import pytest
from builders import add_model, make_library, plans

from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.store import pending
from glomviewer.store.errors import NothingToUndo, Refused, UnknownRecord

SCLEROTIC, NOT_SCLEROTIC, CANNOT_TELL = 1, 0, 2
INDEPENDENT = Protocol(repeats=0.1, reveal=Reveal.AFTER, needed=2)


@pytest.fixture
def small(tmp_path):
    """24 patches in 6 cases, three readers, a model that calls every odd patch sclerotic."""
    readers = (("Ann Other", "AO"), ("Bob Else", "BE"), ("Cara More", "CM"))
    made = make_library(tmp_path, plans(labelled=False), readers=readers, image_files=False)
    add_model(made, {patch: 2.0 if patch % 2 else -2.0 for patch in made.ids})
    with made.library:
        yield made


@pytest.fixture
def library(small):
    return small.library


@pytest.fixture
def ann(small):
    return small.readers[0]


@pytest.fixture
def bob(small):
    return small.readers[1]


def begun(small, protocol=INDEPENDENT, *, name="first", readers=2, patches=None, **more):
    """A reading of all patches for the first readers; its id."""
    changes = small.library.create_reading(
        name=name,
        patches=small.ids if patches is None else patches,
        protocol=protocol,
        readers=small.readers[:readers],
        **{"seed": 1} | more,
    )
    return changes.reading


def call(small, reader, item, label=SCLEROTIC, **more):
    return small.library.commit_item(reader=reader, item=item.id, label=label, **more)


def read_all(small, reading, reader, label=SCLEROTIC):
    for item in small.library.reading_items(reading, reader):
        call(small, reader, item, label)


def rows_of(library, sql):
    with library.read(unblinded=True) as connection:
        return connection.exec_driver_sql(sql).all()


def pending_is_right(library):
    with library.read(unblinded=True) as connection:
        return pending.differences(connection) == 0


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


def test_a_commit_earns_the_models_call_and_the_change_is_marked(small, library, ann):
    item = library.reading_items(begun(small), ann)[0]
    assert library.revealed_call(reader=ann, item=item.id) is None
    changes = call(small, ann, item, NOT_SCLEROTIC)
    assert changes.reveal.call == item.patch % 2
    assert changes.reveal.model == "demo · 1"
    assert changes.reveal.threshold == pytest.approx(0.5)
    assert changes.patches == (item.patch,)
    call(small, ann, item, SCLEROTIC)
    after = library.reading_items(item.id and changes.reading, ann)[0]
    assert (after.first_label, after.label, after.revealed) == (NOT_SCLEROTIC, SCLEROTIC, True)
    shown = rows_of(library, "SELECT label, call_shown, model <> '' FROM decisions ORDER BY id")
    assert shown == [(NOT_SCLEROTIC, 0, 0), (SCLEROTIC, 1, 1)]
    first = rows_of(library, "SELECT first_label, label FROM current_labels")
    assert first == [(NOT_SCLEROTIC, SCLEROTIC)]
    assert library.revealed_call(reader=ann, item=item.id) == changes.reveal


def test_a_protocol_that_never_reveals_lets_one_change_before_the_end(small, library, ann):
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER))
    item = library.reading_items(reading, ann)[3]
    assert call(small, ann, item, NOT_SCLEROTIC).reveal is None
    call(small, ann, item, SCLEROTIC)
    after = library.reading_items(reading, ann)[3]
    assert (after.first_label, after.label, after.revealed) == (SCLEROTIC, SCLEROTIC, False)
    library.undo(reader=ann)
    assert library.reading_items(reading, ann)[3].label == NOT_SCLEROTIC
    library.undo(reader=ann)
    assert not library.reading_items(reading, ann)[3].is_done


def test_an_open_reading_shows_the_call_at_once(small, library, ann):
    protocol = Protocol(independent=False, reveal=Reveal.AT_ONCE, repeats=0)
    item = library.reading_items(begun(small, protocol), ann)[0]
    assert library.revealed_call(reader=ann, item=item.id).call == item.patch % 2
    call(small, ann, item)
    assert rows_of(library, "SELECT call_shown FROM decisions") == [(1,)]


def test_labels_after_a_reveal_are_marked_wherever_they_are_made(small, library, ann):
    reading = begun(small)
    items = library.reading_items(reading, ann)
    for item in items:
        call(small, ann, item)
    library.finish_reading(reading=reading, reader=ann)
    library.decide(reader=ann, patches=[items[0].patch], label=NOT_SCLEROTIC, call_shown=False)
    newest = rows_of(library, "SELECT call_shown FROM decisions ORDER BY id DESC LIMIT 1")
    assert newest == [(1,)]


def test_a_label_made_beside_the_call_before_is_no_first_call(small, library, ann):
    library.decide(reader=ann, patches=[1], label=SCLEROTIC, call_shown=True)
    reading = begun(small)
    item = next(one for one in library.reading_items(reading, ann) if one.patch == 1)
    call(small, ann, item)
    assert rows_of(library, "SELECT call_shown FROM decisions") == [(1,), (1,)]


def test_cannot_tell_wants_its_reason(small, library, ann):
    item = library.reading_items(begun(small), ann)[0]
    with pytest.raises(Refused, match="Say why: cannot tell because of cut off, out of focus"):
        call(small, ann, item, CANNOT_TELL)
    call(small, ann, item, CANNOT_TELL, detail="cut off")
    assert library.reading_items(1, ann)[0].detail == "cut off"


def test_a_commit_is_one_gesture_with_comment_and_flag(small, library, ann):
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER))
    item = library.reading_items(reading, ann)[0]
    call(small, ann, item, comment="thick capsule", flagged=True)
    after = library.reading_items(reading, ann)[0]
    assert (after.flagged, after.comment) == (True, "thick capsule")
    library.undo(reader=ann)
    assert library.reading_items(reading, ann)[0] == item


def test_flags_and_comments_need_no_label(small, library, ann):
    reading = begun(small)
    item = library.reading_items(reading, ann)[0]
    library.flag_item(reader=ann, item=item.id)
    library.comment_on_item(reader=ann, item=item.id, text="later")
    after = library.reading_items(reading, ann)[0]
    assert (after.flagged, after.comment, after.is_done) == (True, "later", False)
    library.flag_item(reader=ann, item=item.id, flagged=False)
    assert not library.reading_items(reading, ann)[0].flagged


def test_the_same_label_again_is_not_logged(small, library, ann):
    item = library.reading_items(begun(small), ann)[0]
    call(small, ann, item)
    again = call(small, ann, item)
    assert not again
    assert again.reveal is not None
    assert rows_of(library, "SELECT count(*) FROM decisions") == [(1,)]


def test_one_reads_ones_own_list(small, library, ann, bob):
    item = library.reading_items(begun(small), ann)[0]
    with pytest.raises(Refused, match="another reader's list"):
        call(small, bob, item)


def test_what_is_read_independently_is_decided_on_in_the_reading_alone(small, library, ann):
    begun(small)
    for act in (
        lambda: library.decide(reader=ann, patches=[1, 2], label=SCLEROTIC),
        lambda: library.flag(reader=ann, patches=[1]),
        lambda: library.comment(reader=ann, patch=1, text="so"),
        lambda: library.exclude(reader=ann, patches=[1], reason="so"),
        lambda: library.include(reader=ann, case="case 1"),
        lambda: library.adjudicate(reader=ann, patch=1, label=SCLEROTIC),
    ):
        with pytest.raises(Refused, match="independently"):
            act()
    assert rows_of(library, "SELECT count(*) FROM decisions") == [(0,)]


def test_a_revealed_commit_cannot_be_undone(small, library, ann):
    call(small, ann, library.reading_items(begun(small), ann)[0])
    with pytest.raises(Refused, match="call has been shown since; change the label instead"):
        library.undo(reader=ann)


def test_a_repeat_never_counts_as_the_label(small, library, ann):
    reading = begun(small)
    items = library.reading_items(reading, ann)
    repeats = [row[0] for row in rows_of(library, "SELECT id FROM reading_items WHERE repeat_of")]
    for item in items:
        call(small, ann, item, NOT_SCLEROTIC if item.id in repeats else SCLEROTIC)
    labels = rows_of(library, f"SELECT DISTINCT label FROM current_labels WHERE reader_id = {ann}")
    assert labels == [(SCLEROTIC,)]
    repeated = [one for one in library.reading_items(reading, ann) if one.id in repeats]
    assert {one.label for one in repeated} == {NOT_SCLEROTIC}
    assert {one.first_label for one in repeated} == {NOT_SCLEROTIC}


def test_finishing_with_patches_left_wants_a_reason(small, library, ann):
    reading = begun(small)
    with pytest.raises(Refused, match="26 of 26 patches of first are not read yet"):
        library.finish_reading(reading=reading, reader=ann)
    changes = library.finish_reading(reading=reading, reader=ann, reason="on leave")
    assert changes.sentence == "The reading first is finished. 26 of 26 were left unread."
    with pytest.raises(Refused, match="already"):
        library.finish_reading(reading=reading, reader=ann, reason="again")


def test_repeats_are_told_after_the_end(small, library, ann):
    reading = begun(small)
    read_all(small, reading, ann)
    library.finish_reading(reading=reading, reader=ann)
    assert sum(item.is_repeat for item in library.reading_items(reading, ann)) == 2


def test_a_change_after_the_end_wants_a_reason_and_is_no_first_call(small, library, ann):
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER))
    read_all(small, reading, ann)
    library.finish_reading(reading=reading, reader=ann)
    item = library.reading_items(reading, ann)[0]
    with pytest.raises(Refused, match="say in a comment why this label changes now"):
        call(small, ann, item, NOT_SCLEROTIC)
    call(small, ann, item, NOT_SCLEROTIC, comment="slip of the finger")
    labels = rows_of(library, f"SELECT label, first_label FROM current_labels "
                     f"WHERE reader_id = {ann} AND patch_id = {item.patch}")  # fmt: skip
    assert labels == [(NOT_SCLEROTIC, SCLEROTIC)]


def test_what_was_read_to_its_end_is_not_undone(small, library, ann):
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER))
    read_all(small, reading, ann)
    library.finish_reading(reading=reading, reader=ann)
    with pytest.raises(Refused, match="has ended since"):
        library.undo(reader=ann)


def test_a_closed_reading_takes_no_more_labels(small, library, ann, bob):
    reading = begun(small)
    item = library.reading_items(reading, ann)[0]
    with pytest.raises(Refused, match="Ann Other, Bob Else have not finished"):
        library.close_reading(reading=reading)
    with pytest.raises(Refused, match="closing it would show you"):
        library.close_reading(reading=reading, by=ann, reason="enough")
    library.close_reading(reading=reading, reason="the study ended")
    assert library.reading(reading).is_closed
    with pytest.raises(Refused, match="is closed"):
        call(small, ann, item)
    assert pending_is_right(library)
    library.decide(reader=bob, patches=[1], label=SCLEROTIC)


def test_pending_follows_the_readings(small, library, ann, bob):
    reading = begun(small)
    count = "SELECT reader_id, count(*), sum(call_told), count(DISTINCT number) FROM pending "
    both = f"{count} GROUP BY reader_id"
    assert rows_of(library, both) == [(ann, 24, 0, 24), (bob, 24, 0, 24)]
    call(small, ann, library.reading_items(reading, ann)[0])
    assert rows_of(library, both)[0] == (ann, 24, 1, 24)
    assert pending_is_right(library)
    with library.write() as connection:
        pending.rebuild(connection)
    assert rows_of(library, both)[0] == (ann, 24, 1, 24)
    library.finish_reading(reading=reading, reader=ann, reason="on leave")
    assert rows_of(library, both) == [(bob, 24, 0, 24)]
    assert pending_is_right(library)


def test_an_open_reading_keeps_nothing_back(small, library):
    begun(small, Protocol(independent=False, reveal=Reveal.NEVER))
    assert rows_of(library, "SELECT count(*) FROM pending") == [(0,)]


def test_a_patch_of_two_readings_has_one_number(small, library, ann):
    begun(small, patches=[1, 2, 3, 4])
    begun(small, patches=[3, 4, 5, 6], name="second")
    rows = rows_of(library, f"SELECT patch_id, number FROM pending WHERE reader_id = {ann}")
    assert len({number for _, number in rows}) == 8


def test_every_act_stands_in_the_journal(small, library, ann):
    reading = begun(small, by=ann)
    read_all(small, reading, ann)
    library.finish_reading(reading=reading, reader=ann)
    library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ)
    library.close_reading(reading=reading, reason="enough")
    acts = rows_of(library, "SELECT kind, title, reader_id FROM journal WHERE kind <> 'gesture' "
                   "AND kind <> 'reader' ORDER BY id")  # fmt: skip
    told = [row for row in acts if row[0] in ("reading", "finish", "signoff")]
    assert told == [
        ("reading", "reading first made", ann),
        ("finish", "reading first finished", ann),
        ("signoff", "reading first signed off: read", ann),
        ("reading", "reading first closed", None),
    ]


def test_signing_off(small, library, ann, bob):
    reading = begun(small)
    with pytest.raises(Refused, match="Finish the reading first before you sign"):
        library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ)
    read_all(small, reading, ann)
    library.finish_reading(reading=reading, reader=ann)
    library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ, note="with glasses")
    (signed,) = library.signoffs(reading)
    assert (signed.reader.id, signed.meaning, signed.note) == (ann, Meaning.READ, "with glasses")
    assert signed.heads[0][0] == library.origin
    assert library.reading(reading).progress_of(ann).signed
    with pytest.raises(Refused, match="Bob Else has not finished"):
        library.sign_off(reading=reading, reader=small.readers[2], meaning=Meaning.APPROVED)
    with pytest.raises(Refused, match="does not read in first"):
        library.sign_off(reading=reading, reader=small.readers[2], meaning=Meaning.READ)


def test_disputes_left_want_a_note(small, library, ann, bob):
    reading = begun(small, patches=[1, 2])
    read_all(small, reading, ann, SCLEROTIC)
    read_all(small, reading, bob, NOT_SCLEROTIC)
    for reader in (ann, bob):
        library.finish_reading(reading=reading, reader=reader)
    with pytest.raises(Refused, match="2 patches are still disputed"):
        library.sign_off(reading=reading, reader=ann, meaning=Meaning.ADJUDICATED)
    library.sign_off(reading=reading, reader=ann, meaning=Meaning.ADJUDICATED, note="left so")


def test_changes_after_sign_off_want_a_reason_and_show(small, library, ann, bob):
    reading = begun(small, patches=[1, 2, 3])
    for reader in (ann, bob):
        read_all(small, reading, reader)
        library.finish_reading(reading=reading, reader=reader)
    library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ)
    assert library.later_changes(reading) == []
    with pytest.raises(Refused, match="The reading first is signed off; say in a comment why"):
        library.decide(reader=ann, patches=[1], label=NOT_SCLEROTIC)
    library.decide(reader=ann, patches=[1], label=NOT_SCLEROTIC, comment="looked again")
    library.decide(reader=bob, patches=[2], label=NOT_SCLEROTIC)
    (change,) = library.later_changes(reading)
    assert (change.patch, change.reader.id, change.before, change.label, change.reason) == (
        1, ann, SCLEROTIC, NOT_SCLEROTIC, "looked again"
    )  # fmt: skip


def test_what_was_signed_for_is_not_undone(small, library, ann, bob):
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER), patches=[1])
    for reader in (ann, bob):
        read_all(small, reading, reader)
        library.finish_reading(reading=reading, reader=reader)
    library.decide(reader=ann, patches=[1], label=NOT_SCLEROTIC)
    library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ)
    with pytest.raises(Refused, match="signed off since"):
        library.undo(reader=ann)


def test_a_passphrase_is_asked_for_at_sign_off(small, library, ann):
    reading = begun(small, patches=[1])
    read_all(small, reading, ann)
    library.finish_reading(reading=reading, reader=ann)
    library.set_passphrase(ann, "", "correct horse")
    assert library.reader(ann).locked
    with pytest.raises(Refused, match="passphrase is not right"):
        library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ, passphrase="battery")
    library.sign_off(reading=reading, reader=ann, meaning=Meaning.READ, passphrase="correct horse")


def test_passphrases_change_only_for_who_knows_them(library, ann, bob):
    with pytest.raises(Refused, match="at least 8 characters"):
        library.set_passphrase(ann, "", "short")
    library.set_passphrase(ann, "", "correct horse")
    assert library.check_passphrase(ann, "correct horse")
    assert not library.check_passphrase(ann, "wrong horse")
    assert library.check_passphrase(bob, "anything")
    with pytest.raises(Refused, match="old passphrase is not right"):
        library.set_passphrase(ann, "wrong horse", "battery staple")
    library.set_passphrase(ann, "correct horse", "")
    assert not library.reader(ann).locked
    titles = rows_of(library, "SELECT title FROM journal WHERE kind = 'reader' ORDER BY id")
    assert [row[0] for row in titles][-2:] == ["passphrase set", "passphrase taken off"]


def test_redo_of_what_the_end_of_a_reading_settled_is_refused(small, library, ann):
    reading = begun(small, Protocol(repeats=0, reveal=Reveal.NEVER))
    call(small, ann, library.reading_items(reading, ann)[0])
    library.undo(reader=ann)
    library.finish_reading(reading=reading, reader=ann, reason="on leave")
    with pytest.raises(Refused, match="has ended since"):
        library.redo(reader=ann)
    with pytest.raises(NothingToUndo):
        library.undo(reader=ann)


def test_a_list_by_case_numbers_its_cases(small, library, ann):
    reading = begun(small, Protocol(order=Order.BY_CASE, repeats=0.2))
    items = library.reading_items(reading, ann)
    places = [item.case_place for item in items]
    assert places == sorted(places)
    assert set(places) == set(range(6))
