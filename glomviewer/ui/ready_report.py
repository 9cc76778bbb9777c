"""Tells a measuring program when the window can be used. Off unless GLOMVIEWER_REPORT_READY is set.

`python -m glomviewer bench` starts the window as a process of its own and reads the report.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from glomviewer.ui.review.page import ReviewPage

VARIABLE = "GLOMVIEWER_REPORT_READY"
_LOOK_EVERY_MS = 10


def report_when_ready(page: ReviewPage) -> ReadyReport | None:
    """Start looking, where the environment asks for it; the page owns the result."""
    target = os.environ.get(VARIABLE)
    return ReadyReport(page, Path(target)) if target else None


class ReadyReport(QObject):
    """Writes `{"ready": seconds since 1970, "pid": …, "cells": …}` once every cell in view has
    been painted with its picture. It looks from the event loop, which then takes keys too."""

    def __init__(self, page: ReviewPage, target: Path) -> None:
        super().__init__(page)
        self._page = page
        self._target = target
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        grid = self._page.grid
        visible = [int(grid.ids[place]) for place in grid.places_in_view()]
        if not visible or not grid.isVisible():
            return
        if len(self._page.log.on_screen(visible)) < len(visible):
            return
        self._timer.stop()
        report = {"ready": time.time(), "pid": os.getpid(), "cells": len(visible)}
        part = self._target.with_suffix(".part")
        part.write_text(json.dumps(report), encoding="utf-8")
        part.replace(self._target)
