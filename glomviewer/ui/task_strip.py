"""One piece of long work in the status bar: what it is, how far, how long yet, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from glomviewer.jobs.tasks import Task
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.progress_line import ProgressLine


class TaskStrip(QWidget):
    def __init__(self, task: Task, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self.title = ElidedLabel(task.title, modest=False)
        self.line = ProgressLine(height=3)
        self.line.setFixedWidth(96)
        self.line.setAccessibleName(f"Progress of {task.title}")
        self.text = ElidedLabel(modest=False)
        self.cancel = QToolButton()
        self.cancel.setProperty("role", "small")
        self.cancel.setText("Cancel")
        self.cancel.setAccessibleName(f"Cancel {task.title}")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.title, self.line, self.text, self.cancel):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        task.progressed.connect(self._on_progressed)
        self._on_progressed(*task.last_progress)

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.setText("Stopping…")
        self._task.cancel()

    def _on_progressed(self, done: int, total: int, stage: str, seconds: float | None) -> None:
        self.line.set_share(done / total if total else None)
        self.text.setText(progress_text(done, total, stage, seconds))


def progress_text(done: int, total: int, stage: str, seconds: float | None) -> str:
    """ "reading 1,200 of 5,758, 40 s left" with what is known of it."""
    parts = []
    if stage:
        parts.append(stage)
    if total:
        parts.append(f"{done:,} of {total:,}")
    text = " ".join(parts)
    left = time_left(seconds)
    return f"{text}, {left}" if text and left else text or left


def time_left(seconds: float | None) -> str:
    """How long yet, no more exactly than anyone can know."""
    if seconds is None or seconds < 0:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 600:
        minutes, rest = divmod(round(seconds / 10) * 10, 60)
        return f"{minutes} min {rest} s left" if rest else f"{minutes} min left"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min left"
    return f"about {seconds / 3600:.1f} h left"
