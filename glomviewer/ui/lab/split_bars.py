"""Patches and cases by split and class: bars on one scale, with their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from glomviewer.domain.labels import Label, LabelSet
from glomviewer.domain.records import TrainingCounts
from glomviewer.ui.colours import Colours, colours_of
from glomviewer.ui.shapes import label_colour, paint_shape
from glomviewer.ui.widgets.corrections import SPLIT_ROWS

LINE = 24
GAP = 8
HEAD = 24
SHAPE = 12
LEGEND = 10
BAR = 8
NAME_ROOM = 104
NUMBER_ROOM = 72
TARGETS = (1, 0)
SHORT_NAMES = {"locked": "Locked", "final": "Final"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One class of one split. `first` where the split's name stands beside it."""

    split: str
    label: Label
    patches: int
    cases: int
    first: bool

    @property
    def sentence(self) -> str:
        return f"{self.split}, {self.label.name}: {self.patches:,} patches, {self.cases:,} cases"


class SplitBars(QWidget):
    """Draws what a training would use. It is read as a whole by its description."""

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.bars: tuple[Bar, ...] = ()
        self.setAccessibleName("Patches and cases by split and class")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: TrainingCounts) -> None:
        bars = tuple(self._bars_of(counts))
        self.setAccessibleDescription("; ".join(bar.sentence for bar in bars))
        changed = len(bars) != len(self.bars)
        self.bars = bars
        if changed:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        splits = len(self.bars) // len(TARGETS)
        return QSize(360, HEAD + LINE * len(self.bars) + GAP * max(0, splits - 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(280, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self)
        self._paint_head(painter, colours)
        most = max((bar.patches for bar in self.bars), default=0)
        top = HEAD
        for number, bar in enumerate(self.bars):
            if number and bar.first:
                top += GAP
            self._paint_bar(painter, colours, bar, top, most)
            top += LINE

    def _bars_of(self, counts: TrainingCounts) -> list[Bar]:
        bars = []
        for key, name in SPLIT_ROWS:
            pair = counts.per_split.get(key, (0, 0))
            cases = counts.cases_per_class.get(key, (0, 0))
            if key == "final" and not sum(pair):
                continue
            for target in TARGETS:
                label = self._labels[self._labels.codes_of_target(target)[0]]
                first = target == TARGETS[0]
                title = SHORT_NAMES.get(key, name)
                bars.append(Bar(title, label, pair[target], cases[target], first))
        return bars

    def _paint_head(self, painter: QPainter, colours: Colours) -> None:
        painter.setFont(_small(self.font()))
        left = NAME_ROOM
        for bar in self.bars[: len(TARGETS)]:
            shape = QRectF(left, (HEAD - LEGEND) / 2, LEGEND, LEGEND)
            colour = label_colour(bar.label, colours)
            paint_shape(painter, shape, bar.label.shape, colour, filled=True)
            painter.setPen(QColor(colours.secondary))
            place = QRectF(left + LEGEND + GAP, 0, self.width(), HEAD)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), bar.label.name)
            left += LEGEND + 3 * GAP + painter.fontMetrics().horizontalAdvance(bar.label.name)
        painter.setPen(QColor(colours.secondary))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, text in ((2, "patches"), (1, "cases")):
            left = self.width() - place * NUMBER_ROOM
            painter.drawText(QRectF(left, 0, NUMBER_ROOM, HEAD), int(right), text)

    def _paint_bar(
        self, painter: QPainter, colours: Colours, bar: Bar, top: int, most: int
    ) -> None:
        middle = top + LINE / 2
        painter.setFont(self.font())
        painter.setPen(QColor(colours.text))
        left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if bar.first:
            painter.drawText(QRectF(0, top, NAME_ROOM, LINE), int(left_middle), bar.split)
        colour = label_colour(bar.label, colours)
        shape = QRectF(NAME_ROOM, middle - SHAPE / 2, SHAPE, SHAPE)
        paint_shape(painter, shape, bar.label.shape, colour, filled=True)
        start = NAME_ROOM + SHAPE + GAP
        room = self.width() - start - 2 * NUMBER_ROOM
        painter.fillRect(QRectF(start, middle - BAR / 2, room, BAR), QColor(colours.hover))
        if most and bar.patches:
            width = max(1.0, room * bar.patches / most)
            painter.fillRect(QRectF(start, middle - BAR / 2, width, BAR), colour)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colours.text))
        numbers = self.width() - 2 * NUMBER_ROOM
        painter.drawText(QRectF(numbers, top, NUMBER_ROOM, LINE), int(right), f"{bar.patches:,}")
        painter.setPen(QColor(colours.secondary))
        cases = QRectF(numbers + NUMBER_ROOM, top, NUMBER_ROOM, LINE)
        painter.drawText(cases, int(right), f"{bar.cases:,}")


def _small(font: QFont) -> QFont:
    """One size below content, as the style sheet has it."""
    small = QFont(font)
    small.setPixelSize(max(9, QFontInfo(font).pixelSize() - 2))
    return small
