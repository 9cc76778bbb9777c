"""The report of a reading, asked for and written from the page Agreement."""

import pytest

from glomviewer.domain.agreement.rule import DEFAULT_RULE
from glomviewer.ui.agreement.report_gesture import ReportLine
from glomviewer.ui.dialogs.form import FormDialog


@pytest.fixture
def shown():
    return []


@pytest.fixture
def line(page, session, shown):
    return ReportLine(session, page, opener=shown.append)


def test_a_report_is_written_and_its_folder_opened(qtbot, line, tmp_path, read, shown):
    folder = tmp_path / "report"
    folder.mkdir()
    with qtbot.waitSignal(line.written):
        line.write_unless_refused(read, folder, DEFAULT_RULE)
    names = {file.name for file in folder.iterdir()}
    assert names == {"report.html", "report.pdf", "decisions.csv", "disputes.csv"}
    assert not line.writing and not line.open.isHidden()
    line.open.click()
    assert shown == [folder]


def test_a_report_that_is_there_gives_way_only_when_told(qtbot, line, page, tmp_path, read):
    (tmp_path / "report.html").write_text("mine")
    line.write_unless_refused(read, tmp_path, DEFAULT_RULE)
    [dialog] = page.findChildren(FormDialog)
    dialog.reject()
    assert (tmp_path / "report.html").read_text() == "mine" and not line.writing


def test_it_can_be_cancelled(qtbot, line, tmp_path, read):
    line.write(read, tmp_path, DEFAULT_RULE)
    line.cancel.click()
    qtbot.waitUntil(lambda: not line.writing)
    assert line.text.text() == "The report was cancelled."
    assert line.open.isHidden() and not (tmp_path / "report.html").exists()


def test_the_page_asks_for_the_reading_first(qtbot, page, actions):
    said, asked = [], []
    page.message.connect(said.append)
    page.report_asked.disconnect()
    page.report_asked.connect(asked.append)
    actions.trigger("agreement.report")
    assert len(asked) == 1 and not said
    page.head.choose_reading(None)
    actions.trigger("agreement.report")
    assert len(asked) == 1 and said == ["A report is of one reading. Choose the reading first."]
