"""Which errors are something to tell the reader, and in which words."""

from __future__ import annotations

from glomviewer.store.errors import LibraryError
from training.config import UserError


class JobError(Exception):
    """What stopped an operation, as one clear sentence for the reader."""


TOLD: tuple[type[BaseException], ...] = (JobError, LibraryError, UserError, OSError)
"""Errors that are told as they are; any other one is a fault of the program."""


def sentence_of(error: BaseException) -> str:
    """What to tell the reader about an error."""
    if isinstance(error, OSError) and not isinstance(error, LibraryError | JobError):
        what = error.strerror or str(error)
        return f"{what}: {error.filename}" if error.filename else what
    if isinstance(error, TOLD):
        return str(error)
    return (
        f"Something went wrong inside glomviewer ({type(error).__name__}: {error}). "
        "Your saved decisions are safe; the log file has the details."
    )
