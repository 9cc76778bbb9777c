"""The queue as a list: the patch small, its case, and how many readers differ."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from glomviewer.domain.disputes.records import DisputeRow
from glomviewer.domain.disputes.wording import short_difference_text
from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.colours import Colours, accent_of, colours_of
from glomviewer.ui.disputes.queue_model import QueueModel, left_text, place_text
from glomviewer.ui.shapes import label_colour, paint_shape

Index = QModelIndex | QPersistentModelIndex
SIDE, MARGIN, SHAPE = 40, 8, 14
HEIGHT = SIDE + 2 * MARGIN
FADED = 0.35


class QueueDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        assert isinstance(view, QueueList)
        colours = colours_of(view)
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.pressed))
            if view.hasFocus():
                painter.fillRect(QRect(rect.x(), rect.y(), 2, rect.height()), accent_of(view))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.hover))
        row = view.queue.row_at(index.row())
        left = row is not None and view.queue.has_left(row)
        painter.setOpacity(FADED if left else 1.0)
        square = QRect(rect.x() + 12, rect.y() + MARGIN, SIDE, SIDE)
        self._paint_picture(painter, square, view, index, colours)
        if row is not None:
            painter.save()
            painter.setOpacity(0.6 if left else 1.0)
            self._paint_words(painter, rect, square, row, view, colours, left=left)
            painter.restore()
        painter.setOpacity(1.0)

    @staticmethod
    def _paint_picture(
        painter: QPainter, square: QRect, view: QueueList, index: Index, colours: Colours
    ) -> None:
        image = view.picture(view.queue.ids[index.row()])
        if image is None:
            painter.fillRect(square, QColor(colours.hover))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        longest = max(image.width(), image.height(), 1)
        target = QRect(0, 0, image.width() * SIDE // longest, image.height() * SIDE // longest)
        target.moveCenter(square.center())
        painter.drawImage(target, image)

    @staticmethod
    def _paint_words(
        painter: QPainter,
        rect: QRect,
        square: QRect,
        row: DisputeRow,
        view: QueueList,
        colours: Colours,
        *,
        left: bool,
    ) -> None:
        room = QRect(square.right() + 12, rect.y() + MARGIN, 0, SIDE)
        room.setRight(rect.right() - 12)
        if row.label != NO_LABEL:
            label = view.labels[row.label]
            shape = QRectF(room.right() - SHAPE, room.y() + 3, SHAPE, SHAPE)
            paint_shape(painter, shape, label.shape, label_colour(label, colours), filled=True)
        upper = room.adjusted(0, 0, -SHAPE - 8, -SIDE // 2)
        painter.setPen(QColor(colours.text))
        metrics = painter.fontMetrics()
        elide = Qt.TextElideMode.ElideMiddle
        painter.drawText(
            upper,
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(place_text(row), elide, upper.width()),
        )
        small = QFont(painter.font())
        small.setPixelSize(12)
        painter.setFont(small)
        painter.setPen(QColor(colours.secondary))
        lower = room.adjusted(0, SIDE // 2, 0, 0)
        said = left_text(row) if left else short_difference_text(row.calls, row.differing)
        text = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, text[:1].upper() + text[1:])


class QueueList(QTableView):
    """`moved` carries the patch under the keyboard, -1 for none.

    A table of one column: a list view asks the model about every row before it shows the first.
    """

    moved = Signal(int)

    def __init__(
        self,
        queue: QueueModel,
        images: ImageLoader,
        labels: LabelSet,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.queue, self.labels = queue, labels
        self._images = images
        self.setModel(queue)
        self.setItemDelegate(QueueDelegate(self))
        self.setAccessibleName("Disputed patches")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(HEIGHT)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(HEIGHT)
        self.verticalHeader().setDefaultSectionSize(HEIGHT)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentRowChanged.connect(
            lambda index, _before: self.moved.emit(self._patch_at(index))
        )
        images.thumbnail_ready.connect(self._on_thumbnail_ready)

    @property
    def patch(self) -> int | None:
        """The patch under the keyboard."""
        patch = self._patch_at(self.currentIndex())
        return None if patch < 0 else patch

    @property
    def place(self) -> int:
        """The place under the keyboard, -1 for none."""
        return self.currentIndex().row()

    def go_to(self, place: int) -> None:
        """Stand on this row, or on the nearest there is."""
        count = self.queue.rowCount()
        if not count:
            self.moved.emit(-1)
            return
        self.setCurrentIndex(self.queue.index(min(max(place, 0), count - 1)))

    def step(self, by: int) -> None:
        if 0 <= self.place + by < self.queue.rowCount():
            self.go_to(self.place + by)

    def picture(self, patch: int) -> QImage | None:
        return self._images.thumbnail(patch, round(SIDE * self.devicePixelRatioF()))

    def _patch_at(self, index: Index) -> int:
        return self.queue.ids[index.row()] if index.isValid() else -1

    def _on_thumbnail_ready(self, patch: int) -> None:
        place = self.queue.place_of(patch)
        if place is not None:
            self.update(self.queue.index(place))
