"""The window: page bar, pages made when first shown, banners and the status bar."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.pseudonyms import mentions_patient
from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Actions
from glomviewer.ui.banner import Banner
from glomviewer.ui.dialogs.first_run import FirstRunPage
from glomviewer.ui.opened import OpenedLibrary
from glomviewer.ui.opening import OpeningPage
from glomviewer.ui.pack_asking import PackAsking
from glomviewer.ui.page_bar import IN_A_PACK, PageBar, PageName
from glomviewer.ui.ready_report import report_when_ready
from glomviewer.ui.review.page import ReviewPage
from glomviewer.ui.status_bar import StatusBar
from glomviewer.ui.status_teller import StatusTeller
from glomviewer.ui.theme import Theme
from glomviewer.ui.undoing import Undoing
from glomviewer.ui.waiting_readings import WaitingReadings
from glomviewer.ui.window_actions import register
from glomviewer.ui.window_menus import WindowMenus
from glomviewer.ui.window_state import WindowState

LEAST_WIDTH, LEAST_HEIGHT = 960, 560


class MainWindow(QMainWindow):
    """Shows one library, or what one can do without any. Whoever wires the app opens and
    closes libraries; the window asks for it."""

    open_asked = Signal(object)
    new_asked = Signal(object)
    import_asked = Signal(object)
    """Import into a library that is still to be made: a folder or CSV, or None."""
    demo_asked = Signal()
    restore_asked = Signal(object)
    close_asked = Signal()
    """Close the library and go back to the first page."""
    closed = Signal()

    def __init__(self, theme: Theme, settings: SettingsFile, actions: Actions) -> None:
        super().__init__()
        self.setWindowTitle("glomviewer")
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.theme, self.settings, self.actions_ = theme, settings, actions
        self.state = WindowState(settings)
        self.opened: OpenedLibrary | None = None
        self.review: ReviewPage | None = None
        self._pages: dict[PageName, QWidget] = {}
        self.bar = PageBar()
        self.status = StatusBar()
        self.read_only = Banner(dismissable=False)
        self.failure = Banner(dismissable=True)
        self.stack = QStackedWidget()
        self.first_run = FirstRunPage(settings.values.recent_libraries)
        self.opening = OpeningPage()
        self.stack.addWidget(self.first_run)
        self.stack.addWidget(self.opening)
        self._arrange()
        self.menus = WindowMenus(self)
        self.packs = PackAsking(self)
        self.undoing = Undoing(self)
        self.waiting = WaitingReadings(self)
        self._teller: StatusTeller | None = None
        register(self, actions)
        self._connect()
        self.state.restore_geometry(self)
        self.show_first_run()

    # what is shown

    def show_first_run(self, trouble: str = "") -> None:
        """No library is open."""
        self._forget_library()
        self.first_run.show_recent(self.settings.values.recent_libraries)
        self.first_run.show_trouble(trouble)
        self.stack.setCurrentWidget(self.first_run)
        self.first_run.setFocus()
        self.bar.show_library("")
        self.bar.reader.hide()
        self.status.show_saved("No library is open")
        self.setWindowTitle("glomviewer")

    def show_opening(self, name: str) -> None:
        """A library is being opened."""
        self._forget_library()
        self.opening.begin(name)
        self.stack.setCurrentWidget(self.opening)

    def show_library(self, opened: OpenedLibrary) -> None:
        """Show a library that has just been opened."""
        self._forget_library()
        self.opened = opened
        session = opened.session
        self.bar.show_library(opened.name, self.pages)
        self.status.show_drawn(opened.drawn)
        self.bar.reader.show()
        # A title is read over one's shoulder, in lists of windows and in recordings of a screen.
        shown = "A library" if mentions_patient(opened.name) else opened.name
        self.setWindowTitle(f"{shown} · glomviewer")
        self.failure.say("")
        self.read_only.say(_read_only_text(opened))
        session.changed.connect(self._on_changed)
        session.failed.connect(self.show_failure)
        self._teller = StatusTeller(opened, self.status, self)
        self.undoing.take(session)
        self.review = ReviewPage(session, opened.images, self.actions_, self.settings)
        self.review.restore_view(self.state.view_of(session.folder).get("review"))
        self.review.reader_needed.connect(self.menus.ask_reader)
        self.review.import_asked.connect(self.menus.import_patches)
        self.review.readings_asked.connect(partial(self.show_page, PageName.READINGS))
        self.waiting.counted.connect(self.review.queues.show_waiting)
        self.waiting.take(session)
        self._install(PageName.REVIEW, self.review)
        report_when_ready(self.review)
        self._show_reader()
        first = PageName.READINGS if opened.from_pack else PageName.REVIEW
        last = self.state.view_of(session.folder).get("page", first.value)
        self.show_page(next((page for page in self.pages if page.value == last), first))

    def show_page(self, page: PageName) -> None:
        """Show a page, made now if it has not been looked at yet."""
        if self.opened is None or page not in self.pages:
            return
        if page not in self._pages:
            self._install(page, self._make(page, self.opened))
        self.stack.setCurrentWidget(self._pages[page])
        self.bar.show_page(page)
        if page is PageName.REVIEW and self.review is not None:
            self.review.focus_content()
        else:
            self._pages[page].setFocus()

    @property
    def pages(self) -> tuple[PageName, ...]:
        """The pages that the open library offers."""
        from_pack = self.opened is not None and self.opened.from_pack
        return IN_A_PACK if from_pack else tuple(PageName)

    @property
    def page(self) -> PageName | None:
        shown = self.stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), None)

    def page_widget(self, page: PageName) -> QWidget:
        """The page itself, shown or not yet."""
        if page not in self._pages and self.opened is not None:
            self._install(page, self._make(page, self.opened))
        return self._pages[page]

    def make_pages(self) -> None:
        """Make the pages that nobody has looked at yet, so that all their keys are known."""
        if self.opened is not None:
            for page in self.pages:
                self.page_widget(page)

    def open_patches(self, query: PatchQuery, title: str) -> None:
        """Another page asks to look at patches: Review shows them."""
        if self.review is not None:
            self.show_page(PageName.REVIEW)
            self.review.open_patches(query, title)

    def show_failure(self, sentence: str) -> None:
        self.failure.say(sentence)

    def quit(self) -> None:
        self.close()

    def keep_views(self) -> None:
        """Remember where the reader was, before the library is closed."""
        if self.opened is None or self.review is None:
            return
        self.review.finish()
        page = self.page or PageName.REVIEW
        view: dict[str, Any] = {"review": self.review.saved_view(), "page": page.value}
        self.state.keep_view(self.opened.session.folder, view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that it goes to, as Space does; Qt does so in dialogs alone."""
        button = self.focusWidget()
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enters and isinstance(button, QPushButton | QToolButton) and not event.isAutoRepeat():
            button.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_views()
        self.state.keep_geometry(self)
        event.accept()
        self.closed.emit()

    # parts

    def _make(self, page: PageName, opened: OpenedLibrary) -> QWidget:
        # Pages are imported when they are first looked at: charts and tables cost start-up time.
        session, images, actions = opened.session, opened.images, self.actions_
        if page is PageName.READINGS:
            from glomviewer.ui.readings.page import ReadingsPage

            return ReadingsPage(
                session, images, actions, in_review=self._in_review, settings=self.settings
            )
        if page is PageName.DISPUTES:
            from glomviewer.ui.disputes.page import DisputesPage

            disputes = DisputesPage(session, images, actions)
            disputes.reading_asked.connect(self._ask_reading)
            if self.review is not None:
                disputes.know_calls_by(self.review.knows_call)
            return self._telling(disputes)
        if page is PageName.AGREEMENT:
            from glomviewer.ui.agreement.page import AgreementPage

            return self._telling(AgreementPage(session, images, actions))
        if page is PageName.CASES:
            from glomviewer.ui.cases.page import CasesPage

            return CasesPage(session, images, actions)
        if page is PageName.MODELS:
            from glomviewer.ui.models.page import ModelsPage

            return self._telling(ModelsPage(session, images, actions, opened.models, opened.runs))
        if page is PageName.LAB:
            from glomviewer.ui.lab.page import LabPage

            return LabPage(session, images, actions, opened.models, opened.runs)
        if page is PageName.COMPARISON:
            from glomviewer.ui.comparison.page import ComparisonPage

            return self._telling(ComparisonPage(session, images, actions, opened.models))
        if page is PageName.THRESHOLD:
            from glomviewer.ui.threshold_desk.page import ThresholdPage

            return self._telling(ThresholdPage(session, images, actions))
        from glomviewer.ui.library.page import LibraryPage

        library = LibraryPage(session, images, actions)
        library.restore_chosen.connect(self.restore_asked)
        library.reader_chosen.connect(self.menus.remember_reader)
        return library

    def _in_review(self) -> tuple[PatchQuery, str] | None:
        """What is listed on the page Review, as a new reading may take it."""
        listing = None if self.review is None else self.review.listing
        return None if listing is None else (listing.query, listing.title)

    def _ask_reading(self, patches: list[int]) -> None:
        """A new reading is wished of these patches: the page Readings asks the rest."""
        from glomviewer.ui.readings.page import ReadingsPage

        page = self.page_widget(PageName.READINGS)
        if isinstance(page, ReadingsPage):
            self.show_page(PageName.READINGS)
            page.new_reading_of(PatchQuery(ids=tuple(patches)), "these disputes")

    def _telling(self, page: QWidget) -> QWidget:
        """A page that shows calls tells Review which: labels given after that are not blind."""
        told = getattr(page, "calls_told", None)
        if self.review is not None and isinstance(told, SignalInstance):
            told.connect(self.review.note_calls_told)
        return page

    def _install(self, name: PageName, page: QWidget) -> None:
        self._pages[name] = page
        self.packs.take(page)
        self.stack.addWidget(page)
        for signal, slot in (
            ("open_patches", self.open_patches),
            ("message", self.status.say),
            ("page_asked", self.show_page),
            ("undo_changed", self.undoing.show),
        ):
            found = getattr(page, signal, None)
            if isinstance(found, SignalInstance):
                found.connect(slot)

    def _forget_library(self) -> None:
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages = {}
        self.review = None
        self.opened = None
        self.undoing.take(None)
        self.waiting.take(None)
        if self._teller is not None:
            self._teller.deleteLater()
            self._teller = None
        self.status.clear()
        self.read_only.say("")
        self.failure.say("")

    def _on_changed(self, changes: Changes) -> None:
        if changes.sentence:
            self.status.say(changes.sentence)
        if changes.readers:
            self._show_reader()
        for page in self._pages.values():
            refresh: Callable[[Changes], None] = page.refresh  # type: ignore[attr-defined]
            refresh(changes)

    def _show_reader(self) -> None:
        reader = None if self.opened is None else self.opened.session.reader
        self.bar.show_reader("" if reader is None else reader.name)

    def _connect(self) -> None:
        self.bar.page_chosen.connect(self.show_page)
        self.bar.undo_asked.connect(self.undoing.undo)
        self.bar.redo_asked.connect(self.undoing.redo)
        self.bar.library_menu_asked.connect(self.menus.open_library_menu)
        self.bar.reader_menu_asked.connect(self.menus.open_reader_menu)
        self.waiting.counted.connect(self.bar.show_waiting)
        self.first_run.demo_chosen.connect(self.demo_asked)
        self.first_run.open_chosen.connect(self.open_asked)
        self.first_run.import_chosen.connect(self.import_asked)
        self.first_run.new_chosen.connect(self.new_asked)
        self.first_run.pack_chosen.connect(self.packs.open_pack)
        self.packs.library_made.connect(self.open_asked)

    def _arrange(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.read_only)
        column.addWidget(self.failure)
        column.addWidget(self.stack, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)


def _read_only_text(opened: OpenedLibrary) -> str:
    session = opened.session
    if not session.read_only:
        return ""
    if session.holder is None:
        return "This library is open for reading only. Nothing can be decided or changed here."
    return (
        f"Open for reading only: {session.holder.sentence} has this library open for writing. "
        "Close it there and open it here again to decide."
    )
