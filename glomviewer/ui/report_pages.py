"""Where the pages of a set document end: no headline alone at a foot, no short table torn."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QGuiApplication,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextTable,
)

_SHORT = 14
"""Tables of no more rows, headers among them, stay on one page."""
_ALMOST_A_LINE = 1.2
"""Of a line's height: with the space around a cell too little for a line."""
_DOTS_PER_INCH = 96.0
_BEFORE = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore

Item = QTextBlock | QTextFrame


def keep_together(document: QTextDocument) -> None:
    """Begin a new page before what would otherwise be torn. Each break moves what follows, so
    the items are looked at from the top down."""
    items = list(_items(document))
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if isinstance(item, QTextBlock):
            if _is_heading(item) and following is not None and _torn(document, item, following):
                _break_before(item)
        elif isinstance(item, QTextTable):
            above = items[place - 1] if place else None
            if item.rows() > _SHORT:
                _keep_rows_whole(document, item)
            elif _torn(document, item, item):
                _break_before(above if above is not None and _is_heading(above) else item)


def _keep_rows_whole(document: QTextDocument, table: QTextTable) -> None:
    """Widen the row above one that a page's end would tear, so that not even its first line has
    room there; more than that, and Qt would move the row above as well."""
    height, scale = document.pageSize().height(), _scale(document)
    layout = document.documentLayout()
    for row in range(table.format().headerRowCount() + 1, table.rows()):
        cells = [table.cellAt(row, column) for column in range(table.columns())]
        first = cells[0].firstCursorPosition().block()
        top = layout.blockBoundingRect(first).top()
        bottom = max(_bottom(layout, cell.lastCursorPosition().block()) for cell in cells)
        left = height - top % height
        room = left - _ALMOST_A_LINE * first.layout().lineAt(0).height()
        if bottom - top > left and room > 0:
            for column in range(table.columns()):
                above = table.cellAt(row - 1, column)
                widened = above.format().toTableCellFormat()
                widened.setBottomPadding(widened.bottomPadding() + room / scale)
                above.setFormat(widened)


def _scale(document: QTextDocument) -> float:
    """The device's units in one of those in which a format gives its padding."""
    screen = QGuiApplication.primaryScreen()
    dots = _DOTS_PER_INCH if screen is None else screen.logicalDotsPerInchY()
    return document.documentLayout().paintDevice().logicalDpiY() / dots


def _bottom(layout: QAbstractTextDocumentLayout, block: QTextBlock) -> float:
    return layout.blockBoundingRect(block).bottom()


def _items(document: QTextDocument) -> Iterator[Item]:
    walk = document.rootFrame().begin()
    while not walk.atEnd():
        frame = walk.currentFrame()
        yield walk.currentBlock() if frame is None else frame
        walk += 1


def _is_heading(item: Item) -> bool:
    return isinstance(item, QTextBlock) and item.blockFormat().headingLevel() > 1


def _torn(document: QTextDocument, first: Item, last: Item) -> bool:
    """Whether a page ends between the top of the one and, of a short table, the bottom of the
    other; of anything longer the top has to do."""
    height = document.pageSize().height()
    top = _area(document, first).top()
    area = _area(document, last)
    short = isinstance(last, QTextTable) and last.rows() <= _SHORT
    bottom = area.bottom() if short else area.top()
    return int(top // height) != int((bottom - 1) // height)


def _area(document: QTextDocument, item: Item) -> QRectF:
    layout = document.documentLayout()
    if isinstance(item, QTextBlock):
        return layout.blockBoundingRect(item)
    return layout.frameBoundingRect(item)


def _break_before(item: Item) -> None:
    if isinstance(item, QTextBlock):
        block = item.blockFormat()
        block.setPageBreakPolicy(_BEFORE)
        QTextCursor(item).setBlockFormat(block)
    else:
        frame = item.frameFormat()
        frame.setPageBreakPolicy(_BEFORE)
        item.setFrameFormat(frame)
