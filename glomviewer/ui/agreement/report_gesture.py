"""The report of a reading: asks for a folder, writes it as long work, then opens the folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from glomviewer.domain.agreement.rule import UnsureRule
from glomviewer.jobs.report_task import choices_now, report_as_task
from glomviewer.jobs.reporting.writing import HTML
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.report_pdf import pdf_of
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.elided import ElidedLabel

OpenFolder = Callable[[Path], object]


def open_folder(folder: Path) -> bool:
    """Show a folder in the system's own program for folders."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class ReportLine(QWidget):
    """One line below the head while a report is written and once it is there."""

    written = Signal(object)
    """The folder that holds a report now."""

    def __init__(
        self,
        session: Session,
        page: QWidget,
        *,
        opener: OpenFolder = open_folder,
    ) -> None:
        super().__init__(page)
        self._session, self._page, self._opener = session, page, opener
        self._task: Task | None = None
        self.folder: Path | None = None
        self.text = ElidedLabel()
        self.text.setProperty("role", "secondary")
        self.cancel = _small("Cancel", "Cancel the report", self._on_cancel)
        self.open = _small("Open folder", "Open the folder of the report", self.open_written)
        self.close_line = _small("Close", "Put this line away", self.hide)
        line = row(self.cancel, self.open, self.close_line)
        line.insertWidget(0, self.text, 1)
        line.setContentsMargins(16, 0, 16, 6)
        self.setLayout(line)
        self.hide()

    @property
    def writing(self) -> bool:
        return self._task is not None

    def ask(self, reading: int, name: str, rule: UnsureRule) -> None:
        """Ask for the folder, and before a report that is there gives way."""
        chosen = QFileDialog.getExistingDirectory(
            self._page, f"Which folder should the report of {name} go to?"
        )
        if chosen:
            self.write_unless_refused(reading, Path(chosen), rule)

    def write_unless_refused(self, reading: int, folder: Path, rule: UnsureRule) -> None:
        write = partial(self.write, reading, folder, rule)
        if not (folder / HTML).exists():
            write()
            return
        dialog = FormDialog(
            title="There is a report in this folder already",
            sentence=f"{folder} holds a {HTML}. It gives way to the new one, with its PDF and its "
            "table of decisions.",
            verb="Replace it",
            destroys=True,
            parent=self._page,
        )
        dialog.accepted.connect(write)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, reading: int, folder: Path, rule: UnsureRule) -> None:
        """Write report.html, report.pdf and decisions.csv into the folder; one at a time."""
        if self._task is not None:
            return
        choices = replace(choices_now(), rule=rule)
        self.folder = None
        self._task = task = report_as_task(
            self._session, reading=reading, folder=folder, pdf=pdf_of, choices=choices
        )
        self._say("Writing the report…", cancel=True)
        task.progressed.connect(self._on_progressed)
        task.finished.connect(partial(self._on_finished, folder))
        task.failed.connect(self._on_failed)
        task.cancelled.connect(partial(self._on_ended, "The report was cancelled."))

    def open_written(self) -> None:
        if self.folder is not None:
            self._opener(self.folder)

    def _on_progressed(self, done: int, total: int, stage: str, _left: float | None) -> None:
        share = f", {100 * done // total} %" if total else ""
        self.text.setText(f"Writing the report: {stage}{share}")

    def _on_finished(self, folder: Path, sentence: str) -> None:
        self.folder = folder
        self._on_ended(sentence)
        self.open.show()
        self.written.emit(folder)

    def _on_failed(self, sentence: str) -> None:
        self._on_ended(f"There is no report: {sentence}")

    def _on_ended(self, sentence: str) -> None:
        self._task = None
        self._say(sentence)

    def _on_cancel(self) -> None:
        if self._task is not None:
            self.cancel.setEnabled(False)
            self._task.cancel()

    def _say(self, text: str, *, cancel: bool = False) -> None:
        self.text.setText(text)
        self.cancel.setVisible(cancel)
        self.cancel.setEnabled(cancel)
        self.close_line.setVisible(not cancel)
        self.open.hide()
        self.show()


def _small(text: str, name: str, callback: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "small")
    button.setAccessibleName(name)
    button.clicked.connect(lambda: callback())
    return button
