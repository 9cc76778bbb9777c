"""The list of readings: the name, under it the protocol in a sentence, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from glomviewer.ui.widgets.quiet_table import PADDING, HairlineDelegate, draw_ground, scheme_of
from glomviewer.ui.widgets.rows_table import RowsTable

ROW_HEIGHT = 52
SMALLER = 2


class TwoLines(HairlineDelegate):
    """Under the first column's text stands, smaller, what the row says under the mouse."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        if index.column():
            super().paint(painter, option, index)
            return
        colours = scheme_of(option.palette)
        draw_ground(painter, option, colours)
        area: QRect = option.rect.adjusted(PADDING, 8, -PADDING, -8)
        small = QFont(option.font)
        small.setPixelSize(QFontInfo(option.font).pixelSize() - SMALLER)
        for font, colour, text, side in (
            (option.font, colours.text, index.data(), Qt.AlignmentFlag.AlignTop),
            (
                small,
                colours.secondary,
                index.data(Qt.ItemDataRole.ToolTipRole),
                Qt.AlignmentFlag.AlignBottom,
            ),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(
                str(text or ""), Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, int(side | Qt.AlignmentFlag.AlignLeft), shown)
        painter.setPen(QColor(colours.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())


class ReadingRows(RowsTable):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Readings", ("Reading", "Read"), most=10, parent=parent)
        self.setItemDelegate(TwoLines(self))
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    def fit_height_to_rows(self, most: int = 10, *, least: int | None = None) -> None:
        rows = max(1, min(self.rows.rowCount(), most))
        around = self.horizontalHeader().height() + 2 * self.frameWidth()
        self.setMaximumHeight(around + rows * ROW_HEIGHT)
        self.setMinimumHeight(around + min(rows, least or rows) * ROW_HEIGHT)
