"""The report as a PDF on A4, set by Qt's rich text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting.chapters import LEAD, pages_of, title_of
from glomviewer.jobs.reporting.html import render_for_pdf
from glomviewer.jobs.sentences import JobError
from glomviewer.ui.report_pages import keep_together
from glomviewer.ui.report_pictures import Pictures

_HEADS = "heads-of-chains.json"
_FAMILIES = ["Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans"]
_BODY_POINTS = 8.5
_FOOTER_POINTS = 7.5
_MARGINS_MM = QMarginsF(16, 16, 16, 14)
_FOOTER_MM = 10.0
_INCH_MM = 25.4
_BLACK = QColor("#000000")
_QUIET = QColor("#4a4a4a")


def pdf_of(report: StudyReport, check: Callable[[], None] = lambda: None) -> bytes:
    """The report as the bytes of a PDF. On any thread, once there is a QGuiApplication; `check`
    is called before each page and may raise.

    Raises:
        JobError: Qt could not begin a PDF.
    """
    # A long document's layout starts a timer, for which a thread of Python's has no dispatcher.
    dispatcher = QEventLoop()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = _writer(buffer, report)
    painter = QPainter()
    if not painter.begin(writer):
        raise JobError("Qt could not begin the PDF of the report; the HTML holds the same.")
    try:
        _paint(painter, writer, report, check)
    finally:
        painter.end()
        buffer.close()
        del dispatcher
    return bytes(data.data())


@contextmanager
def text_system() -> Iterator[None]:
    """What fonts need: the application that runs, or one without a screen for as long."""
    if QGuiApplication.instance() is not None:
        yield
        return
    application = QGuiApplication(["glomviewer", "-platform", "offscreen"])
    try:
        yield
    finally:
        application.shutdown()


def _writer(buffer: QBuffer, report: StudyReport) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            _MARGINS_MM,
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(title_of(report))
    writer.setCreator(report.heading.program)
    writer.addFileAttachment(_HEADS, QByteArray(_heads(report)), "application/json")
    return writer


def _heads(report: StudyReport) -> bytes:
    """The heads of the chains for `verify --heads`, which can't rely on the words of pages."""
    heads = [[one.origin, one.rows, one.head] for one in report.chains]
    return json.dumps({"heads": heads}).encode("ascii")


def _paint(
    painter: QPainter, writer: QPdfWriter, report: StudyReport, check: Callable[[], None]
) -> None:
    page = QSizeF(writer.width(), writer.height() - _FOOTER_MM / _INCH_MM * writer.resolution())
    document = _document(report, writer, page)
    pages = document.pageCount()
    for number in range(pages):
        check()
        if number:
            writer.newPage()
        _paint_body(painter, document, page, number)
        _paint_footer(painter, writer, report, f"Page {number + 1} of {pages}")


def _document(report: StudyReport, writer: QPdfWriter, page: QSizeF) -> QTextDocument:
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setDefaultFont(_font(_BODY_POINTS))
    document.setHtml(render_for_pdf(report))
    Pictures(document, pages_of(report).pictures, page.width()).put_in()
    # Last, since Qt leaves lines out below an object that is put into what it has set already.
    document.setPageSize(page)
    keep_together(document)
    return document


def _font(points: float) -> QFont:
    font = QFont()
    font.setFamilies(_FAMILIES)
    font.setPointSizeF(points)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _paint_body(painter: QPainter, document: QTextDocument, page: QSizeF, number: int) -> None:
    shown = QRectF(0, number * page.height(), page.width(), page.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = shown  # type: ignore[attr-defined]
    context.palette.setColor(QPalette.ColorRole.Text, _BLACK)  # type: ignore[attr-defined]
    painter.save()
    painter.translate(0, -shown.top())
    painter.setClipRect(shown)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_footer(painter: QPainter, writer: QPdfWriter, report: StudyReport, place: str) -> None:
    painter.setFont(_font(_FOOTER_POINTS))
    painter.setPen(_QUIET)
    area = QRectF(0, 0, writer.width(), writer.height())
    bottom = Qt.AlignmentFlag.AlignBottom
    right = painter.boundingRect(area, bottom | Qt.AlignmentFlag.AlignRight, place)
    painter.drawText(right, Qt.AlignmentFlag.AlignRight, place)
    left = QRectF(area)
    left.setRight(right.left() - right.height())
    said = f"{LEAD} · {title_of(report)}"
    shown = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(left.width()))
    painter.drawText(left, bottom | Qt.AlignmentFlag.AlignLeft, shown)
