"""Which errors a verb tells in one sentence."""

from __future__ import annotations

from glomviewer.jobs.sentences import TOLD as TOLD_BY_JOBS
from glomviewer.jobs.sentences import sentence_of as sentence_by_jobs
from glomviewer.store.import_values import ImportRefused


class BadArgument(ValueError):  # noqa: N818 - told as it is
    """What was wrong with an argument and what to do, as one sentence."""


TOLD: tuple[type[BaseException], ...] = (
    *TOLD_BY_JOBS,
    ImportRefused,
    BadArgument,
)


def sentence_of(error: BaseException) -> str:
    """One sentence for the shell."""
    if isinstance(error, BadArgument | ImportRefused):
        return str(error)
    return sentence_by_jobs(error)
