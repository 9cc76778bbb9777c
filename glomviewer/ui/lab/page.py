"""The page of training: what will be used, the recipe, and the run as it goes."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.records import RunRecord
from glomviewer.jobs.environment import TrainingEnvironment
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.lab_jobs import LabJobs
from glomviewer.jobs.leak_search import Leak
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.run_jobs import RunJobs
from glomviewer.jobs.run_status import RunStatus
from glomviewer.jobs.runs import RunRequest, status_of
from glomviewer.jobs.session import Session
from glomviewer.jobs.training_estimate import Question
from glomviewer.ui.actions import Actions
from glomviewer.ui.lab.actions import register, show_tips
from glomviewer.ui.lab.cost_watch import CostWatch
from glomviewer.ui.lab.data_card import DataCard
from glomviewer.ui.lab.lab_state import LabState, read_lab
from glomviewer.ui.lab.leak_watch import LeakWatch
from glomviewer.ui.lab.leaks_card import LeaksCard
from glomviewer.ui.lab.missing_card import MissingCard
from glomviewer.ui.lab.recipe_card import RecipeCard
from glomviewer.ui.lab.run_card import RunCard
from glomviewer.ui.lab.run_place import RunPlace
from glomviewer.ui.lab.run_words import is_alive
from glomviewer.ui.lab.train_bar import TrainBar
from glomviewer.ui.lab.wording import leak_title
from glomviewer.ui.widgets import corrections
from glomviewer.ui.widgets.lines import horizontal_line
from glomviewer.ui.widgets.page_state import PageState
from glomviewer.ui.widgets.two_columns import TwoColumns

READ_ONLY = "This library is open for reading only."
UNDER_WAY = "A run is under way."
NOTHING_YET = "Nothing to train on yet"
HOW_TO_BEGIN = (
    "A model learns from labelled patches of both classes. Import patches, label some on the page "
    "Review, and come back."
)


class LabPage(QWidget):
    """See the cards; this only joins them to the session and to the model's jobs."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)

    def __init__(
        self,
        session: Session,
        images: ImageLoader,  # noqa: ARG002 - every page is made with the same
        actions: Actions,
        models: ModelJobs,
        runs: RunJobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Lab")
        self._session, self._models, self._runs = session, models, runs
        self._known: LabState | None = None
        self._status = RunStatus()
        self._stale, self._settled = True, False
        self.run = RunCard(self._load_plots)
        self.data, self.leaks = DataCard(session.label_set), LeaksCard()
        self.missing, self.recipe, self.bar = MissingCard(), RecipeCard(), TrainBar()
        self.place = RunPlace(self.run)
        self.jobs = LabJobs(session, models)
        self.leak_watch = LeakWatch(self.jobs, self.leaks)
        self.cost_watch = CostWatch(self.jobs, self.bar)
        self.state = PageState(self._content())
        self.state.show_loading("Reading what there is to train on…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        self._connect()
        register(self, actions)
        show_tips(self, actions)

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
        data = changes.all_patches or changes.labels or changes.exclusions or changes.splits
        if data:
            self.leak_watch.data_changed()
        if data or changes.models or changes.active_model or changes.runs or changes.readers:
            self._stale = True
            if self.isVisible():
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.place.settle(self._known.run if self._known is not None else None, self._status)
        if self._models.environment is None:
            self._models.find()
        else:
            self._on_environment(self._models.environment)
            self.recipe.show_device(self._models.device_sentence)
        if self._stale:
            self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.cost_watch.rest()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys go to the recipe, once there is one."""
        super().focusInEvent(event)
        self._pass_focus_on()

    def train(self) -> None:
        """Start a run with the recipe as it stands."""
        if not self.bar.train.isEnabled() or not self.state.shows_content:
            return
        # A button that can't be pressed any more would hand its focus to the next one.
        self.focus_recipe()
        self.place.to_the_top()
        self._runs.start(
            RunRequest(
                recipe=self.recipe.draft.wanted(),
                base=self.recipe.base_weights(),
                device=str(self.recipe.device.currentData()),
            )
        )
        self._show_obstacle()

    def pause_or_go_on(self) -> None:
        run = self._living_run()
        if run is None or self._status.finishing:
            return
        if self._status.paused or self._status.pausing:
            self._runs.go_on(run.id)
        else:
            self._runs.pause(run.id)

    def finish(self) -> None:
        run = self._living_run()
        if run is not None and self.run.finish.isEnabled():
            self._keep_focus_off(self.run.finish)
            self._runs.finish(run.id)

    def cancel(self) -> None:
        if self._living_run() is not None:
            self._keep_focus_off(self.run.cancel)
            self.run.cancel.setEnabled(False)
            self._runs.stop()

    def resume(self) -> None:
        run = self._known.run if self._known is not None else None
        if run is not None and self.run.resume.isVisible() and self.run.resume.isEnabled():
            self._keep_focus_off(self.run.resume)
            self._runs.resume(run.id)

    def look_for_leaks(self) -> None:
        self.leak_watch.look()

    def focus_recipe(self) -> None:
        self.recipe.recipe.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        if self._session.is_loaded:
            self._stale = False
            self._session.ask(read_lab, self._on_read, lane="lab", failed=self._on_failed)

    def _on_read(self, state: LabState) -> None:
        self._known = state
        if not state.labelled and state.run is None:
            self.state.show_empty(NOTHING_YET, HOW_TO_BEGIN)
            return
        self.data.show_state(state)
        self.recipe.show_recipes(state.recipes)
        self._show_run()
        self._show_possible()
        self._show_cost()
        self.state.show_content()
        self._pass_focus_on()
        if self.isVisible():
            self.leak_watch.look_if_new(state)

    def _on_failed(self, sentence: str) -> None:
        self.state.show_failed(sentence, retry=self._read)

    def _show_run(self) -> None:
        run = self._known.run if self._known is not None else None
        self.run.setVisible(run is not None)
        if run is None:
            self._show_status(RunStatus())
        elif run.id in self._runs.statuses:
            self._show_status(self._runs.statuses[run.id])
        else:
            self._session.ask(
                lambda library: status_of(library, run.id), self._show_status, lane="lab run"
            )

    def _show_status(self, status: RunStatus) -> None:
        self._status = status
        state = self._known
        if state is not None and state.run is not None:
            read_only = self._session.read_only
            self.run.show_run(state.run, status, title=state.candidate, read_only=read_only)
            if not self._settled:
                self._settled = True
                self.place.settle(state.run, status)
        self._show_obstacle()

    def _on_advanced(self, run: str, status: RunStatus) -> None:
        state = self._known
        if state is None or state.run is None or state.run.id != run:
            self._stale = True
            if self.isVisible():
                self._read()
        elif self.isVisible():
            self._show_status(status)
        else:
            # Nobody looks: it is shown when somebody does.
            self._status, self._stale = status, True

    def _on_environment(self, environment: TrainingEnvironment) -> None:
        asked = self._session.tasks.of_kind("device") is not None
        if environment.available and not self._models.device_sentence and not asked:
            self._models.ask_device()
        self.missing.show_environment(environment, self._models.device_warning)
        self.cost_watch.forget()
        self._show_possible()
        self._show_obstacle()
        self._show_cost()
        if self.isVisible() and self._known is not None:
            self.leak_watch.look_if_new(self._known)

    def _on_device(self, sentence: str) -> None:
        self.recipe.show_device(sentence)
        if self._models.environment is not None:
            self.missing.show_environment(self._models.environment, self._models.device_warning)

    def _on_task_removed(self, _task: object) -> None:
        self._show_obstacle()
        if self.isVisible():
            self._show_cost()

    def _on_recipe_changed(self) -> None:
        self._show_obstacle()
        self._show_cost()

    def _show_possible(self) -> None:
        something = self._known is not None and self._known.labelled > 0
        self.leak_watch.show_possible(self._can_compute() and something)

    def _show_obstacle(self) -> None:
        self.bar.show_obstacle(self._obstacle(), self._train_tip())

    def _obstacle(self) -> str:
        """Why no training can start, in the order in which one would mend it."""
        environment, state = self._models.environment, self._known
        if self._session.read_only:
            return READ_ONLY
        if environment is not None and not environment.available:
            return environment.sentence
        if self._runs.task is not None or self._living_run() is not None:
            return UNDER_WAY
        if state is None:
            return "Counting…"
        return corrections.obstacle(state.counts) or self.recipe.obstacle

    def _show_cost(self) -> None:
        state, draft = self._known, self.recipe.draft
        if state is None:
            return
        question = Question(
            draft.origin.argument,
            draft.told(),
            state.trained_on,
            str(self.recipe.device.currentData()),
        )
        wanted = self.isVisible() and self._can_compute() and not self._obstacle()
        self.cost_watch.show(question if wanted else None, state.runs, draft.origin.name)

    def _can_compute(self) -> bool:
        environment = self._models.environment
        return environment is not None and environment.available

    def _living_run(self) -> RunRecord | None:
        run = self._known.run if self._known is not None else None
        return run if is_alive(run, self._status) else None

    def _open_leak(self, leak: Leak) -> None:
        self.open_patches.emit(PatchQuery(ids=leak.patches), leak_title(leak))

    def _keep_focus_off(self, button: QWidget) -> None:
        """Before a button goes: Qt would hand its keys to whatever comes next, such as Cancel."""
        if button.hasFocus():
            self.focus_recipe()

    def _load_plots(self, then: Callable[[object], None]) -> None:
        """Load pyqtgraph off the window's thread, which would stand still meanwhile."""
        self._session.compute(lambda: importlib.import_module("pyqtgraph"), then)

    def _pass_focus_on(self) -> None:
        if self.hasFocus() and self.state.shows_content:
            self.focus_recipe()

    def _train_tip(self) -> str:
        return "Train a candidate with this recipe (Ctrl+R)"

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        left = [self.place.top, self.data, self.leaks, self.place.bottom]
        column.addWidget(TwoColumns(left, [self.missing, self.recipe]), 1)
        column.addWidget(horizontal_line())
        column.addWidget(self.bar)
        return content

    def _connect(self) -> None:
        self._runs.advanced.connect(self._on_advanced)
        self._models.environment_known.connect(self._on_environment)
        self._models.device_known.connect(self._on_device)
        self._session.tasks.removed.connect(self._on_task_removed)
        self.data.opened.connect(self.open_patches)
        self.leaks.opened.connect(self._open_leak)
        self.recipe.changed.connect(self._on_recipe_changed)
        self.bar.train_asked.connect(self.train)
        self.run.pause_asked.connect(self.pause_or_go_on)
        self.run.finish_asked.connect(self.finish)
        self.run.cancel_asked.connect(self.cancel)
        self.run.resume_asked.connect(self.resume)
