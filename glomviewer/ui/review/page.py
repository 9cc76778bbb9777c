"""The Review page: queues on the left, the grid in the middle, the patch on the right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Actions, key_names
from glomviewer.ui.review.asking import Asking
from glomviewer.ui.review.canvas import PatchCanvas
from glomviewer.ui.review.filter_bar import FilterBar
from glomviewer.ui.review.filter_menu import filter_menu
from glomviewer.ui.review.filter_words import without_filters
from glomviewer.ui.review.gestures import Gestures
from glomviewer.ui.review.grid import PatchGrid
from glomviewer.ui.review.header import Header
from glomviewer.ui.review.listing import Listing
from glomviewer.ui.review.page_actions import MENU, register
from glomviewer.ui.review.patch_panel import PatchPanel
from glomviewer.ui.review.queue_panel import QueuePanel
from glomviewer.ui.review.reading import ReadingView
from glomviewer.ui.review.screen_log import ScreenLog
from glomviewer.ui.review.seen import SeenPatches
from glomviewer.ui.review.view_memory import Place, SavedView
from glomviewer.ui.review.words import EMPTY_QUEUES
from glomviewer.ui.widgets.page_state import PageState

PRELOADED = 3
LEFT_WIDTH, RIGHT_WIDTH = 232, 344


class ReviewPage(QWidget):
    """Wires the parts of the page. `message` is a quiet line; `reader_needed` asks for one."""

    message = Signal(str)
    reader_needed = Signal()
    import_asked = Signal()
    readings_asked = Signal()

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        settings: SettingsFile,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAccessibleName("Review")
        self.session, self.images = session, images
        self._actions, self._settings = actions, settings
        self.log = ScreenLog()
        self.gestures = Gestures(session, self.log, self)
        self.seen = SeenPatches(session, self)
        self.queues = QueuePanel()
        self.header = Header()
        self.filter_bar = FilterBar(session.label_set)
        self.grid = PatchGrid(session, images, self.log)
        self.panel = PatchPanel(session, images)
        self.reading = ReadingView(session, images)
        self.listing = Listing(session, self.queues, self.header, self.filter_bar, self.grid)
        self.asking = Asking(self)
        self._focus_awaited = False
        self._arrange()
        self._connect()
        register(self, actions)
        self._show_keys()
        self.take_settings()
        self.state.show_loading("Reading the library…")
        if session.is_loaded:
            self._on_loaded()

    @property
    def is_reading(self) -> bool:
        """Whether one patch is shown at a time."""
        return self.views.currentWidget() is self.reading

    @property
    def names_hidden(self) -> bool:
        return self._settings.values.hide_names

    def open_patches(self, query: PatchQuery, title: str = "") -> None:
        """List these patches, wherever the wish comes from."""
        if self.is_reading:
            self.close_reading()
        self.listing.open(query, title)

    def refresh(self, changes: Changes) -> None:
        """An operation has changed something."""
        if not self.session.is_loaded:
            return
        self.listing.take_changes(changes)
        if changes.files:
            self.grid.forget_pictures()
        if self.is_reading:
            # The panel is out of sight, and reads anew when the grid comes back.
            self.reading.refresh()
            return
        self.grid.refresh_cells()
        everywhere = changes.all_patches or changes.readers or changes.files
        if everywhere or self.panel.patch in changes.patches:
            self.panel.refresh()
        else:
            self.panel.say_again()

    def patches_at_hand(self) -> list[int]:
        """What a key is about: the patch on the screen, or the selected ones."""
        if self.is_reading:
            return [] if self.reading.patch is None else [self.reading.patch]
        return self.grid.selected_patches().tolist()

    def patch_at_hand(self) -> int | None:
        return self.reading.patch if self.is_reading else self.grid.current_patch

    def decide(self, code: int, *, detail: str | None = None) -> None:
        """Label what is at hand, and go on to the next where it is one."""
        patches = self.patches_at_hand()
        if self.gestures.label(patches, code, detail=detail or "") and detail is None:
            self._go_on(patches, code)

    def accept(self) -> None:
        """Label what is at hand as the model calls it, where its call is shown."""
        hidden = self.is_reading and not self.reading.call_is_shown
        patches = [] if hidden else self.patches_at_hand()
        calls = self.gestures.calls_to_accept(patches)
        if self.gestures.accept_calls(calls) and len(patches) == 1:
            self._go_on(patches, self.session.label_set.codes_of_target(calls[patches[0]])[0])

    def open_reading(self) -> None:
        """One at a time, from the patch under the keyboard."""
        if not len(self.grid.ids):
            return
        self.views.setCurrentWidget(self.reading)
        self.reading.start(self.grid.ids, self.grid.selection.current or 0, self.listing.title)
        self.reading.canvas.setFocus()

    def close_reading(self) -> None:
        place = self.reading.place
        self.views.setCurrentWidget(self.workspace)
        self.grid.setFocus()
        self.grid.go_to(place)

    def go_back_to(self, changes: Changes) -> None:
        """Stand where an undone gesture was, so that the reader sees what came back."""
        if not changes.patches:
            return
        place = self.grid.place_of(changes.patches[0])
        if place is None:
            return
        if self.is_reading:
            self.reading.go_to(place)
        else:
            self.grid.go_to(place)

    def focus_content(self) -> None:
        """Let keys go to the patches, at once or as soon as they show."""
        content = self.reading.canvas if self.is_reading else self.grid
        content.setFocus()
        self._focus_awaited = not content.isVisible()

    def show_filter_menu(self) -> None:
        menu = filter_menu(self.listing.query, self.session.label_set, self.listing.change, self)
        menu.popup(self.header.filter.mapToGlobal(self.header.filter.rect().bottomLeft()))

    def focus_find(self) -> None:
        if self.is_reading:
            self.close_reading()
        self.queues.finder.setFocus()
        self.queues.finder.selectAll()

    def show_grid(self) -> None:
        if self.is_reading:
            self.close_reading()
        else:
            self.grid.setFocus()

    def flag(self) -> None:
        self.gestures.flag(self.patches_at_hand())

    def include(self) -> None:
        self.gestures.include(self.patches_at_hand())

    def zoom(self, factor: float) -> None:
        self._canvas.zoom(factor)

    def toggle_actual(self) -> None:
        self._canvas.toggle_actual()

    @property
    def _canvas(self) -> PatchCanvas:
        return self.reading.canvas if self.is_reading else self.panel.canvas

    def set_thumbnail_size(self, size: int) -> None:
        self.grid.set_thumbnail_size(size)
        if self.header.size_slider.value() != self.grid.thumbnail_size:
            self.header.size_slider.setValue(self.grid.thumbnail_size)

    def toggle_names(self) -> None:
        self._settings.change(hide_names=not self.names_hidden)
        self.panel.hide_names(self.names_hidden)
        self.message.emit("Names are hidden." if self.names_hidden else "Names are shown.")

    def toggle_hidden_call(self) -> None:
        hides = not self._settings.values.hide_call_until_decided
        self._settings.change(hide_call_until_decided=hides)
        self.reading.set_hides_call(hides)
        when = "once you have decided" if hides else "at once"
        self.message.emit(f"One at a time, the model's call is shown {when}.")

    def take_settings(self) -> None:
        """Show what is chosen in the preferences."""
        values = self._settings.values
        self.panel.hide_names(values.hide_names)
        self.panel.tools.set_background(values.viewer_background)
        self.reading.canvas.set_background(values.viewer_background)
        self.reading.set_hides_call(values.hide_call_until_decided)
        self.set_thumbnail_size(values.thumbnail_size)

    def note_calls_told(self, patches: object) -> None:
        """Another page has told the calls of these patches."""
        if isinstance(patches, Iterable):
            self.log.was_told(int(patch) for patch in patches)

    def knows_call(self, patch: int) -> bool:
        """Whether the call of this patch has been before the reader's eyes."""
        return self.log.call_shown(patch, self.session.table.view.model)

    def saved_view(self) -> dict[str, Any]:
        """What to remember of the page over a restart."""
        place = self.listing.place()
        splitter = bytes(self.workspace.saveState().toBase64().data()).decode("ascii")
        return SavedView(
            query=self.listing.query,
            title=self.listing.given_title,
            current=place.current,
            scroll=place.scroll,
            same_scale=self.grid.same_scale,
            splitter=splitter,
        ).to_settings()

    def restore_view(self, raw: object) -> None:
        """Come back to where the reader was when the window was closed."""
        view = SavedView.from_settings(raw)
        if view.splitter:
            self.workspace.restoreState(QByteArray.fromBase64(view.splitter.encode("ascii")))
        self.header.same_scale.setChecked(view.same_scale)
        self.listing.restore(view.query, view.title, Place(view.current, view.scroll))
        self.listing.ask()

    def finish(self) -> None:
        """The window closes: write what has gathered, keep what was chosen."""
        self.seen.flush()
        self._settings.change(thumbnail_size=self.grid.thumbnail_size)

    def _go_on(self, patches: list[int], code: int) -> None:
        if self.is_reading:
            self.reading.go_on_after(patches[0], code)
        elif len(patches) == 1 and self.grid.selection.current is not None:
            self.grid.go_to(self.grid.selection.current + 1)

    def _on_loaded(self) -> None:
        self.listing.ask()
        self.listing.ask_filters()

    def _on_listed(self, count: int) -> None:
        if not len(self.session.table):
            self.state.show_empty(
                "No patches yet",
                "Import a folder of patches, with or without labels. The files stay where they "
                "are and are never changed.",
                verb="Import…",
                action=self.import_asked.emit,
            )
            return
        self.state.show_content()
        query = self.listing.query
        if count:
            self.middle.show_content()
            if self._focus_awaited and self.isVisible():
                self.focus_content()
        elif query.restricts:
            self.middle.show_empty(
                "Nothing matches these filters",
                "",
                verb="Clear filters",
                action=lambda: self.listing.change(without_filters(self.listing.query)),
            )
        else:
            self.middle.show_empty("This queue is empty", EMPTY_QUEUES.get(query.queue, ""))

    def _on_failed(self, sentence: str) -> None:
        if not self.session.is_loaded:
            self.state.show_failed(sentence, retry=self.session.load)

    def _on_current_changed(self, patch: int) -> None:
        if self.is_reading:
            return
        self.panel.show_patch(None if patch < 0 else patch)
        place = self.grid.selection.current
        if place is not None:
            self.images.preload(self.grid.ids[place + 1 : place + 1 + PRELOADED].tolist())

    def _on_opened(self, patch: int) -> None:
        place = self.grid.place_of(patch)
        if place is not None:
            self.grid.go_to(place)
            self.open_reading()

    def _on_shown(self, patch: int) -> None:
        self.log.saw([patch])
        self.seen.add(patch)

    def _on_call_shown(self, patch: int) -> None:
        self.log.saw_calls(self.session.table.view.model, [patch])

    def _on_menu_asked(self, point: QPoint) -> None:
        self._actions.menu(MENU, self).popup(point)

    def _show_keys(self) -> None:
        for label in self.session.label_set.labels:
            action = f"review.label.{label.code}"
            if action in self._actions:
                keys = key_names(self._actions[action].keys)
                self.panel.buttons.set_keys(label.code, keys)
                self.reading.buttons.set_keys(label.code, keys)

    def _on_background_chosen(self, name: str) -> None:
        self.reading.canvas.set_background(name)
        self._settings.change(viewer_background=name)

    def _connect(self) -> None:
        self.session.loaded.connect(self._on_loaded)
        self.session.failed.connect(self._on_failed)
        self._actions.changed.connect(self._show_keys)
        self.gestures.refused.connect(self.message)
        self.gestures.reader_needed.connect(self.reader_needed)
        self.listing.query_changed.connect(self.gestures.set_query)
        self.listing.listed.connect(self._on_listed)
        self.queues.done.connect(self.focus_content)
        self.queues.readings_asked.connect(self.readings_asked)
        self.header.size_chosen.connect(self.grid.set_thumbnail_size)
        self.header.same_scale_chosen.connect(self.grid.set_same_scale)
        self.header.filter_asked.connect(self.show_filter_menu)
        self.filter_bar.save_asked.connect(self.asking.save_filter)
        self.grid.current_changed.connect(self._on_current_changed)
        self.grid.opened.connect(self._on_opened)
        self.grid.menu_asked.connect(self._on_menu_asked)
        self.grid.hovered.connect(self.asking.tooltip)
        self.panel.label_pressed.connect(self.decide)
        self.panel.detail_chosen.connect(lambda code, detail: self.decide(code, detail=detail))
        self.panel.shown.connect(self._on_shown)
        self.panel.call_shown.connect(self._on_call_shown)
        self.panel.why_asked.connect(self.asking.why)
        self.panel.tools.background_chosen.connect(self._on_background_chosen)
        self.reading.label_pressed.connect(self.decide)
        self.reading.shown.connect(self._on_shown)
        self.reading.call_shown.connect(self._on_call_shown)
        self.reading.left.connect(self.close_reading)

    def _arrange(self) -> None:
        self.middle = PageState(self.grid)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.filter_bar)
        column.addWidget(self.middle, 1)
        self.workspace = QSplitter(Qt.Orientation.Horizontal)
        self.workspace.setHandleWidth(1)
        for part in (self.queues, centre, self.panel):
            self.workspace.addWidget(part)
        self.workspace.setStretchFactor(1, 1)
        self.workspace.setChildrenCollapsible(False)
        self.workspace.setSizes([LEFT_WIDTH, 800, RIGHT_WIDTH])
        self.views = QStackedWidget()
        self.views.addWidget(self.workspace)
        self.views.addWidget(self.reading)
        self.state = PageState(self.views)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.state)
