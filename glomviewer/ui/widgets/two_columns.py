"""Where the cards of the page stand: two columns that scroll together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

MARGIN = 16


class _Inside(QWidget):
    """As high as its columns are at its width: wrapped texts know no height of their own."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class TwoColumns(QScrollArea):
    """Cards in two columns, the left one wider; the last card of each fills what is left."""

    def __init__(
        self, left: Sequence[QWidget], right: Sequence[QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = _Inside()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        columns.setSpacing(MARGIN)
        for cards, stretch in ((left, 7), (right, 5)):
            column = QVBoxLayout()
            column.setSpacing(MARGIN)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            columns.addLayout(column, stretch)
        self.setWidget(inside)
