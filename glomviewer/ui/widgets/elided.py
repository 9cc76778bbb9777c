"""One line of text that shortens itself with an ellipsis and tells the rest on hover."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """A label that does with the room it gets. `modest` ones don't even ask for what their text
    needs, and take what others leave."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        modest: bool = True,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self._explanation = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        wish = QSizePolicy.Policy.Ignored if modest else QSizePolicy.Policy.Preferred
        self.setSizePolicy(wish, QSizePolicy.Policy.Preferred)

    def explain(self, sentence: str) -> None:
        """Say this on hover, after the text where it is shortened."""
        self._explanation = sentence
        self.setToolTip(sentence)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        told = (self.text() if shown != self.text() else "", self._explanation)
        self.setToolTip("\n".join(part for part in told if part))
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), shown)
