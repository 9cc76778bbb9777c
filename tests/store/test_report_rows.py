"""What a report reads from a library: the reading, its readers' work, and every decision."""

import pytest

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.store import log, report_chains, report_source, state
from glomviewer.store.errors import Refused, UnknownRecord
from glomviewer.store.journal import Act
from glomviewer.store.log import Entry, Field, Gesture, Kind

MINUTE = 60_000_000


@pytest.fixture
def reading(library, ann, bob):
    """Ann reads patches 1 to 3 and patch 1 again, Bob 1 and 2; items 1 to 6."""
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO readings (id, uuid, name, protocol, reader_id, created_at, zone) "
            "VALUES (5, 'r5', 'Baseline', '{}', ?, 1000000, 'Europe/Berlin')",
            (bob,),
        )
        for reader in (ann, bob):
            connection.exec_driver_sql(
                "INSERT INTO reading_readers (reading_id, reader_id) VALUES (5, ?)", (reader,)
            )
        items = [(1, ann, 1, None), (2, ann, 2, None), (3, ann, 3, None), (4, ann, 1, 1)]
        items += [(5, bob, 1, None), (6, bob, 2, None)]
        for item, reader, patch, repeat_of in items:
            connection.exec_driver_sql(
                "INSERT INTO reading_items (id, uuid, reading_id, reader_id, place, patch_id, "
                "repeat_of) VALUES (?, ?, 5, ?, ?, ?, ?)",
                (item, f"i{item}", reader, item, patch, repeat_of),
            )
    return 5


@pytest.fixture
def decide(library, reading, monkeypatch):
    """Record one decision on an item, a minute after the one before."""
    clock = iter(range(10 * MINUTE, 1000 * MINUTE, MINUTE))
    monkeypatch.setattr("glomviewer.store.clock.now", lambda: next(clock))

    def record(reader, item, patch, **values):
        field = values.pop("field", Field.LABEL)
        kind, root = values.pop("kind", Kind.DO), values.pop("root", None)
        entry = Entry(patch=patch, field=field, item=item, on_screen=True, **values)
        with library.write() as connection:
            origin = connection.exec_driver_sql("SELECT id FROM origins").scalar_one()
            batch = log.append(
                connection, Gesture(reader, "test", kind, [entry], root), origin=origin
            )
            if root is not None:
                state.recompute_withdrawn(connection, [root])
            state.apply_batch(connection, batch)
        return batch

    return record


def rows_of(library, reading=5):
    return report_source.library_rows(library, reading)


def test_a_reading_with_its_counts(library, reading):
    row = rows_of(library).reading
    assert (row.name, row.uuid, row.created_by) == ("Baseline", "r5", "Bob Else")
    assert (row.patches, row.cases, row.slides, row.repeats) == (3, 1, 1, 1)
    assert row.created.zone == "Europe/Berlin" and row.closed is None


def test_an_unknown_reading_is_refused(library):
    with pytest.raises(UnknownRecord, match="no reading 7"):
        rows_of(library, 7)


def test_readers_with_dates_pace_flags_and_comments(library, ann, bob, decide):
    decide(ann, 1, 1, label=1)
    decide(ann, 2, 2, label=0, comment="a fold")
    decide(ann, 2, 2, label=1, before_label=0)
    decide(ann, 4, 1, label=1)
    decide(ann, 3, 3, field=Field.FLAG, value="flagged")
    first, second = rows_of(library).readers
    assert (first.name, first.items, first.decided) == ("Ann Other", 4, 3)
    assert (first.flagged, first.comments) == (1, 1)
    assert first.first is not None and first.last is not None
    assert (first.last.when - first.first.when).total_seconds() == 180
    # Items were begun at minutes 0, 1 and 3.
    assert first.seconds == 90
    assert (second.items, second.decided, second.first, second.seconds) == (2, 0, None, None)


def test_what_was_taken_back_does_not_count(library, ann, decide):
    batch = decide(ann, 1, 1, label=1, comment="a slip")
    decide(ann, 1, 1, kind=Kind.UNDO, root=batch, before_label=1)
    rows = rows_of(library)
    assert (rows.readers[0].decided, rows.readers[0].comments) == (0, 0)
    assert rows.comments == {}


