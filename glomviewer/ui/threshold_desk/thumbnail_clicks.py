"""What a press on a thumbnail of the strip means: a drag, a click or a double click."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtWidgets import QApplication


class ThumbnailClicks(QObject):
    """The line goes to a click at once, but what follows from a move (a rule given up, figures
    of the locked set gone) waits until the click can't become a double one any more."""

    dragged = Signal(float)
    """To this x."""
    shown = Signal(float)
    """Draw the line at this logit; nothing is to follow from it yet."""
    clicked = Signal(float)
    """The line was moved to this logit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        self._before = self._after = 0.0
        self._second_click = QTimer(self)
        self._second_click.setSingleShot(True)
        self._second_click.timeout.connect(lambda: self.clicked.emit(self._after))

    def press(self, position: QPointF) -> None:
        """A thumbnail was pressed; any click before it stands."""
        if self._second_click.isActive():
            self._second_click.stop()
            self.clicked.emit(self._after)
        self._pressed = position

    def drag(self, position: QPointF) -> None:
        pressed = self._pressed
        if pressed is not None:
            moved = (position - pressed).manhattanLength()
            if moved < QApplication.startDragDistance():
                return
            self._pressed = None
        self.dragged.emit(position.x())

    def release(self, logit: float, before: float) -> None:
        """Without a drag it was a click at this logit; `before` is where the line stands."""
        if self._pressed is not None:
            self._pressed = None
            self._before, self._after = before, logit
            self.shown.emit(logit)
            self._second_click.start(QApplication.doubleClickInterval())

    def take_back(self) -> None:
        """It became a double click: the line goes back."""
        if self._second_click.isActive():
            self._second_click.stop()
            self.shown.emit(self._before)

    def forget(self) -> None:
        """The line was moved otherwise."""
        self._second_click.stop()
