"""Writes a report into a folder: HTML, PDF, and tables of every decision and every dispute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting.build import build
from glomviewer.jobs.reporting.decisions_csv import decision_lines
from glomviewer.jobs.reporting.disputes_csv import dispute_lines
from glomviewer.jobs.reporting.drafts import Drafts, drafts_in
from glomviewer.jobs.reporting.gathering import gather
from glomviewer.jobs.reporting.html import render
from glomviewer.jobs.reporting.material import Choices
from glomviewer.jobs.reporting.names import SafeNames
from glomviewer.jobs.reporting.watching import NOBODY, Watching
from glomviewer.store.library import Library
from glomviewer.store.report_source import decision_rows, note_report

HTML = "report.html"
PDF = "report.pdf"
DECISIONS = "decisions.csv"
DISPUTES = "disputes.csv"

SetPdf = Callable[[StudyReport, Callable[[], None]], bytes]
"""Sets a report as a PDF; it calls the check before each page, which may raise `Stopped`."""

_CHECK_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """The report and the files that hold it; `noted` says that the journal tells of it."""

    report: StudyReport
    files: tuple[Path, ...]
    noted: bool

    @property
    def sentence(self) -> str:
        names = ", ".join(file.name for file in self.files)
        noted = "" if self.noted else " The library is open for reading only: not in its log."
        return f"The report was written to {self.files[0].parent}: {names}.{noted}"


def write_report(
    library: Library,
    reading: int,
    folder: Path,
    choices: Choices,
    *,
    pdf: SetPdf | None = None,
    watching: Watching = NOBODY,
) -> Written:
    """Write all files or none of them; a report that was there gives way. The journal keeps the
    hashes of the files. Any thread; the store's turn is taken only to read and to note.

    Raises:
        Stopped: it was cancelled; nothing was written.
        Refused: who sits at the screen still reads blind.
        UnknownRecord: the library has no such reading.
        OSError: the folder can't be written to.
    """
    watching.say("reading the library")
    material = gather(library, reading)
    report = build(material, choices, watching)
    with drafts_in(folder) as drafts:
        drafts.write(HTML, render(report).encode("utf-8"))
        if pdf is not None:
            watching.say("setting the pages")
            drafts.write(PDF, pdf(report, watching.check))
        watching.say("writing every decision")
        names = SafeNames(material.rows.case_numbers)
        _write_decisions(drafts, library, reading, names, watching)
        drafts.write(DISPUTES, "".join(dispute_lines(report.disputes)).encode("utf-8"))
    noted = note_report(library, material.rows.reading.uuid, drafts.files)
    return Written(report, drafts.files, noted)


def _write_decisions(
    drafts: Drafts, library: Library, reading: int, names: SafeNames, watching: Watching
) -> None:
    rows = decision_rows(library, reading)
    with drafts.opened(DECISIONS) as file:
        for number, line in enumerate(decision_lines(rows, library.label_set, names)):
            if number % _CHECK_EVERY == 0:
                watching.check()
            file.write(line)
