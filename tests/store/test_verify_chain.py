"""Whoever edits, inserts or deletes a row of the log is found, and it is told where."""

import os
import random
import sqlite3
from contextlib import closing, contextmanager

import pytest
from builders import add_model, make_library
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import verify_log
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
from glomviewer.store.schema import APPEND_ONLY


@contextmanager
def machine(folder):
    """Be the machine whose settings lie in this folder."""
    before = os.environ["GLOMVIEWER_HOME"]
    os.environ["GLOMVIEWER_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ["GLOMVIEWER_HOME"] = before


def fill(library, readers):
    """Some of each kind of act."""
    for round_, reader in enumerate(readers * 3):
        first = 1 + round_
        library.decide(reader=reader, patches=[first, first + 1], label=round_ % 3, comment="why")
        library.flag(reader=reader, patches=[first])
        library.exclude(reader=reader, patches=[first + 2], reason="folded")
        library.undo(reader=reader)
        library.redo(reader=reader)
        library.comment(reader=reader, patch=first, text="thick")
        library.adjudicate(reader=reader, patch=first, label=1, reason="seen again")
    library.undo(reader=readers[0])


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A database with rows in every log, some merged, some waiting and some entered later."""
    folder = tmp_path_factory.mktemp("everything")
    os.environ["GLOMVIEWER_HOME"] = str(folder / "home")
    made = make_library(folder)
    library, ann = made.library, made.reader
    bob = library.add_reader("Bob Else", "BE").id
    fill(library, [ann, bob])
    add_model(made, {1: 1.0, 2: -1.0}, model_id="m1")
    add_model(made, {1: 2.0, 2: -1.0}, model_id="m2")
    library.promote("m2", reader=ann, reason="better", verdict="better")
    library.roll_back(reader=bob, reason="worse")
    library.set_threshold("m1", 0.123456789012345678, reader=ann, rule="F1", reason="bench")
    library.count_look("run 1", "better")
    library.add_look("figures", ann)
    read(library, [ann, bob])
    elsewhere(folder, library)
    library.set_setting("last", 1)
    library.close()
    yield library.paths.database


def read(library, readers):
    protocol = Protocol(reveal=Reveal.NEVER, repeats=0.5)
    made = library.create_reading(
        name="first", patches=[1, 2, 3, 4], protocol=protocol, readers=readers, seed=1
    )
    for reader in readers:
        for item in library.reading_items(made.reading, reader):
            library.commit_item(reader=reader, item=item.id, label=1)
        library.finish_reading(reading=made.reading, reader=reader)
        library.sign_off(
            reading=made.reading, reader=reader, meaning=Meaning.READ, note="with care"
        )


def elsewhere(folder, library):
    """Another machine's log comes in, of which some patches come later and some never."""
    with machine(folder / "elsewhere"):
        other = Library.create(folder / "other.glomlib")
    rows = [patch(number) for number in range(6)]
    other.add_patches(rows, root=folder)
    cid = other.add_reader("Cid", "C").id
    for label in (0, 1):
        other.decide(reader=cid, patches=range(1, 7), label=label, call_shown=True)
    other.count_look(None, "a look that was taken elsewhere")
    library.merge_library(other.folder)
    library.add_patches(rows[:3], root=folder)
    other.close()


def patch(number):
    from glomviewer.store.adding import NewPatch

    hashed = f"{number + 77:064x}"
    return NewPatch(f"o{number}.png", f"o{number}", hashed, hashed, 9, 9)


class Copy:
    """A copy of a database in memory, without the guards that keep its logs as they are."""

    def __init__(self, source):
        self.raw = sqlite3.connect(":memory:", check_same_thread=False)
        source.backup(self.raw)
        guards = self.raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in guards.fetchall():
            self.raw.execute(f"DROP TRIGGER {name}")

    def problems(self):
        self.raw.commit()
        engine = create_engine("sqlite://", creator=lambda: self.raw, poolclass=StaticPool)
        with engine.connect() as connection:
            try:
                return verify_log.log_problems(connection)
            except DatabaseError as error:  # which `verify` tells as a damaged library
                return [str(error)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.raw.close()


@pytest.fixture(scope="module")
def pristine(everything):
    with closing(sqlite3.connect(everything)) as source, Copy(source) as made:
        yield made


def rows_of(raw, table):
    return raw.execute(f"SELECT * FROM {table}").fetchall()


def columns_of(raw, table):
    """(name, type) of each column that isn't a number of this database alone."""
    return [
        (name, kind)
        for _, name, kind, *_ in raw.execute(f"PRAGMA table_info({table})")
        if name != "id"
    ]


def where(raw, table, row):
    """A condition for one row, and its values."""
    names = [info[1] for info in raw.execute(f"PRAGMA table_info({table})")]
    return " AND ".join(f"{name} IS ?" for name in names), row


def another(rng, raw, table, column, kind, old):
    """A value other than `old`: another row's, or one that no row has."""
    others = [row[0] for row in raw.execute(f"SELECT DISTINCT {column} FROM {table}")]
    if kind == "TEXT":
        fresh = [f"{old}x", "", "0", str(old)[:-1], None, b"\xff\x00"]
    else:
        small = 1e-9 if kind == "FLOAT" else 1
        fresh = [rng.randrange(-3, 90), (old or 0) + small, None, "abc", b"\x00"]
    choices = [value for value in others + fresh if value != old]
    return rng.choice(choices)


def edit(rng, raw, table):
    row = rng.choice(rows_of(raw, table))
    names = [info[1] for info in raw.execute(f"PRAGMA table_info({table})")]
    column, kind = rng.choice(columns_of(raw, table))
    old = row[names.index(column)]
    condition, values = where(raw, table, row)
    value = another(rng, raw, table, column, kind, old)
    raw.execute(f"UPDATE {table} SET {column} = ? WHERE {condition}", (value, *values))
    return f"{table}.{column}: {old!r} -> {value!r}"


def delete(rng, raw, table):
    row = rng.choice(rows_of(raw, table))
    condition, values = where(raw, table, row)
    raw.execute(f"DELETE FROM {table} WHERE {condition}", values)
    return f"{table}: {row!r} deleted"


def insert(rng, raw, table):
    names = [info[1] for info in raw.execute(f"PRAGMA table_info({table})")]
    row = dict(zip(names, rng.choice(rows_of(raw, table)), strict=True))
    if "id" in row:
        row["id"] = None
    if "sequence" in row:
        last = raw.execute(f"SELECT max(sequence) FROM {table}").fetchone()[0]
        row["sequence"] = rng.choice([last + 1, last + 2, -1, 0])
    if table == "unplaced" and rng.random() < 0.5:
        row["batch_id"] = raw.execute("SELECT max(id) FROM batches").fetchone()[0]
    column, kind = rng.choice(columns_of(raw, table))
    if rng.random() < 0.5:
        row[column] = another(rng, raw, table, column, kind, row[column])
    marks = ", ".join("?" * len(row))
    raw.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    return f"{table}: {row!r} inserted"


def mischief(seed, raw):
    """One random edit, insertion or deletion; what it was, in words."""
    rng = random.Random(seed)
    while True:
        act, table = rng.choice([edit, edit, insert, delete]), rng.choice(APPEND_ONLY)
        try:
            return act(rng, raw, table)
        except sqlite3.IntegrityError:
            continue


def look_for(pristine, seeds):
    unseen = []
    for seed in seeds:
        with Copy(pristine.raw) as copy:
            told = mischief(seed, copy.raw)
            if not copy.problems():
                unseen.append(told)
    return unseen


def test_every_log_has_rows_and_nothing_is_found_where_nothing_was_done(pristine):
    for table in APPEND_ONLY:
        assert len(rows_of(pristine.raw, table)) >= 2, table
    acts = {row[0] for row in pristine.raw.execute("SELECT DISTINCT kind FROM journal")}
    assert {Act.GESTURE, Act.MERGE, Act.SIGNOFF, Act.LOOK, Act.PROMOTION, Act.THRESHOLD} <= acts
    assert pristine.problems() == []


def test_a_thousand_random_edits_insertions_and_deletions_are_all_found(pristine):
    assert look_for(pristine, range(1000)) == []


def told(pristine, *statements):
    with Copy(pristine.raw) as copy:
        for statement in statements:
            copy.raw.execute(statement)
        return " ".join(copy.problems())


def test_what_was_done_is_told_with_its_place(pristine):
    origin = pristine.raw.execute("SELECT uuid FROM origins WHERE id = 1").fetchone()[0][:8]
    edited = told(pristine, "UPDATE decisions SET label = 2 WHERE id = 1")
    assert f"Act 4 of installation {origin}, 20" in edited
    assert "label 2 patches" in edited and "edited" in edited
    cut = told(pristine, "DELETE FROM journal WHERE origin_id = 1 AND sequence = 5")
    assert f"journal of installation {origin} goes on with act 6" in cut
    inserted = told(
        pristine,
        "INSERT INTO looks (run, sentence, made_at) VALUES ('run 7', 'nothing', 1700000000000000)",
    )
    assert "of looks, 2023-11-14 22:13 UTC, is not what the journal says" in inserted


def test_an_end_that_was_cut_off_is_told(pristine):
    last = "(SELECT max(sequence) FROM journal WHERE origin_id = 1)"
    assert "its end was deleted" in told(
        pristine, f"DELETE FROM journal WHERE origin_id = 1 AND sequence = {last}"
    )


def test_an_end_that_was_cut_off_with_care_is_told_by_what_was_signed(pristine):
    """Even the note of how far the chain reached was changed; the sign-off remembers."""
    row = "FROM journal WHERE kind = 'gesture' ORDER BY sequence LIMIT 1"
    sequence, hashed, batch = pristine.raw.execute(
        f"SELECT sequence, hash, batch_id {row}"
    ).fetchone()
    origin = pristine.raw.execute("SELECT uuid FROM origins WHERE id = 1").fetchone()[0]
    found = told(
        pristine,
        f"DELETE FROM journal WHERE origin_id = 1 AND sequence > {sequence} AND kind <> 'signoff'",
        f"UPDATE settings SET value = '{sequence} {hashed}' WHERE key = 'head:{origin}'",
        f"DELETE FROM decisions WHERE batch_id > {batch}",
        f"DELETE FROM batches WHERE id > {batch}",
    )
    assert "The sign-off of" in found and "as the last one then, and it is not there" in found
