"""A report of a real library, against a table made by hand (see tests/finished_reading.py)."""

import csv
import hashlib
import json
from dataclasses import replace

import pytest
from finished_reading import ADJUDICATED, read_through
from pypdf import PdfReader
from reports import at

from glomviewer.domain.agreement.bootstrap import Stopped
from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting.material import Choices
from glomviewer.jobs.reporting.watching import Watching
from glomviewer.jobs.reporting.writing import write_report
from glomviewer.store.errors import Refused, UnknownRecord
from glomviewer.store.library import Library
from glomviewer.ui.report_pdf import pdf_of

CHOICES = Choices(made=at(9), draws=100)


@pytest.fixture
def read(tmp_path):
    read = read_through(tmp_path)
    with read.small.library:
        yield read


@pytest.fixture
def report(read, tmp_path) -> StudyReport:
    return write_report(read.small.library, read.reading, tmp_path / "out", CHOICES).report


def figure(lines, between, statistic):
    return next(one.figure for one in lines if (one.between, one.statistic) == (between, statistic))


def test_who_read_what_and_how(report):
    ann, bob = report.readers
    assert (ann.items, ann.decided, ann.counts[:2]) == (26, 26, (16, 8))
    assert (bob.items, bob.decided, bob.counts[:2]) == (26, 26, (12, 12))
    assert ann.finished and ann.first and ann.last and ann.first < ann.last < ann.finished
    assert ann.comments == 1 and ann.seconds is not None
    assert (report.sample.patches, report.sample.cases, report.sample.repeats) == (24, 6, 4)
    assert report.sample.sentences == ("All patches that were chosen.",)
    assert report.heading.reading == "Baseline" and report.heading.created_by == "Cara More"
    assert "The model's call is shown after the reader's own." in report.protocol


def test_agreement_is_of_first_calls(report):
    pairs = report.agreement.pairs
    assert figure(pairs, "AO and BE", "Raw agreement").value == 18 / 24
    # Chance: 16/24 x 12/24 + 8/24 x 12/24 = 1/2.
    assert figure(pairs, "AO and BE", "Cohen's kappa").value == pytest.approx(0.5)
    # No reference on 3, 7 and 9, where first calls differ, and on 5, where the call was in view.
    with_reference = report.agreement.with_reference
    assert figure(with_reference, "AO and reference", "Raw agreement").value == 18 / 20
    assert figure(with_reference, "BE and reference", "Raw agreement").value == 1.0
    assert [
        (one.adjudicated, one.agreed, one.in_view, one.unsettled)
        for one in report.agreement.held_against
    ] == [(2, 18, 1, 3)] * 2


def test_disputes_end_in_four_ways(report):
    found = {one.patch: one for one in report.disputes.disputes}
    assert list(found) == [f"Patch {patch}" for patch in (1, 2, 3, 5, 7, 9)]
    assert {patch: (one.standing, one.outcome) for patch, one in found.items()} == {
        "Patch 1": ("settled: adjudicated", "not globally sclerotic"),
        "Patch 2": ("settled: adjudicated", "globally sclerotic"),
        "Patch 3": ("settled: the readers agree since", "not globally sclerotic"),
        "Patch 5": ("settled: adjudicated", "not globally sclerotic"),
        "Patch 7": ("on the consensus list", ""),
        "Patch 9": ("open", ""),
    }
    assert report.disputes.states == (
        ("open", 1),
        ("sent back for another reading", 0),
        ("on the consensus list", 1),
        ("settled", 4),
    )
    assert (found["Patch 7"].by, found["Patch 7"].reason) == ("Cara More (CM)", "hard")
    assert found["Patch 1"].by == "Cara More (CM)" and found["Patch 1"].reason == "settled"
    changed = found["Patch 3"].calls[0]
    assert (changed.first, changed.final) == ("globally sclerotic", "not globally sclerotic")
    assert changed.revealed and changed.comment == "looked again"
    assert found["Patch 1"].calls[0].revealed