def test_comments_by_patch_and_reader(library, ann, bob, decide):
    decide(ann, 1, 1, label=1, comment="sure")
    decide(ann, 1, 1, label=1, comment="very sure")
    decide(bob, 5, 1, label=0, comment="a fold")
    assert rows_of(library).comments == {(1, ann): "sure; very sure", (1, bob): "a fold"}


def test_settled_and_referred_patches(library, ann, bob, decide):
    decide(ann, 1, 1, label=1)
    decide(bob, 5, 1, label=0)
    decide(ann, 3, 3, label=1)
    library.adjudicate(reader=bob, patch=2, label=1, reason="seen by three")
    library.refer(reader=bob, patches=[1], to=Referral.READING, reason="once more")
    library.exclude(reader=bob, patches=[3], reason="torn")
    rows = rows_of(library)
    settled, referred, excluded = (rows.settlements[patch] for patch in (2, 1, 3))
    assert settled.adjudicated is not None and referred.referred is not None
    assert (settled.adjudicated.by, settled.adjudicated.reason) == (
        "Bob Else (BE)",
        "seen by three",
    )
    assert (referred.referred.reason, referred.adjudicated) == ("once more", None)
    assert excluded.excluded is not None and excluded.excluded.reason == "torn"
    assert settled.excluded is referred.excluded is None
    assert rows.states == {1: DisputeState.SENT_BACK, 2: DisputeState.SETTLED}
    decide(bob, 5, 1, label=2)
    assert rows_of(library).states[1] is DisputeState.OPEN, "somebody has called it since"
    library.refer(reader=bob, patches=[1], to=Referral.NONE)
    assert rows_of(library).settlements.keys() == {2, 3}


def test_every_decision_in_the_order_of_the_log(library, ann, bob, decide):
    decide(ann, 1, 1, label=1, comment="sure")
    decide(bob, 5, 1, label=0, call_shown=True, model="m1")
    library.decide(reader=ann, patches=[30], label=1)
    library.adjudicate(reader=bob, patch=1, label=1, reason="thick")
    rows = list(report_source.decision_rows(library, 5))
    assert [(row.initials, row.field, row.patch) for row in rows] == [
        ("AO", "label", 1),
        ("BE", "label", 1),
        ("BE", "adjudication", 1),
    ]
    assert rows[0].reading == "Baseline" and rows[0].item == "i1" and not rows[0].repeat
    assert rows[1].call_shown and rows[1].model == "m1" and rows[2].item == ""
    assert all(len(row.hash) == 64 and row.program for row in rows)
    assert [row.sequence for row in rows] == [1, 2, 4]
    assert rows[0].case == "case 0" and rows[0].pixels == f"{10_000_000:064x}"


def test_heads_stay_while_nothing_but_reports_and_backups_is_made(library, ann, tmp_path):
    library.decide(reader=ann, patches=[1], label=1)
    with library.read() as connection:
        (before,) = report_chains.chains(connection)
    assert before.readers == "AO" and len(before.head) == 64
    file = tmp_path / "report.html"
    file.write_text("a report")
    assert report_source.note_report(library, "r5", [file])
    library.backup_now("test")
    with library.read() as connection:
        assert report_chains.chains(connection) == [before]
    with library.write() as connection:
        library.note(connection, Act.EXPORT, "labels", what="labels")
    with library.read() as connection:
        (after,) = report_chains.chains(connection)
    assert after.rows > before.rows and after.head != before.head


def test_keys_that_are_known(library):
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO known_keys (fingerprint, public_key, name, note, trusted_at) "
            "VALUES ('ABCD', 'x', 'Ward laptop', '', 1000000)"
        )
    with library.read() as connection:
        (key,) = report_chains.keys(connection)
    assert (key.place, key.fingerprint) == ("Ward laptop", "ABCD")


def test_who_reads_blind_gets_no_report(library, ann, reading):
    with library.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO pending (reader_id, patch_id, reading_id) VALUES (?, 1, 5)", (ann,)
        )
    library.viewer = ann
    with pytest.raises(Refused, match="finish your reading first"):
        rows_of(library)
    with pytest.raises(Refused):
        next(report_source.decision_rows(library, 5))
    library.viewer = None
    assert rows_of(library).reading.id == 5
