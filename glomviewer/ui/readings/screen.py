"""The reading screen: one large patch, one key a label, and nothing that tells."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.readings import wording
from glomviewer.ui.readings.conduct import Conduct
from glomviewer.ui.readings.reading_canvas import ReadingCanvas
from glomviewer.ui.readings.under_strip import UnderStrip
from glomviewer.ui.review.label_buttons import LabelButtons
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.page_state import Message
from glomviewer.ui.widgets.progress_line import ProgressLine

AHEAD, BEHIND = 4, 2
GROUNDS = ("window", "black", "grey", "white")


class ReadingScreen(QWidget):
    """Shows what a Conduct says. Keys and buttons go to it by way of the page's actions."""

    paused = Signal()
    finish_asked = Signal()
    label_pressed = Signal(int)
    detail_pressed = Signal(int)
    keep_pressed = Signal()
    back_pressed = Signal()
    flag_pressed = Signal()
    comment_pressed = Signal()
    background_chosen = Signal(str)

    def __init__(
        self, session: Session, images: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Reading")
        self._session = session
        self._shown: tuple[int, int] | None = None
        self._background = GROUNDS[0]
        # Once the patch on the screen is painted, and not before.
        self._near = QTimer(self, singleShot=True, interval=0)
        self._near.timeout.connect(self._preload)
        session.busy.connect(self._on_busy)
        self._detail_keys: list[list[str]] = []
        self.conduct: Conduct | None = None
        self.canvas = ReadingCanvas(session, images)
        self.strip = UnderStrip()
        self.end = Message()
        self.progress, self.line = ElidedLabel(), ProgressLine(quiet=True)
        self.progress.setProperty("role", "secondary")
        self.flag, self.comment = KeyButton("Flag", small=True), KeyButton("Comment", small=True)
        self.pause = KeyButton("Pause", small=True)
        self.buttons = LabelButtons(session.label_set, in_one_row=True)
        self.back, self.keep = KeyButton("Back"), self.strip.revealed.keep
        self._arrange()
        self._connect()

    def start(self, conduct: Conduct) -> None:
        """Show this reading from where its reader is."""
        self.conduct, self._shown = conduct, None
        conduct.moved.connect(self._show_item)
        conduct.said.connect(self._say)
        self._show_item()
        if self.isVisible():
            conduct.begin()

    def stop(self) -> None:
        """Leave the reading; everything is written already."""
        if self.conduct is not None:
            self.conduct.pause()
            self.conduct.moved.disconnect(self._show_item)
            self.conduct.said.disconnect(self._say)
        self.conduct, self._shown = None, None
        self.canvas.show_item(None)

    def set_detail_keys(self, keys: list[list[str]]) -> None:
        self._detail_keys = keys

    def next_background(self) -> None:
        """Window, black, mid grey, white, and again."""
        place = GROUNDS.index(self._background) + 1
        self.set_background(GROUNDS[place % len(GROUNDS)])
        self.background_chosen.emit(self._background)

    def set_background(self, name: str) -> None:
        self._background = name if name in GROUNDS else GROUNDS[0]
        self.canvas.canvas.set_background(self._background)

    @property
    def accepts_labels(self) -> bool:
        """Whether what is on the screen is the patch that a label would be about."""
        return self.conduct is not None and self.conduct.item is not None and self.canvas.is_settled

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.conduct is not None:
            self.conduct.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.conduct is not None:
            self.conduct.pause()

    def _show_item(self) -> None:
        conduct = self.conduct
        if conduct is None:
            return
        item, told_before = conduct.item, self.strip.tells_a_call
        self.middle.setCurrentWidget(self.end if item is None else self.canvas)
        if item is None:
            self._shown = None
            self.canvas.show_item(None)
            self._say_end(conduct)
        elif self._shown != (item.id, item.turn):
            # Again shown after a failed write, the picture is there already.
            self._shown = (item.id, item.turn)
            self.canvas.show_item(item.patch, item.turn)
            self._near.start()
        self._say()
        focus = self.focusWidget() or self
        if self.canvas.isAncestorOf(focus) or focus is self.end.button:
            self.take_focus()
        # At once; and never stands a patch above the call of the one before.
        if told_before:
            self.strip.repaint()
        self.canvas.canvas.repaint()

    def _on_busy(self, busy: bool) -> None:
        if not busy:
            self._near.start()

    def _preload(self) -> None:
        """Read the next patches; once what was just said is durable, since both want the
        processor."""
        if self.conduct is not None and not self._session.saving:
            walk = self.conduct.walk
            near = [*walk.ahead(AHEAD), *walk.behind(BEHIND)]
            self.canvas.preload([one.patch for one in near])

    def take_focus(self) -> None:
        """Let keys go to the patch, at the end to the button that finishes."""
        at_end = self.middle.currentWidget() is self.end
        (self.end.button if at_end else self.canvas).setFocus()

    def _say(self) -> None:
        conduct = self.conduct
        if conduct is None:
            return
        walk, item = conduct.walk, conduct.item
        self.progress.setText(wording.progress_text(conduct.reading, walk, conduct.pace))
        self.line.set_share((len(walk) - walk.unread) / len(walk) if len(walk) else 1.0)
        here = item is not None
        self.flag.setEnabled(here and conduct.may_write)
        self.comment.setEnabled(here and conduct.may_write)
        self.flag.set_on(item is not None and item.flagged)
        said = "" if item is None else item.comment
        self.comment.set_on(bool(said))
        self.comment.set_tip(f"You said: “{said}”" if said else "")
        self.back.setEnabled(walk.place > 0)
        self.buttons.set_usable(here and conduct.may_write and not conduct.is_saving)
        self.buttons.set_chosen(conduct.shown_label)
        self._say_under(conduct)

    def _say_under(self, conduct: Conduct) -> None:
        item, strip = conduct.item, self.strip
        if conduct.call is None:
            strip.revealed.forget()
        if item is None:
            strip.say("")
        elif conduct.asking is not None:
            strip.reason.ask(conduct.asking, self._detail_keys)
            strip.setCurrentWidget(strip.reason)
        elif conduct.trouble:
            strip.warn(conduct.trouble)
        elif conduct.is_saving:
            strip.say("Saving…")
        elif conduct.call is not None:
            labels = self._session.label_set
            strip.revealed.tell(wording.revealed(item, conduct.call, labels))
            strip.setCurrentWidget(strip.revealed)
        else:
            strip.setCurrentWidget(strip.views)

    def _say_end(self, conduct: Conduct) -> None:
        headline, sentence = wording.all_read(conduct.reading, len(conduct.walk))
        self.end.say(headline, sentence, verb="Finish…", action=self.finish_asked.emit)

    def _connect(self) -> None:
        self.buttons.pressed.connect(self.label_pressed)
        self.strip.reason.chosen.connect(self.detail_pressed)
        self.strip.views.held.connect(self.canvas.hold)
        self.strip.views.released.connect(self.canvas.release)
        self.keep.clicked.connect(self.keep_pressed)
        self.back.clicked.connect(self.back_pressed)
        self.flag.clicked.connect(self.flag_pressed)
        self.comment.clicked.connect(self.comment_pressed)
        self.pause.clicked.connect(self.paused)

    def _arrange(self) -> None:
        self.middle = QStackedWidget()
        self.middle.addWidget(self.canvas)
        self.middle.addWidget(self.end)
        top = QHBoxLayout()
        top.setContentsMargins(24, 8, 16, 8)
        top.setSpacing(8)
        top.addWidget(self.progress, 1)
        for button in (self.flag, self.comment, self.pause):
            top.addWidget(button)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(24, 4, 24, 12)
        bottom.setSpacing(8)
        bottom.addStretch(1)
        bottom.addWidget(self.buttons)
        bottom.addWidget(self.back)
        bottom.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.middle, 1)
        column.addWidget(self.line)
        column.addWidget(self.strip)
        column.addLayout(bottom)
