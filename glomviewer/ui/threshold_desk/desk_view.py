"""The parts of the desk and where they stand: the strip above, and below it what follows it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.threshold_desk.beside_line import BesideLine
from glomviewer.ui.threshold_desk.cases_panel import CasesPanel
from glomviewer.ui.threshold_desk.choice_card import ChoiceCard
from glomviewer.ui.threshold_desk.figures_card import FiguresTable
from glomviewer.ui.threshold_desk.history_panel import HistoryPanel
from glomviewer.ui.threshold_desk.locked_panel import LockedPanel
from glomviewer.ui.threshold_desk.score_strip import ScoreStrip
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.tabs import Tabs
from glomviewer.ui.widgets.texts import Headline

MARGIN = 16
WIDE_ENOUGH = 1120


class _Inside(QWidget):
    """At least as high as its cards have to be at its width, so that it scrolls only where they
    can't shrink any more: wrapped texts know no height of their own."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.totalMinimumHeightForWidth(width)


class DeskView(QScrollArea):
    """Scrolls where the window is small."""

    def __init__(
        self, images: ImageLoader, labels: LabelSet, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.headline, self.standing = Headline(), ElidedLabel()
        self.headline.setWordWrap(False)
        self.standing.setProperty("role", "secondary")
        self.strip = ScoreStrip(images, labels)
        self.beside = BesideLine(images, labels)
        self.figures = FiguresTable("Figures at the line")
        self.choice = ChoiceCard()
        self.cases, self.history, self.locked = CasesPanel(), HistoryPanel(), LockedPanel()
        self.side = Tabs("Consequences, history and the locked set")
        for title, panel in (
            ("Cases", self.cases),
            ("History", self.history),
            ("Locked set", self.locked),
        ):
            self.side.add(title, panel)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what follows from the line stands below it."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() >= WIDE_ENOUGH
        self._below.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _arrange(self) -> None:
        above, left, right = Card(), Card("At the line"), Card()
        above.setAccessibleName("Patches in order of score")
        right.setAccessibleName("What follows")
        top = row(self.headline, spacing=24)
        top.addWidget(self.standing, 1)
        above.body.addLayout(top)
        above.body.addWidget(self.strip)
        left.body.addWidget(self.beside, 1)
        left.body.addWidget(self.figures)
        right.body.setContentsMargins(16, 4, 16, 16)
        right.body.addWidget(self.side, 1)
        inside = _Inside()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(MARGIN)
        column.addWidget(above)
        line = QHBoxLayout()
        line.setSpacing(MARGIN)
        for card, stretch in ((left, 9), (self.choice, 6)):
            line.addWidget(card, stretch)
        self._below.setSpacing(MARGIN)
        self._below.addLayout(line, 7)
        self._below.addWidget(right, 3)
        column.addLayout(self._below, 1)
        self.setWidget(inside)
