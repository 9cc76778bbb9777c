"""A return speaks for its reader alone, whatever a program of somebody's own has put into it.

Each of these is signed by a key that was compared: what is in it is what its sender wants to be
believed.
"""

import uuid

import pytest

from glomviewer.domain.readings.records import Meaning
from glomviewer.store import journal, log
from glomviewer.store.errors import Refused
from glomviewer.store.journal import Act, Head
from glomviewer.store.log import Entry, Field, Gesture, Kind


@pytest.fixture
def away(lab, laptop):
    """Bob's library of a pack that he has read."""
    laptop.reading = lab.reading(repeats=0.0)
    with laptop.open(lab.pack(laptop.reading, lab.bob)) as library:
        laptop.read(library)
        yield library


def sent_home(lab, laptop, library):
    return lab.merge(laptop.write_return(library), trust=laptop.fingerprint)[0]


def refused(lab, laptop, library, match):
    """The return is refused as a whole, and home is as it was."""
    before = lab.labels(), lab.acts(but=()), readings_as_told(lab)
    with pytest.raises(Refused, match=match):
        sent_home(lab, laptop, library)
    assert (lab.labels(), lab.acts(but=()), readings_as_told(lab)) == before


def readings_as_told(lab):
    return lab.library.readings(), lab.library.signoffs(), lab.library.dispute_counts()


def gesture(library, *entries, reader=1, kind=Kind.DO, root=None, origin=None):
    with library.write() as connection:
        said = Gesture(reader, "forged", kind, entries, root=root)
        return log.append(connection, said, origin=origin or library._origin[0])


def signed(library, reading, *, reader=1, meaning="read", heads="[]"):
    """A row of the journal that looks like a sign-off."""
    body = {"reading": reading, "meaning": meaning, "note": "", "heads": heads}
    library.record(Act.SIGNOFF, "forged", reader=reader, **body)


def newcomer(library):
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO readers (id, uuid, name, initials, added_at) "
            "VALUES (9, ?, 'Boss', 'B', 1)",
            (uuid.uuid4().hex,),
        )
    return 9


def test_an_honest_return_is_taken_in(lab, laptop, away):
    assert sent_home(lab, laptop, away).finished


def test_somebody_nobody_knows_does_not_speak_in_it(lab, laptop, away):
    gesture(away, Entry(1, Field.LABEL, label=1), reader=newcomer(away))
    refused(lab, laptop, away, "another reader")


def test_somebody_nobody_knows_does_not_sign_in_it(lab, laptop, away):
    of = away.readings()[0].uuid
    signed(away, of, reader=newcomer(away), meaning="approved", heads=journal.canonical([]))
    refused(lab, laptop, away, "another reader")


@pytest.mark.parametrize(
    "forged",
    [
        {"meaning": "blessed"},
        {"heads": "not JSON"},
        {"heads": '[["a"]]'},
        {"heads": '[["a",1,2]]'},
        {"heads": '[["a",true,"b"]]'},
        {"heads": '{"a":1}'},
        {"heads": f'[["a",{10**30},"b"]]'},
        {"meaning": 3},
    ],
)
def test_a_sign_off_that_is_none_is_refused(lab, laptop, away, forged):
    signed(away, away.readings()[0].uuid, **forged)
    refused(lab, laptop, away, "is no sign-off")


@pytest.mark.parametrize("field", [Field.ADJUDICATION, Field.EXCLUSION, Field.REFERRAL])
def test_what_is_decided_at_home_is_not_decided_in_a_return(lab, laptop, away, field):
    value = {Field.EXCLUSION: "stain", Field.REFERRAL: "consensus"}.get(field, "")
    gesture(away, Entry(1, field, label=1, value=value))
    refused(lab, laptop, away, "decided at home")


def test_nobody_takes_back_what_another_reader_has_said(lab, laptop, away):
    home = lab.library.origin
    lab.library.close_reading(reading=laptop.reading, reason="over")
    lab.library.decide(reader=lab.ann, patches=[1], label=1)
    with away.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO origins (id, uuid, installation, started_at) VALUES (9, ?, '', 1)", (home,)
        )
        connection.exec_driver_sql(
            "INSERT INTO batches (id, origin_id, sequence, clock, reader_id, kind, title, patches, "
            "made_at, zone, root) VALUES (900, 9, 1, 1, 1, 'do', '', 1, 1, '', 900)"
        )
    gesture(away, Entry(1, Field.LABEL), kind=Kind.UNDO, root=900)
    refused(lab, laptop, away, "another reader")


