"""The only place that constructs and wires the long-lived objects of the window."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from glomviewer.domain.records import Reader
from glomviewer.jobs.autobackup import AutoBackup
from glomviewer.jobs.gui_calls import GuiCalls
from glomviewer.jobs.gui_garbage import GuiGarbage
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.opening import Opening
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.sentences import TOLD, sentence_of
from glomviewer.jobs.session import Session
from glomviewer.logs import start_logging
from glomviewer.paths import data_dir, resources_dir
from glomviewer.settings import Settings, SettingsFile
from glomviewer.store.import_values import ImportCancelled
from glomviewer.store.library import Library
from glomviewer.store.restoring import restore
from glomviewer.store.settings import DEMO_READER, DEMO_SETTING
from glomviewer.ui.actions import Actions
from glomviewer.ui.main_window import MainWindow
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.ready_report import report_when_ready
from glomviewer.ui.theme import Theme, ThemeMode

T = TypeVar("T")
BETWEEN_KEYS = "   "
"""Between the keys of one action in the settings; no key is written with spaces."""


@dataclass(frozen=True, slots=True)
class Found:
    """A library that was opened off the window's thread, and who sits before it."""

    library: Library
    reader: Reader | None
    drawn: bool


class App(QObject):
    """Opens and closes libraries for the one window."""

    def __init__(self, qt: QApplication, settings: SettingsFile) -> None:
        super().__init__(qt)
        self._garbage = GuiGarbage(self)
        self.settings = settings
        self.theme = Theme(qt, _theme_mode(settings.values.theme))
        self.actions = Actions(
            {name: keys.split(BETWEEN_KEYS) for name, keys in settings.values.keys.items()},
            save_keys=self._keep_keys,
        )
        self.window = MainWindow(self.theme, settings, self.actions)
        self.opened: OpenedLibrary | None = None
        self._calls = GuiCalls(self)
        self._now_opening: Opening | None = None
        self._opening = ThreadPoolExecutor(max_workers=1, thread_name_prefix="glomviewer-open")
        self._connect()

    def start(self, folder: Path | None) -> None:
        """Show the window, with this library or the last one."""
        self.window.show()
        last = self.settings.values.last_library
        chosen = folder or (Path(last) if last else None)
        if chosen is not None and (folder is not None or chosen.is_dir()):
            self.open(chosen)
        if self.settings.remark:
            self.window.show_failure(self.settings.remark)

    def open(self, folder: Path) -> None:
        """Open a library in place of the present one."""
        self._open_by(folder.stem, partial(_open, folder, self.settings.values))

    def create(self, folder: Path) -> None:
        self._open_by(folder.stem, partial(_create, folder, self.settings.values))

    def restore(self, backup: Path) -> None:
        """Put a backup in the place of the library that is open, and open it again."""
        if self.opened is not None:
            folder = self.opened.session.folder
            self._open_by(folder.stem, partial(_restore, folder, backup, self.settings.values))

    def open_demo(self) -> None:
        self._open_by("the demo", partial(_open_demo, self.settings.values))

    def import_first(self, source: Path | None) -> None:
        """Make a library among this user's own, where no network drive is in the way, then ask
        how to import what lies at `source`."""
        name = "patches" if source is None else source.stem
        folder = _free_name(data_dir() / f"{name}.glomlib")
        self._open_by(
            folder.stem,
            partial(_create, folder, self.settings.values),
            then=partial(self.window.menus.import_patches, source),
        )

    def close_library(self) -> None:
        self._close_session()
        self.settings.change(last_library="")
        self.window.show_first_run()

    def close(self) -> None:
        """End everything; what is outstanding is written first."""
        self._close_session()
        self._cancel_opening()
        self._opening.shutdown(wait=True)
        self._calls.close()
        self._garbage.close()

    def _open_by(
        self,
        name: str,
        work: Callable[[Opening], Found],
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        self._close_session()
        self.window.show_opening(name)
        opening = Opening(name, self._calls, self.window.opening.show_progress)
        self._now_opening = opening
        future = self._opening.submit(work, opening)
        future.add_done_callback(
            lambda done: self._calls.post(lambda: self._on_opened(done, opening, then))
        )

    def _cancel_opening(self) -> None:
        if self._now_opening is not None:
            self._now_opening.cancel()

    def _on_opened(
        self, future: Future[Found], opening: Opening, then: Callable[[], None] | None
    ) -> None:
        error = future.exception()
        if isinstance(error, ImportCancelled):
            self.window.show_first_run(
                f"{opening.name} was not opened and is as it was, in its older format; open it "
                "again to bring it up to date."
            )
            return
        if error is not None:
            self.window.show_first_run(sentence_of(error))
            if not isinstance(error, TOLD):
                raise error
            return
        found = future.result()
        # Another one may have come while this one was being opened.
        self._close_session()
        self.settings.put(self.settings.values.opened(found.library.folder))
        self._show(found)
        if then is not None:
            then()

    def _show(self, found: Found) -> None:
        values = self.settings.values
        session = Session(found.library, reader=found.reader)
        images = loader_for(session)
        models = ModelJobs(session, python=values.python, device=values.device)
        runs = RunJobs(session, models, auto_promote=values.auto_promote)
        self.opened = OpenedLibrary(session, images, models, runs, drawn=found.drawn)
        session.loaded.connect(self._on_loaded)
        self.window.show_library(self.opened)
        if self.window.review is not None:
            report_when_ready(self.window.review)
        session.load()

    def _on_loaded(self) -> None:
        if self.opened is None:
            return
        session, models = self.opened.session, self.opened.models
        models.environment_known.connect(lambda _: models.predict_if_needed())
        models.find()
        self.opened.runs.recover()
        AutoBackup(session)
        if session.reader is None and len(session.table):
            self.window.menus.ask_reader()

    def _close_session(self) -> None:
        if self.opened is None:
            return
        self.window.keep_views()
        opened, self.opened = self.opened, None
        opened.session.close()
        opened.session.deleteLater()

    def _keep_keys(self, keys: dict[str, list[str]]) -> None:
        self.settings.change(keys={name: BETWEEN_KEYS.join(own) for name, own in keys.items()})

    def _connect(self) -> None:
        window = self.window
        window.open_asked.connect(self.open)
        window.new_asked.connect(self.create)
        window.import_asked.connect(self.import_first)
        window.demo_asked.connect(self.open_demo)
        window.restore_asked.connect(self.restore)
        window.opening.cancel_asked.connect(self._cancel_opening)
        window.close_asked.connect(self.close_library)


def run_window(argv: list[str]) -> int:
    """Open the window, with the library named in `argv` if there is one; the exit code."""
    parser = argparse.ArgumentParser(prog="glomviewer", description="Review patches in a window.")
    parser.add_argument("library", nargs="?", type=Path, help="a folder NAME.glomlib")
    options = parser.parse_args(argv)
    end_logging = start_logging()
    qt = QApplication.instance() or QApplication(["glomviewer"])
    assert isinstance(qt, QApplication)
    qt.setApplicationName("glomviewer")
    qt.setDesktopFileName("glomviewer")
    qt.setWindowIcon(_window_icon())
    app = App(qt, SettingsFile())
    wake = _let_python_see_signals(qt)
    app.start(options.library)
    code = qt.exec()
    wake.stop()
    app.close()
    end_logging()
    return code


def _let_python_see_signals(qt: QApplication) -> QTimer:
    """Ctrl+C in the shell closes the window as its button does."""
    signal.signal(signal.SIGINT, lambda _number, _frame: qt.closeAllWindows())
    timer = QTimer(qt)
    # Qt's loop runs no Python while it waits, so a signal would wait for ever.
    timer.timeout.connect(lambda: None)
    timer.start(500)
    return timer


def _open(folder: Path, settings: Settings, opening: Opening) -> Found:
    library = Library.open(folder, progress=opening.progress, cancelled=opening.cancelled)
    return _with_reader(library, settings)


def _create(folder: Path, settings: Settings, _opening: Opening) -> Found:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return _with_reader(Library.create(folder), settings)


def _restore(folder: Path, backup: Path, settings: Settings, opening: Opening) -> Found:
    restore(folder, backup)
    return _open(folder, settings, opening)


def _open_demo(settings: Settings, opening: Opening) -> Found:
    """Make the demo library where it is not there yet, and open it."""
    from glomviewer.store.demo_library import make_demo_library

    folder = data_dir() / "demo.glomlib"
    if not (folder / "library.sqlite").is_file():
        make_demo_library(folder, reader=_before_demo(settings))
    return _open(folder, settings, opening)


def _with_reader(library: Library, settings: Settings) -> Found:
    """The reader who sat before this library last, else the one of that name."""
    readers = library.readers()
    drawn = library.setting(DEMO_SETTING) is True
    last = settings.readers.get(library.origin)
    chosen = next((reader for reader in readers if reader.id == last), None)
    if chosen is None:
        names = _before_demo(settings) if drawn else _names(settings)
        chosen = next((r for r in readers if (r.name, r.initials) == names), None)
    if chosen is None and readers and library.pack_library() is not None:
        # A pack is written for one reader, and nobody else reads in its library.
        chosen = readers[0]
    return Found(library, chosen, drawn=drawn)


def _names(settings: Settings) -> tuple[str, str]:
    return settings.reader_name, settings.reader_initials


def _before_demo(settings: Settings) -> tuple[str, str]:
    """The demo asks nobody for his name."""
    return _names(settings) if all(_names(settings)) else DEMO_READER


def _free_name(folder: Path) -> Path:
    """This path, or with a number where something lies there."""
    number = 2
    free = folder
    while free.exists():
        free = folder.with_name(f"{folder.stem} {number}{folder.suffix}")
        number += 1
    return free


def _theme_mode(name: str) -> ThemeMode:
    return ThemeMode(name) if name in list(ThemeMode) else ThemeMode.SYSTEM


def _window_icon() -> QIcon:
    icon = QIcon()
    for path in sorted((resources_dir() / "icons").glob("glomviewer-[0-9]*.png")):
        icon.addFile(str(path))
    return icon
