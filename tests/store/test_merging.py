"""Logs of several installations merge into the same on all of them, whatever the order."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from machines import labels, lines_of, make, merge, merge_lines, opened, patch, rows, said, state

from glomviewer.domain.labels import ReferenceSource
from glomviewer.store import clock, recomputation, verify_log
from glomviewer.store.import_values import ImportCancelled
from glomviewer.store.library import Library

SIX = [patch(number) for number in range(6)]


@pytest.fixture
def two(tmp_path):
    first, second = (make(tmp_path / name, SIX) for name in ("one", "two"))
    yield first, second
    first.close()
    second.close()


def test_what_both_say_stands_in_both_afterwards(two):
    first, second = two
    first.decide(reader=1, patches=[1, 2], label=1)
    second.decide(reader=2, patches=[2], label=0, comment="no tuft")
    report = merge(first, second)
    assert (report.decisions, report.refused, report.unplaced) == (1, 0, 0)
    assert first.patch(2).disputed
    assert {one.comment for one in first.history(2)} == {"", "no tuft"}
    merge(second, first)
    assert state(first) == state(second)


def test_merging_twice_changes_nothing_at_all(two):
    first, second = two
    second.decide(reader=2, patches=[2], label=0)
    merge(first, second)
    before = first.paths.database.read_bytes(), rows(first, "SELECT * FROM journal")
    again = merge(first, second)
    assert (again.new, again.known > 0) == (0, True)
    assert again.sentence.startswith("Nothing was new")
    assert (first.paths.database.read_bytes(), rows(first, "SELECT * FROM journal")) == before


def test_records_of_merging_alone_are_no_news(two):
    first, second = two
    second.decide(reader=2, patches=[2], label=0)
    merge(first, second)
    merge(second, first)
    assert merge(first, second).new == 0
    assert merge(second, first).new == 0


def test_the_order_in_which_logs_come_in_does_not_matter(tmp_path):
    one, two, left, right = (make(tmp_path / str(i), SIX) for i in range(4))
    one.decide(reader=1, patches=[1, 2, 3], label=1)
    one.decide(reader=1, patches=[1], label=0, call_shown=True)
    one.undo(reader=1)
    two.decide(reader=1, patches=[1, 2], label=2)
    two.exclude(reader=2, patches=[3], reason="folded")
    two.adjudicate(reader=2, patch=2, label=3)
    for target, source in ((left, one), (left, two), (right, two), (right, one)):
        merge(target, source)
    (decisions, _, withdrawn), others = said(left), said(right)
    assert (decisions, withdrawn) == (others[0], others[2])
    assert labels(left) == labels(right)
    for library in (one, two, left, right):
        library.close()


def test_clocks_decide_and_not_wall_clocks(two, monkeypatch):
    first, second = two
    monkeypatch.setattr(clock, "now", lambda: 4_000_000_000_000_000)
    first.decide(reader=1, patches=[1], label=0)
    merge(second, first)
    monkeypatch.setattr(clock, "now", lambda: 1_000_000)
    second.decide(reader=1, patches=[1], label=1)
    merge(first, second)
    for library in two:
        assert library.load_table(1)["current"].tolist()[0] == 1
    monkeypatch.setattr(clock, "now", lambda: 500)
    first.decide(reader=1, patches=[1], label=2)
    merge(second, first)
    assert second.load_table(1)["current"].tolist()[0] == 2


def test_an_undo_takes_its_gesture_back_wherever_that_has_come(two):
    first, second = two
    first.decide(reader=1, patches=[1], label=1)
    merge(second, first)
    first.undo(reader=1)
    assert second.next_undo(1) is None
    merge(second, first)
    assert second.patch(1).reference_source == first.patch(1).reference_source
    assert labels(first) == labels(second)


def test_a_fork_is_refused_and_told_where(two, tmp_path):
    first, _ = two
    first.decide(reader=1, patches=[1], label=1)
    first.close()
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "one", copy)
    again = opened(tmp_path / "one")
    other = opened(copy)
    again.decide(reader=1, patches=[2], label=1)
    other.decide(reader=1, patches=[2], label=0)
    before = state(again)
    report = merge(again, other)
    assert (report.new, report.refused) == (0, 1)
    assert "two different acts number" in report.sentence
    assert state(again) == before
    again.close()
    other.close()


def altered(library, sql):
    with closing(sqlite3.connect(library.paths.database)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(sql)
        connection.commit()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE decisions SET label = 3 WHERE sequence = 2",
        "UPDATE journal SET made_at = made_at - 1 WHERE kind = 'gesture'",
        "DELETE FROM decisions WHERE sequence = 1",
        "UPDATE batches SET title = 'other'",
    ],
)
def test_an_altered_log_is_refused_as_a_whole(two, sql):
    first, second = two
    second.decide(reader=2, patches=[2, 3], label=0)
    second.close()
    altered(second, sql)
    before = state(first)
    with (
        closing(sqlite3.connect(second.paths.database)),
        Library.open(second.folder, write=False) as foreign,
    ):
        report = merge(first, foreign)
    assert report.new == 0 and report.refused
    assert "altered" in report.sentence
    assert state(first) == before


def test_an_edited_line_of_a_return_is_refused(two):
    first, second = two
    second.decide(reader=2, patches=[2, 3], label=0, comment="thin")
    lines = lines_of(second)
    report = merge_lines(first, lines.replace(b"thin", b"thick"))
    assert report.new == 0 and "altered" in report.sentence
    assert merge_lines(first, lines).decisions == 2
    assert merge_lines(first, lines).new == 0


def test_a_log_with_a_gap_is_refused(two):
    first, second = two
    for label in (0, 1):
        second.decide(reader=2, patches=[2], label=label)
    lines = lines_of(second).splitlines(keepends=True)
    first_act = next(i for i, line in enumerate(lines) if json.loads(line).__class__ is dict and i)
    count = json.loads(lines[first_act])["rows"]
    without = lines[:first_act] + lines[first_act + 1 + count :]
    report = merge_lines(first, b"".join(without))
    assert report.new == 0 and "are missing" in report.sentence


def test_decisions_about_patches_that_are_not_here_wait_for_them(tmp_path):
    full = make(tmp_path / "full", SIX)
    part = make(tmp_path / "part", SIX[:3])
    full.decide(reader=1, patches=[2, 5, 6], label=1)
    full.comment(reader=1, patch=6, text="later")
    report = merge(part, full)
    assert report.unplaced == 3
    assert "are kept" in report.sentence
    part.add_patches([patch(5), patch(4)], root=part.folder.parent)
    merge(full, part)
    found = {row[0]: row for row in labels(part)[1]}
    wanted = {row[0]: row for row in labels(full)[1]}
    for pixels in found:
        assert found[pixels] == wanted[pixels]
    with part.read() as connection:
        assert recomputation.differences(connection) == []
    full.close()
    part.close()


def test_patches_may_come_before_between_and_after_what_is_said_of_them(tmp_path):
    full, part = make(tmp_path / "full", SIX), make(tmp_path / "part", SIX[:2])
    full.decide(reader=1, patches=range(1, 7), label=1, comment="why")
    full.decide(reader=1, patches=[3, 4, 6], label=0, call_shown=True)
    full.exclude(reader=2, patches=[3, 5], reason="folded")
    merge(part, full)
    part.add_patches([SIX[3]], root=part.folder.parent)
    full.undo(reader=1)
    full.adjudicate(reader=2, patch=6, label=3)
    merge(part, full)
    part.add_patches([SIX[5], SIX[2]], root=part.folder.parent)
    full.redo(reader=1)
    full.undo(reader=2)
    merge(part, full)
    part.add_patches([SIX[4]], root=part.folder.parent)
    assert labels(part) == labels(full)
    with part.read() as connection:
        assert recomputation.differences(connection) == []
        assert verify_log.log_problems(connection) == []
    full.close()
    part.close()


def test_a_cancelled_merge_leaves_nothing(two):
    first, second = two
    second.decide(reader=2, patches=[2], label=0)
    before = state(first)
    asked = []

    def at_the_third(*_):
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(ImportCancelled):
        merge(first, second, cancelled=at_the_third)
    assert state(first) == before
    assert rows(first, "SELECT count(*) FROM journal WHERE kind = 'merge'") == [(0,)]


def test_readers_are_known_by_their_uuid(two):
    first, second = two
    third = second.add_reader("Ann", "A2").id
    second.decide(reader=third, patches=[1], label=1)
    report = merge(first, second)
    assert report.readers == ("Ann",)
    assert first.patch(1).reference_source == ReferenceSource.SINGLE_READER
    assert [one.name for one in first.readers()] == ["Ann", "Bob", "Ann"]


def test_namesakes_from_two_machines_are_kept_apart_and_told(two):
    first, second = two
    for library in two:
        reader = library.add_reader("Eve Else", "EE").id
        library.decide(reader=reader, patches=[1], label=1)
    assert "two readers called Eve Else (EE)" in merge(first, second).sentence
    assert first.add_reader("Eve Else", "EE").id == 3
