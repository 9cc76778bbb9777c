"""The page Readings: an overview, and the screen on which one reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.records import ItemState, ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Actions
from glomviewer.ui.readings import page_actions
from glomviewer.ui.readings.asking import Asking
from glomviewer.ui.readings.overview import Overview
from glomviewer.ui.readings.overview_state import OverviewState, read_overview
from glomviewer.ui.readings.overview_wording import STILL_READS, is_blinded, obstacle
from glomviewer.ui.readings.reading_room import ReadingRoom
from glomviewer.ui.unlocking import unlocking_of
from glomviewer.ui.widgets.page_state import PageState

InReview = Callable[[], tuple[PatchQuery, str] | None]

NOTHING_YET = "No reading yet"
WHAT_IT_IS = (
    "In a reading, several readers call the same patches independently, each at his own time. "
    "Their calls are compared once they have finished."
)
READ_ONLY = "This library is open for reading only, so that no reading can be made."
WHY_PASSPHRASE = "It is asked for when a reading starts, since every label is kept with your name."


AT_HOME = frozenset({"new", "close", "export", "merge"})


class ReadingsPage(QWidget):
    """Joins the overview and the reading room to the session."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    export_pack_asked = Signal(object)
    """Export a reading pack of this ReadingSummary."""
    return_asked = Signal(object)
    """Write the decisions of this ReadingSummary as a return."""
    merge_asked = Signal()
    """Merge returns into this library."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        parent: QWidget | None = None,
        *,
        in_review: InReview = lambda: None,
        settings: SettingsFile | None = None,
    ) -> None:
        """`in_review` says what is listed on the page Review, and its title; in `settings` the
        ground behind a patch is kept."""
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Readings")
        self._session, self._in_review, self._settings = session, in_review, settings
        self._state: OverviewState | None = None
        self._stale, self._wanted = True, -1
        self._unlocking = unlocking_of(session)
        self.asking = Asking(session, self)
        self.overview = Overview(session.label_set)
        self.room = ReadingRoom(session, images, actions, self)
        self.state = PageState(self.overview)
        self.state.show_loading("Reading what readings there are…")
        self.views = QStackedWidget()
        self.views.addWidget(self.state)
        self.views.addWidget(self.room.screen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.views)
        self._connect()
        page_actions.register(self, actions)

    @property
    def is_reading(self) -> bool:
        return self.views.currentWidget() is self.room.screen

    @property
    def reading(self) -> ReadingSummary | None:
        """The reading under the cursor, or the one that is read."""
        if self.is_reading and self.room.conduct is not None:
            wanted = self.room.conduct.reading.id
            known = self._state.readings if self._state is not None else ()
            return next((one for one in known if one.id == wanted), self.room.conduct.reading)
        return self.overview.reading

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
        if changes.readers:
            self._leave_another_s_reading()
        self.room.refresh(changes)
        about = changes.readings or changes.readers or changes.all_patches or changes.packs
        if about or changes.labels or changes.undo or changes.active_model:
            self._stale = True
            if self.isVisible() and not self.is_reading:
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale and not self.is_reading:
            self._read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys go to the patch, or to the list once there is one."""
        super().focusInEvent(event)
        self._pass_focus_on()

    # what one can do

    def offers(self, what: str) -> bool:
        """Whether this library is the place for it: a pack's reader reads and returns, and all
        else is done at home."""
        if what == "return":
            return self._session.from_pack
        return not self._session.from_pack or what not in AT_HOME

    def new_reading(self) -> None:
        if self._state is not None and not self._session.read_only and not self.is_reading:
            listed = self._in_review()
            if listed is not None:
                listed = (listed[0], f"those in Review now: {listed[1]}")
            self.asking.new_reading(listed, list(self._state.readings))

    def new_reading_of(self, query: PatchQuery, title: str) -> None:
        """Ask for a new reading of patches that another page has in view."""
        if self.is_reading:
            self.message.emit("Pause your reading first, then make another.")
        elif not self._session.read_only:
            known = () if self._state is None else self._state.readings
            self.asking.new_reading((query, title), list(known))

    def read(self) -> None:
        """Begin or go on where the reader was."""
        reading, reader = self.overview.reading, self._session.reader
        if reading is None or reader is None or self.is_reading:
            return
        why_not = obstacle(reading, reader, read_only=self._session.read_only)
        if why_not:
            self.message.emit(why_not)
            return
        start = partial(self._ask_items, reading, reader)
        self._unlocking.unlock(reader, WHY_PASSPHRASE, start, self)

    def pause(self) -> None:
        """Back to the overview; everything that was said is kept."""
        if not self.is_reading:
            return
        self.room.stop()
        self.views.setCurrentWidget(self.state)
        self._read()
        self.setFocus()

    def finish(self) -> None:
        if self.reading is not None and not self._session.read_only:
            self._with_own_progress(self.asking.finish)

    def sign_off(self) -> None:
        if self.reading is not None and not self._session.read_only:
            self.asking.sign_off(self.reading)

    def close_reading(self) -> None:
        """Not by who still reads independently in it: he would learn what others have called."""
        reading = self.reading
        if reading is None or self._session.read_only or reading.is_closed:
            return
        if is_blinded(reading, self._session.reader):
            self.message.emit(STILL_READS)
            return
        self.asking.close_reading(reading)

    def export_pack(self) -> None:
        if self.reading is not None:
            self.export_pack_asked.emit(self.reading)

    def return_pack(self) -> None:
        if self.reading is not None:
            self.return_asked.emit(self.reading)

    def merge(self) -> None:
        self.merge_asked.emit()

    # parts

    def _ask_items(self, reading: ReadingSummary, reader: Reader) -> None:
        self._session.ask(
            lambda library: library.reading_items(reading.id, reader.id),
            partial(self._start, reading, reader),
            lane="start reading",
        )

    def _start(self, reading: ReadingSummary, reader: Reader, items: list[ItemState]) -> None:
        if self._session.reader is None or self._session.reader.id != reader.id:
            return
        self.views.setCurrentWidget(self.room.screen)
        if self._settings is not None:
            self.room.screen.set_background(self._settings.values.viewer_background)
        self.room.start(reading, reader, items)
        if self.isVisible():
            self.room.screen.take_focus()

    def _with_own_progress(self, then: Callable[[ReadingSummary], None]) -> None:
        """With the reading as it is in the library now, not as it was when one began."""
        reading = self.reading
        if reading is not None:
            self._session.ask(
                lambda library: library.reading(reading.id), then, lane="reading as it is"
            )

    def _leave_another_s_reading(self) -> None:
        conduct, reader = self.room.conduct, self._session.reader
        if conduct is not None and (reader is None or reader.id != conduct.reader.id):
            self.pause()

    def _read(self) -> None:
        if not self._session.is_loaded:
            return
        self._stale = False
        viewer = None if self._session.reader is None else self._session.reader.id
        self._session.ask(
            lambda library: read_overview(library, viewer),
            self._on_read,
            lane="readings",
            failed=self._on_failed,
        )

    def _on_read(self, state: OverviewState) -> None:
        self._state = state
        read_only = self._session.read_only
        if not state.readings:
            if read_only:
                self.state.show_empty(NOTHING_YET, READ_ONLY)
            else:
                verb = "New reading…"
                self.state.show_empty(NOTHING_YET, WHAT_IT_IS, verb=verb, action=self.new_reading)
            self._pass_focus_on()
            return
        self.overview.show_state(state, self._session.reader, read_only=read_only)
        if self._wanted >= 0:
            self.overview.choose(self._wanted)
        self.state.show_content()
        if self._wanted >= 0 and self.isVisible():
            # Enter begins what was made just now.
            self.overview.setFocus()
        self._wanted = -1
        self._pass_focus_on()

    def _on_failed(self, sentence: str) -> None:
        self.state.show_failed(sentence, retry=self._read)

    def _on_made(self, reading: int) -> None:
        self._wanted = reading
        self._read()

    def _pass_focus_on(self) -> None:
        if not self.hasFocus():
            return
        if self.is_reading:
            self.room.screen.take_focus()
        elif self.state.shows_content:
            self.overview.setFocus()
        elif self.state.message.button.isVisible():
            self.state.message.button.setFocus()

    def _keep_background(self, name: str) -> None:
        if self._settings is not None:
            self._settings.change(viewer_background=name)

    def _connect(self) -> None:
        self._session.loaded.connect(self._read)
        self.room.screen.background_chosen.connect(self._keep_background)
        self.room.left.connect(self.pause)
        self.room.screen.finish_asked.connect(self.finish)
        self.asking.made.connect(self._on_made)
        self.asking.finished.connect(self.pause)
        listed, details = self.overview.list, self.overview.details
        listed.new.clicked.connect(self.new_reading)
        listed.merge.clicked.connect(self.merge)
        listed.table.opened.connect(lambda _reading: self.read())
        details.read.clicked.connect(self.read)
        details.finish.clicked.connect(self.finish)
        details.sign.clicked.connect(self.sign_off)
        details.close_.clicked.connect(self.close_reading)
        details.export.clicked.connect(self.export_pack)
        details.return_.clicked.connect(self.return_pack)
