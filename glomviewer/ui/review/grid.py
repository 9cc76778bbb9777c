"""The grid of thumbnails: a view of its own that lays out by arithmetic and paints what shows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from glomviewer.domain.patch_select import sigmoid
from glomviewer.domain.patch_table import IntArray
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.colours import accent_of, colours_of
from glomviewer.ui.review.badges import Badges
from glomviewer.ui.review.cell_painter import CellStyle, Frame, paint_cell
from glomviewer.ui.review.cells import cells
from glomviewer.ui.review.grid_layout import GAP, STRIP, GridLayout, Move
from glomviewer.ui.review.grid_mouse import GridMouse
from glomviewer.ui.review.one_scale import largest_unit
from glomviewer.ui.review.screen_log import ScreenLog
from glomviewer.ui.review.selection import Selection
from glomviewer.ui.review.thumbnails import Thumbnails
from glomviewer.ui.review.words import spoken

SMALLEST, USUAL, LARGEST = 64, 128, 480


class PatchGrid(QAbstractScrollArea):
    """Shows `ids` in their order. It selects and navigates; what keys decide is the page's."""

    current_changed = Signal(int)
    """The patch under the keyboard, -1 for none."""
    selection_changed = Signal()
    opened = Signal(int)
    menu_asked = Signal(QPoint)
    hovered = Signal(int, QPoint)
    """A patch that a tooltip is asked for, and where on the screen."""

    def __init__(
        self, session: Session, images: ImageLoader, log: ScreenLog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._images = images
        self._log = log
        self._ids: IntArray = np.zeros(0, dtype=np.int64)
        self._left: set[int] = set()
        self._wished = USUAL
        self._units: float | None = None
        self._layout = GridLayout(0, 1, self._wished)
        self._badges = Badges()
        self._thumbnails = Thumbnails(images, self._on_refined, self)
        self._asked_ahead: tuple[range, int] | None = None
        self.selection = Selection()
        self._mouse = GridMouse(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Grid of patches")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().installEventFilter(self)
        images.thumbnail_ready.connect(self._on_thumbnail_ready)

    # what is shown

    @property
    def ids(self) -> IntArray:
        return self._ids

    @property
    def layout_(self) -> GridLayout:
        return self._layout

    @property
    def same_scale(self) -> bool:
        return self._units is not None

    @property
    def thumbnail_size(self) -> int:
        return self._wished

    def show_patches(self, ids: IntArray, *, current: int | None = None) -> None:
        """Show another list; `current` is the patch to stand on, if it is among them."""
        self._ids = ids
        self._left = set()
        self._asked_ahead = None
        if self._units is not None:
            self._units = largest_unit(self._session.table, ids)
        self.selection.reset(len(ids))
        self._relayout()
        place = self.place_of(current) if current is not None else None
        if place is not None:
            self.selection.select_only(place)
        self._tell()

    def set_left_queue(self, patches: set[int]) -> None:
        """These have left the queue; they stay where they are, greyed, until it is refreshed."""
        self._left = patches
        self.viewport().update()

    def set_thumbnail_size(self, size: int) -> None:
        self._wished = max(SMALLEST, min(LARGEST, size))
        self._relayout()

    def set_same_scale(self, same: bool) -> None:
        """All patches at one scale, in microns where known, else fitted one by one."""
        self._units = largest_unit(self._session.table, self._ids) if same else None
        self.viewport().update()

    def place_of(self, patch: int) -> int | None:
        found = np.flatnonzero(self._ids == patch)
        return int(found[0]) if len(found) else None

    # where the reader is

    @property
    def current_patch(self) -> int | None:
        place = self.selection.current
        return None if place is None else int(self._ids[place])

    def selected_patches(self) -> IntArray:
        return self._ids[self.selection.places]

    def go_to(self, place: int) -> None:
        """Stand on a place, select it alone and show it."""
        if 0 <= place < len(self._ids):
            self.selection.select_only(place)
            self.show_place(place)
            self._tell()

    def move(self, move: Move, *, extend: bool = False) -> None:  # type: ignore[override]
        if not len(self._ids):
            return
        current = self.selection.current
        if current is None:
            self.go_to(self.visible_places().start)
            return
        place = self._layout.moved(current, move, self.viewport().height())
        if extend:
            self.selection.extend_to(place)
            self.show_place(place)
            self._tell()
        else:
            self.go_to(place)

    def select_all(self) -> None:
        self.selection.select_all()
        self._tell()

    def clear_selection(self) -> None:
        self.selection.clear_to_current()
        self._tell()

    def show_place(self, place: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(self._layout.scroll_to(place, bar.value(), self.viewport().height()))

    def visible_places(self) -> range:
        return self._layout.visible(self.verticalScrollBar().value(), self.viewport().height())

    def places_in_view(self) -> list[int]:
        """The visible places but those of which an edge of the view cuts off half and more."""
        view = self.viewport().rect()
        return [at for at in self.visible_places() if view.contains(self._square(at).center())]

    def place_at(self, point: QPoint) -> int | None:
        return self._layout.at(point.x(), point.y() + self.verticalScrollBar().value())

    def on_selection_made(self) -> None:
        """The mouse has changed the selection."""
        self._tell()

    def refresh_cells(self) -> None:
        self.viewport().update()

    def forget_pictures(self) -> None:
        self._thumbnails.forget_all()
        self._asked_ahead = None
        self.viewport().update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(colours_of(self).window))
        places = self.visible_places()
        if len(places):
            with self._images.held():
                self._paint_cells(painter, places, event.rect())
        band = self._mouse.band
        if band is not None:
            painter.setPen(QPen(accent_of(self), 1))
            painter.drawRect(band.translated(0, -self.verticalScrollBar().value()))
        painter.end()

    def _paint_cells(self, painter: QPainter, places: range, dirty: QRect) -> None:
        """Paint the cells of which the dirty rectangle touches any part."""
        self._ask_ahead(places)
        reach = GAP // 2 + STRIP
        touched = [
            (place, square)
            for place in places
            if (square := self._square(place))
            .adjusted(-reach, -reach, reach, reach)
            .intersects(dirty)
        ]
        ids = self._ids[[place for place, _square in touched]]
        by_patch = {cell.patch: cell for cell in cells(self._session.table, ids)}
        style, units = self._style(), self._device_pixels_per_unit()
        view = self.viewport().rect()
        seen: list[int] = []
        calls: list[int] = []
        for (place, square), patch in zip(touched, ids.tolist(), strict=True):
            cell = by_patch.get(patch)
            if cell is None:
                continue
            picture = self._thumbnails.picture(cell, square.width(), units, style.ratio)
            paint_cell(
                painter,
                square,
                cell,
                picture,
                style,
                frame=self._frame_of(place),
                left_queue=patch in self._left,
            )
            # What an edge of the view cuts off by half or more has not been seen.
            if picture.is_there and view.contains(square.center()):
                seen.append(patch)
            if cell.call is not None:
                calls.append(patch)
        self._log.saw(seen)
        self._log.saw_calls(self._session.table.view.model, calls)

    def _style(self) -> CellStyle:
        view = self._session.table.view
        threshold = float(sigmoid(np.array([view.threshold]))[0]) if view.model else None
        return CellStyle(
            colours_of(self),
            accent_of(self),
            self._session.label_set,
            self._badges,
            threshold=threshold,
            many_selected=len(self.selection) > 1,
            ratio=self.devicePixelRatioF(),
            side=self._layout.side,
        )

    def _device_pixels_per_unit(self) -> float | None:
        if self._units is None:
            return None
        return self._layout.side * self.devicePixelRatioF() / self._units

    def _ask_ahead(self, places: range) -> None:
        """Once for each stretch of the list: say what is in view, and ask for the next page,
        so that a page down finds its thumbnails ready."""
        size = round(self._layout.side * self.devicePixelRatioF())
        if (places, size) == self._asked_ahead:
            return
        self._asked_ahead = (places, size)
        self._thumbnails.new_frame()
        shown = self._ids[places.start : places.stop].tolist()
        ahead = self._ids[places.stop : places.stop + len(places)].tolist()
        self._images.visible(shown + ahead)
        for patch in shown + ahead:
            self._images.thumbnail(patch, size)

    def _square(self, place: int) -> QRect:
        rect = self._layout.cell(place)
        return QRect(rect.x, rect.y - self.verticalScrollBar().value(), rect.side, rect.side)

    def _frame_of(self, place: int) -> Frame:
        if place == self.selection.current and self.hasFocus():
            return Frame.CURRENT
        if place in self.selection or place == self.selection.current:
            return Frame.SELECTED if place in self.selection else Frame.NONE
        return Frame.NONE

    def _on_thumbnail_ready(self, patch: int) -> None:
        self._thumbnails.forget(patch)
        self._on_refined([patch])

    def _on_refined(self, patches: list[int]) -> None:
        """Paint again those of these patches that are in view."""
        places = self.visible_places()
        shown = self._ids[places.start : places.stop].tolist()
        for patch in patches:
            if patch in shown:
                square = self._square(places.start + shown.index(patch))
                self.viewport().update(square)

    # geometry

    def _relayout(self) -> None:
        """Lay out anew and keep what the reader looks at where it was."""
        bar = self.verticalScrollBar()
        before, top = self._layout, bar.value()
        keep = self._place_to_keep(before, top)
        offset = before.cell(keep).y - top if keep is not None else 0
        self._layout = GridLayout(len(self._ids), max(1, self.viewport().width()), self._wished)
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))
        bar.setPageStep(max(1, self.viewport().height() - self._layout.pitch))
        bar.setSingleStep(max(16, self._layout.pitch // 3))
        if keep is not None and keep < len(self._ids):
            bar.setValue(self._layout.cell(keep).y - offset)
        self.viewport().update()

    def _place_to_keep(self, layout: GridLayout, top: int) -> int | None:
        visible = layout.visible(top, self.viewport().height())
        current = self.selection.current
        if current is not None and current in visible:
            return current
        return visible.start if len(visible) and top > 0 else None

    def _tell(self) -> None:
        self.viewport().update()
        patch, place = self.current_patch, self.selection.current
        if patch is not None and place is not None:
            (cell,) = cells(self._session.table, np.array([patch])) or (None,)
            if cell is not None:
                labels = self._session.label_set
                self.setAccessibleDescription(spoken(cell, place, len(self._ids), labels))
        self.current_changed.emit(-1 if patch is None else patch)
        self.selection_changed.emit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._relayout()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Arrows are actions of the page; what the scroll area would do with them is not wanted.
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.selection.current is None and len(self._ids):
            self.selection.select_only(self.visible_places().start)
            self._tell()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(int(self._ids[place]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # An override of viewportEvent crashes PySide while the scroll area is being made.
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_at(event.pos())
            if place is not None:
                self.hovered.emit(int(self._ids[place]), event.globalPos())
            return True
        return super().eventFilter(watched, event)
