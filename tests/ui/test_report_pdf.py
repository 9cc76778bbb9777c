"""The report on paper: what the HTML says, the same each time, with a footer on each page."""

import io
import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reports import at, made_by_hand

from glomviewer.domain.agreement.percentages import RelabelledCase
from glomviewer.domain.cases import wilson
from glomviewer.jobs.reporting.chapters import pages_of
from glomviewer.store.verify_heads import WrittenHead, heads_in
from glomviewer.ui.report_pdf import pdf_of

ALONE = """
import sys
from reports import made_by_hand
from glomviewer.ui.report_pdf import pdf_of, text_system
with text_system():
    sys.stdout.buffer.write(pdf_of(made_by_hand()))
"""


def pages(data):
    """The text of each page, line by line, words apart by one space."""
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return ["\n".join(" ".join(line.split()) for line in text.splitlines()) for text in texts]


def bare(text):
    return "".join(text.split())


def long_report(cases=150):
    report = made_by_hand()
    rows = tuple(
        RelabelledCase(f"case {n}", wilson(n % 7, 11), wilson(n % 5, 12), 0, 0)
        for n in range(cases)
    )
    found = replace(report.cases.relabelling, cases=rows)
    return replace(report, cases=replace(report.cases, relabelling=found))


@pytest.fixture
def printed(qapp):
    return pdf_of(made_by_hand())


def test_it_says_all_that_the_html_says(printed):
    text = bare(" ".join(pages(printed)))
    for chapter in pages_of(made_by_hand()).chapters:
        cells = [cell for grid in chapter.grids for row in grid.rows for cell in row]
        for wanted in (chapter.title, *chapter.sentences, *cells):
            assert all(bare(line) in text for line in wanted.splitlines()), wanted


def test_each_page_has_its_number_and_what_it_is_not_for(printed):
    found = pages(printed)
    for number, text in enumerate(found, 1):
        assert bare(f"Page {number} of {len(found)}") in bare(text)
        assert bare("For review, not for diagnosis · Reading report: Baseline") in bare(text)


def test_it_is_a4(printed):
    box = PdfReader(io.BytesIO(printed)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_made_again_its_text_is_the_same_but_for_its_date(printed):
    report = made_by_hand()
    assert pages(pdf_of(report)) == pages(printed)
    later = replace(report, heading=replace(report.heading, made=at(18, 1, day=25)))
    before, after = ("\n".join(pages(one)).splitlines() for one in (printed, pdf_of(later)))
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        "2026-11-25 18:01:07 UTC (19:01:07 Europe/Berlin)"
    ]


def test_a_long_table_has_its_head_on_each_page_and_loses_no_row(qapp):
    found = pages(pdf_of(long_report()))
    text = bare(" ".join(found))
    assert all(bare(f"case {n}") in text for n in range(150))
    assert sum("Globally sclerotic glomeruli per case" in page for page in found) >= 3


def disputed_report(disputes):
    report = made_by_hand()
    one = report.disputes.disputes[0]
    many = tuple(
        replace(one, patch=f"Patch {n}", calls=one.calls * (1 + n % 3), reason=f"reason {n}.")
        for n in range(disputes)
    )
    part = replace(report.disputes, disputes=many)
    return replace(report, disputes=part, late_changes=())


@pytest.mark.parametrize("disputes", [15, 40, 97])
def test_no_row_is_torn_by_the_end_of_a_page(qapp, disputes):
    found = pages(pdf_of(disputed_report(disputes)))
    for text in found:
        begun = re.findall(r"^Patch (\d+)$", text, re.M)
        # The model's call is the last line of a row's tallest cell.
        assert text.count("Model: globally sclerotic, 0.61") == len(begun)
    assert sum(len(re.findall(r"^Patch \d+$", text, re.M)) for text in found) >= disputes


def test_nor_its_first_row_below_the_head(qapp):
    report = disputed_report(15)
    rule = "word " * 600
    shifted = replace(report, disputes=replace(report.disputes, rule=rule))
    for text in pages(pdf_of(shifted)):
        begun = re.findall(r"^Patch (\d+)$", text, re.M)
        assert text.count("Model: globally sclerotic, 0.61") == len(begun)


def test_no_headline_stands_alone_at_the_foot_of_a_page(qapp):
    titles = {chapter.title for chapter in pages_of(made_by_hand()).chapters}
    for rows in range(0, 40, 3):
        for page in pages(pdf_of(long_report(rows))):
            lines = [line for line in page.splitlines() if line.strip()]
            body = [line for line in lines if "For review" not in line and "Page " not in line]
            assert not body or body[-1] not in titles


def test_it_is_made_beside_the_windows_thread(qapp):
    made = []
    thread = threading.Thread(target=lambda: made.append(pdf_of(made_by_hand())))
    thread.start()
    thread.join()
    assert pages(made[0]) == pages(pdf_of(made_by_hand()))


def test_cancel_stops_it_before_the_next_page(qapp):
    asked = []

    def check():
        asked.append(True)
        if len(asked) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        pdf_of(made_by_hand(), check)
    assert len(asked) == 2


def test_a_shell_without_a_window_can_make_it(printed):
    here = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=here, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert pages(done.stdout) == pages(printed)


def test_the_heads_of_the_chains_can_be_read_back(printed, tmp_path):
    chains = made_by_hand().chains
    assert chains
    wanted = [WrittenHead(one.origin, one.rows, one.head) for one in chains]
    (tmp_path / "report.pdf").write_bytes(printed)
    assert heads_in(tmp_path / "report.pdf") == wanted
    again = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    again.write(tmp_path / "saved by another program.pdf")
    assert heads_in(tmp_path / "saved by another program.pdf") == wanted
