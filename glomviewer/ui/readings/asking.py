"""The dialogs of the overview. None blocks the loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.dialogs.sign_off import SignOffDialog
from glomviewer.ui.readings.new_reading import NewReadingDialog
from glomviewer.ui.readings.overview_wording import closing, finishing


class Asking(QObject):
    """Each method opens a dialog, whose answer is written."""

    made = Signal(int)
    """A new reading."""
    finished = Signal()
    """The reader has finished a reading."""
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._page = session, parent

    def new_reading(
        self, in_view: tuple[PatchQuery, str] | None, others: list[ReadingSummary]
    ) -> None:
        dialog = NewReadingDialog(self._session, in_view=in_view, others=others, parent=self._page)

        def on_accepted() -> None:
            if dialog.reading is not None:
                self.made.emit(dialog.reading)

        dialog.accepted.connect(on_accepted)
        _open(dialog)

    def finish(self, reading: ReadingSummary) -> None:
        reader = self._session.reader
        own = None if reader is None else reading.progress_of(reader.id)
        if reader is None or own is None:
            return
        sentence = finishing(own)
        finish = partial(operations.finish_reading, reading=reading.id, reader=reader.id)
        why = bool(own.left)
        self._ask("Finish this reading?", sentence, "Finish", why, finish, self._on_finished)

    def close_reading(self, reading: ReadingSummary) -> None:
        reader = self._session.reader
        close = partial(
            operations.close_reading, reading=reading.id, by=None if reader is None else reader.id
        )
        why = not reading.is_finished
        self._ask(
            f"Close “{reading.name}”?", closing(reading), "Close it", why, close, self._on_closed
        )

    def sign_off(self, reading: ReadingSummary) -> None:
        if self._session.reader is not None:
            _open(SignOffDialog(self._session, reading, self._session.reader, self._page))

    def _on_finished(self, _changes: Changes) -> None:
        self.finished.emit()

    def _on_closed(self, _changes: Changes) -> None:
        self.closed.emit()

    def _ask(
        self,
        title: str,
        sentence: str,
        verb: str,
        why: bool,
        operation: Callable[..., Changes],
        done: Callable[[Changes], None],
    ) -> None:
        """With a reason where one is needed. What is refused is told by the window."""

        def run(reason: str) -> None:
            self._session.run(partial(operation, reason=reason), done=done)

        if why:
            dialog = ReasonDialog(title=title, sentence=sentence, verb=verb, parent=self._page)
            dialog.accepted.connect(lambda: run(dialog.reason))
            _open(dialog)
            return
        plain = FormDialog(title=title, sentence=sentence, verb=verb, parent=self._page)
        plain.accepted.connect(lambda: run(""))
        _open(plain)


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
