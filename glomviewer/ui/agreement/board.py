"""The cards of the page, one under the other, scrolled together."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from glomviewer.domain.agreement.parties import number_of_readers
from glomviewer.domain.labels import LabelSet
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.ui.agreement.cases_card import CasesCard
from glomviewer.ui.agreement.matrix_card import MatrixCard
from glomviewer.ui.agreement.readers_cards import ClassesCard, EveryoneCard, PairsCard
from glomviewer.ui.agreement.references_cards import ModelCard, OneselfCard, ReferenceCard
from glomviewer.ui.agreement.time_card import TimeCard
from glomviewer.ui.agreement.time_plot import Load

MARGIN = 16
WIDE_ENOUGH = 1100


class _Inside(QWidget):
    """As high as its cards are at its width: wrapped texts know no height of their own."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class Board(QScrollArea):
    """`opened` carries patches, what they are called, and whether that tells the model's calls."""

    opened = Signal(object, str, bool)

    def __init__(self, labels: LabelSet, load: Load, parent: QWidget | None = None) -> None:
        """`load` gets what draws the picture of agreement over time."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.everyone, self.matrix = EveryoneCard(), MatrixCard(labels)
        self.pairs, self.classes = PairsCard(), ClassesCard()
        self.oneself, self.reference, self.model = OneselfCard(), ReferenceCard(), ModelCard()
        self.time, self.cases = TimeCard(load), CasesCard()
        inside = _Inside()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 4, MARGIN, MARGIN)
        column.setSpacing(MARGIN)
        self._pair = QHBoxLayout()
        self._pair.setSpacing(MARGIN)
        self._pair.addWidget(self.everyone, 6)
        self._pair.addWidget(self.matrix, 6)
        column.addLayout(self._pair)
        for card in (
            self.pairs,
            self.oneself,
            self.reference,
            self.model,
            self.classes,
            self.time,
            self.cases,
        ):
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(inside)
        self.matrix.opened.connect(self.opened)
        self.model.opened.connect(lambda patches, title: self.opened.emit(patches, title, True))
        for card in (self.everyone, self.pairs, self.oneself, self.reference, self.classes):
            card.opened.connect(self._open)
        self.time.opened.connect(self._open)
        self.cases.opened.connect(self._open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what stands side by side stands one under the other."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() >= WIDE_ENOUGH
        self._pair.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def show_agreement(self, measured: Measured) -> None:
        """Show what there is; a card without anything to tell is not there."""
        together = number_of_readers(measured.counted) > 1
        for card in (self.everyone, self.pairs, self.classes):
            card.setVisible(together)
            if together:
                card.show_agreement(measured)
        self.cases.setVisible(self.cases.show_agreement(measured) and together)
        for card in (self.matrix, self.oneself, self.reference, self.model):
            card.setVisible(card.show_agreement(measured))
        self.time.show_agreement(measured)

    def _open(self, patches: tuple[int, ...], title: str) -> None:
        self.opened.emit(patches, title, False)
