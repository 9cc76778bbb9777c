"""The bar at the bottom: whether all is saved, which model and device, what runs, what was done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from glomviewer.jobs.tasks import Task
from glomviewer.ui.task_strip import TaskStrip
from glomviewer.ui.widgets.elided import ElidedLabel

DISCLAIMER = "For review, not for diagnosis"
DRAWN = "Drawn patches and readers, not real"
SHOWN_TASKS = 2
WIDE_ENOUGH = 1200
MODEL_SHARE = 5


class StatusBar(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Status")
        self.setFixedHeight(28)
        self._strips: dict[Task, TaskStrip] = {}
        self.saved = QLabel()
        self.saved.setAccessibleName("Saved state")
        self.model = ElidedLabel(modest=False, mode=Qt.TextElideMode.ElideMiddle)
        self.model.setAccessibleName("Active model")
        self.device = ElidedLabel(modest=False)
        self.device.setAccessibleName("Device")
        self.message = ElidedLabel()
        self.message.setAccessibleName("What was just done")
        self.disclaimer = QLabel(DISCLAIMER)
        self._tasks = QHBoxLayout()
        self._tasks.setSpacing(16)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(20)
        for widget in (self.saved, self.model, self.device):
            row.addWidget(widget)
        row.addLayout(self._tasks)
        row.addWidget(self.message, 1)
        row.addWidget(self.disclaimer)
        self.model.hide()
        self.device.hide()

    def show_drawn(self, drawn: bool) -> None:
        self.disclaimer.setText(f"{DRAWN}  ·  {DISCLAIMER}" if drawn else DISCLAIMER)

    def show_saved(self, text: str) -> None:
        self.saved.setText(text)

    def show_model(self, text: str) -> None:
        self.model.setText(text)
        self.model.setVisible(bool(text))
        self._keep_room()

    def show_device(self, text: str, tooltip: str = "") -> None:
        self.device.setText(text)
        self.device.explain(tooltip)
        self.device.setVisible(bool(text))

    def say(self, sentence: str) -> None:
        """A quiet line that stays until there is another."""
        self.message.setText(sentence)

    def add_task(self, task: Task) -> None:
        strip = TaskStrip(task)
        self._strips[task] = strip
        self._tasks.addWidget(strip)
        self._show_some()

    def remove_task(self, task: Task) -> None:
        strip = self._strips.pop(task, None)
        if strip is not None:
            self._tasks.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self._show_some()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_some()
        self._keep_room()

    def clear(self) -> None:
        """Nothing is open: say nothing of model, device and work."""
        self.show_model("")
        self.show_device("")
        self.show_drawn(False)
        self.say("")
        for task in list(self._strips):
            self.remove_task(task)

    def _show_some(self) -> None:
        """The latest few; the others go on unseen rather than push everything else away."""
        shown = SHOWN_TASKS if self.width() >= WIDE_ENOUGH else 1
        for number, strip in enumerate(reversed(list(self._strips.values()))):
            strip.setVisible(number < shown)

    def _keep_room(self) -> None:
        """Calls are read with their model and threshold: work that comes doesn't push them away."""
        wanted = self.model.sizeHint().width()
        self.model.setMinimumWidth(min(wanted, self.width() // MODEL_SHARE))
