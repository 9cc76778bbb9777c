"""Backups are written, verified, thinned and restored."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from builders import add_model, make_library

from glomviewer.store.backups import back_up, first_problem, is_due, list_backups
from glomviewer.store.errors import DamagedLibrary, LibraryError, NewerLibrary, ReadOnly
from glomviewer.store.library import Library
from glomviewer.store.restoring import restore
from glomviewer.store.verify import verify

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def small(tmp_path):
    made = make_library(tmp_path)
    yield made
    made.library.close()


def labels(library):
    return library.load_table(None)["reference"].tolist()


def corrupt(file):
    raw = bytearray(file.read_bytes())
    raw[5000:9000] = os.urandom(4000)
    file.write_bytes(raw)


def test_backup_is_a_whole_library_of_its_own(small):
    made = back_up(small.library.paths, "before / import!", now=NOW)
    assert made.path.name == "2026-11-21_120000.000000_before-import.sqlite"
    assert first_problem(made.path) == ""
    assert [path.suffix for path in made.path.parent.iterdir()] == [".sqlite"]
    assert list_backups(small.library.paths) == [made]


def test_backup_is_taken_while_somebody_writes(small):
    with small.library.write() as connection:
        connection.exec_driver_sql("UPDATE patches SET width = 999")
        made = back_up(small.library.paths, "meanwhile")
    backup = sqlite3.connect(made.path)
    assert backup.execute("SELECT count(*) FROM patches WHERE width = 999").fetchone() == (0,)
    backup.close()


def test_old_backups_are_thinned_and_foreign_files_left_alone(small):
    paths = small.library.paths
    (paths.backups / "mine.sqlite").write_bytes(b"kept by hand")
    for hours in range(100, 0, -1):
        back_up(paths, "half hourly", now=NOW - timedelta(hours=hours))
    assert 24 <= len(list_backups(paths)) <= 24 + 5
    assert (paths.backups / "mine.sqlite").exists()


def test_backup_is_due_only_after_a_change(small):
    paths, hour = small.library.paths, timedelta(hours=1)
    assert is_due(paths, hour)
    back_up(paths, "now")
    later = datetime.now(UTC) + timedelta(hours=2)
    assert not is_due(paths, hour, now=later)
    os.utime(paths.database, (later.timestamp(), later.timestamp()))
    assert is_due(paths, hour, now=later)
    assert not is_due(paths, timedelta(days=1), now=later)


def test_library_open_for_half_an_hour_is_backed_up_where_it_changed(small):
    assert small.library.backup_if_due().backups
    small.library.decide(reader=small.reader, patches=[1], label=1)
    assert not small.library.backup_if_due(), "the last backup is seconds old"


def test_opening_backs_up_once_a_day(small):
    folder = small.library.folder
    small.library.close()
    for _ in range(2):
        Library.open(folder).close()
    assert [backup.reason for backup in list_backups(small.library.paths)] == ["daily"]


def test_damaged_library_makes_no_backup(small):
    small.library.close()
    corrupt(small.library.paths.database)
    with pytest.raises(DamagedLibrary):
        back_up(small.library.paths, "now")
    assert list(small.library.paths.backups.iterdir()) == []


def test_full_disk_is_told_in_one_sentence(small, monkeypatch):
    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("glomviewer.store.backups._copy", fails)
    with pytest.raises(LibraryError, match="No space left on device"):
        small.library.backup_now("now")


def test_restore_brings_the_newest_back_and_keeps_what_was_there(small):
    library = small.library
    before = labels(library)
    library.backup_now("by hand")
    library.decide(reader=small.reader, patches=small.ids, label=1)
    library.close()
    restored = restore(library.folder)
    with Library.open(library.folder) as again:
        assert labels(again) == before
    assert verify(library.folder).problems == []
    restore(library.folder, restored.put_aside)
    with Library.open(library.folder) as again:
        assert set(labels(again)) == {1}
    assert verify(library.folder).problems == []


def test_numbers_of_the_log_are_never_given_out_twice(small):
    library = small.library
    library.backup_now("by hand")
    library.decide(reader=small.reader, patches=[1], label=0)
    given = set(library.log_position().items())
    library.close()
    restore(library.folder)
    with Library.open(library.folder) as again:
        again.decide(reader=small.reader, patches=[2], label=1)
        assert not given & set(again.log_position().items())


def test_predictions_of_patches_that_are_gone_are_forgotten(small, tmp_path):
    library = small.library
    last = max(small.ids)
    model = add_model(small, {1: 2.0, last: 1.0, last + 1: 3.0, last + 7: -3.0})
    library.backup_now("by hand")
    library.close()
    restore(library.folder)
    predictions = sqlite3.connect(library.paths.predictions(model))
    assert predictions.execute("SELECT max(patch) FROM prediction").fetchone() == (last,)
    predictions.close()


def test_damaged_library_is_put_aside_as_it_is(small):
    library = small.library
    library.backup_now("by hand")
    library.close()
    corrupt(library.paths.database)
    damaged = library.paths.database.read_bytes()
    restored = restore(library.folder)
    assert restored.put_aside.read_bytes() == damaged
    assert verify(library.folder).problems == []


def test_nothing_is_restored_while_somebody_has_the_library_open(small):
    small.library.backup_now("by hand")
    with pytest.raises(ReadOnly, match="Close it there"):
        restore(small.library.folder)


def test_unsound_backup_is_refused_and_nothing_changed(small):
    library = small.library
    library.backup_now("by hand")
    backup = library.backups()[0].path
    library.close()
    corrupt(backup)
    before = library.paths.database.read_bytes()
    with pytest.raises(DamagedLibrary):
        restore(library.folder)
    assert library.paths.database.read_bytes() == before


def test_backup_of_a_newer_version_is_refused(small):
    library = small.library
    library.backup_now("by hand")
    library.close()
    newer = sqlite3.connect(library.backups()[0].path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    with pytest.raises(NewerLibrary):
        restore(library.folder)
    assert not list(library.folder.glob("*.restoring"))


def test_library_without_backups_says_so(small):
    small.library.close()
    with pytest.raises(LibraryError, match="has no backup"):
        restore(small.library.folder)
