"""The page that holds two models side by side."""

from __future__ import annotations

import importlib
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.patch_query import PatchQuery, SortKey
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.comparing import Comparison
from glomviewer.jobs.comparison_jobs import ComparisonJobs, Shown
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task
from glomviewer.ui.actions import Actions
from glomviewer.ui.comparison.board import Board
from glomviewer.ui.comparison.choices import candidate_of, still_there
from glomviewer.ui.comparison.commands import ModelGestures
from glomviewer.ui.comparison.contenders import ContendersBar
from glomviewer.ui.comparison.page_actions import register
from glomviewer.ui.comparison.wording import (
    ask_headline,
    ask_text,
    basis_text,
    left_out_text,
    look_text,
    thresholds_text,
)
from glomviewer.ui.widgets.page_state import PageState

NOTHING = "There are not two models to compare yet"
NOTHING_YET = (
    "Add a model that you have on the page Models, or train one there or on the page Lab: a "
    "candidate stands beside the active model here as soon as there is one."
)
NO_FIGURES = "No fair figures for these two"
NO_READER = "Say who you are first: a look at the locked set is counted under a name."
READ_ONLY = (
    "A look is counted in the library, which is open for reading only: the locked set can't be "
    "looked at."
)


class ComparisonPage(QWidget):
    """Two models of the library beside chance; see the cards."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    """Patches whose calls the reader learns by what he sees or is about to open here."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        models: ModelJobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Compare")
        self._session, self._actions, self._models = session, actions, models
        self._records: tuple[ModelRecord, ...] = ()
        self._stale = True
        self._looked = ""
        self._asks = False
        self._prediction: Task | None = None
        # What draws the curves takes longer to load than the window may stand still.
        plots = partial(importlib.import_module, "pyqtgraph")
        self.jobs = ComparisonJobs(session, prepare=plots)
        self.gestures = ModelGestures(session, self)
        self.bar, self.board = ContendersBar(), Board(images)
        self.result = PageState(self.board)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.result, 1)
        self.state = PageState(content)
        self.state.show_loading("Reading the models…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        self._connect()
        register(self, actions)

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
        data = (
            changes.all_patches
            or changes.labels
            or changes.exclusions
            or changes.splits
            or changes.predictions
        )
        if data:
            self.jobs.forget()
        if data or changes.models or changes.active_model or changes.threshold:
            self._stale = True
            if self.isVisible():
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._focus_models()

    def _focus_models(self) -> None:
        if self.hasFocus() and self.state.shows_content:
            self.bar.models[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def records(self) -> tuple[ModelRecord, ModelRecord] | None:
        """The two models that are compared."""
        known = {record.id: record for record in self._records}
        first, second = (known.get(one) for one in self.bar.ids)
        return (first, second) if first is not None and second is not None else None

    def _read(self) -> None:
        if self._session.is_loaded:
            self._stale = False
            self._session.ask(
                lambda library: tuple(library.models()),
                self._on_models,
                lane="compared models",
                failed=lambda sentence: self.state.show_failed(sentence, retry=self._read),
            )

    def _on_models(self, records: tuple[ModelRecord, ...]) -> None:
        self._records = records
        if len(records) < 2:
            self.state.show_empty(NOTHING, NOTHING_YET)
            return
        ids = still_there(records, self.bar.ids)
        self.bar.show_models(records, ids, candidate_of(records))
        self.state.show_content()
        self._focus_models()
        self.compare()

    def compare(self) -> None:
        """Compare what is chosen."""
        both = self.records
        if both is None:
            return
        self._asks = False
        self.bar.say("")
        self.bar.say_notes(both)
        self.result.show_loading("Comparing…")
        self.jobs.compare(*both, self.bar.among)

    def look(self) -> None:
        """Look at the locked set, which is counted."""
        if self.bar.among is not PatchSet.LOCKED:
            self.bar.choose_set(PatchSet.LOCKED)
            return
        reader = self._session.reader
        if self._session.read_only or reader is None:
            self.message.emit(READ_ONLY if self._session.read_only else NO_READER)
        elif self._asks:
            # Qt would hand the focus of the button, which goes, to whatever is next.
            self.bar.patches.setFocus(Qt.FocusReason.OtherFocusReason)
            self._looked = reader.initials
            self.jobs.look(reader.id)

    def act(self, place: int, gesture: str) -> None:
        """Do edit, export or remove to the first (0) or the second (1) model."""
        both = self.records
        if both is not None:
            getattr(self.gestures, gesture)(both[place])

    def open_flips(self) -> None:
        flips = self.board.flips
        patches = (*flips.first.patches, *flips.second.patches)
        if self.result.shows_content and patches:
            self._open(patches, "Calls that flipped either way")
        else:
            self.message.emit("No call has flipped.")

    def open_mistakes(self, place: int) -> None:
        strip = (self.board.worst.first, self.board.worst.second)[place]
        if self.result.shows_content:
            strip.open_all()

    def _on_changed(self, shown: Shown) -> None:
        both = self.records
        comparison, compared = shown.comparison, shown.comparison.compared
        if both is None:
            return
        titles = both[0].title, both[1].title
        if compared is None:
            self._show_refusal(comparison)
        elif shown.details is None:
            if not shown.may_be_seen:
                self._ask(comparison)
            return
        else:
            self._asks = False
            figures = shown.figures or shown.details.figures
            self.bar.say(self._basis(comparison), " ".join(comparison.notes))
            if not self.result.shows_content or shown.figures is None:
                self.board.show_details(compared, shown.details, titles)
            self.board.show_figures(compared, figures, titles)
            self.result.show_content()

    def _basis(self, comparison: Comparison) -> str:
        assert comparison.compared is not None
        parts = [
            basis_text(comparison.compared),
            left_out_text(comparison.left_out),
            thresholds_text(comparison.first, comparison.second),
        ]
        if comparison.among is PatchSet.LOCKED:
            parts.append(look_text(comparison.looks, self._looked))
        return " ".join(part for part in parts if part)

    def _show_refusal(self, comparison: Comparison) -> None:
        unpredicted = comparison.unpredicted
        environment = self._models.environment
        can_predict = environment is not None and environment.available
        if unpredicted and can_predict and not self._session.read_only:
            record = unpredicted[0]
            self.result.show_empty(
                NO_FIGURES,
                comparison.refusal,
                verb=f"Predict with {record.title}",
                action=lambda: self._predict(record),
            )
        else:
            self.result.show_empty(NO_FIGURES, comparison.refusal)

    def _predict(self, record: ModelRecord) -> None:
        title = f"Predicting with {record.title}"
        self._prediction = self._models.predict(record.id, title=title)
        self.result.show_loading(f"Predicting with {record.title}…")

    def _on_task_removed(self, task: object) -> None:
        """Predictions that failed or were cancelled change nothing, and would be waited for."""
        if task is self._prediction:
            self._prediction = None
            self.compare()

    def _on_environment(self, _environment: object) -> None:
        """Whether models run here decides on what a refusal offers."""
        waits = self._asks or self._prediction is not None
        if self.isVisible() and not self.result.shows_content and not waits:
            self.compare()

    def _ask(self, comparison: Comparison) -> None:
        assert comparison.compared is not None
        sentence = ask_text(comparison, comparison.compared)
        if self._session.read_only:
            self.result.show_empty(ask_headline(comparison), READ_ONLY)
            return
        self._asks = True
        self.result.show_empty(
            ask_headline(comparison), sentence, verb="Look at the locked set", action=self.look
        )

    def _on_failed(self, sentence: str) -> None:
        self.result.show_failed(sentence, retry=self.compare)

    def _on_progress(self, done: int, total: int) -> None:
        if 0 < done < total:
            self.board.figures.show_progress(done, total)

    def _open(self, patches: tuple[int, ...], title: str) -> None:
        self.calls_told.emit(patches)
        self.open_patches.emit(PatchQuery(ids=patches, sort=self._order_of(patches)), title)

    def _order_of(self, patches: tuple[int, ...]) -> SortKey:
        """Mistakes open worst first where Review shows the calls of the model that made them."""
        worst, view = self.board.worst, self._session.table.view.model
        for strip, model in zip((worst.first, worst.second), self.bar.ids, strict=True):
            if patches == strip.patches and model == view:
                return SortKey.DISAGREEMENT
        return SortKey.NAME

    def _show_menu(self, place: int) -> None:
        name = ("first", "second")[place]
        names = [f"compare.{gesture}_{name}" for gesture in ("edit", "export", "remove")]
        menu = self._actions.menu(names, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.bar.menus[place]
        corner = button.mapToGlobal(button.rect().bottomLeft())
        menu.popup(corner if button.isVisible() else QCursor.pos())

    def _connect(self) -> None:
        self.jobs.changed.connect(self._on_changed)
        self.jobs.failed.connect(self._on_failed)
        self.jobs.progressed.connect(self._on_progress)
        self.jobs.undrawn.connect(self.board.figures.show_undrawn)
        self.board.figures.draw_asked.connect(self.compare)
        self.gestures.message.connect(self.message)
        self._models.environment_known.connect(self._on_environment)
        self._session.tasks.removed.connect(self._on_task_removed)
        self.bar.chosen.connect(self.compare)
        self.bar.menu_asked.connect(self._show_menu)
        self.board.opened.connect(self._open)
        self.board.calls_told.connect(self.calls_told)
