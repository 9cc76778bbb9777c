"""The cards of a comparison, one under the other, scrolled together."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from glomviewer.domain.comparison.bootstrap import Figures
from glomviewer.domain.comparison.details import Details
from glomviewer.domain.comparison.scored import Compared
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.comparison.curves_card import CurvesCard
from glomviewer.ui.comparison.figures_card import FiguresCard
from glomviewer.ui.comparison.matrices_card import MatricesCard
from glomviewer.ui.comparison.strips import StripsCard
from glomviewer.ui.comparison.units_card import UnitsCard

MARGIN = 16
WIDE_ENOUGH = 1100
NO_CENTRES = "The names of the slides tell no centres apart, so there is no table of centres."
CENTRES = "A centre is told by the capitals that a slide's name begins with."
FLIPS = "Called rightly by one of the two and wrongly by the other, the farthest move first."
WORST = "Farthest from the threshold on the calibrated logit first: wrong and sure of it."


class _Inside(QWidget):
    """As high as its cards are at its width: wrapped texts know no height of their own."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class Board(QScrollArea):
    """`opened` carries patches and what they are called, `calls_told` those whose calls are seen
    by where they stand."""

    opened = Signal(object, str)
    calls_told = Signal(object)

    def __init__(self, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.curves, self.figures, self.matrices = CurvesCard(), FiguresCard(), MatricesCard()
        self.slides = UnitsCard("By slide", "slide")
        self.centres = UnitsCard("By centre", "centre")
        self.flips = StripsCard("Calls that flipped", FLIPS, images)
        self.worst = StripsCard("Worst mistakes", WORST, images)
        inside = _Inside()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 4, MARGIN, MARGIN)
        column.setSpacing(MARGIN)
        column.addWidget(self.curves)
        self._pairs = (
            _side_by_side((self.figures, 8), (self.matrices, 4)),
            _side_by_side((self.flips, 1), (self.worst, 1)),
        )
        for pair in self._pairs:
            column.addLayout(pair)
        column.addWidget(self.centres)
        column.addWidget(self.slides)
        column.addStretch(1)
        self.setWidget(inside)
        for card in (
            self.curves,
            self.figures,
            self.matrices,
            self.flips,
            self.worst,
            self.centres,
            self.slides,
        ):
            card.opened.connect(self.opened)
        for card in (self.flips, self.worst):
            card.calls_told.connect(self.calls_told)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what stands side by side stands one under the other."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wanted = direction.LeftToRight if self.width() >= WIDE_ENOUGH else direction.TopToBottom
        for pair in self._pairs:
            pair.setDirection(wanted)

    def show_details(self, compared: Compared, details: Details, titles: tuple[str, str]) -> None:
        first, second = titles
        self.curves.show_details(compared, details, titles)
        self.matrices.show_details(compared, details, titles)
        self.flips.first.show_patches(f"Mended by {second}", details.mended)
        self.flips.second.show_patches(f"Broken by {second}", details.broken)
        self.worst.first.show_patches(f"Mistakes of {first}", details.first.worst)
        self.worst.second.show_patches(f"Mistakes of {second}", details.second.worst)
        self.centres.setVisible(bool(details.centres))
        self.centres.show_units(compared, details.centres, titles, CENTRES)
        remark = "" if details.centres else NO_CENTRES
        self.slides.show_units(compared, details.slides, titles, remark)

    def show_figures(self, compared: Compared, figures: Figures, titles: tuple[str, str]) -> None:
        self.figures.show_figures(compared, figures, titles)


def _side_by_side(*cards: tuple[QWidget, int]) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(MARGIN)
    for card, stretch in cards:
        line.addWidget(card, stretch)
    return line
