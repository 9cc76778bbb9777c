"""The log file: what went wrong in the program, without what could name a patient.

Code logs patch ids, counts and kinds of error. File names and paths below a library's roots
may hold names, so a filter takes every path of an image out of what is written.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from glomviewer.domain.pseudonyms import mentions_patient
from glomviewer.paths import data_dir

LOGGER = "glomviewer"
MAX_BYTES = 1_000_000
KEPT_FILES = 3

_IMAGE = re.compile(
    r"(?:[A-Za-z]:)?[^\"'<>|:*?\n]*\.(?:png|jpe?g|tiff?|bmp|webp|svs|ndpi)\b", re.IGNORECASE
)

_OWN_FILE = re.compile(r"[^\"'<>|:*?\n/\\]+\.glom[a-z]+\b", re.IGNORECASE)
"""A library or a pack, whose name somebody has chosen."""

logger = logging.getLogger(LOGGER)


class WithoutNames(logging.Formatter):
    """Writes `‹image›` in place of every file name of an image, and `‹name›` in place of a
    library's or pack's name that could be a patient's, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        without_images = _IMAGE.sub("‹image›", super().format(record))
        return _OWN_FILE.sub(_without_patient, without_images)


def _without_patient(found: re.Match[str]) -> str:
    return "‹name›" if mentions_patient(found.group()) else found.group()


def log_path() -> Path:
    return data_dir() / "logs" / "glomviewer.log"


def start_logging(path: Path | None = None) -> Callable[[], None]:
    """Log to a rotating file, uncaught errors of all threads too; gives the call that ends it.

    Where the file can't be written the program runs without one.
    """
    target = path or log_path()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            target, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    except OSError as error:
        print(f"No log is kept: {error}", file=sys.stderr)
        handler = logging.NullHandler()
    handler.setFormatter(WithoutNames("%(asctime)s %(levelname)s %(threadName)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    end_hooks = _log_uncaught()

    def end() -> None:
        end_hooks()
        logger.removeHandler(handler)
        handler.close()

    return end


def _log_uncaught() -> Callable[[], None]:
    before, before_in_thread = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            logger.critical("uncaught error", exc_info=(kind, error, trace))
        before(kind, error, trace)

    def hook_in_thread(arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if error is not None:
            name = arguments.thread.name if arguments.thread is not None else "a thread"
            logger.critical("uncaught error in %s", name, exc_info=error)
        before_in_thread(arguments)

    sys.excepthook, threading.excepthook = hook, hook_in_thread

    def end() -> None:
        sys.excepthook, threading.excepthook = before, before_in_thread

    return end
