"""The page of the threshold: what moving it would do, before anyone moves it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.thresholds.counts import Intervals, wilson_intervals
from glomviewer.domain.thresholds.intervals import can_be_drawn
from glomviewer.domain.thresholds.search import NoThresholdError, search_threshold
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.jobs.threshold_desk import Desk, LockedFigures
from glomviewer.ui.actions import Actions
from glomviewer.ui.threshold_desk import wording
from glomviewer.ui.threshold_desk.desk_actions import register
from glomviewer.ui.threshold_desk.desk_commands import DeskCommands
from glomviewer.ui.threshold_desk.desk_view import DeskView
from glomviewer.ui.threshold_desk.model_head import ModelHead
from glomviewer.ui.threshold_desk.opening import Opening
from glomviewer.ui.threshold_desk.ready import Ready, concern_desk, concern_labels, read_ready
from glomviewer.ui.threshold_desk.settled_intervals import SettledIntervals
from glomviewer.ui.threshold_desk.standing import Standing
from glomviewer.ui.widgets.page_state import PageState
from training.json_fields import UserError

CASES_MS = 40
"""How often the list of cases follows a line that is being dragged."""


class ThresholdPage(QWidget):
    """Joins the desk to the session. Nothing is written before the reader says so."""

    open_patches = Signal(object, str)
    message = Signal(str)
    calls_told = Signal(object)
    """Patches whose call the reader learns by what he sees or is about to open here."""
    undo_changed = Signal()
    """`undo_texts` are others."""

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
        self._ready, self._wanted = Ready(), ""
        self._locked: LockedFigures | None = None
        self._rule_trouble = ""
        self._stale, self._answered = True, False
        self.commands = DeskCommands(session, self)
        self.opening = Opening(lambda: session.table.view.model, self)
        self.head, self.view = ModelHead(), DeskView(images, session.label_set)
        self.strip, self.choice = self.view.strip, self.view.choice
        self.state = PageState(self.view)
        self.state.show_loading("Reading the scores…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.state, 1)
        self._intervals, self._cases_due = SettledIntervals(session, self), QTimer(self)
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
        if concern_labels(changes):
            self._forget_locked()
        if concern_desk(changes):
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
            self._move_by_hand(standing.placed.moved(place, steps))

    def leap(self, direction: int) -> None:
        """Move the line by a twentieth of all patches."""
        if self._standing is not None:
            self.step(direction * max(1, len(self._standing.placed.logit) // 20))

    def to_end(self, direction: int) -> None:
        """Call every patch 1 (-1), or none (1)."""
        if self._standing is not None:
            self.step(direction * len(self._standing.placed.logit))

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

    def choose_model(self, model: str) -> None:
        """Lay another model on the desk; nothing of the one before can be moved from here."""
        self._wanted, self._desk, self._standing = model, None, None
        self.undo_changed.emit()
        self._forget_locked()
        self.state.show_loading("Reading the scores…")
        self._read()

    @property
    def undo_texts(self) -> tuple[str, str]:
        """What undo and redo would put back, "" where there is nothing."""
        desk = self._desk
        return ("", "") if desk is None else wording.undo_texts(desk.model.title, desk.steps)

    def undo_here(self) -> None:
        """Put back the threshold before, as a new line of the history."""
        if self._desk is not None:
            self.commands.undo(self._desk)

    def redo_here(self) -> None:
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
            table, wanted = self._session.table, self._wanted
            self._session.ask(
                lambda library: read_ready(library, table, wanted),
                self._on_read,
                lane="threshold desk",
                failed=self._on_failed,
            )

    def _on_failed(self, sentence: str) -> None:
        self._answered = True
        self.state.show_failed(sentence, retry=self._read)

    def _on_read(self, ready: Ready) -> None:
        desk = ready.desk
        before, self._desk, self._ready, self._answered = self._desk, desk, ready, True
        self.undo_changed.emit()
        if desk is None:
            self._standing = None
            self.head.hide()
            self.state.show_empty(*wording.NO_MODEL)
            return
        self.head.show_models(ready.models, desk.model)
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
        found = self._ready.sets[name]
        scores = found.scores
        self._standing = Standing(name, scores, found.placed, threshold)
        self.strip.show_scores(scores, desk.model.threshold, found.classes)
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
                found = search_threshold(standing.scores, standing.placed, rule)
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
            self._intervals.follow(standing)

    def _say_visible(self) -> None:
        """Of the thumbnails that were waited for, those that have gone by are not wanted."""
        if self.isVisible():
            shown = {*self.strip.shown, *self.view.beside.shown}
            self._images.visible(shown)
            self.calls_told.emit(shown)

    def _on_settled(self, standing: Standing, threshold: float, intervals: Intervals) -> None:
        if standing is self._standing and standing.threshold == threshold:
            counts = standing.scores.counts(threshold)
            self.view.figures.show_counts(counts, intervals, settling=False)

    def _show_cases(self) -> None:
        self._cases_due.stop()
        desk, standing = self._desk, self._standing
        if desk is None or standing is None:
            return
        current, panel = desk.model.threshold, self.view.cases
        crossing = desk.cases.crossing(
            current, self._ready.called, standing.threshold, panel.cut_off
        )
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

    def _on_locked(
        self, model: str, threshold: float, locked: LockedFigures, intervals: Intervals
    ) -> None:
        desk, standing = self._desk, self._standing
        if desk is None or standing is None:
            return
        if desk.model.id == model and standing.threshold == threshold:
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
        self._intervals.settled.connect(self._on_settled)
        self._cases_due.timeout.connect(self._show_cases)
        self.head.chosen.connect(self.choose_model)
        self.strip.moved.connect(self._move_by_hand)
        for widget in (self.strip, view.beside):
            widget.laid_out.connect(self._say_visible)
            widget.opened.connect(self._open_patch)
        choice.rule_chosen.connect(self._follow_rule)
        choice.set_chosen.connect(self._on_set_chosen)
        choice.reason_changed.connect(self._show_obstacle)
        choice.move_asked.connect(self.move_threshold)
        choice.undo_asked.connect(self.undo_here)
        choice.redo_asked.connect(self.redo_here)
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