def go_on(library, head):
    """Write the next act of another origin, by nobody."""
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO origins (id, uuid, installation, started_at) "
            "VALUES (9, ?, '', 1)",
            (head.origin,),
        )
        header = {
            "origin": head.origin,
            "sequence": head.sequence + 1,
            "clock": 10_000,
            "kind": "setting",
            "reader": "",
            "made_at": 1,
            "zone": "UTC",
            "title": "forged",
            "program": "",
            "body": "{}",
        }
        hashed = journal.entry_hash(head.hash, header, ())
        connection.exec_driver_sql(
            "INSERT INTO journal (origin_id, sequence, clock, kind, reader_id, made_at, zone, "
            "title, body, program, hash) VALUES (9, ?, 10000, 'setting', NULL, 1, 'UTC', "
            "'forged', '{}', '', ?)",
            (head.sequence + 1, hashed),
        )
    return Head(head.origin, head.sequence + 1, hashed)


def test_nobody_goes_on_writing_in_the_log_of_another_reader(lab, laptop, other_laptop, away):
    """The newest hashes of all logs are in every pack, so that anybody could write the next act."""
    with other_laptop.open(lab.pack(laptop.reading, lab.ann)) as ann_away:
        other_laptop.read(ann_away, [1, 0], finish=False)
        first = other_laptop.write_return(ann_away, "first.glomreturn")
        lab.merge(first, trust=other_laptop.fingerprint)
        name = ann_away.origin
        head = next(one for one in lab.library.heads() if one.origin == name)
        go_on(away, head)
        refused(lab, laptop, away, "log of another")
        other_laptop.read(ann_away)
        found = lab.merge(other_laptop.write_return(ann_away, "second.glomreturn"))[0]
        assert found.finished and not found.report.refused


NOBODY_S = "e" * 32


def test_a_log_of_nobody_s_acts_is_gone_on_with_by_the_key_that_brought_it(
    lab, laptop, other_laptop, away
):
    """As where a library of a pack was copied to another machine, and nobody has read there yet."""
    with other_laptop.open(lab.pack(laptop.reading, lab.ann)) as ann_away:
        head = go_on(ann_away, Head(NOBODY_S, 0, ""))
        first = other_laptop.write_return(ann_away, "first.glomreturn")
        lab.merge(first, trust=other_laptop.fingerprint)
        go_on(away, head)
        refused(lab, laptop, away, "log of another")
        go_on(ann_away, head)
        found = lab.merge(other_laptop.write_return(ann_away, "second.glomreturn"))[0]
        assert found.report.new == 2 and not found.report.refused


@pytest.mark.parametrize("ahead", [2**25, 2**32, 2**52 - 1])
def test_a_clock_far_ahead_does_not_use_up_all_that_are_to_come(lab, laptop, away, ahead):
    with away.write() as connection:
        journal.write(connection, away._origin[0], Act.SETTING, "later", after=ahead)
    refused(lab, laptop, away, "clock")


def test_a_label_that_this_library_has_not_is_refused(lab, laptop, away):
    with away.read(unblinded=True) as connection:
        item, patch = connection.exec_driver_sql("SELECT id, patch_id FROM reading_items").first()
    gesture(away, Entry(patch, Field.LABEL, label=77, item=item))
    refused(lab, laptop, away, "label")


def test_what_is_promoted_there_is_not_promoted_here(lab, laptop, away):
    away.record(Act.PROMOTION, "forged", reader=1, model="x", previous="", kind="promotion")
    away.record(Act.FINISH, "forged", reader=1, reading=[1])
    sent_home(lab, laptop, away)
    assert lab.library.promotions() == []


def test_a_signature_for_what_is_yet_to_come_is_refused(lab, laptop, away):
    heads = journal.canonical([[away.origin, 10_000, "0" * 64]])
    signed(away, away.readings()[0].uuid, heads=heads)
    refused(lab, laptop, away, "is no sign-off")


def test_a_signature_for_another_log_than_the_one_here_is_refused(lab, laptop, away):
    home = lab.library.heads()[0]
    heads = journal.canonical([[home.origin, home.sequence, "0" * 64]])
    signed(away, away.readings()[0].uuid, heads=heads)
    refused(lab, laptop, away, "signs for another act")


def test_a_sound_signature_holds_at_home(lab, laptop, away):
    away.sign_off(reading=away.readings()[0].id, reader=1, meaning=Meaning.READ)
    sent_home(lab, laptop, away)
    assert [one.meaning for one in lab.library.signoffs()] == [Meaning.READ]


def test_a_label_of_no_meaning_is_not_taken_in_after_an_undo_either(lab, laptop, away):
    with away.read(unblinded=True) as connection:
        item, patch = connection.exec_driver_sql("SELECT id, patch_id FROM reading_items").first()
    gesture(away, Entry(patch, Field.LABEL, label=-1, item=item))
    refused(lab, laptop, away, "label")
