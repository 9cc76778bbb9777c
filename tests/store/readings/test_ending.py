"""Readings in the store: their end, sign-off and passphrases."""

import pytest
from reading_acts import NOT_SCLEROTIC, SCLEROTIC, begun, call, pending_is_right, read_all, rows_of

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import pending
from glomviewer.store.errors import NothingToUndo, Refused


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
