"""Who may open what: newer, older, damaged, foreign and busy libraries."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from glomviewer.store.errors import (
    DamagedLibrary,
    NetworkDrive,
    NewerLibrary,
    NotALibrary,
    ReadOnly,
    Refused,
)
from glomviewer.store.library import Library
from glomviewer.store.schema import APPLICATION_ID, SCHEMA_VERSION

HOLD = """
import sys
from pathlib import Path
from glomviewer.store.library import Library
library = Library.open(Path(sys.argv[1]), backup=False)
library.decide(reader=1, patches=[1], label=3)
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def closed(library, ann):
    library.close()
    return library.folder


@pytest.fixture
def other_process(closed):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(closed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "open"
        yield process
        process.kill()


def contents(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def execute(folder, *statements):
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_the_database_is_marked_and_durable(tmp_path, monkeypatch, as_in_life):
    monkeypatch.setattr("glomviewer.store.engine.SYNCHRONOUS", as_in_life["synchronous"])
    with Library.create(tmp_path / "new.glomlib") as library, library.read() as connection:
        facts = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in (
                "application_id",
                "user_version",
                "journal_mode",
                "synchronous",
                "foreign_keys",
            )
        }
    assert facts == {
        "application_id": APPLICATION_ID,
        "user_version": SCHEMA_VERSION,
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
    }


def test_a_library_is_not_made_over_something_else(tmp_path):
    folder = tmp_path / "x.glomlib"
    folder.mkdir()
    (folder / "thesis.doc").write_text("do not lose me")
    with pytest.raises(Refused, match="another name"):
        Library.create(folder)
    assert (folder / "thesis.doc").read_text() == "do not lose me"


def test_the_label_set_lies_in_the_library(library):
    library.close()
    with Library.open(library.folder) as again:
        assert again.label_set == library.label_set
        assert again.label_set[1].name == "globally sclerotic"


def test_a_second_opener_reads_only_and_is_told_who_writes(library, ann):
    with Library.open(library.folder) as second:
        assert second.read_only
        assert second.holder is not None
        assert second.holder.pid == os.getpid()
        assert len(second.load_table(ann)) == 40
        with pytest.raises(ReadOnly, match=str(os.getpid())):
            second.decide(reader=ann, patches=[1], label=1)
        library.decide(reader=ann, patches=[1], label=1)
        assert second.load_table(ann)["current"][0] == 1


def test_reading_only_leaves_the_lock_to_others(closed):
    with Library.open(closed, write=False) as reading, Library.open(closed) as writing:
        assert reading.read_only
        assert reading.holder is None
        assert not writing.read_only


def test_another_process_holds_the_lock_until_it_is_killed(closed, other_process):
    with Library.open(closed) as second:
        assert second.holder is not None
        assert second.holder.pid == other_process.pid
    other_process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    other_process.wait()
    with Library.open(closed) as survivor:
        assert not survivor.read_only
        assert survivor.history(1)[0].label == 3


def test_a_newer_library_is_refused_with_every_byte_as_it_was(closed):
    execute(closed, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = contents(closed)
    with pytest.raises(NewerLibrary, match="newer glomviewer"):
        Library.open(closed)
    assert contents(closed) == before


def test_a_newer_version_that_only_the_write_ahead_log_knows_is_refused_too(closed, tmp_path):
    copy = tmp_path / "crashed.glomlib"
    copy.mkdir()
    with closing(sqlite3.connect(closed / "library.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        for name in ("library.sqlite", "library.sqlite-wal"):
            (copy / name).write_bytes((closed / name).read_bytes())
    with pytest.raises(NewerLibrary):
        Library.open(copy)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, NotALibrary),
        (b"", DamagedLibrary),
        (b"PK\x03\x04 this is a zip" * 100, DamagedLibrary),
    ],
    ids=["nothing", "empty file", "another kind of file"],
)
def test_what_is_no_library_says_so(tmp_path, content, error):
    folder = tmp_path / "x.glomlib"
    folder.mkdir()
    if content is not None:
        (folder / "library.sqlite").write_bytes(content)
    with pytest.raises(error):
        Library.open(folder)


def test_another_programs_database_is_no_library(tmp_path):
    execute(tmp_path, "CREATE TABLE notes (text)")
    with pytest.raises(NotALibrary, match="not made by glomviewer"):
        Library.open(tmp_path)


def test_a_damaged_database_is_told_and_its_lock_given_back(closed):
    file = closed / "library.sqlite"
    content = bytearray(file.read_bytes())
    for page in range(4096, len(content) - 4096, 4096):
        content[page : page + 200] = b"\xff" * 200
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(DamagedLibrary, match="restore"):
            Library.open(closed)


def test_a_library_on_a_network_drive_is_refused(tmp_path, monkeypatch):
    mounts = [("/", "ext4"), (str(tmp_path), "cifs")]
    monkeypatch.setattr("glomviewer.store.network._mounts", lambda: mounts)
    with pytest.raises(NetworkDrive, match="cifs"):
        Library.create(tmp_path / "x.glomlib")
    assert not (tmp_path / "x.glomlib").exists()


def test_each_installation_has_an_origin_of_its_own(library, ann, monkeypatch, tmp_path):
    library.decide(reader=ann, patches=[1], label=1)
    mine = library.origin
    library.close()
    with Library.open(library.folder) as again:
        assert again.origin == mine
    monkeypatch.setenv("GLOMVIEWER_HOME", str(tmp_path / "elsewhere"))
    with Library.open(library.folder) as moved:
        assert moved.origin != mine
        moved.decide(reader=ann, patches=[1], label=0)
        newest = moved.history(1)[0]
        assert (newest.origin, newest.sequence) == (moved.origin, 1)


def test_a_library_that_can_not_be_written_to_opens_for_reading(closed, ann, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("glomviewer.store.lock.FileLock.acquire", refused)
    monkeypatch.setattr("glomviewer.store.engine.os.access", lambda *_: False)
    with Library.open(closed) as library:
        assert library.read_only
        assert library.holder is None
        assert len(library.load_table(ann)) == 40
    assert not (closed / "library.sqlite-shm").exists()
