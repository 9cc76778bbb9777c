"""Where the pages of a set document end: no headline alone at a foot, no short table torn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
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
_BORDER = 1.0
_FOOT = 12.0
"""What Qt keeps free below a table on each page, and a little more; both as in a format."""
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
            long = item.rows() > _SHORT
            if _Rows.of(document, item).begins_torn if long else _torn(document, item, item):
                _break_before(above if above is not None and _is_heading(above) else item)
            if long:
                _keep_rows_whole(document, item)


def _keep_rows_whole(document: QTextDocument, table: QTextTable) -> None:
    """Widen the row above one that a page's end would tear, so that not even its first line has
    room there; more than that, and Qt would move the row above as well.

    Where the pages will end is reckoned from the rows' lines: to ask Qt after each change would
    set the whole document again each time.
    """
    rows = _Rows.of(document, table)
    scale = _scale(document)
    edit = QTextCursor(document)
    edit.beginEditBlock()
    for row, room in rows.widenings():
        for column in range(table.columns()):
            above = table.cellAt(row, column)
            widened = above.format().toTableCellFormat()
            widened.setBottomPadding(widened.bottomPadding() + room / scale)
            above.setFormat(widened)
    edit.endEditBlock()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows below a table's head, in the device's units: how many lines each has, how high a
    line is and the space around a cell, where the first row begins, how high the head is that
    each page repeats, how high a page, and what is to be kept free at its foot."""

    first: int
    lines: list[int]
    line: float
    space: float
    top: float
    head: float
    page: float
    foot: float

    @classmethod
    def of(cls, document: QTextDocument, table: QTextTable) -> _Rows:
        layout, page = document.documentLayout(), document.pageSize().height()
        first = table.format().headerRowCount()
        blocks = [table.cellAt(row, 0).firstCursorPosition().block() for row in (0, first)]
        tops = [layout.blockBoundingRect(block).top() for block in blocks]
        line = blocks[1].layout().lineAt(0).height()
        space = table.cellAt(first, 0).format().toTableCellFormat()
        around = (space.topPadding() + space.bottomPadding() + _BORDER) * _scale(document)
        return cls(
            first=first,
            lines=[_lines(table, row) for row in range(first, table.rows())],
            line=line,
            space=around,
            top=tops[1] % page,
            head=tops[1] - tops[0] + table.format().topMargin() * _scale(document),
            page=page,
            foot=_FOOT * _scale(document),
        )

    @property
    def begins_torn(self) -> bool:
        """Whether not even the first row has room below the head."""
        return bool(self.lines) and not self._has_room(self.top, self.lines[0])

    def _has_room(self, top: float, lines: int) -> bool:
        return top + lines * self.line + self.space <= self.page - self.foot

    def widenings(self) -> Iterator[tuple[int, float]]:
        """Rows to be widened, and by how much."""
        top = self.top
        for place, lines in enumerate(self.lines):
            if place and not self._has_room(top, lines):
                room = self.page - top - _ALMOST_A_LINE * self.line
                if room > 0:
                    yield self.first + place - 1, room
                top = self.head
            top += lines * self.line + self.space


def _lines(table: QTextTable, row: int) -> int:
    """The most lines that a cell of this row has."""
    cells = (table.cellAt(row, column) for column in range(table.columns()))
    return max(cell.firstCursorPosition().block().layout().lineCount() for cell in cells)


def _scale(document: QTextDocument) -> float:
    """The device's units in one of those in which a format gives its padding."""
    screen = QGuiApplication.primaryScreen()
    dots = _DOTS_PER_INCH if screen is None else screen.logicalDotsPerInchY()
    return document.documentLayout().paintDevice().logicalDpiY() / dots


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
    other; of a longer one the top has to do, and of a text its first line."""
    height = document.pageSize().height()
    top = _area(document, first).top()
    area = _area(document, last)
    long = isinstance(last, QTextTable) and last.rows() > _SHORT
    bottom = area.top() if long else area.bottom()
    return int(top // height) != int((bottom - 1) // height)


def _area(document: QTextDocument, item: Item) -> QRectF:
    """Of a text where its first line is: where that goes to the next page, the text still begins
    on the page before."""
    layout = document.documentLayout()
    if not isinstance(item, QTextBlock):
        return layout.frameBoundingRect(item)
    area = layout.blockBoundingRect(item)
    if not item.layout().lineCount():
        return area
    return item.layout().lineAt(0).rect().translated(area.topLeft())


def _break_before(item: Item) -> None:
    if isinstance(item, QTextBlock):
        block = item.blockFormat()
        block.setPageBreakPolicy(_BEFORE)
        QTextCursor(item).setBlockFormat(block)
    else:
        frame = item.frameFormat()
        frame.setPageBreakPolicy(_BEFORE)
        item.setFrameFormat(frame)
