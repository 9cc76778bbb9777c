"""What one can do with a model of the page: name and note, export, remove."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from glomviewer.domain.records import ModelRecord
from glomviewer.jobs import operations
from glomviewer.jobs.export_task import export_as_task
from glomviewer.jobs.session import Session
from glomviewer.ui.comparison.edit_model import EditModelDialog
from glomviewer.ui.dialogs.form import FormDialog

READ_ONLY = "The library is open for reading only; nothing can be changed in it."


class ModelGestures(QObject):
    """`message` is a quiet line for the window."""

    message = Signal(str)

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._page = session, page

    def edit(self, record: ModelRecord) -> None:
        if self._refused():
            return
        dialog = EditModelDialog(record, self._page)
        dialog.accepted.connect(lambda: self._save(record, dialog))
        dialog.open()

    def export(self, record: ModelRecord) -> None:
        """Copy a model's folder, with its card beside it, to where the reader says."""
        chosen = QFileDialog.getExistingDirectory(self._page, f"Where should {record.title} go?")
        if chosen:
            self.export_to(record, Path(chosen))

    def export_to(self, record: ModelRecord, parent: Path) -> None:
        export_as_task(self._session, record, parent)

    def remove(self, record: ModelRecord) -> None:
        """Ask before a model goes; one that a log refers to stays, and the reason is told."""
        if not self._refused():
            self._session.ask(
                lambda library: library.why_model_is_kept(record.id),
                partial(self._ask_to_remove, record),
                lane="why kept",
            )

    def _ask_to_remove(self, record: ModelRecord, reason: str) -> None:
        if reason:
            FormDialog(
                title=f"{record.title} can't be removed",
                sentence=reason,
                verb="Close",
                cancel=False,
                parent=self._page,
            ).open()
            return
        dialog = FormDialog(
            title=f"Remove {record.title}?",
            sentence="Its weights and predictions are deleted, and this can't be undone. "
            "Export it before if it may be wanted again.",
            verb="Remove it",
            destroys=True,
            parent=self._page,
        )
        dialog.accepted.connect(
            lambda: self._session.run(partial(operations.remove_model, model=record.id))
        )
        dialog.open()

    def _save(self, record: ModelRecord, dialog: EditModelDialog) -> None:
        if dialog.model_name != record.name:
            rename = partial(operations.rename_model, model=record.id, name=dialog.model_name)
            self._session.run(rename)
        if dialog.note != record.note:
            self._session.run(partial(operations.note_model, model=record.id, note=dialog.note))

    def _refused(self) -> bool:
        if self._session.read_only:
            self.message.emit(READ_ONLY)
        return self._session.read_only
