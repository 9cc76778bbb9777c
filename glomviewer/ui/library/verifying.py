"""Verifying the library as long work."""

from __future__ import annotations

from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task, TaskControl
from glomviewer.store.verify import verify

KIND = "verify"


def verify_as_task(session: Session) -> Task:
    """Check database, log, files and models; the task's sentence says what was found."""
    running = session.tasks.of_kind(KIND)
    if running is not None:
        return running
    folder = session.folder

    def work(_control: TaskControl) -> str:
        report = verify(folder)
        if not report.problems:
            return "The library is sound: database, log, files and models were checked."
        return f"{len(report.problems):,} problems: {' '.join(report.problems[:5])}"

    return session.tasks.start("Verifying the library", work, kind=KIND)
