"""The page of the threshold: what moving it would do, before anyone moves it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_table import IntArray
from glomviewer.domain.thresholds.counts import Intervals, wilson_intervals
from glomviewer.domain.thresholds.intervals import GroupDraws, can_be_drawn
from glomviewer.domain.thresholds.search import Candidates, NoThresholdError, search_threshold
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.jobs.threshold_desk import Desk, LockedFigures, read_desk
from glomviewer.ui.actions import Actions
from glomviewer.ui.threshold_desk import wording
from glomviewer.ui.threshold_desk.desk_actions import register
from glomviewer.ui.threshold_desk.desk_commands import DeskCommands
from glomviewer.ui.threshold_desk.desk_view import DeskView
from glomviewer.ui.threshold_desk.opening import Opening
from glomviewer.ui.threshold_desk.standing import Standing, intervals_at
from glomviewer.ui.widgets.page_state import PageState
from training.json_fields import UserError

REST_MS = 120
"""How long the line has to rest before cases are drawn again and again."""
CASES_MS = 40
"""How often the list of cases follows a line that is being dragged."""


class ThresholdPage(QWidget):
    """Joins the desk to the session. Nothing is written before the reader says so."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    """Patches whose call the reader learns by what he sees or is about to open here."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Threshold")
        self._session, self._images = session, images
        self._desk: Desk | None = None
        self._standing: Standing | None = None
        self._called_now: IntArray = np.zeros(0, dtype=np.int64)
        self._locked: LockedFigures | None = None
        self._rule_trouble = ""
        self._stale, self._answered = True, False
        self.commands, self.opening = DeskCommands(session, self), Opening(self)
        self.view = DeskView(images, session.label_set)
        self.strip, self.choice = self.view.strip, self.view.choice
        self.state = PageState(self.view)
        self.state.show_loading("Reading the scores…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        self._rest, self._cases_due = QTimer(self), QTimer(self)
        self._rest.setInterval(REST_MS)
        self._cases_due.setInterval(CASES_MS)
        self._connect()
        register(self, actions)

    @property
    def threshold(self) -> float:
        """Where the line stands, a calibrated logit."""
        return self.strip.threshold

    @property
    def desk(self) -> Desk | None:
        """What was read last."""
        return self._desk

    @property
    def desk_is_read(self) -> bool:
        """Whether there is something to see, be it why there is nothing."""
        return self._answered

    def refresh(self, changes: Changes) -> None:
        """Read again where anything that stands here has changed."""
        concerned = (
            changes.all_patches
            or changes.predictions
            or changes.models
            or changes.active_model
            or changes.threshold
            or changes.runs
            or changes.labels
            or changes.exclusions
            or changes.splits
            or changes.readers
        )
        if changes.all_patches or changes.labels or changes.exclusions or changes.splits:
            self._forget_locked()
        if concerned:
            self._stale = True
            if self.isVisible():
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys go to the line, once there is one."""
        super().focusInEvent(event)
        self._focus_strip()

    def step(self, steps: int) -> None:
        """Move the line so many patches up or down."""
        standing = self._standing
        if standing is not None:
            place = standing.scores.place_of(standing.threshold)
            self._move_by_hand(standing.candidates.moved(place, steps))

    def leap(self, direction: int) -> None:
        """Move the line by a twentieth of all patches."""
        if self._standing is not None:
            self.step(direction * max(1, len(self._standing.candidates.logit) // 20))

    def to_end(self, direction: int) -> None:
        """Call every patch 1 (-1), or none (1)."""
        if self._standing is not None:
            self.step(direction * len(self._standing.candidates.logit))

    def back_to_current(self) -> None:
        """Put the line back where the threshold in force is."""
        if self._desk is not None:
            self._move_by_hand(self._desk.model.threshold)

    def move_threshold(self) -> None:
        """Write the threshold at the line, for every screen and every reader."""
        desk, standing = self._desk, self._standing
        if desk is not None and standing is not None and not self._obstacle():
            reason = self.choice.reason.text().strip()
            self.commands.move(desk, standing, self.choice.rule, reason)

    def undo(self) -> None:
        """Put back the threshold before, as a new line of the history."""
        if self._desk is not None:
            self.commands.undo(self._desk)

    def redo(self) -> None:
        """Put back the threshold that was undone, as a new line of the history."""
        if self._desk is not None:
            self.commands.redo(self._desk)

    def look_at_locked(self) -> None:
        """Count a look, then show the locked set's figures at the line."""
        desk, standing = self._desk, self._standing
        # What stands here already would be no news, and still wear the set out.
        if desk is None or standing is None or not desk.seen_known or self._locked is not None:
            return
        if desk.locked > 0:
            self.commands.look_at_locked(desk, standing.threshold)

    def _read(self) -> None:
        if self._session.is_loaded:
            self._stale = False
            table = self._session.table
            self._session.ask(
                lambda library: read_desk(library, table),
                self._on_read,
                lane="threshold desk",
                failed=self._on_failed,
            )

    def _on_failed(self, sentence: str) -> None:
        self._answered = True
        self.state.show_failed(sentence, retry=self._read)

    def _on_read(self, desk: Desk | None) -> None:
        before, self._desk, self._answered = self._desk, desk, True
        if desk is None:
            self._standing = None
            self.state.show_empty(*wording.NO_MODEL)
            return
        if not desk.sets:
            self._standing = None
            self.state.show_empty(*wording.nothing_to_choose_on(desk.model.title))
            return
        current = desk.model.threshold
        same_model = before is not None and before.model.id == desk.model.id
        moved = before is None or not same_model or before.model.threshold != current
        kept = self._standing
        threshold = current if moved or kept is None else kept.threshold
        name = kept.name if kept is not None and kept.name in desk.sets else next(iter(desk.sets))
        writable = not self._session.read_only
        self._called_now = desk.cases.called(current)
        self.choice.show_sets(list(desk.sets), name)
        self.choice.show_steps(desk.steps, writable=writable)
        self.view.history.show_history(desk.history)
        self.view.locked.show_desk(desk, writable=writable)
        if moved:
            self.choice.show_by_hand()
            self.choice.reason.clear()
            self._forget_locked()
        self._use(name, threshold)
        self.state.show_content()
        self._focus_strip()

    def _use(self, name: str, threshold: float) -> None:
        """Stand on this set from now on."""
        desk = self._desk
        assert desk is not None
        scores = desk.sets[name]
        self._standing = Standing(name, scores, Candidates.of(scores), threshold)
        self.strip.show_scores(scores, desk.model.threshold)
        told = wording.standing_on(desk.model.title, name, scores, seen_known=desk.seen_known)
        self.view.standing.setText(told)
        self._follow_rule()

    def _on_set_chosen(self, name: str) -> None:
        if self._standing is not None:
            self._use(name, self._standing.threshold)

    def _follow_rule(self) -> None:
        """Put the line where the rule says, or say why there is no such place."""
        standing = self._standing
        if standing is None:
            return
        self._rule_trouble, found = "", standing.threshold
        try:
            rule = self.choice.rule
            if rule is not None:
                found = search_threshold(standing.scores, standing.candidates, rule)
        except UserError:
            self._rule_trouble = self.choice.asked
        except NoThresholdError as error:
            self._rule_trouble = str(error)
        self.choice.show_trouble(self._rule_trouble)
        self._show_line(found)

    def _move_by_hand(self, logit: float) -> None:
        self.choice.show_by_hand()
        self._rule_trouble = ""
        self._show_line(logit)

    def _show_line(self, logit: float) -> None:
        """Everything that follows the line at once; the rest comes when it rests."""
        desk, standing = self._desk, self._standing
        if desk is None or standing is None:
            return
        if logit != standing.threshold:
            self._forget_locked()
        standing.threshold = logit
        scores = standing.scores
        self.strip.set_threshold(logit)
        self.view.headline.setText(wording.headline(logit, desk.model.threshold))
        self.view.beside.show_line(scores, logit)
        counts = scores.counts(logit)
        drawn = can_be_drawn(scores)
        self.view.figures.show_counts(counts, wilson_intervals(counts), settling=drawn)
        self._show_obstacle()
        if not self._cases_due.isActive():
            self._cases_due.start()
        if drawn:
            self._rest.start()

    def _say_visible(self) -> None:
        """Of the thumbnails that were waited for, those that have gone by are not wanted."""
        if self.isVisible():
            shown = {*self.strip.shown, *self.view.beside.shown}
            self._images.visible(shown)
            self.calls_told.emit(shown)

    def _on_rest(self) -> None:
        """Draw cases again and again, off the window's thread."""
        self._rest.stop()
        standing = self._standing
        if standing is not None:
            self._session.compute(
                partial(intervals_at, standing, standing.threshold),
                partial(self._on_intervals, standing, standing.threshold),
                lane="threshold intervals",
            )

    def _on_intervals(
        self, standing: Standing, threshold: float, answer: tuple[GroupDraws, Intervals]
    ) -> None:
        standing.draws, intervals = answer
        if standing is self._standing and standing.threshold == threshold:
            counts = standing.scores.counts(threshold)
            self.view.figures.show_counts(counts, intervals, settling=False)

    def _show_cases(self) -> None:
        self._cases_due.stop()
        desk, standing = self._desk, self._standing
        if desk is None or standing is None:
            return
        current, panel = desk.model.threshold, self.view.cases
        crossing = desk.cases.crossing(current, self._called_now, standing.threshold, panel.cut_off)
        changed = len(desk.cases.changed(current, standing.threshold))
        panel.show_crossing(crossing, desk.cases, changed)

    def _obstacle(self) -> str:
        desk, standing, session = self._desk, self._standing, self._session
        if desk is None or standing is None:
            return wording.NO_MODEL[0]
        if self._rule_trouble:
            return "The rule leads nowhere yet."
        return wording.why_not_movable(
            changed=standing.threshold != desk.model.threshold,
            rule=str(self.choice.kind.currentData()),
            reason=self.choice.reason.text().strip(),
            read_only=session.read_only,
            reader=session.reader is not None,
        )

    def _show_obstacle(self) -> None:
        self.choice.show_obstacle(self._obstacle())

    def _forget_locked(self) -> None:
        self._locked = None
        self.view.locked.forget()

    def _on_locked(self, threshold: float, locked: LockedFigures, intervals: Intervals) -> None:
        if self._standing is not None and self._standing.threshold == threshold:
            self._locked = locked
            self.view.locked.show_figures(locked, threshold, intervals)

    def _open_cells(self, cells: Iterable[tuple[int, int]], title: str) -> None:
        desk, standing = self._desk, self._standing
        if desk is not None and standing is not None:
            self.opening.cells(desk, standing.scores, standing.threshold, cells, title)

    def _open_locked(self, cells: Iterable[tuple[int, int]], title: str) -> None:
        desk, standing, locked = self._desk, self._standing, self._locked
        if desk is not None and standing is not None and locked is not None:
            self.opening.cells(desk, locked.scores, standing.threshold, cells, f"locked, {title}")

    def _open_patch(self, patch: int) -> None:
        if self._desk is not None:
            self.opening.patches(self._desk, "beside the line", (patch,))

    def _open_changed(self) -> None:
        if self._desk is not None and self._standing is not None:
            self.opening.changed(self._desk, self._standing.threshold)

    def _focus_strip(self) -> None:
        if self.hasFocus() and self.state.shows_content:
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        view, choice = self.view, self.choice
        self._rest.timeout.connect(self._on_rest)
        self._cases_due.timeout.connect(self._show_cases)
        self.strip.moved.connect(self._move_by_hand)
        for widget in (self.strip, view.beside):
            widget.laid_out.connect(self._say_visible)
            widget.opened.connect(self._open_patch)
        choice.rule_chosen.connect(self._follow_rule)
        choice.set_chosen.connect(self._on_set_chosen)
        choice.reason_changed.connect(self._show_obstacle)
        choice.move_asked.connect(self.move_threshold)
        choice.undo_asked.connect(self.undo)
        choice.redo_asked.connect(self.redo)
        view.figures.opened.connect(self._open_cells)
        view.cases.case_opened.connect(self.opening.case)
        view.cases.changed_opened.connect(self._open_changed)
        view.cases.cut_off_changed.connect(self._show_cases)
        self.commands.message.connect(self.message)
        self.commands.locked_read.connect(self._on_locked)
        view.locked.look_asked.connect(self.look_at_locked)
        view.locked.cells_opened.connect(self._open_locked)
        self.opening.opened.connect(self.open_patches)
        self.opening.told.connect(self.calls_told)
