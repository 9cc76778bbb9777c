"""The foot of the page: what a training would cost, and the one button that starts it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from glomviewer.ui.widgets.elided import ElidedLabel

HEIGHT = 56
MARGIN = 16


class TrainBar(QFrame):
    """Stands still while the form above it scrolls."""

    train_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Train")
        self.cost = ElidedLabel()
        self.cost.setAccessibleName("Time and memory")
        self.past = ElidedLabel()
        self.past.setProperty("role", "secondary")
        self.past.setAccessibleName("Earlier runs, or why no training can start")
        self.train = QPushButton("Train")
        self.train.setProperty("role", "primary")
        self.train.setMinimumWidth(112)
        self.train.clicked.connect(self.train_asked)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.cost)
        lines.addWidget(self.past)
        line = QHBoxLayout(self)
        line.setContentsMargins(MARGIN, 8, MARGIN, 8)
        line.setSpacing(MARGIN)
        line.addLayout(lines, 1)
        line.addWidget(self.train, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_cost(self, cost: str, past: str) -> None:
        """`cost` is what was measured of this very training, `past` what runs before it took."""
        self._cost, self._past = cost, past
        self._show()

    def show_obstacle(self, obstacle: str, tip: str) -> None:
        """Why no training can start, or nothing; `tip` is what the button then does."""
        self._obstacle = obstacle
        self.train.setEnabled(not obstacle)
        self.train.setToolTip(obstacle or tip)
        self._show()

    _cost = ""
    _past = ""
    _obstacle = ""

    def _show(self) -> None:
        first = self._obstacle or self._cost or self._past
        second = self._cost if self._obstacle else self._past if self._cost else ""
        self.cost.setText(first)
        self.past.setText(second)
        self.past.setVisible(bool(second))
