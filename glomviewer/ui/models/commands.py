"""What one can do on the page of models, each a gesture with its question and its writing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import ModelRecord, Reader
from glomviewer.jobs import operations
from glomviewer.jobs.export_task import export_as_task
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.session import Session
from glomviewer.jobs.verdicts import may_promote
from glomviewer.ui.dialogs.add_model import AddModelDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.models.history_dialog import HistoryDialog
from glomviewer.ui.models.models_state import ModelsState
from glomviewer.ui.models.verdict import headline_of

NO_READER = "Say who you are first: the reader is kept with every promotion."


class ModelCommands(QObject):
    """`message` is a quiet line for the window."""

    message = Signal(str)

    def __init__(self, session: Session, models: ModelJobs, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._models, self._page = session, models, page

    def promote(self, record: ModelRecord, active: ModelRecord | None) -> None:
        """Make a model active: at once where its gate let it through, else with a reason."""
        reader = self._reader()
        if reader is None:
            return
        gate = record.gate or {}
        if may_promote(gate):
            self._promote(record.id, reader, reason="", overrule=False)
            return
        beside = active.title if active is not None else ""
        said = headline_of(str(gate["verdict"]), beside) if gate else "It was never at the gate"
        dialog = ReasonDialog(
            title=f"Make {record.title} active all the same",
            sentence=f"{said}. {gate.get('sentence', '')} Say why it should be active; its calls "
            "are then what every reader sees. Rolling back takes a second.".replace("  ", " "),
            verb="Make it active",
            parent=self._page,
        )
        dialog.accepted.connect(
            lambda: self._promote(record.id, reader, reason=dialog.reason, overrule=True)
        )
        dialog.open()

    def keep(self, candidate: ModelRecord) -> None:
        self._session.run(partial(operations.turn_down_candidate, model=candidate.id))

    def roll_back(self) -> None:
        reader = self._reader()
        if reader is not None:
            self._session.run(
                partial(operations.roll_back_model, reader=reader.id), done=self._predict
            )

    def add_model(self) -> None:
        dialog = AddModelDialog(self._page)
        dialog.accepted.connect(lambda: self._add(dialog))
        dialog.open()

    def export(self, record: ModelRecord) -> None:
        """Copy a model's folder to where the reader says."""
        chosen = QFileDialog.getExistingDirectory(self._page, f"Where should {record.title} go?")
        if chosen:
            self.export_to(record, Path(chosen))

    def export_to(self, record: ModelRecord, parent: Path) -> None:
        export_as_task(self._session, record, parent)

    def show_history(self, state: ModelsState) -> None:
        HistoryDialog(state, self._page).open()

    def _promote(self, model: str, reader: Reader, *, reason: str, overrule: bool) -> None:
        self._session.run(
            partial(
                operations.promote_model,
                model=model,
                reader=reader.id,
                reason=reason,
                overrule=overrule,
            ),
            done=self._predict,
        )

    def _predict(self, changes: Changes) -> None:
        """After a promotion every patch gets a prediction, so that changed calls are a queue."""
        active = self._session.active_model
        if changes.active_model and active is not None:
            self._models.predict(active.id, title=f"Predicting with {active.title}")

    def _add(self, dialog: AddModelDialog) -> None:
        source = dialog.source
        if source is None:
            return
        if dialog.is_folder:
            self._models.add_model(source)
        else:
            self._models.add_checkpoint(
                source,
                preset=dialog.preset,
                threshold=dialog.threshold,
                name=dialog.model_name,
            )

    def _reader(self) -> Reader | None:
        if self._session.reader is None:
            self.message.emit(NO_READER)
        return self._session.reader