def test_what_the_models_call_did(report):
    ann, bob = report.reveals
    assert (ann.shown, ann.changed, bob.shown, bob.changed) == (24, 1, 24, 0)
    # Of 16 judged patches Ann was right at first on 14 and kept 1 and 2, which were wrong, as
    # the model's calls were. What she changed on 3 is the only thing that says it was wrong.
    assert (ann.judged.overturned.count, ann.judged.overturned.of) == (0, 14)
    assert (ann.judged.repaired.count, ann.judged.repaired.of) == (0, 2)
    assert (ann.judged.repaired_by_right.count, ann.judged.repaired_by_right.of) == (0, 0)
    assert (bob.judged.overturned_by_wrong.count, bob.judged.overturned_by_wrong.of) == (0, 2)


def test_the_model_where_it_was_not_trained(report):
    part = report.model
    assert (part.patches, part.trained_on, part.without_reference) == (16, 4, 4)
    values = {name: one.value for name, one in part.figures}
    # Of ten sclerotic ones 2 is missed; of 1, 11, 13, 15, 17 and 19 1 is called so.
    assert values["Accuracy"] == pytest.approx(14 / 16)
    assert values["Sensitivity"] == pytest.approx(9 / 10)
    assert values["Specificity"] == pytest.approx(5 / 6)
    assert values["F1"] == pytest.approx(9 / 10)
    # By chance 10/16 x 10/16 + 6/16 x 6/16 = 136/256.
    assert values["Cohen's kappa"] == pytest.approx((14 / 16 - 136 / 256) / (120 / 256))


def test_each_case_before_and_after(report):
    counts = [
        ((one.before.positive, one.before.total), (one.after.positive, one.after.total))
        for one in report.cases.relabelling.cases
    ]
    rest = [((2, 4), (2, 4))] * 3
    assert counts == [((1, 1), (2, 4)), ((2, 2), (2, 3)), ((2, 3), (2, 3)), *rest]
    assert [(one.source, one.now, one.judging) for one in report.sources] == [
        ("adjudicated", 2, 2),
        ("adjudicated with the model's call in view", 1, 0),
        ("all readers agree", 19, 18),
        ("disputed, so there is none", 2, 0),
    ]


def test_a_change_after_sign_off_shows(read, tmp_path):
    library, (ann, *_) = read.small.library, read.small.readers
    item = next(one for one in library.reading_items(read.reading, ann) if one.patch == 9)
    library.commit_item(reader=ann, item=item.id, label=0, comment="a slip of the key")
    report = write_report(library, read.reading, tmp_path / "out", CHOICES).report
    assert [(one.reader, one.meaning) for one in report.sign_offs] == [
        ("Ann Other (AO)", "read"),
        ("Bob Else (BE)", "read"),
    ]
    (late,) = report.late_changes
    assert (late.patch, late.reader, late.what) == ("Patch 9", "AO", "label")
    assert (late.old, late.new) == ("globally sclerotic", "not globally sclerotic")
    assert late.reason == "a slip of the key"


