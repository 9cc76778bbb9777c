"""The page Disputes: the queue, the patch large, and everybody's calls side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.disputes.explaining import Explanation
from glomviewer.domain.disputes.records import Dispute, DisputeState
from glomviewer.domain.disputes.wording import STATE_WORDS
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.dialogs.why import WhyDialog
from glomviewer.ui.disputes.deciding import Deciding
from glomviewer.ui.disputes.page_actions import register, show_keys
from glomviewer.ui.disputes.queue_reader import Listing, QueueReader
from glomviewer.ui.disputes.relabelling_view import RelabellingView
from glomviewer.ui.disputes.shown_call import ShownCall
from glomviewer.ui.disputes.told_calls import ToldCalls
from glomviewer.ui.disputes.workspace import Workspace
from glomviewer.ui.widgets.page_state import PageState

PRELOADED = 3
NOTHING_YET = (
    "No dispute so far",
    "Where readers call a patch differently, it stands here with all their calls side by side, "
    "to be settled, read once more, or looked at together.",
)


class DisputesPage(QWidget):
    """Wires the parts. `calls_told` carries patches whose call has been shown here."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    reading_asked = Signal(list)
    """A new reading is wished of these patches."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Disputes")
        self.session, self._images, self._actions = session, images, actions
        self._stale, self._focus_awaited, self._from_start = True, False, False
        self.reader = QueueReader(session, self)
        self.workspace = Workspace(session, images)
        self.queue, self.queues = self.workspace.queue, self.workspace.queues
        self.list, self.head = self.queues.list, self.workspace.head
        self.canvas, self.picture = self.workspace.canvas, self.workspace.picture
        self.bar, self.calls = self.workspace.bar, self.workspace.calls
        self.told = ToldCalls()
        self.deciding = Deciding(session, self.told, self.bar)
        self.shown_call = ShownCall(session, self.told, self.calls.model)
        self.relabelling = RelabellingView(session)
        self._arrange()
        self._connect()
        register(self, actions)
        show_keys(self, actions)
        self.state.show_loading("Reading the disputes…")

    # what the window asks for

    def refresh(self, changes: Changes) -> None:
        """An operation has changed something."""
        if changes.readers:
            # Another reader may not be allowed to know what stands here.
            self.told.hide_all()
            self.queue.show(self.reader.state, [])
            self.list.go_to(0)
        anew = changes.all_patches or changes.readers or changes.readings
        if not (anew or changes.labels or changes.comments or changes.exclusions):
            if changes.active_model or changes.models:
                self.shown_call.take(self.patch)
            return
        if not self.isVisible():
            self._stale = True
        elif anew or not self.state.shows_content:
            self.read_queue()
        else:
            self.queue.read_again(changes.patches)
            self.reader.count()
            self._read_dispute()
            self.relabelling.refresh()

    def go_back_to(self, changes: Changes) -> None:
        """Stand where an undone gesture was, so that the reader sees what came back."""
        place = self.queue.place_of(changes.patches[0]) if changes.patches else None
        if place is not None:
            self.list.go_to(place)

    def know_calls_by(self, knows: Callable[[int], bool]) -> None:
        """Another page knows whether the call of a patch has been before the reader's eyes."""
        self.told.ask_elsewhere(knows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read_queue()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._focus_content()

    # what keys ask for

    @property
    def patch(self) -> int | None:
        return self.list.patch

    @property
    def shows_patch(self) -> bool:
        """Whether there is a patch before somebody's eyes, so that a key is about it."""
        return self.patch is not None and self.views.currentWidget() is self.workspace

    def may_decide(self) -> bool:
        return self.shows_patch and self.deciding.may_write()

    @property
    def is_walking(self) -> bool:
        return self.queues.isHidden()

    def read_queue(self) -> None:
        """Read the queue anew; what has left it goes."""
        if not self.session.is_loaded:
            return
        self._stale = False
        self.reader.read()

    def pick_state(self, state: DisputeState) -> None:
        self.reader.state = state
        self.views.setCurrentWidget(self.workspace)
        self._focus_awaited = True
        self.read_queue()

    def pick_reading(self, reading: int | None) -> None:
        self.reader.reading = reading
        self.read_queue()

    def step(self, by: int) -> None:
        self.list.step(by)

    def ask_why(self) -> None:
        if self.patch is not None:
            patch = self.patch
            self.session.ask(lambda library: library.why(patch), self._on_why, lane="why")

    def ask_reading(self) -> None:
        if self.queue.ids:
            self.reading_asked.emit(list(self.queue.ids))

    def open_in_review(self) -> None:
        if self.patch is not None:
            title = f"{STATE_WORDS[self.reader.state]} disputes"
            self.open_patches.emit(PatchQuery(ids=(self.patch,)), title)

    def toggle_walk(self) -> None:
        """Large, one after another, without the list beside; or back to the list."""
        if self.patch is None:
            return
        self.queues.setVisible(self.is_walking)
        self._say_progress()
        self._focus_content()

    def meet(self) -> None:
        """Walk through the consensus list together, from its beginning."""
        self.queues.hide()
        self._from_start = True
        self.pick_state(DisputeState.CONSENSUS)

    def show_relabelling(self) -> None:
        self.views.setCurrentWidget(self.relabelling)
        self.relabelling.table.setFocus()

    def go_back(self) -> None:
        """Esc: one step back to the queue."""
        if self.views.currentWidget() is self.relabelling:
            self.views.setCurrentWidget(self.workspace)
        else:
            self.queues.show()
        self._say_progress()
        self._focus_content()

    # answers

    def _on_listed(self, listing: Listing) -> None:
        kept, place = self.patch, max(0, self.list.place)
        self.queue.show(listing.state, listing.ids)
        self.queues.show_counts(listing.counts)
        self.queues.show_readings(listing.readings, self.reader.reading)
        self.queues.show_state(listing.state, empty=not listing.ids)
        if self.is_walking and not listing.ids:
            self.queues.show()
        if any(listing.counts.values()) or self.reader.reading is not None:
            self.state.show_content()
        else:
            self.state.show_empty(*NOTHING_YET)
        at = None if kept is None else self.queue.place_of(kept)
        self.list.go_to(0 if self._from_start else place if at is None else at)
        self._from_start = False
        self._say_progress()
        self.relabelling.refresh()
        if self._focus_awaited or self.hasFocus():
            self._focus_content()

    def _on_failed(self, sentence: str) -> None:
        self._stale = True
        self.state.show_failed(sentence, retry=self.read_queue)

    def _on_moved(self, patch: int) -> None:
        known = None if patch < 0 else patch
        self.calls.show_dispute(None)
        self.picture.show_patch(known)
        self.deciding.take(known, None)
        self.shown_call.take(known)
        self._say_progress()
        place = self.list.place
        self._images.preload(self.queue.ids[place + 1 : place + 1 + PRELOADED])
        self._read_dispute()

    def _read_dispute(self) -> None:
        patch = self.patch
        if patch is not None:
            self.session.ask(
                lambda library: library.dispute(patch),
                self._on_dispute,
                lane="dispute",
                failed=self._on_unread,
            )

    def _on_dispute(self, dispute: Dispute) -> None:
        if dispute.patch == self.patch:
            self.calls.show_dispute(dispute)
            self.deciding.take(dispute.patch, dispute)

    def _on_unread(self, sentence: str) -> None:
        self.message.emit(sentence)

    def _on_why(self, explanation: Explanation) -> None:
        dialog = WhyDialog(explanation, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # words

    def _show_keys(self) -> None:
        show_keys(self, self._actions)

    def _say_progress(self) -> None:
        place, count = self.list.place, self.queue.rowCount()
        self.head.say(self.reader.state, place, count, walking=self.is_walking)

    def _focus_content(self) -> None:
        """Let keys go to the patches, at once or as soon as they show."""
        self._focus_awaited = not self.state.shows_content
        if self.views.currentWidget() is self.workspace and self.state.shows_content:
            (self.canvas if self.is_walking else self.list).setFocus()

    def _connect(self) -> None:
        self.session.loaded.connect(self.read_queue)
        self._actions.changed.connect(self._show_keys)
        self.reader.listed.connect(self._on_listed)
        self.reader.counted.connect(self.queues.show_counts)
        self.reader.failed.connect(self._on_failed)
        self.list.moved.connect(self._on_moved)
        self.queues.state_picked.connect(self.pick_state)
        self.queues.reading_picked.connect(self.pick_reading)
        self.queues.new_reading.clicked.connect(self.ask_reading)
        self.deciding.refused.connect(self.message)
        self.deciding.decided.connect(partial(self.step, 1))
        self.shown_call.refused.connect(self.message)
        self.shown_call.told.connect(self.calls_told)
        self.bar.left.connect(self._focus_content)
        self.calls.why_asked.connect(self.ask_why)
        self.head.before.clicked.connect(partial(self.step, -1))
        self.head.following.clicked.connect(partial(self.step, 1))
        self.head.meeting.clicked.connect(self.meet)
        self.head.relabelling.clicked.connect(self.show_relabelling)
        self.relabelling.left.connect(self.go_back)
        self.relabelling.open_patches.connect(self.open_patches)

    def _arrange(self) -> None:
        self.views = QStackedWidget()
        self.views.addWidget(self.workspace)
        self.views.addWidget(self.relabelling)
        self.state = PageState(self.views)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.state)
