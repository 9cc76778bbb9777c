"""Boxes to tick and dots to choose, drawn as the rest of the window is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton

from glomviewer.ui.colours import accent_of, colours_of

MARK = 14
GAP = 8
HEIGHT = 24


class TickBox(QCheckBox):
    def sizeHint(self) -> QSize:
        return _size_of(self)

    def hitButton(self, pos: object) -> bool:  # noqa: ARG002 - all of it can be clicked
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mark = _mark_of(self)
        accent = _ready(painter, self)
        painter.drawRoundedRect(mark, 3, 3)
        if self.isChecked():
            dark_mark = accent.lightness() > 140 or not self.isEnabled()
            painter.setPen(QPen(QColor("#101010" if dark_mark else "#ffffff"), 1.8))
            x, y = mark.left(), mark.top()
            points = [QPointF(x + 3.2, y + 7.2), QPointF(x + 6, y + 10), QPointF(x + 10.8, y + 4.2)]
            painter.drawPolyline(QPolygonF(points))
        _write(painter, self)


class DotButton(QRadioButton):
    def sizeHint(self) -> QSize:
        return _size_of(self)

    def hitButton(self, pos: object) -> bool:  # noqa: ARG002 - all of it can be clicked
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mark = _mark_of(self)
        accent = _ready(painter, self)
        painter.drawEllipse(mark)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            dark_mark = accent.lightness() > 140 or not self.isEnabled()
            painter.setBrush(QColor("#101010" if dark_mark else "#ffffff"))
            painter.drawEllipse(mark.center(), 2.6, 2.6)
        _write(painter, self)


def _size_of(button: QAbstractButton) -> QSize:
    button.ensurePolished()
    text = button.fontMetrics().horizontalAdvance(button.text())
    return QSize(_text_begins(button) + text + 4, HEIGHT)


def _text_begins(button: QAbstractButton) -> int:
    """Where the text begins, behind the mark and an icon if there is one."""
    return (MARK + GAP) * (1 if button.icon().isNull() else 2)


def _mark_of(button: QAbstractButton) -> QRectF:
    return QRectF(0.5, round((button.height() - MARK) / 2) + 0.5, MARK, MARK)


def _ready(painter: QPainter, button: QAbstractButton) -> QColor:
    """Set pen and brush for the frame of the mark; gives the accent."""
    colours, accent = colours_of(button), accent_of(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if button.isChecked():
        painter.setBrush(accent if button.isEnabled() else QColor(colours.line))
        painter.setPen(QPen(QColor(colours.text) if button.hasFocus() else accent, 1))
    else:
        painter.setBrush(QColor(colours.panel))
        edge = QColor(colours.secondary) if button.isEnabled() else QColor(colours.line)
        painter.setPen(QPen(accent if button.hasFocus() else edge, 1))
    return accent


def _write(painter: QPainter, button: QAbstractButton) -> None:
    colours = colours_of(button)
    painter.setPen(QColor(colours.text if button.isEnabled() else colours.secondary))
    icon = QRect(MARK + GAP, round((button.height() - MARK) / 2), MARK, MARK)
    button.icon().paint(painter, icon)
    area = button.rect().adjusted(_text_begins(button), 0, 0, 0)
    painter.drawText(
        area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), button.text()
    )
