"""The real window on a screen that nobody sees, driven by keys and calls."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from glomviewer.bench.libraries import BuiltLibrary
from glomviewer.bench.screen import offscreen_platform
from glomviewer.jobs.images import ImageLoader, loader_for
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.session import Session
from glomviewer.settings import SettingsFile
from glomviewer.store.library import Library
from glomviewer.ui.actions import Actions
from glomviewer.ui.main_window import MainWindow
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.review.page import ReviewPage
from glomviewer.ui.theme import Theme, ThemeMode

WINDOW = (1600, 1000)
LONGEST_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class DrivenWindow:
    """A window whose library is loaded and whose Review page shows everything by name."""

    window: MainWindow
    page: ReviewPage
    session: Session
    images: ImageLoader


@contextmanager
def driven_window(built: BuiltLibrary) -> Iterator[DrivenWindow]:
    """Open a library in the window, as the app wires it."""
    with tempfile.TemporaryDirectory(prefix="glomviewer-bench-") as temporary:
        home = Path(temporary)
        os.environ.setdefault("QT_QPA_PLATFORM", offscreen_platform(home))
        qt = QApplication.instance() or QApplication(["glomviewer"])
        assert isinstance(qt, QApplication)
        settings = SettingsFile(home / "settings.json")
        theme = Theme(qt, ThemeMode.DARK)
        window = MainWindow(theme, settings, Actions())
        window.resize(*WINDOW)
        window.show()
        library = Library.open(built.folder, backup=False)
        session = Session(library, reader=library.reader(built.reader))
        images = loader_for(session)
        models = ModelJobs(session)
        window.show_library(OpenedLibrary(session, images, models, RunJobs(session, models)))
        session.load()
        page = window.review
        assert page is not None
        try:
            wait_until(lambda: len(page.grid.ids) > 0)
            window.activateWindow()
            page.grid.setFocus()
            yield DrivenWindow(window, page, session, images)
        finally:
            window.close()
            session.close()
            window.deleteLater()


def wait_until(condition: Callable[[], bool], *, longest: float = LONGEST_WAIT) -> None:
    """Let Qt run until the condition has held once. Times come from signals, not from here.

    Raises:
        TimeoutError: it never did.
    """
    if condition():
        return
    loop = QEventLoop()
    deadline = time.perf_counter() + longest
    held = False

    def look() -> None:
        nonlocal held
        # Asked once more after the loop, a condition such as "idle" could hold no longer.
        held = held or condition()
        if held or time.perf_counter() > deadline:
            loop.quit()

    looks = QTimer()
    looks.setInterval(1)
    looks.timeout.connect(look)
    looks.start()
    loop.exec()
    looks.stop()
    if not held:
        raise TimeoutError("The window did not get there.")


def let_pass(seconds: float) -> None:
    """Let Qt run for a while without looking at anything."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


class FirstPaint(QObject):
    """When a widget was first painted after `arm`, on `time.perf_counter`'s clock."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.at: float | None = None
        self._armed = False
        widget.installEventFilter(self)

    def arm(self) -> None:
        self._armed, self.at = True, None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._armed and event.type() == QEvent.Type.Paint:
            # Runs once the event loop has its turn again: the paint has ended by then.
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        if self._armed:
            self._armed, self.at = False, time.perf_counter()
