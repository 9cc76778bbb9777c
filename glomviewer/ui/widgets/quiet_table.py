"""How every table of the window looks: hairlines, no grid, whole rows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
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

from glomviewer.ui.colours import DARK, LIGHT, Colours

ROW_HEIGHT = 32
PADDING = 8
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ENABLED = Qt.ItemFlag.ItemIsEnabled


class HairlineDelegate(QStyledItemDelegate):
    """Draws a cell's text where its header stands, and a line under it."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colours = scheme_of(option.palette)
        draw_ground(painter, option, colours)
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text if index.flags() & ENABLED else colours.secondary))
        side = index.data(Qt.ItemDataRole.TextAlignmentRole) or LEFT
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        text = str(index.data() if index.data() is not None else "")
        shown = painter.fontMetrics().elidedText(text, option.textElideMode, area.width())
        painter.drawText(area, int(side), shown)
        painter.setPen(QColor(colours.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        text = str(index.data() if index.data() is not None else "")
        width = QFontMetrics(option.font).horizontalAdvance(text) + 2 * PADDING + 2
        return QSize(width, ROW_HEIGHT)


def draw_ground(painter: QPainter, option: QStyleOptionViewItem, colours: Colours) -> None:
    """The row's own grey where it is chosen or under the mouse."""
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, QColor(colours.pressed))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(colours.hover))


def scheme_of(palette: QPalette) -> Colours:
    """The scheme of a palette, by the lightness of its window."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


class QuietTable(QTableView):
    """A read-only table whose rows are chosen whole."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "quiet")
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(HairlineDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setFixedHeight(ROW_HEIGHT)

    def fit_height_to_rows(self, most: int = 12, *, least: int | None = None) -> None:
        """Be just as high as the rows, so that the page scrolls and not the table, which may
        shrink to `least` rows where there is little room."""
        model = self.model()
        rows = max(1, min(model.rowCount() if model is not None else 0, most))
        frame = 2 * self.frameWidth()
        bar = self.horizontalScrollBar().sizeHint().height() if self._needs_bar() else 0
        around = self.horizontalHeader().height() + frame + bar
        self.setMaximumHeight(around + rows * ROW_HEIGHT)
        self.setMinimumHeight(around + min(rows, least or rows) * ROW_HEIGHT)

    def _needs_bar(self) -> bool:
        header = self.horizontalHeader()
        stretched = any(
            header.sectionResizeMode(section) == QHeaderView.ResizeMode.Stretch
            for section in range(header.count())
        )
        return not stretched and header.length() > max(self.width(), 1) and self.isVisible()
