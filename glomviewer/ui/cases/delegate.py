"""How a row of the cases is drawn: an interval as a small bar, a slide indented."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionViewItem

from glomviewer.domain.cases import CaseSummary, Proportion
from glomviewer.ui.cases.rows_model import OPEN_ROLE, PROPORTION_ROLE, SUMMARY_ROLE, Column
from glomviewer.ui.colours import Colours
from glomviewer.ui.widgets.quiet_table import PADDING, HairlineDelegate, draw_ground, scheme_of

TRIANGLE_ROOM = 20
SLIDE_INDENT = 20
BAR_WIDTH = 96
BAR_HEIGHT = 8
SHARE_WIDTH = 48


def triangle_rect(cell: QRect) -> QRect:
    """Where a click opens or closes the case of this cell."""
    return QRect(cell.left(), cell.top(), PADDING + TRIANGLE_ROOM, cell.height())


class CaseDelegate(HairlineDelegate):
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colours = scheme_of(option.palette)
        draw_ground(painter, option, colours)
        summary: CaseSummary = index.data(SUMMARY_ROLE)
        proportion: Proportion | None = index.data(PROPORTION_ROLE)
        painter.save()
        painter.setFont(option.font)
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if index.column() == Column.CASE:
            self._case(painter, area, colours, index, summary)
        elif proportion is not None:
            flattered = index.column() == Column.MODEL and summary.trained_on > 0
            self._interval(painter, area, colours, proportion, flattered=flattered)
        else:
            self._plain(painter, area, colours, index, summary)
        painter.restore()
        painter.setPen(QColor(colours.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        hint = super().sizeHint(option, index)
        if index.column() in (Column.REFERENCE, Column.MODEL):
            text = option.fontMetrics.horizontalAdvance("100 to 100, 1,000 of 1,000")
            return QSize(2 * PADDING + SHARE_WIDTH + BAR_WIDTH + PADDING + text, hint.height())
        return hint

    @staticmethod
    def _case(
        painter: QPainter,
        area: QRect,
        colours: Colours,
        index: QModelIndex | QPersistentModelIndex,
        summary: CaseSummary,
    ) -> None:
        is_open = index.data(OPEN_ROLE)
        if is_open is not None:
            _triangle(painter, area, QColor(colours.secondary), down=is_open)
        is_part = bool(summary.slide and summary.case)
        indent = TRIANGLE_ROOM + (SLIDE_INDENT if is_part else 0)
        text = area.adjusted(indent, 0, 0, 0)
        painter.setPen(QColor(colours.secondary if is_part else colours.text))
        _write(painter, text, index.data(), Qt.AlignmentFlag.AlignLeft)

    @staticmethod
    def _interval(
        painter: QPainter, area: QRect, colours: Colours, proportion: Proportion, *, flattered: bool
    ) -> None:
        share = QRect(area.left(), area.top(), SHARE_WIDTH, area.height())
        painter.setPen(QColor(colours.text))
        _write(painter, share, f"{100 * proportion.value:.0f} %", Qt.AlignmentFlag.AlignRight)
        left = share.right() + PADDING
        bar = QRectF(left, area.center().y() - BAR_HEIGHT / 2, BAR_WIDTH, BAR_HEIGHT)
        draw_interval(painter, bar, colours, proportion, outlined=flattered)
        low, high = round(100 * proportion.low), round(100 * proportion.high)
        rest = area.adjusted(SHARE_WIDTH + BAR_WIDTH + 2 * PADDING, 0, 0, 0)
        painter.setPen(QColor(colours.secondary))
        text = f"{low} to {high}, {proportion.positive:,} of {proportion.total:,}"
        _write(painter, rest, text, Qt.AlignmentFlag.AlignLeft)

    @staticmethod
    def _plain(
        painter: QPainter,
        area: QRect,
        colours: Colours,
        index: QModelIndex | QPersistentModelIndex,
        summary: CaseSummary,
    ) -> None:
        quiet = (summary.slide and summary.case) or index.column() != Column.GLOMERULI
        painter.setPen(QColor(colours.secondary if quiet else colours.text))
        side = index.data(Qt.ItemDataRole.TextAlignmentRole)
        left = bool(side & Qt.AlignmentFlag.AlignLeft)
        flag = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        _write(painter, area, index.data(), flag)


def draw_interval(
    painter: QPainter,
    bar: QRectF,
    colours: Colours,
    proportion: Proportion,
    *,
    outlined: bool = False,
) -> None:
    """0 to 100 % as a hairline, the interval as a bar on it, the share as a tick. `outlined`
    draws the bar hollow: the model has learned from these very patches."""
    middle = bar.center().y()
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.drawLine(QPointF(bar.left(), middle), QPointF(bar.right(), middle))
    low = bar.left() + proportion.low * bar.width()
    high = bar.left() + proportion.high * bar.width()
    interval = QRectF(low, middle - 2, max(high - low, 1.0), 4)
    if outlined:
        painter.fillRect(interval, QColor(colours.panel))
        painter.setPen(QPen(QColor(colours.bar), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(interval)
    else:
        painter.fillRect(interval, QColor(colours.bar))
    tick = bar.left() + proportion.value * bar.width()
    painter.fillRect(QRectF(tick - 1, bar.top(), 2, bar.height()), QColor(colours.text))


def _triangle(painter: QPainter, area: QRect, colour: QColor, *, down: bool) -> None:
    x, y = area.left() + 6.0, float(area.center().y()) + 0.5
    points = [(-4, -2), (4, -2), (0, 3)] if down else [(-2, -4), (-2, 4), (3, 0)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in points]))
    painter.restore()


def _write(painter: QPainter, area: QRect, text: str, side: Qt.AlignmentFlag) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
