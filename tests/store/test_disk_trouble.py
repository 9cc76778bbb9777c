"""A full disk is told as that, in one sentence, and nothing is lost or said to be damaged."""

import sqlite3

import pytest
from builders import make_library, plans
from sqlalchemy.exc import OperationalError

from glomviewer.store import migrate, opened
from glomviewer.store.errors import DamagedLibrary, DiskTrouble
from glomviewer.store.library import Library


def full_disk():
    """The very error that SQLite raises where there is no room."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 1")
    try:
        connection.execute("CREATE TABLE t (x)")
    except sqlite3.OperationalError as error:
        return OperationalError("CREATE TABLE t (x)", None, error)
    finally:
        connection.close()
    raise AssertionError


def refuse(*_args, **_words):
    raise full_disk()


def test_a_transaction_without_room_says_so_and_changes_nothing(tmp_path):
    small = make_library(tmp_path, plans(), image_files=False)
    before = small.library.heads()
    with pytest.raises(DiskTrouble, match="full"), small.library.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("INSERT INTO settings VALUES ('x', hex(randomblob(9000000)))")
    small.library.close()
    with Library.open(small.library.folder, write=False) as library:
        assert library.heads() == before


def test_a_library_that_finds_no_room_on_opening_is_not_called_damaged(tmp_path, monkeypatch):
    small = make_library(tmp_path, plans(), image_files=False)
    small.library.close()
    monkeypatch.setattr(migrate, "bring_up_to_date", refuse)
    with pytest.raises(DiskTrouble, match=r"small\.glomlib.*full"):
        Library.open(small.library.folder)
    monkeypatch.undo()
    with Library.open(small.library.folder) as library:
        assert not library.read_only


def test_another_error_on_opening_is_still_damage(tmp_path, monkeypatch):
    small = make_library(tmp_path, plans(), image_files=False)
    small.library.close()

    def damaged(*_args, **_words):
        raise OperationalError("", None, sqlite3.DatabaseError("malformed"))

    monkeypatch.setattr(migrate, "bring_up_to_date", damaged)
    with pytest.raises(DamagedLibrary):
        Library.open(small.library.folder)


def test_a_library_for_which_there_is_no_room_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(opened.settings, "set_setting", refuse)
    with pytest.raises(DiskTrouble, match="full"):
        Library.create(tmp_path / "new.glomlib")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    Library.create(tmp_path / "new.glomlib").close()
