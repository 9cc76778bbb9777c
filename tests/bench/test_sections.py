"""Every section runs as `make bench` runs it; on small libraries its figures mean nothing."""

import importlib.util

import pytest

from glomviewer.bench.context import Context
from glomviewer.bench.report import Row
from glomviewer.bench.sections import SECTIONS, run_sections


def test_filters_are_timed(measured):
    rows = measured("filters")
    timed = rows[0]["values"]
    assert {"queue uncertain", "sort by probability", "text in case"} <= set(timed)
    assert all(seconds > 0 for seconds in timed.values())


def test_thumbnails_are_counted(measured):
    [row] = measured("thumbnails")
    assert row["values"]["per_second"] > 0


def test_the_window_is_started_as_a_process(measured):
    *starts, memory = measured("window")
    assert len(starts) == 3
    assert all(min(row["values"]["seconds"]) > 0 for row in starts)
    assert memory["values"]["resident"] > 50_000_000


def test_the_grid_is_paged(measured):
    first, jump, complete, memory = measured("grid")
    assert first["values"]["frame"]
    assert jump["values"]["count"] == 6
    assert complete["values"]["jumps"]["p50"] > 0
    assert memory["values"]["bytes"] > 0


def test_keys_label_and_go_on(measured):
    idle, busy = measured("keys")
    assert idle["values"]["durable"]["count"] == 3
    assert "busy" in busy["what"]


def test_memory_is_measured_after_use(measured):
    [row] = measured("memory")
    assert row["values"]["used"] > 50_000_000


def test_a_section_that_takes_too_long_costs_its_own_row_alone(tmp_path, monkeypatch):
    def too_long(_context):
        raise TimeoutError("The window did not get there.")

    monkeypatch.setattr("glomviewer.bench.measures.keys.measure", too_long)
    row = Row("thumbnails", "", "12", "")
    monkeypatch.setattr("glomviewer.bench.measures.thumbnails.measure", lambda _context: [row])
    context = Context(tmp_path, quick=True, say=lambda _sentence: None)
    lost, kept = run_sections(["keys", "thumbnails"], context)
    assert lost.measured == "not measured: The window did not get there."
    assert kept is row


def test_agreement_is_timed_from_the_library_on(measured):
    plain, drawn = measured("agreement")
    assert 0 < plain["values"]["reading"] < plain["values"]["seconds"]
    assert drawn["values"]["draws"] == 40 and drawn["values"]["seconds"] > 0


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_training_is_measured_by_itself(measured):
    rows = measured("training")
    assert any("prediction from files" in row["what"] for row in rows)


def test_every_section_is_tested_here():
    tested = {
        "window",
        "grid",
        "filters",
        "agreement",
        "keys",
        "reading",
        "disputes",
        "merging",
        "memory",
        "thumbnails",
        "training",
    }
    assert set(SECTIONS) == tested
