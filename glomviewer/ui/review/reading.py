"""One at a time: a large image, one key labels and moves on, the next is already decoded."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.patch_table import IntArray
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.review.canvas import PatchCanvas
from glomviewer.ui.review.label_buttons import LabelButtons
from glomviewer.ui.review.picture import Picture
from glomviewer.ui.review.words import HIDDEN, call_text, capital
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.progress_line import ProgressLine

AHEAD, BEHIND = 4, 1


class ReadingView(QWidget):
    """Walks through a list of patches. It asks the page to label and to leave."""

    label_pressed = Signal(int)
    moved = Signal(int)
    """The patch now on the screen."""
    shown = Signal(int)
    call_shown = Signal(int)
    """A patch whose call the reader can read here."""
    left = Signal()

    def __init__(
        self, session: Session, images: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("One at a time")
        self._session = session
        self._images = images
        self._ids: IntArray = np.zeros(0, dtype=np.int64)
        self._place = 0
        self._title = ""
        self._said_before: tuple[int, int] | None = None
        self._hides_call = True
        self._call_is_shown = False
        self.canvas = PatchCanvas()
        self.picture = Picture(session, images, self.canvas)
        self.picture.shown.connect(self.shown)
        self.buttons = LabelButtons(session.label_set, in_one_row=True)
        self.buttons.pressed.connect(self.label_pressed)
        self.progress = QLabel()
        self.progress.setProperty("role", "secondary")
        self.call = QLabel()
        self.call.setProperty("role", "secondary")
        self.call.setAccessibleName("Model's call")
        self.call.setMinimumWidth(10)
        self.before = QLabel()
        self.before.setProperty("role", "secondary")
        self.before.setAccessibleName("The patch before")
        self.line = ProgressLine(quiet=True)
        self.back_button = KeyButton("Back", ["←"])
        self.back_button.set_tip("Back to the patch before")
        self.back_button.clicked.connect(self.back)
        self.close_button = KeyButton("Back to the grid", ["Esc"], small=True)
        self.close_button.clicked.connect(self.left)
        self._arrange()

    @property
    def patch(self) -> int | None:
        return int(self._ids[self._place]) if len(self._ids) else None

    @property
    def place(self) -> int:
        return self._place

    def start(self, ids: IntArray, place: int, title: str) -> None:
        """Walk through `ids` from `place`."""
        self._ids, self._place, self._title = ids, place, title
        self._said_before = None
        self.before.clear()
        self._show()

    def set_hides_call(self, hides: bool) -> None:
        self._hides_call = hides
        self._say()

    @property
    def call_is_shown(self) -> bool:
        """Whether the call of the patch on the screen can be read here and now."""
        return self._call_is_shown

    @property
    def reveals_call(self) -> bool:
        """Whether the call of the patch on the screen may be read before the decision."""
        return not self._hides_call

    def forward(self) -> None:
        self._go(self._place + 1)

    def back(self) -> None:
        self._go(self._place - 1)

    def go_to(self, place: int) -> None:
        self._go(place)

    def go_on_after(self, patch: int, code: int) -> None:
        """The reader has called this patch something: say so, and show the next."""
        self._said_before = (patch, code)
        if self._place + 1 < len(self._ids):
            self.forward()
        else:
            self._say()
        self._say_before()

    def refresh(self) -> None:
        """A decision has become durable: the call before it may be told now."""
        self._say()
        self._say_before()

    def _go(self, place: int) -> None:
        if 0 <= place < len(self._ids) and place != self._place:
            self._place = place
            self._show()

    def _show(self) -> None:
        patch = self.patch
        self.picture.show_patch(patch)
        self._say()
        if patch is None:
            return
        start = max(0, self._place - BEHIND)
        after = self._ids[self._place + 1 : self._place + 1 + AHEAD].tolist()
        self._images.preload([*after, *self._ids[start : self._place].tolist()])
        self.moved.emit(patch)

    def _say(self) -> None:
        count = len(self._ids)
        patch = self.patch
        self.progress.setText(f"{self._title} · {self._place + 1:,} of {count:,}" if count else "")
        self.line.set_share((self._place + 1) / count if count else 0.0)
        self.back_button.setEnabled(self._place > 0)
        usable = patch is not None and not self._session.read_only
        self.buttons.set_usable(usable and self._session.reader is not None)
        if patch is None:
            self.call.clear()
            return
        table = self._session.table
        call = call_text(table, patch, self._session.label_set, reveal=self.reveals_call)
        self.call.setText(call.text if call.text == HIDDEN else f"Model: {call.text}")
        self.call.setVisible(table.view.has_predictions)
        self._call_is_shown = call.known
        if call.known:
            self.call_shown.emit(patch)
        rows = table.rows_of((patch,))
        own = int(table["current"][rows[0]]) if len(rows) else NO_LABEL
        self.buttons.set_chosen(None if own == NO_LABEL else own)

    def _say_before(self) -> None:
        """Commit, then reveal: what was said of the patch before, and what the model says."""
        if self._said_before is None:
            return
        patch, code = self._said_before
        text = f"Before: {capital(self._session.label_set.name_of(code))}"
        call = call_text(self._session.table, patch, self._session.label_set)
        if call.known:
            agrees = self._session.label_set.targets().get(code) == call.call
            text += " · the model agrees" if agrees else f" · the model: {call.text}"
            self.call_shown.emit(patch)
        if self._place + 1 == len(self._ids) and patch == self.patch:
            text += " · that was the last of this list"
        self.before.setText(text)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(24, 12, 16, 8)
        top.setSpacing(24)
        top.addWidget(self.progress)
        top.addWidget(self.before)
        top.addStretch(1)
        top.addWidget(self.call)
        top.addWidget(self.close_button)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(24, 12, 24, 12)
        bottom.setSpacing(8)
        bottom.addStretch(1)
        bottom.addWidget(self.buttons)
        bottom.addWidget(self.back_button)
        bottom.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.line)
        column.addLayout(bottom)
