"""An older library is backed up, then brought to the schema of the models, with its data."""

import itertools
import sqlite3
import threading
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from glomviewer.store import migrate, recomputation, verify_log
from glomviewer.store.engine import make_engine
from glomviewer.store.errors import ReadOnly
from glomviewer.store.import_values import ImportCancelled
from glomviewer.store.library import Library
from glomviewer.store.migrating.watch import CHECKING, COPYING, MigrationWatch
from glomviewer.store.paths import LibraryPaths
from glomviewer.store.schema import SCHEMA_VERSION, metadata
from glomviewer.store.verify import verify

OLD_DATA = """
INSERT INTO settings VALUES ('library_uuid', 'u'), ('label_set', :labels);
INSERT INTO origins VALUES (1, 'o1', 'another machine', 5);
INSERT INTO readers VALUES (1, 'r1', 'Ann Other', 'AO', 5);
INSERT INTO roots VALUES (1, '/slides', 0);
INSERT INTO cases VALUES (1, 'case 1');
INSERT INTO patches (id, case_id, imported_label, split) VALUES (1, 1, 0, 2), (2, 1, 1, 2);
INSERT INTO files (patch_id, root_id, path, name, added_at)
  VALUES (1, 1, 'p10.png', 'p10.png', 5), (2, 1, 'p2.png', 'p2.png', 5);
INSERT INTO batches (id, origin_id, sequence, reader_id, kind, title, patches, made_at, undo_top)
  VALUES (1, 1, 1, 1, 'do', 'label 1 patch cannot tell', 1, 7000000, 1);
INSERT INTO decisions (id, origin_id, sequence, batch_id, reader_id, patch_id, field, kind,
  after_id, label, made_at) VALUES (1, 1, 1, 1, 1, 1, 'label', 'do', 1, 2, 7000000);
INSERT INTO current_labels VALUES (1, 1, 1, 2, 0, 7000000);
INSERT INTO patch_states (patch_id, reference, source, blind, decided_at)
  VALUES (1, 2, 3, 1, 7), (2, 1, 4, 1, 0);
INSERT INTO models (id, name, added_at, card, threshold, threshold_rule)
  VALUES ('m', 'old', 6, '{"id": "m"}', 1.25, 'best F1');
INSERT INTO promotions (model_id, made_at) VALUES ('m', 8);
"""


@pytest.fixture
def old(tmp_path, empty):
    """A library as the first version left it."""
    paths = LibraryPaths(tmp_path / "old.glomlib")
    paths.make_folders()
    paths.database.touch()
    migrate.upgrade(paths.database, 1)
    labels = empty.label_set.to_json().replace("'", "''")
    with closing(sqlite3.connect(paths.database)) as connection:
        connection.executescript(OLD_DATA.replace(":labels", f"'{labels}'"))
    return paths


SINCE = """
INSERT INTO batches (id, origin_id, sequence, reader_id, kind, title, patches, made_at, zone,
  reverts, undo_top) VALUES
  (2, 1, 2, 1, 'do', 'exclude 2 patches: folded', 2, 9000000, 'Europe/Berlin', NULL, 2),
  (3, 1, 3, 2, 'do', 'exclude 1 patch: consent', 1, 9100000, 'Europe/Berlin', NULL, 3),
  (4, 1, 4, 1, 'undo', 'exclude 2 patches: folded', 1, 9200000, 'Europe/Berlin', 2, 1),
  (5, 2, 1, 1, 'do', 'label 1 patch', 1, 3000000, 'UTC', NULL, 5),
  (6, 2, 2, 1, 'undo', 'label 1 patch', 1, 9400000, 'UTC', 5, 1),
  (7, 2, 3, 1, 'redo', 'label 1 patch', 1, 9500000, 'UTC', 6, 5),
  (8, 1, 5, 2, 'undo', 'exclude 1 patch: consent', 0, 9600000, 'UTC', 3, NULL);
INSERT INTO decisions (id, origin_id, sequence, batch_id, reader_id, patch_id, field, kind,
  before_id, after_id, label, value, made_at, zone) VALUES
  (2, 1, 2, 2, 1, 1, 'exclusion', 'do', NULL, 2, -1, 'folded', 9000000, 'Europe/Berlin'),
  (3, 1, 3, 2, 1, 2, 'exclusion', 'do', NULL, 3, -1, 'folded', 9000000, 'Europe/Berlin'),
  (4, 1, 4, 3, 2, 1, 'exclusion', 'do', 2, 4, -1, 'consent', 9100000, 'Europe/Berlin'),
  (5, 1, 5, 4, 1, 2, 'exclusion', 'undo', 3, NULL, -1, '', 9200000, 'Europe/Berlin'),
  (6, 2, 1, 5, 1, 2, 'label', 'do', NULL, 6, 0, '', 3000000, 'UTC'),
  (7, 2, 2, 6, 1, 2, 'label', 'undo', 6, NULL, -1, '', 9400000, 'UTC'),
  (8, 2, 3, 7, 1, 2, 'label', 'redo', NULL, 6, 0, '', 9500000, 'UTC');
INSERT INTO current_labels VALUES (2, 1, 6, 0, 0, 3000000);
UPDATE patch_states SET excluded = 1, exclusion_id = 4 WHERE patch_id = 1;
UPDATE patch_states SET reference = 0, source = 3, decided_at = 3 WHERE patch_id = 2;
INSERT INTO thresholds (model_id, logit, rule, reason, reader_id, made_at, zone)
  VALUES ('m', 0.12345678901234567, 'F1', 'seen "again"', 2, 1000000, 'UTC');
INSERT INTO promotions (model_id, previous_id, reader_id, kind, reason, overruled, made_at)
  VALUES ('m', 'm', 2, 'promotion', 'better', 1, 9700000);
INSERT INTO looks (run, sentence, made_at) VALUES ('r', 'better', 9800000), (NULL, 'x', 9900000);
"""


