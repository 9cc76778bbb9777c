"""What stands in the window while a library is opened; where that takes long, how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.store.import_values import ImportProgress
from glomviewer.ui.task_strip import progress_text
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.page_state import TEXT_WIDTH
from glomviewer.ui.widgets.progress_line import ProgressLine
from glomviewer.ui.widgets.texts import Headline, Secondary

_WHY = (
    "It is of an older format and is brought up to date. A copy of it is put among its backups "
    "first; until all is done, it stays as it was."
)


class OpeningPage(QWidget):
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = Headline()
        self.headline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.why = Secondary(_WHY)
        self.why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.why.setFixedWidth(TEXT_WIDTH)
        self.line = ProgressLine(height=3)
        self.line.setFixedWidth(TEXT_WIDTH)
        self.text = Secondary()
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setFixedWidth(TEXT_WIDTH)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Cancel bringing the library up to date")
        self.cancel.clicked.connect(self._on_cancel)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self.headline)
        layout.addLayout(row(1, self.why, 1))
        layout.addSpacing(8)
        layout.addLayout(row(1, self.line, 1))
        layout.addLayout(row(1, self.text, 1))
        layout.addSpacing(8)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.begin("")

    def begin(self, name: str) -> None:
        """Say which library it is; most are open before there is more to say."""
        self.headline.setText(f"Opening {name}…")
        self.setAccessibleName(self.headline.text())
        self._show_details(False)
        self.cancel.setEnabled(True)
        self.cancel.setText("Cancel")

    def show_progress(self, progress: ImportProgress) -> None:
        self._show_details(True)
        self.line.set_share(progress.done / progress.total if progress.total else None)
        self.text.setText(
            progress_text(progress.done, progress.total, progress.stage, progress.seconds_left)
        )

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.setText("Stopping…")
        self.cancel_asked.emit()

    def _show_details(self, shown: bool) -> None:
        for widget in (self.why, self.line, self.text, self.cancel):
            widget.setVisible(shown)
