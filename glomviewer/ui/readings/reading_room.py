"""Reading in a reading: the screen, its keys, and the few questions that are asked there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.records import ItemState, ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.ui.actions import Actions
from glomviewer.ui.dialogs.comment import CommentDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.readings import screen_actions
from glomviewer.ui.readings.conduct import Conduct
from glomviewer.ui.readings.screen import ReadingScreen
from glomviewer.ui.readings.wording import CALL_AFTER_FINISH, CHANGE_AFTER_FINISH


class ReadingRoom(QObject):
    left = Signal()
    """The reader pauses; all that he has said is kept."""

    def __init__(
        self, session: Session, images: ImageLoader, actions: Actions, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self.screen = ReadingScreen(session, images)
        self.conduct: Conduct | None = None
        screen_actions.register(self, session.label_set, actions)
        actions.changed.connect(self._show_keys)
        self._show_keys()
        self._connect()

    def start(self, reading: ReadingSummary, reader: Reader, items: Sequence[ItemState]) -> None:
        self.stop()
        self.conduct = Conduct(self._session, reading, reader, items, parent=self)
        self.conduct.why_asked.connect(self._ask_why)
        self.screen.start(self.conduct)

    def stop(self) -> None:
        if self.conduct is not None:
            self.screen.stop()
            self.conduct.deleteLater()
            self.conduct = None

    def refresh(self, changes: Changes) -> None:
        if self.conduct is not None:
            self.conduct.refresh(changes)

    def decide(self, code: int, detail: str = "") -> None:
        if self.conduct is not None and self.screen.accepts_labels:
            self.conduct.decide(code, detail)

    def give_detail(self, place: int) -> None:
        if self.conduct is not None:
            self.conduct.give_detail(place)

    def keep(self) -> None:
        if self.conduct is not None:
            self.conduct.keep()

    def back(self) -> None:
        if self.conduct is not None:
            self.conduct.back()

    def forward(self) -> None:
        if self.conduct is not None:
            self.conduct.forward()

    def to_first_unread(self) -> None:
        if self.conduct is not None:
            self.conduct.to_first_unread()

    def flag(self) -> None:
        if self.conduct is not None:
            self.conduct.flag()

    def finish(self) -> None:
        """From the last page, where all is read."""
        if self.conduct is not None and self.conduct.item is None:
            self.screen.finish_asked.emit()

    def leave(self) -> None:
        """Take back a question, else pause."""
        if self.conduct is not None and not self.conduct.take_back():
            self.left.emit()

    def comment(self) -> None:
        conduct = self.conduct
        if conduct is None or conduct.item is None or not conduct.may_write:
            return
        dialog = CommentDialog("", self.screen)
        dialog.accepted.connect(lambda: conduct.comment(dialog.text))
        _open(dialog)

    def _ask_why(self, code: int, detail: str) -> None:
        conduct = self.conduct
        if conduct is None:
            return
        name, item = self._session.label_set.name_of(code), conduct.item
        changes = item is not None and item.is_done
        dialog = ReasonDialog(
            title=f"Change to {name}?" if changes else f"Call it {name}?",
            sentence=CHANGE_AFTER_FINISH if changes else CALL_AFTER_FINISH,
            verb="Change it" if changes else "Call it so",
            parent=self.screen,
        )
        dialog.accepted.connect(lambda: conduct.decide(code, detail, dialog.reason))
        _open(dialog)

    def _show_keys(self) -> None:
        screen_actions.show_keys(self.screen, self._session.label_set, self._actions)

    def _connect(self) -> None:
        screen = self.screen
        screen.label_pressed.connect(self.decide)
        screen.detail_pressed.connect(self.give_detail)
        screen.keep_pressed.connect(self.keep)
        screen.back_pressed.connect(self.back)
        screen.flag_pressed.connect(self.flag)
        screen.comment_pressed.connect(self.comment)
        screen.paused.connect(self.leave)


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
