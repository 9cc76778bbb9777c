"""Drawings within a set document: as lines and text, sharp at any size, not as dots."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer

from glomviewer.jobs.reporting.pages import Picture

PLACE = "\ue000"
"""A line of nothing but this is where a picture comes; no letter of any script looks so."""
_OBJECT = QTextFormat.ObjectTypes.UserObject
_NUMBER = QTextFormat.Property.UserProperty
_REPLACEMENT = "\N{OBJECT REPLACEMENT CHARACTER}"
_NAMESPACE = '<svg xmlns="http://www.w3.org/2000/svg" '


class Pictures(QPyTextObject):
    """Draws the pictures of one document, `width` wide in the units of its device."""

    def __init__(self, document: QTextDocument, pictures: Sequence[Picture], width: float) -> None:
        super().__init__(document)
        self._document = document
        self._pictures, self._width = pictures, width
        self._renderers = [QSvgRenderer(QByteArray(_standing_alone(one))) for one in pictures]

    def put_in(self) -> None:
        """Put each into its place."""
        self._document.documentLayout().registerHandler(_OBJECT, self)
        for number, place in enumerate(_places(self._document)[: len(self._pictures)]):
            shown = QTextCharFormat()
            shown.setObjectType(_OBJECT)
            shown.setProperty(_NUMBER, number)
            place.insertText(_REPLACEMENT, shown)

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:  # noqa: A002, N803, ARG002
        return QSizeF(self._width, self._width * self._pictures[format.property(_NUMBER)].aspect)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,  # noqa: ARG002
        posInDocument: int,  # noqa: N803, ARG002
        format: QTextFormat,  # noqa: A002
    ) -> None:
        self._renderers[format.property(_NUMBER)].render(painter, QRectF(rect))


def _standing_alone(picture: Picture) -> bytes:
    """Within a page of HTML it needs no name of its format, by itself it does."""
    return picture.svg.replace("<svg ", _NAMESPACE, 1).encode("utf-8")


def _places(document: QTextDocument) -> list[QTextCursor]:
    """Cursors over the lines in whose place the pictures come, in their order."""
    found: list[QTextCursor] = []
    block = document.begin()
    while block.isValid():
        if block.text() == PLACE:
            cursor = QTextCursor(block)
            end = block.position() + len(PLACE)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            found.append(cursor)
        block = block.next()
    return found
