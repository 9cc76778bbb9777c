"""The right side of the page: the patch itself, what it is called and why, and its history."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.records import Decision, Patch
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.review.canvas import PatchCanvas
from glomviewer.ui.review.canvas_tools import CanvasTools
from glomviewer.ui.review.history import History
from glomviewer.ui.review.label_buttons import DetailChips, LabelButtons
from glomviewer.ui.review.picture import Picture
from glomviewer.ui.review.words import (
    call_text,
    kept_text,
    place_text,
    reference_text,
    size_text,
)
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.facts import Facts
from glomviewer.ui.widgets.texts import Body

CALL, REFERENCE, PLACE, NAME, SIZE, STATE = (
    "Model's call",
    "Reference label",
    "Case, slide",
    "Name",
    "Size",
    "State",
)

BAR_ROOM = 10
"""The width of a scroll bar in the style sheet."""


@dataclass(frozen=True, slots=True)
class PatchDetail:
    """A patch with its history, read together. `kept_by` is the reading in which the reader still
    reads it independently, so that nothing is told here."""

    patch: Patch
    history: list[Decision]
    kept_by: str = ""


class PatchPanel(QWidget):
    """Shows one patch. `shown` tells when its full image is before the reader's eyes."""

    label_pressed = Signal(int)
    detail_chosen = Signal(int, str)
    shown = Signal(int)
    call_shown = Signal(int)
    """A patch whose call can be read here."""
    why_asked = Signal()
    """Why does it count as true?"""

    def __init__(
        self, session: Session, images: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Patch panel")
        self.setMinimumWidth(280)
        self._session = session
        self._patch: int | None = None
        self._detail: PatchDetail | None = None
        self._names_hidden = False
        self.canvas = PatchCanvas()
        self.picture = Picture(session, images, self.canvas)
        self.picture.shown.connect(self.shown)
        self.tools = CanvasTools(self.canvas)
        self.buttons = LabelButtons(session.label_set)
        self.buttons.pressed.connect(self.label_pressed)
        self.details = DetailChips(session.label_set)
        self.details.chosen.connect(self.detail_chosen)
        self.facts = Facts([CALL, REFERENCE, PLACE, NAME, SIZE, STATE], elided=(NAME,))
        self.why = QPushButton("Why does this count as true?")
        self.why.setProperty("role", "small")
        self.why.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.why.clicked.connect(self.why_asked)
        self.kept = Body()
        self.history = History(session.label_set)
        self._arrange()
        self.show_patch(None)

    @property
    def patch(self) -> int | None:
        return self._patch

    @property
    def detail(self) -> PatchDetail | None:
        return self._detail

    def show_patch(self, patch: int | None) -> None:
        """Show another patch; the picture at once, the rest when it has been read."""
        if patch != self._patch:
            self._patch = patch
            self._detail = None
            self.picture.show_patch(patch)
        self._scroll.setVisible(patch is not None)
        self.refresh()

    def refresh(self) -> None:
        """Read again what may have changed about the same patch."""
        self._say()
        patch = self._patch
        if patch is None:
            return
        self._session.ask(
            lambda library: PatchDetail(
                library.patch(patch), library.history(patch), library.still_read_in(patch)
            ),
            self._on_read,
            lane="patch panel",
        )

    def say_again(self) -> None:
        """The same patch, where its call may have changed."""
        self._say()

    def hide_names(self, hidden: bool) -> None:
        self._names_hidden = hidden
        self._say()

    def _on_read(self, detail: PatchDetail) -> None:
        if detail.patch.id == self._patch:
            self._detail = detail
            self._say()

    def _say(self) -> None:
        usable = self._patch is not None and not self._session.read_only
        self.buttons.set_usable(usable and self._session.reader is not None)
        self._say_label()
        if self._patch is None:
            return
        call = call_text(self._session.table, self._patch, self._session.label_set)
        self.facts.set(CALL, call.text)
        self.facts.set_quiet(CALL, not call.known)
        if call.known:
            self.call_shown.emit(self._patch)
        detail = self._detail
        self.kept.say("" if detail is None else kept_text(detail.kept_by))
        if detail is None or detail.kept_by:
            for name in (REFERENCE, PLACE, NAME, SIZE, STATE):
                self.facts.set(name, "" if name == STATE else " ")
            self.history.show_decisions([], None)
        if detail is None:
            return
        for shown in (self.facts, self.why, self.history):
            shown.setVisible(not detail.kept_by)
        if detail.kept_by:
            self.buttons.set_usable(False)
            return
        patch = detail.patch
        self.facts.set(REFERENCE, reference_text(patch, self._session.label_set))
        self.facts.set(PLACE, "Hidden" if self._names_hidden else place_text(patch))
        self.facts.set(NAME, "Hidden" if self._names_hidden else patch.name)
        self.facts.set(SIZE, size_text(patch))
        self.facts.set(STATE, _state_text(patch))
        self.history.show_decisions(detail.history, patch)

    def _say_label(self) -> None:
        rows = self._session.table.rows_of((self._patch,)) if self._patch is not None else []
        code = int(self._session.table["current"][rows[0]]) if len(rows) else NO_LABEL
        chosen = None if code == NO_LABEL else code
        self.buttons.set_chosen(chosen)
        said = ""
        if self._detail is not None and chosen is not None:
            said = self.history.detail_in_force(self._detail.history, self._session.reader)
        usable = chosen is not None and not self._session.read_only
        self.details.show_for(chosen if usable else None, said)

    def _arrange(self) -> None:
        self._lower = QWidget()
        lower = QVBoxLayout(self._lower)
        lower.setContentsMargins(0, 0, 0, 16)
        lower.setSpacing(12)
        lower.addWidget(self.buttons)
        lower.addWidget(self.details)
        lower.addWidget(self.kept)
        lower.addWidget(self.facts)
        lower.addLayout(row(self.why, 1))
        lower.addWidget(self.history)
        lower.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._lower)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its room is kept free, so that what lies under the patch keeps the patch's width.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._lower.setAutoFillBackground(False)
        upper = QVBoxLayout()
        upper.setContentsMargins(0, 0, BAR_ROOM, 0)
        upper.setSpacing(8)
        upper.addWidget(self.canvas)
        upper.addWidget(self.tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16 - BAR_ROOM, 0)
        column.setSpacing(8)
        column.addLayout(upper)
        column.addWidget(self._scroll, 1)
        column.addStretch(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = QSize(self.width() - 32, round(self.height() * 0.48))
        self.canvas.setFixedHeight(max(120, min(room.width(), room.height())))


def _state_text(patch: Patch) -> str:
    if patch.excluded:
        return f"Excluded: {patch.exclusion_reason}" if patch.exclusion_reason else "Excluded"
    if patch.file_state == "missing":
        return f"File missing: {patch.path}"
    if patch.file_state == "changed":
        return "The file has changed since it was imported"
    return ""