def test_every_decision_is_in_the_table(read, tmp_path):
    written = write_report(read.small.library, read.reading, tmp_path / "out", CHOICES)
    with (tmp_path / "out" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # 26 items for each of two, one change of mind, three adjudications, one referral.
    assert len(rows) == 2 * 26 + 1 + len(ADJUDICATED) + 1
    assert sum(row["repeat"] == "yes" for row in rows) == 4
    changed = next(row for row in rows if row["why"] == "looked again")
    assert changed["old"] == "globally sclerotic" and "the call of" in changed["having seen"]
    first = next(row for row in rows if row["patch"] == "1")
    assert first["having seen"] == "the patch; no call" and first["old"] == ""
    heads = {one.origin for one in written.report.chains}
    assert {row["origin"][:8] for row in rows} == heads


def test_every_dispute_is_in_a_table_with_how_it_stands(read, report, tmp_path):
    with (tmp_path / "out" / "disputes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["patch"], row["state"], row["settled how"]) for row in rows] == [
        ("Patch 1", "settled", "adjudicated"),
        ("Patch 2", "settled", "adjudicated"),
        ("Patch 3", "settled", "the readers agree since"),
        ("Patch 5", "settled", "adjudicated"),
        ("Patch 7", "consensus", ""),
        ("Patch 9", "open", ""),
    ]
    changed = rows[2]
    assert (changed["AO at first"], changed["AO now"]) == (
        "globally sclerotic",
        "not globally sclerotic",
    )
    assert changed["AO had been shown the model's call"] == "yes"
    assert rows[4]["by"] == "Cara More (CM)" and rows[4]["when (UTC)"]


def test_made_again_from_the_library_it_is_the_same_but_for_its_date(qapp, read, tmp_path):
    library = read.small.library
    write_report(library, read.reading, tmp_path / "one", CHOICES, pdf=pdf_of)
    library.backup_now("between")
    library.close()
    with Library.open(read.folder) as again:
        later = replace(CHOICES, made=at(17, 5, day=24))
        write_report(again, read.reading, tmp_path / "two", later, pdf=pdf_of)
    one, two = ((tmp_path / name / "report.html").read_bytes() for name in ("one", "two"))
    differing = [
        (old, new)
        for old, new in zip(one.splitlines(), two.splitlines(), strict=True)
        if old != new
    ]
    assert len(differing) == 1 and b"Report made" in differing[0][0]
    for name in ("decisions.csv", "disputes.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    first, second = (pdf_lines(tmp_path / name) for name in ("one", "two"))
    assert [new for old, new in zip(first, second, strict=True) if old != new] == [
        "2026-11-24 17:05:07 UTC (18:05:07 Europe/Berlin)"
    ]


def pdf_lines(folder):
    pages = PdfReader(folder / "report.pdf").pages
    return [" ".join(line.split()) for page in pages for line in page.extract_text().splitlines()]


def test_a_decision_between_two_reports_moves_the_head(read, tmp_path):
    library = read.small.library
    before = write_report(library, read.reading, tmp_path / "out", CHOICES).report
    library.flag(reader=read.small.readers[2], patches=[1])
    after = write_report(library, read.reading, tmp_path / "out", CHOICES).report
    assert before.chains[0].head != after.chains[0].head


def test_the_journal_tells_of_the_report_with_the_hashes_of_its_files(read, tmp_path):
    library = read.small.library
    written = write_report(library, read.reading, tmp_path / "out", CHOICES)
    assert written.noted
    with library.read() as connection:
        body = connection.exec_driver_sql(
            "SELECT body FROM journal WHERE kind = 'export' ORDER BY id DESC LIMIT 1"
        ).scalar_one()
    told = json.loads(body)
    assert told["what"] == "report"
    assert told["files"] == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in written.files
    }
    assert str(tmp_path) not in body


def test_a_library_that_is_read_only_gives_the_same_report(read, tmp_path):
    library = read.small.library
    first = write_report(library, read.reading, tmp_path / "one", CHOICES)
    with Library.open(read.folder, write=False) as looked_at:
        second = write_report(looked_at, read.reading, tmp_path / "two", CHOICES)
    assert not second.noted and "not in its log" in second.sentence
    assert first.files[0].read_bytes() == second.files[0].read_bytes()


def test_cancelled_nothing_is_written(read, tmp_path):
    folder = tmp_path / "out"
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) > 20

    write_report(read.small.library, read.reading, folder, CHOICES)
    kept = {file.name: file.read_bytes() for file in folder.iterdir()}
    later = replace(CHOICES, made=at(20))
    with pytest.raises(Stopped):
        write_report(
            read.small.library, read.reading, folder, later, watching=Watching(cancelled=cancelled)
        )
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == kept


def test_a_pdf_that_fails_leaves_nothing_behind(read, tmp_path):
    def fails(report, check):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_report(read.small.library, read.reading, tmp_path / "out", CHOICES, pdf=fails)
    assert list((tmp_path / "out").iterdir()) == []


def test_who_still_reads_blind_gets_none(tmp_path):
    read = read_through(tmp_path, finish=False)
    with read.small.library as library:
        library.viewer = read.small.readers[0]
        with pytest.raises(Refused, match="finish"):
            write_report(library, read.reading, tmp_path / "out", CHOICES)
        assert not (tmp_path / "out").exists()
        with pytest.raises(UnknownRecord):
            library.viewer = None
            write_report(library, 99, tmp_path / "out", CHOICES)
