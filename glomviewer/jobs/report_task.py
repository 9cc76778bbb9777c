"""The report of a reading as long work, with progress and Cancel: intervals take a while."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from glomviewer.domain.agreement.bootstrap import Stopped
from glomviewer.domain.report.moments import Moment
from glomviewer.jobs.reporting.material import Choices
from glomviewer.jobs.reporting.watching import Watching
from glomviewer.jobs.reporting.writing import SetPdf, write_report
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, Task, TaskControl
from glomviewer.store.clock import zone_name


def choices_now() -> Choices:
    """As a report counts unless told otherwise, made at this moment."""
    return Choices(made=Moment(datetime.now(UTC), zone_name()))


def report_as_task(
    session: Session,
    *,
    reading: int,
    folder: Path,
    pdf: SetPdf,
    choices: Choices | None = None,
) -> Task:
    """Write report.html, report.pdf and decisions.csv into `folder`, beside the window's thread;
    `pdf` is `ui.report_pdf.pdf_of`."""
    chosen = choices or choices_now()

    def work(control: TaskControl) -> str:
        watching = Watching(control.progress, control.cancelled)
        try:
            written = write_report(
                session.library, reading, folder, chosen, pdf=pdf, watching=watching
            )
        except Stopped:
            raise Cancelled from None
        return written.sentence

    return session.tasks.start("Writing a report", work, kind="report", subject=str(reading))
