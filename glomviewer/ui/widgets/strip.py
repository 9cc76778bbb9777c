"""A row of thumbnails that opens what is clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.widgets.keyed_widget import KeyedWidget

SIDE = 72
GAP = 6
FRAME = 2


class ThumbnailStrip(KeyedWidget):
    """As many thumbnails as fit, then how many more there are. Arrows move, Enter opens."""

    opened = Signal(int)
    all_opened = Signal()
    painted = Signal(object)
    """The patches that have come before somebody's eyes, once for each set of them."""

    def __init__(self, name: str, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._patches: tuple[int, ...] = ()
        self._current = 0
        self._painted: tuple[int, ...] = ()
        self._wanted: set[int] = set()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(SIDE + 2 * FRAME)
        images.thumbnail_ready.connect(self._on_thumbnail_ready)

    def show_patches(self, patches: Sequence[int]) -> None:
        self._patches = tuple(patches)
        self._current = 0
        self._painted = ()
        self._wanted.clear()
        self.setAccessibleDescription(f"{len(self._patches):,} patches")
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if self._patches else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * (SIDE + GAP), SIDE + 2 * FRAME)

    def place_of(self, position: int) -> QRect:
        """Where the thumbnail at this position is drawn."""
        return QRect(FRAME + position * (SIDE + GAP), FRAME, SIDE, SIDE)

    @property
    def _room(self) -> int:
        fits = max(1, (self.width() - 2 * FRAME + GAP) // (SIDE + GAP))
        return fits if len(self._patches) <= fits else max(1, fits - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        shown = self._patches[: self._room]
        for position, patch in enumerate(shown):
            place = self.place_of(position)
            image = self._images.thumbnail(patch, SIDE)
            if image is None:
                self._wanted.add(patch)
                painter.fillRect(place, palette.color(QPalette.ColorRole.AlternateBase))
            else:
                self._draw(painter, place, image)
            if self.hasFocus() and position == self._current:
                painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), FRAME))
                painter.drawRect(place.adjusted(-1, -1, 1, 1))
        if shown != self._painted:
            self._painted = shown
            self.painted.emit(shown)
        more = len(self._patches) - len(shown)
        if more > 0:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(
                self.place_of(len(shown)), Qt.AlignmentFlag.AlignCenter, f"{more:,} more"
            )

    @staticmethod
    def _draw(painter: QPainter, place: QRect, image: QImage) -> None:
        ratio = max(image.width(), image.height(), 1)
        width, height = image.width() * SIDE // ratio, image.height() * SIDE // ratio
        target = QRect(0, 0, width, height)
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        position = (int(event.position().x()) - FRAME) // (SIDE + GAP)
        if 0 <= position < len(self._patches[: self._room]):
            self._current = position
            self.update()
            self.opened.emit(self._patches[position])
        elif position < len(self._patches):
            self.all_opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._patches:
            last = len(self._patches[: self._room]) - 1
            self._current = min(max(self._current + step, 0), last)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._patches:
            self.opened.emit(self._patches[self._current])
        else:
            super().keyPressEvent(event)

    def _on_thumbnail_ready(self, patch: int) -> None:
        if patch in self._wanted:
            self._wanted.discard(patch)
            self.update()
