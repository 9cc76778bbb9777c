"""What the mouse means in the grid: click, Ctrl, Shift, and a band drawn around many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from glomviewer.domain.patch_table import Mask

if TYPE_CHECKING:
    from glomviewer.ui.review.grid import PatchGrid


class GridMouse:
    """Turns presses and drags into selections of its grid. `band` lies in grid coordinates."""

    def __init__(self, grid: PatchGrid) -> None:
        self._grid = grid
        self._pressed: QPoint | None = None
        self._base: Mask | None = None
        self.band: QRect | None = None

    def press(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        place = self._grid.place_at(point)
        selection = self._grid.selection
        if event.button() == Qt.MouseButton.RightButton:
            if place is not None and place not in selection:
                selection.select_only(place)
                self._grid.on_selection_made()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        adding = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._pressed = self._in_grid(point)
        self._base = selection.snapshot() if adding else None
        if place is None:
            if not adding and not extending:
                selection.clear_to_current()
        elif extending:
            selection.extend_to(place, add=adding)
        elif adding:
            selection.toggle(place)
        else:
            selection.select_only(place)
        self._grid.on_selection_made()

    def drag(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        here = self._in_grid(point)
        far = (here - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self.band is None and not far:
            return
        self._scroll_at_edge(point)
        self.band = QRect(self._pressed, here).normalized()
        band = self.band
        runs = self._grid.layout_.within(band.left(), band.top(), band.right(), band.bottom())
        self._grid.selection.select_runs(runs, self._base)
        self._grid.on_selection_made()

    def release(self, _event: QMouseEvent) -> None:
        if self.band is not None:
            places = self._grid.selection.places
            current = self._grid.selection.current
            if len(places) and (current is None or current not in self._grid.selection):
                self._grid.selection.current = self._grid.selection.anchor = int(places[0])
            self.band = None
            self._grid.on_selection_made()
        self._pressed = None
        self._base = None

    def _in_grid(self, point: QPoint) -> QPoint:
        return point + QPoint(0, self._grid.verticalScrollBar().value())

    def _scroll_at_edge(self, point: QPoint) -> None:
        bar = self._grid.verticalScrollBar()
        if point.y() < 0:
            bar.setValue(bar.value() + point.y())
        elif point.y() > self._grid.viewport().height():
            bar.setValue(bar.value() + point.y() - self._grid.viewport().height())
