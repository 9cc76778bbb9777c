"""Python's garbage is collected on the window's thread, where Qt's objects belong.

By itself the collector runs on whichever thread happens to allocate. A widget in a reference
cycle that is freed by the store thread takes the whole program with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 1000


class GuiGarbage(QObject):
    """While it lives, nothing is collected but here. Make it on the window's thread."""

    def __init__(self, parent: QObject | None = None, *, every_ms: int = LOOK_EVERY_MS) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        # What is there at the start stays: it need not be looked through again each time.
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(every_ms)

    def look(self) -> None:
        """Collect the oldest generation that is due, as the collector would by itself."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        overdue = [place for place, (count, limit) in enumerate(due) if 0 < limit < count]
        if overdue:
            gc.collect(overdue[-1])

    def close(self) -> None:
        """Let Python collect where it likes again."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
