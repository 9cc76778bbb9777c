"""Readings in the store: commits, reveals, comments and flags."""

import pytest
from reading_acts import CANNOT_TELL, NOT_SCLEROTIC, SCLEROTIC, begun, call, read_all, rows_of

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store.errors import Refused


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


def test_an_open_reading_keeps_nothing_back(small, library):
    begun(small, Protocol(independent=False, reveal=Reveal.NEVER))
    assert rows_of(library, "SELECT count(*) FROM pending") == [(0,)]


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
