"""Everything that is done is a row of the journal, which is shown, carried and merged."""

import sqlite3
from contextlib import closing

import pytest
from builders import add_model, make_library
from machines import lines_of, machine, merge_lines

from glomviewer.domain.patch_query import PatchQuery
from glomviewer.store.backups import list_backups
from glomviewer.store.errors import DamagedLibrary, NotALibrary, Refused
from glomviewer.store.export_values import ExportOptions
from glomviewer.store.exporting import export_labels
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
from glomviewer.store.restoring import restore
from glomviewer.store.verify import verify


@pytest.fixture
def made(tmp_path):
    small = make_library(tmp_path)
    yield small
    small.library.close()


def newest(library, *kinds):
    return library.journal(limit=1, kinds=kinds)[0]


def test_a_page_of_acts_goes_from_the_newest_back(library, ann, bob):
    library.decide(reader=ann, patches=[1, 2], label=1)
    library.exclude(reader=bob, patches=[3], reason="folded")
    library.undo(reader=bob)
    undone, excluded, labelled = library.journal(limit=3)
    assert undone.title == "undone: exclude 1 patch: folded"
    assert (excluded.reader.name, excluded.patches) == ("Bob Else", 1)
    assert labelled.title == "label 2 patches globally sclerotic"
    assert [row.sequence for row in (undone, excluded, labelled)] == list(
        range(undone.sequence, undone.sequence - 3, -1)
    )
    assert library.journal(limit=1, offset=1) == [excluded]
    assert {row.kind for row in library.journal(kinds=[Act.GESTURE])} == {"gesture"}
    assert library.journal_count(kinds=[Act.GESTURE]) == 3
    assert library.journal(reader=ann, kinds=[Act.GESTURE]) == [labelled]
    (head,) = library.heads()
    assert (head.sequence, head.hash) == (undone.sequence, undone.hash)


def test_models_thresholds_promotions_runs_and_looks_are_acts(made):
    library, reader = made.library, made.reader
    add_model(made, {1: 1.0}, model_id="m1")
    add_model(made, {1: 2.0}, model_id="m2")
    assert newest(library, Act.MODEL).body["model"] == "m2"
    assert newest(library, Act.IMPORT).body["predictions"] == 1
    old = library.model("m2").threshold
    library.set_threshold("m2", 0.25, reader=reader, rule="F1", reason="bench")
    row = newest(library, Act.THRESHOLD)
    assert (row.body["old"], row.body["logit"], row.body["reason"]) == (old, 0.25, "bench")
    assert row.reader is not None and row.reader.id == reader
    library.promote("m2", reader=reader, reason="better", verdict="better", overruled=True)
    row = newest(library, Act.PROMOTION)
    assert (row.body["previous"], row.body["model"], row.body["overruled"]) == ("m1", "m2", 1)
    library.roll_back(reader=reader, reason="worse")
    row = newest(library, Act.PROMOTION)
    assert (row.body["kind"], row.body["reason"]) == ("roll back", "worse")
    library.rename_model("m2", "another")
    row = newest(library, Act.MODEL)
    assert row.body["new"] == {"name": "another"} and "name" in row.body["old"]
    library.add_run("r1", recipe="baseline", corrections=3)
    library.update_run("r1", state="running")
    library.update_run("r1", state="failed", message="no memory")
    assert [row.title for row in library.journal(kinds=[Act.RUN])] == [
        "run r1 failed",
        "run r1 started",
    ]
    library.count_look("r1", "better")
    library.count_look("r1", "better")
    library.add_look("figures", reader)
    looks = library.journal(kinds=[Act.LOOK])
    assert [row.body["run"] for row in looks] == [None, "r1"]
    assert looks[0].reader is not None
    assert [one for one in verify(library.folder).problems if "journal" in one] == []


def test_imports_exports_settings_and_folders_are_acts(made, tmp_path, new_patch):
    library = made.library
    library.add_patches([new_patch(900)], root=tmp_path)
    assert newest(library, Act.IMPORT).body["patches"] == 1
    export_labels(library, tmp_path / "labels.csv", ExportOptions())
    row = newest(library, Act.EXPORT)
    assert row.body["patches"] == 25 and len(row.body["sha256"]) == 64
    assert str(tmp_path) not in str(row)
    library.set_setting("turned down", ["m1"])
    library.set_setting("turned down", ["m1"])
    (row,) = library.journal(kinds=[Act.SETTING])[:1]
    assert (row.body["old"], row.body["new"]) == (None, ["m1"])
    assert sum("turned down" in one.title for one in library.journal()) == 1
    moved = tmp_path / "moved"
    moved.mkdir()
    library.repoint_root(library.roots()[0].id, moved)
    assert newest(library, Act.SETTING).body["new"] == str(moved)