@pytest.fixture
def lived_in(old):
    """A library of the second format with undo and redo, two origins, and every log."""
    migrate.upgrade(old.database, 2)
    with closing(sqlite3.connect(old.database)) as connection:
        connection.executescript(
            "INSERT INTO origins VALUES (2, 'o2', 'a third machine', 6);"
            "INSERT INTO readers VALUES (2, 'r2', 'Bob Else', 'BE', 6);" + SINCE
        )
    return old


def dumped(database):
    with closing(sqlite3.connect(database)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()
        return version, list(connection.iterdump())


def described(database):
    """Tables, columns, keys, indexes and triggers, whatever the order of columns."""
    with closing(sqlite3.connect(database)) as connection:

        def rows(sql):
            return sorted(connection.execute(sql).fetchall(), key=repr)

        tables = [
            name
            for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {
            "triggers": rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"),
            **{
                table: (
                    sorted(row[1:] for row in rows(f"PRAGMA table_info({table})")),
                    sorted(row[2:5] for row in rows(f"PRAGMA foreign_key_list({table})")),
                    sorted(
                        (name, unique, [row[2] for row in rows(f"PRAGMA index_info({name})")])
                        for _, name, unique, origin, _ in rows(f"PRAGMA index_list({table})")
                        if origin == "c"
                    ),
                )
                for table in tables
            },
        }


def test_the_newest_revision_is_what_the_models_say(tmp_path, library):
    database = tmp_path / "migrated.sqlite"
    database.touch()
    migrate.upgrade(database, SCHEMA_VERSION)
    engine = make_engine(database, read_only=False)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    library.close()
    assert described(database) == described(library.paths.database)


def test_an_older_library_keeps_everything_and_is_backed_up_first(old):
    with Library.open(old.folder) as library:
        patch = library.patch(1)
        assert (patch.name, patch.case, patch.reference_label) == ("p10.png", "case 1", 2)
        (said,) = library.history(1)
        assert (said.label, said.before, said.kind) == (2, "no label", "do")
        assert library.next_undo(1) is None, "another machine did it"
        with library.read() as connection:
            assert recomputation.differences(connection) == []
        assert library.load_table(1)["name_rank"].tolist() == [1, 0]
        active = library.active_model()
        assert active is not None
        assert active.threshold == 1.25
        assert [one.rule for one in library.threshold_history("m")] == ["best F1"]
        reasons = [backup.reason for backup in library.backups()]
    assert "before migration from 1" in reasons
    backup = next(old.backups.glob("*migration*.sqlite"))
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT threshold FROM models").fetchone() == (1.25,)


def test_an_older_library_can_not_be_read_before_it_was_migrated(old):
    before = old.database.read_bytes()
    with pytest.raises(ReadOnly, match="older format"):
        Library.open(old.folder, write=False)
    assert old.database.read_bytes() == before


def test_a_migration_that_fails_leaves_the_library_as_it_was(old):
    with closing(sqlite3.connect(old.database)) as connection:
        connection.execute("CREATE INDEX ix_files_sort_key ON files (name)")
    before = described(old.database)
    with pytest.raises(Exception, match="ix_files_sort_key"):
        migrate.upgrade(old.database, SCHEMA_VERSION)
    assert described(old.database) == before
    with closing(sqlite3.connect(old.database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_migration_tells_how_far_it_is(lived_in):
    told = []
    Library.open(lived_in.folder, progress=told.append).close()
    steps = list(dict.fromkeys(one.stage for one in told))
    assert [step.partition(" (")[0] for step in steps] == [
        "Copying the library",
        "Rewriting decisions",
        "Writing the journal",
        "Deriving labels",
        "Checking",
    ]
    assert steps[2].endswith("(step 3 of 5)")
    assert all(0 <= one.done <= one.total for one in told)


def test_how_long_yet_follows_from_the_time_passed():
    moments, told = iter([0.0, 0.5, 10.0]), []
    watch = MigrationWatch(told.append, clock=lambda: next(moments))
    watch.tell(COPYING, 1, 2)
    watch.tell(CHECKING, 0, 1)
    early, late = told
    assert early.seconds_left is None, "nobody can know yet"
    assert 0 < late.seconds_left < 10.0, "little is left after the longest steps"


@pytest.mark.parametrize("stage", ["Copying", "Rewriting", "Writing", "Deriving", "Checking"])
def test_a_cancelled_migration_leaves_the_library_as_it_was(lived_in, stage):
    before, stop = dumped(lived_in.database), threading.Event()

    def tell(progress):
        if progress.stage.startswith(stage):
            stop.set()

    with pytest.raises(ImportCancelled):
        Library.open(lived_in.folder, progress=tell, cancelled=stop.is_set)
    assert dumped(lived_in.database) == before
    assert list(lived_in.backups.glob("*.partial")) == []
    with Library.open(lived_in.folder) as library, library.read() as connection:
        assert not library.read_only, "the lock was given back"
        assert verify_log.log_problems(connection) == []


def test_a_statement_that_takes_long_is_given_up():
    """Asked by SQLite itself while it works, not only between two statements."""
    asked = itertools.count()
    watch = MigrationWatch(cancelled=lambda: next(asked) > 2)
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(ImportCancelled),
        watch.stopping(connection),
    ):
        engine = create_engine("sqlite://", creator=lambda: connection)
        with engine.connect() as open_connection:
            open_connection.exec_driver_sql(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT max(i) FROM n"
            )


def test_gestures_and_acts_of_before_become_a_chain_that_verify_accepts(lived_in):
    with Library.open(lived_in.folder) as library, library.read() as connection:
        assert verify_log.log_problems(connection) == []
        assert recomputation.differences(connection) == []
        acts = [(row.kind, row.title) for row in reversed(library.journal())]
        clocks = [row.clock for row in reversed(library.journal())]
    assert clocks == sorted(clocks) and min(clocks) >= 1
    assert [kind for kind, _ in acts].count("gesture") == 8
    assert {"threshold", "promotion", "look"} <= {kind for kind, _ in acts}
    assert ("gesture", "redone: label 1 patch") in acts


def test_an_undo_that_had_left_a_patch_alone_still_does(lived_in):
    """Ann took her exclusion back where Bob had not set one since; Bob then took back his."""
    with Library.open(lived_in.folder) as library:
        assert [library.patch(number).exclusion_reason for number in (1, 2)] == ["", ""]
        assert library.patch(2).reference_label == 0, "made again, and its clock set back"
        assert library.next_undo(1) is None, "another machine did it"


def test_a_log_of_before_can_be_merged(lived_in, library):
    with Library.open(lived_in.folder) as older:
        report, _ = library.merge_library(older.folder)
        assert (report.refused, report.unplaced) == (0, 8)
        with library.read() as connection:
            assert verify_log.log_problems(connection) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE decisions SET value = 'torn' WHERE id = 4", "act"),
        ("UPDATE thresholds SET logit = 2 WHERE id = 1", "thresholds"),
        ("DELETE FROM looks WHERE id = 1", "looks"),
    ],
)
def test_what_is_edited_after_the_migration_is_found(lived_in, statement, told):
    Library.open(lived_in.folder).close()
    with closing(sqlite3.connect(lived_in.database)) as connection:
        for verb in ("update", "delete"):
            for table in ("decisions", "thresholds", "looks"):
                connection.execute(f"DROP TRIGGER {table}_{verb}_refused")
        connection.execute(statement)
        connection.commit()
    assert told in " ".join(verify(lived_in.folder).problems).lower()
