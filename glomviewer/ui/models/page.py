"""The page of models: versions, retraining, the run in progress and the gate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.environment import TrainingEnvironment
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.run_status import RunStatus
from glomviewer.jobs.runs import RunRequest, status_of
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.models.calls_card import CallsCard
from glomviewer.ui.models.commands import ModelCommands
from glomviewer.ui.models.gate_card import GateCard
from glomviewer.ui.models.locked_calls import patches_of_cell
from glomviewer.ui.models.models_state import ModelsState, read_models
from glomviewer.ui.models.recipes import Wanted
from glomviewer.ui.models.retrain_card import RetrainCard
from glomviewer.ui.models.run_card import RunCard
from glomviewer.ui.models.verdict import Verdict, read_gate
from glomviewer.ui.models.versions_card import VersionsCard
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.widgets.matrix import NAMES
from glomviewer.ui.widgets.page_state import PageState
from glomviewer.ui.widgets.run_line import estimate_text
from glomviewer.ui.widgets.two_columns import TwoColumns
from training.config import BaseWeights


def local_now() -> datetime:
    return datetime.now().astimezone()


class ModelsPage(QWidget):
    """See the cards; this only joins them to the session and to the model's jobs."""

    open_patches = Signal(object, str)
    message = Signal(str)
    page_asked = Signal(object)
    """The PageName of another page that the reader wants to go to."""
    calls_told = Signal(object)
    """Patches whose call the reader is about to learn by what he opens here: labels that he
    gives them afterwards were made with the call shown."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        models: ModelJobs,
        runs: RunJobs,
        parent: QWidget | None = None,
        *,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Models")
        self._session, self._actions = session, actions
        self._models, self._runs = models, runs
        self._known: ModelsState | None = None
        self._verdict: Verdict | None = None
        self._status = RunStatus()
        self._stale = True
        self.versions, self.retrain = VersionsCard(now), RetrainCard()
        self.run, self.gate, self.calls = RunCard(), GateCard(), CallsCard(images)
        self.commands = ModelCommands(session, models, self)
        self.state = PageState(
            TwoColumns([self.versions, self.run, self.calls], [self.retrain, self.gate])
        )
        self.state.show_loading("Reading the models…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        self._connect()
        self._register_actions()

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
        concerned = (
            changes.all_patches
            or changes.models
            or changes.active_model
            or changes.threshold
            or changes.runs
            or changes.labels
            or changes.exclusions
            or changes.splits
            or changes.readers
        )
        if concerned:
            self._stale = True
            if self.isVisible():
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._models.environment is None:
            self._models.find()
        else:
            # It was found before this page was made: nobody says it again.
            self._on_device(self._models.device_sentence)
        if self._stale:
            self._read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys go to the table, once there is one."""
        super().focusInEvent(event)
        self._focus_table()

    def _focus_table(self) -> None:
        if self.hasFocus() and self.state.shows_content:
            self.versions.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        if self._session.is_loaded:
            self._stale = False
            self._session.ask(
                read_models, self._on_read, lane="models page", failed=self._on_failed
            )

    def _on_read(self, state: ModelsState) -> None:
        self._known = state
        read_only = self._session.read_only
        active = state.active
        self.versions.show_state(state, read_only=read_only)
        self.retrain.show_counts(state.counts, active.title if active is not None else "")
        self._show_estimate()
        self._show_chosen(self.versions.current())
        self._show_run()
        self.state.show_content()
        self._focus_table()

    def _on_failed(self, sentence: str) -> None:
        self.state.show_failed(sentence, retry=self._read)

    def _show_run(self) -> None:
        state = self._known
        run = state.run if state is not None else None
        if run is None:
            self._show_status(RunStatus())
        elif run.id in self._runs.statuses:
            self._show_status(self._runs.statuses[run.id])
        else:
            self._session.ask(
                lambda library: status_of(library, run.id), self._show_status, lane="run status"
            )

    def _show_status(self, status: RunStatus) -> None:
        self._status = status
        state, read_only = self._known, self._session.read_only
        run = state.run if state is not None else None
        made = state.model(run.candidate) if state is not None and run is not None else None
        title = made.title if made is not None else ""
        self.run.show_run(run, status, title=title, read_only=read_only)
        self.retrain.show_running(self._runs.task is not None, read_only=read_only)

    def _on_advanced(self, run: str, status: RunStatus) -> None:
        state = self._known
        if state is not None and state.run is not None and state.run.id == run:
            self._show_status(status)
        elif self.isVisible():
            self._read()

    def _show_chosen(self, record: ModelRecord | None) -> None:
        """The gate of the model under the cursor of the table."""
        state = self._known
        if state is None or record is None or not record.gate:
            self._verdict = None
            self.gate.show_verdict(None)
            self.calls.setVisible(False)
            return
        beside = state.beside(record)
        old = beside.title if beside is not None else "the active model then"
        self._verdict = read_gate(record.gate, active=old, candidate=record.title)
        candidate = state.candidate
        undecided = candidate is not None and candidate.id == record.id
        self.gate.show_verdict(
            self._verdict,
            old=old,
            new=record.title,
            undecided=undecided and not self._session.read_only,
        )
        self.calls.setVisible(self._verdict.new is not None)
        self.calls.show_verdict(self._verdict, record.title)

    def _show_environment(self, environment: TrainingEnvironment) -> None:
        asked = self._session.tasks.of_kind("device") is not None
        if environment.available and not self._models.device_sentence and not asked:
            self._models.ask_device()
        self.retrain.show_environment(environment.sentence, environment.remedy, self._loud())

    def _on_device(self, sentence: str) -> None:
        environment = self._models.environment
        if environment is not None:
            self._show_environment(environment)
        self.retrain.show_device(sentence)

    def _loud(self) -> str:
        return str(getattr(self._models, "device_warning", "") or "")

    def _show_estimate(self) -> None:
        if self._known is not None:
            recipe = self.retrain.request().recipe
            self.retrain.show_estimate(estimate_text(recipe, self._known.runs))

    def start_run(self, wanted: Wanted) -> None:
        """Retrain as chosen."""
        base = BaseWeights(wanted.base, wanted.base_path or None)
        # Qt would hand the focus of a button that can't be pressed any more to the next one,
        # which is a Cancel of the status bar.
        self.versions.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._runs.start(
            RunRequest(recipe={"name": wanted.recipe}, base=base, device=wanted.device)
        )
        self.retrain.show_running(True, read_only=False)

    def resume_run(self) -> None:
        run = self._known.run if self._known is not None else None
        if run is not None:
            self._runs.resume(run.id)

    def promote(self) -> None:
        record = self.versions.current()
        if record is not None and self._known is not None and not record.active:
            self.commands.promote(record, self._known.active)

    def keep(self) -> None:
        candidate = self._known.candidate if self._known is not None else None
        if candidate is not None:
            self.commands.keep(candidate)

    def open_threshold(self) -> None:
        """The threshold is moved at its desk, where its consequences can be seen."""
        if self._known is not None and self._known.active is not None:
            self.page_asked.emit(PageName.THRESHOLD)

    def export(self) -> None:
        record = self.versions.current()
        if record is not None:
            self.commands.export(record)

    def show_history(self) -> None:
        if self._known is not None:
            self.commands.show_history(self._known)

    def _open_cell(self, is_new: bool, target: int, call: int) -> None:
        record = self.versions.current()
        if record is None or self._known is None:
            return
        model = record if is_new else self._known.beside(record)
        if model is None:
            self.message.emit("That model is no longer in the library.")
            return
        table, title = self._session.table, f"{model.title}: {NAMES[target]}, called {NAMES[call]}"
        self._session.ask(
            lambda library: patches_of_cell(library, table, model.id, target, call),
            partial(self._open_told, title),
            lane="cell",
        )

    def _open_strip(self, kind: str, _patch: int = 0) -> None:
        record = self.versions.current()
        if self._verdict is not None and record is not None:
            patches = self._verdict.mended if kind == "mended" else self._verdict.broken
            self._open_told(f"{kind.capitalize()} by {record.title}", patches)

    def _open_told(self, title: str, patches: tuple[int, ...]) -> None:
        if not patches:
            self.message.emit("None of them is left: labels have changed since the gate.")
            return
        self.calls_told.emit(patches)
        self.open_patches.emit(PatchQuery(ids=patches), title)

    def _connect(self) -> None:
        self._runs.advanced.connect(self._on_advanced)
        self._models.environment_known.connect(self._show_environment)
        self._models.device_known.connect(self._on_device)
        self.commands.message.connect(self.message)
        self.versions.chosen.connect(self._show_chosen)
        self.versions.add_asked.connect(self.commands.add_model)
        self.versions.export_asked.connect(self.export)
        self.versions.roll_back_asked.connect(self.commands.roll_back)
        self.versions.threshold_asked.connect(self.open_threshold)
        self.versions.history_asked.connect(self.show_history)
        self.versions.promote_asked.connect(self.promote)
        self.retrain.retrain_chosen.connect(self.start_run)
        self.retrain.recipe.currentIndexChanged.connect(self._show_estimate)
        self.run.stop_chosen.connect(self._runs.stop)
        self.run.resume_chosen.connect(self.resume_run)
        self.gate.promote_chosen.connect(self.promote)
        self.gate.overrule_chosen.connect(self.promote)
        self.gate.keep_chosen.connect(self.keep)
        self.calls.cell_opened.connect(self._open_cell)
        self.calls.patch_opened.connect(self._open_strip)
        self.calls.strip_opened.connect(self._open_strip)
        self.calls.calls_told.connect(self.calls_told)

    def _register_actions(self) -> None:
        for name, text, callback, keys in (
            ("models.retrain", "Retrain", self.retrain.press, ("Ctrl+R",)),
            ("models.promote", "Make the chosen model active…", self.promote, ("Ctrl+Return",)),
            ("models.keep", "Keep the active model", self.keep, ("Ctrl+Shift+K",)),
            (
                "models.roll_back",
                "Roll back to the model before",
                self.commands.roll_back,
                ("Ctrl+Shift+B",),
            ),
            ("models.threshold", "To the threshold", self.open_threshold, ("Ctrl+T",)),
            ("models.add", "Add a model…", self.commands.add_model, ("Ctrl+Shift+A",)),
            ("models.export", "Export the chosen model…", self.export, ("Ctrl+Shift+E",)),
            ("models.stop", "Stop the run", self._runs.stop, ("Ctrl+Shift+X",)),
            ("models.resume", "Resume the run", self.resume_run, ("Ctrl+Shift+G",)),
            ("models.history", "History of the active model", self.show_history, ("Ctrl+H",)),
        ):
            self._actions.add(name, text, callback, scope=self, group="Models", keys=keys)
