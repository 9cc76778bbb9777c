"""The patch of a reading, large and in its turn, and while a key is held its stain views."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from glomviewer.domain.stain_views import StainView
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.jobs.stain_pictures import StainPictures
from glomviewer.ui.readings.stained_canvas import StainedCanvas
from glomviewer.ui.review.picture import Picture


class ReadingCanvas(QWidget):
    """Shows one item after another. `canvas` is the patch's own, for tools and tests.

    A stain view is on the screen from `hold` to `release`. Where the release of the key would go
    elsewhere, since the window or the focus changes or the page is left, the patch comes back
    by itself.
    """

    shown = Signal(int)
    """The full image of this patch is on the screen."""
    held_changed = Signal(object)
    """The StainView that is held from now on, or None."""

    def __init__(
        self, session: Session, images: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._stains = StainPictures(session, parent=self)
        self._held: StainView | None = None
        self._patch: int | None = None
        self._keys: dict[StainView, frozenset[Qt.Key]] = {}
        self.canvas = StainedCanvas()
        self.picture = Picture(session, images, self.canvas)
        self.picture.shown.connect(self._on_shown)
        self._stains.ready.connect(self._show_held)
        self.setFocusProxy(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)

    def show_item(self, patch: int | None, turn: int = 0) -> None:
        """Show a patch in one of its eight turns, None for nothing. A view that is held stays
        held, and is shown of this patch once it is read."""
        self._patch = patch
        self._stains.prepare(None)
        self.canvas.show_plain()
        self.canvas.set_turn(turn)
        self.picture.show_patch(patch)

    def preload(self, patches: Sequence[int]) -> None:
        """Have these patches ready next, in this order. Turning one costs under a millisecond
        and waits until it is shown."""
        self._images.preload(list(dict.fromkeys(patches)))

    @property
    def is_settled(self) -> bool:
        """Whether what is on the screen is this item: its full image, or why it has none. Until
        then the patch before may still be seen, and a label could be meant for that one."""
        if self._patch is None:
            return True
        return self.picture.full_shown or self._images.failure(self._patch) is not None

    # stain views

    @property
    def held(self) -> StainView | None:
        return self._held

    @Slot(object)
    def hold(self, view: StainView) -> None:
        """Show this view until `release`. Asked for while it is held, it is released: then a
        menu was used, which has no key to let go."""
        if view is self._held:
            self.release()
            return
        if self._held is None:
            _application().focusChanged.connect(self.release)
        self._held = view
        self.canvas.show_plain()
        self._show_held()
        self.held_changed.emit(view)

    @Slot()
    def release(self) -> None:
        """Show the patch itself again, at once."""
        if self._held is None:
            return
        _application().focusChanged.disconnect(self.release)
        self._held = None
        self.canvas.show_plain()
        self.held_changed.emit(None)

    def set_keys(self, view: StainView, keys: Sequence[str]) -> None:
        """The keys that hold a view, as `QKeySequence` reads them, such as those of its action.
        Modifiers count for nothing here, since they may be let go first."""
        sequences = [QKeySequence(text) for text in keys]
        self._keys[view] = frozenset(
            one[0].key()  # pyright: ignore[reportIndexIssue]
            for one in sequences
            if one.count()
        )

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Hold the view of this key; whether it has one. For a page whose key presses do not
        come by way of actions."""
        view = self._view_of(event)
        if view is None:
            return False
        if not event.isAutoRepeat() and view is not self._held:
            self.hold(view)
        return True

    def key_released(self, event: QKeyEvent) -> bool:
        """Release the view of this key; whether that was held. A key held down repeats its
        release on some systems, which doesn't count."""
        if self._held is None or event.isAutoRepeat():
            return False
        if self._keys.get(self._held) and self._view_of(event) is not self._held:
            return False
        self.release()
        return True

    def _view_of(self, event: QKeyEvent) -> StainView | None:
        return next((view for view, keys in self._keys.items() if event.key() in keys), None)

    def _on_shown(self, patch: int) -> None:
        self._stains.prepare(self.canvas.plain)
        self._show_held()
        self.shown.emit(patch)

    @Slot()
    def _show_held(self) -> None:
        plain = self.canvas.plain
        if self._held is None or plain is None or not self.picture.full_shown:
            return
        if self.canvas.legend == self._held.value:
            return
        made = self._stains.view(plain, self._held)
        if made is not None:
            self.canvas.show_instead(made, self._held.value)

    # events

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.key_released(event):
            super().keyReleaseEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.release()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowDeactivate:
            self.release()
        return super().event(event)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
