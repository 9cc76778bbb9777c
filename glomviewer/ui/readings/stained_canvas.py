"""A canvas that lays its patch in a turn and can show other pixels of it, and says which."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from glomviewer.ui.readings.turning import check_turn, turned, turned_size
from glomviewer.ui.review.canvas import PatchCanvas


class StainedCanvas(PatchCanvas):
    """What is shown in place of the patch is named on a plate over it, in the same painting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turn = 0
        self._plain: QImage | None = None
        self._laid: QImage | None = None
        self._legend = ""

    def set_turn(self, turn: int) -> None:
        """For the images that are shown from now on."""
        check_turn(turn)
        self._turn = turn

    @property
    def plain(self) -> QImage | None:
        """The patch as it was read, not turned."""
        return self._plain

    @property
    def legend(self) -> str:
        """What is shown in place of the patch, "" for the patch itself."""
        return self._legend

    def show_image(
        self, image: QImage, *, microns_per_pixel: float | None, preview_of: tuple[int, int] | None
    ) -> None:
        self._plain, self._laid = image, turned(image, self._turn)
        self._say("")
        super().show_image(
            self._laid,
            microns_per_pixel=microns_per_pixel,
            preview_of=turned_size(preview_of, self._turn) if preview_of is not None else None,
        )

    def show_sentence(self, sentence: str) -> None:
        self._plain, self._laid = None, None
        self._say("")
        super().show_sentence(sentence)

    def show_instead(self, image: QImage, legend: str) -> None:
        """Show these pixels, not turned yet, in the patch's place until `show_plain`."""
        self._say(legend)
        self.exchange(turned(image, self._turn))

    def show_plain(self) -> None:
        if self._legend and self._laid is not None:
            self._say("")
            self.exchange(self._laid)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._legend:
            self._paint_legend(QPainter(self))

    def _say(self, legend: str) -> None:
        self._legend = legend
        self.setAccessibleDescription(legend)

    def _paint_legend(self, painter: QPainter) -> None:
        font = QFont(painter.font())
        font.setPixelSize(13)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = painter.fontMetrics().horizontalAdvance(self._legend) + 24
        plate = QRectF((self.width() - width) / 2, 12, width, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#1f1f1f"))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), self._legend)
