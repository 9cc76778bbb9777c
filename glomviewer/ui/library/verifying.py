"""Verifying the library as long work."""

from __future__ import annotations

from collections.abc import Sequence

from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task, TaskControl
from glomviewer.store.errors import Refused
from glomviewer.store.verify import verify
from glomviewer.ui.widgets.numbers import counted

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
        return _told(session, report.problems)

    return session.tasks.start("Verifying the library", work, kind=KIND)


def _told(session: Session, problems: Sequence[str]) -> str:
    """Problems name files and quote gestures of others, which a blinded reader may not know."""
    number = counted(len(problems), "problem")
    try:
        session.library.refuse_while_blinded("Saying what is wrong")
    except Refused as why_not:
        return f"{number}. {why_not}"
    return f"{number}: {' '.join(problems[:5])}"
