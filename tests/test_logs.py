import sys
import threading

import pytest

from glomviewer.logs import log_path, logger, start_logging


@pytest.fixture
def log():
    end = start_logging()
    yield log_path()
    end()


def test_names_of_images_do_not_reach_the_log(log):
    logger.warning("patch 12 can't be read: %s", "/scans/Miller Anna 1961/left kidney_3.png")
    text = log.read_text(encoding="utf-8")
    assert "Miller" not in text
    assert "‹image›" in text


def test_a_librarys_name_that_could_be_a_patients_does_not_reach_the_log(log):
    logger.warning("The library /labs/S23-12345 left.glomlib and /labs/transplant.glomlib")
    text = log.read_text(encoding="utf-8")
    assert "S23-12345" not in text
    assert "transplant.glomlib" in text


@pytest.mark.qt_no_exception_capture
def test_an_uncaught_error_is_logged_with_its_trace(log, capsys):
    try:
        raise KeyError("lost")
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    assert "KeyError: 'lost'" in log.read_text(encoding="utf-8")
    assert "test_logs.py" in log.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_uncaught_error_of_a_thread_is_logged(log):
    thread = threading.Thread(target=lambda: 1 / 0, name="fails")
    thread.start()
    thread.join()
    text = log.read_text(encoding="utf-8")
    assert "uncaught error in fails" in text
    assert "ZeroDivisionError" in text


def test_the_hooks_are_as_before_when_logging_has_ended():
    before = sys.excepthook, threading.excepthook
    start_logging()()
    assert (sys.excepthook, threading.excepthook) == before