def test_every_act_says_who_sat_at_the_screen(made, tmp_path, new_patch):
    library = made.library
    library.viewer = made.reader
    before = library.journal_count()
    library.add_patches([new_patch(900)], root=tmp_path)
    export_labels(library, tmp_path / "labels.csv", ExportOptions())
    library.set_setting("turned down", ["m1"])
    library.add_reader("Dora New", "DN")
    add_model(made, {1: 1.0}, model_id="m1")
    library.add_run("r1", recipe="baseline", corrections=0)
    acts = library.journal(limit=library.journal_count() - before)
    # What becomes active because there is no other, nobody has decided.
    done = [row for row in acts if row.kind not in (Act.PROMOTION, Act.THRESHOLD)]
    assert len(done) >= 6
    assert [row.title for row in done if row.reader is None] == []
    library.update_run("r1", state="failed", message="no memory")
    assert newest(library, Act.RUN).reader is None


def test_what_changes_nothing_is_no_act(made):
    library = made.library
    library.set_setting("a", 1)
    before = library.journal_count()
    library.set_setting("a", 1)
    library.assign_splits()
    library.save_filter("mine", PatchQuery())
    assert library.journal_count() == before


def test_a_restored_backup_is_an_act_of_a_new_origin(made):
    library = made.library
    library.decide(reader=made.reader, patches=[1], label=1)
    library.backup_now()
    head = library.heads()[0]
    library.decide(reader=made.reader, patches=[2], label=1)
    library.close()
    restore(library.folder, list_backups(library.paths)[0].path)
    with Library.open(library.folder) as again:
        row = newest(again, Act.BACKUP)
        assert row.origin != head.origin and row.sequence == 1
        assert head.hash in row.body["heads"]
        again.decide(reader=made.reader, patches=[3], label=1)
        assert again.next_undo(made.reader) is not None
    assert verify(library.folder).problems == []


def test_gestures_lost_with_a_backup_come_back_by_merging(made, tmp_path):
    library, reader = made.library, made.reader
    library.backup_now()
    library.decide(reader=reader, patches=[2], label=1)
    lines = lines_of(library)
    library.close()
    restore(library.folder, list_backups(library.paths)[-1].path)
    with Library.open(library.folder, backup=False) as again:
        again.decide(reader=reader, patches=[3], label=1)
        assert merge_lines(again, lines).new == 1
        newest_own = again.next_undo(reader)
        assert newest_own is not None
        again.undo(reader=reader)
        assert again.load_table(reader)["current"].tolist()[1:3] == [1, -1]
        again.undo(reader=reader)
        assert again.load_table(reader)["current"].tolist()[1:3] == [-1, -1]
    assert verify(library.folder).problems == []


def test_a_library_is_merged_by_its_folder(library, ann, tmp_path, new_patch):
    with machine(tmp_path / "elsewhere"), Library.create(tmp_path / "b.glomlib") as other:
        other.add_patches([new_patch(0), new_patch(1)], root=tmp_path)
        bob = other.add_reader("Bob Else", "BE").id
        other.decide(reader=bob, patches=[1, 2], label=3)
        report, changes = library.merge_library(other.folder, reader=ann)
    assert (report.decisions, report.readers) == (2, ("Bob Else",))
    assert set(changes.patches) == {1, 2} and changes.labels
    row = newest(library, Act.MERGE)
    assert row.body["decisions"] == 2 and row.reader is not None and row.reader.id == ann
    again, changes = library.merge_library(other.folder)
    assert again.new == 0 and not changes.labels


def test_what_can_not_be_merged_is_refused_in_a_sentence(library, tmp_path):
    with pytest.raises(Refused, match="that is open"):
        library.merge_library(library.folder)
    with pytest.raises(NotALibrary):
        library.merge_library(tmp_path)


@pytest.mark.parametrize("value", ["'seven'", "x'00'", "CAST(x'ff' AS TEXT)"])
def test_a_library_whose_log_holds_nonsense_is_not_merged(library, ann, tmp_path, value):
    with machine(tmp_path / "elsewhere"), Library.create(tmp_path / "b.glomlib") as other:
        other.decide(reader=other.add_reader("Bob Else", "BE").id, patches=[], label=3)
        folder, database = other.folder, other.paths.database
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TRIGGER journal_update_refused")
        column = "clock" if value == "'seven'" else "title"
        connection.execute(f"UPDATE journal SET {column} = {value}")
        connection.commit()
    before = library.journal_count()
    with pytest.raises(DamagedLibrary):
        library.merge_library(folder)
    assert library.journal_count() == before


def test_a_library_open_for_reading_only_logs_no_export(library, ann, tmp_path):
    with Library.open(library.folder, write=False) as reading:
        export_labels(reading, tmp_path / "labels.csv", ExportOptions())
    assert library.journal_count(kinds=[Act.EXPORT]) == 0
