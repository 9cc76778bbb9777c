"""Asks what a signature under a reading means, and for the passphrase."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.records import Meaning, ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.passphrase import secret_line
from glomviewer.ui.widgets.texts import Secondary
from glomviewer.ui.widgets.ticks import DotButton

MEANINGS = {
    Meaning.READ: "read: these are my calls",
    Meaning.ADJUDICATED: "adjudicated: I settled its disputes",
    Meaning.APPROVED: "approved: I stand for its result",
}


class SignOffDialog(FormDialog):
    """Writes the sign-off; a refusal, such as a wrong passphrase, stays in the dialog."""

    def __init__(
        self,
        session: Session,
        reading: ReadingSummary,
        reader: Reader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            title=f"Sign off “{reading.name}”",
            sentence=f"It is signed as {reader.name}, with the time. A label that is changed after "
            "it needs a reason, and shows in the report.",
            verb="Sign off",
            parent=parent,
        )
        self._session, self._reading, self._reader = session, reading, reader
        self._group = QButtonGroup(self)
        self.meanings: dict[Meaning, DotButton] = {}
        for meaning, text in MEANINGS.items():
            button = DotButton(text)
            self._group.addButton(button)
            self.meanings[meaning] = button
            self.add(button)
            # Disputes are settled, and results stood for, where all returns come together.
            button.setVisible(meaning is Meaning.READ or not session.from_pack)
        own = reading.progress_of(reader.id)
        first = Meaning.READ if own is not None else Meaning.APPROVED
        self.meanings[first].setChecked(True)
        self.meanings[Meaning.READ].setEnabled(own is not None)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("Note")
        self.note.setPlaceholderText("Note, if there is one")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(64)
        self.add(self.note)
        self.passphrase = secret_line("Passphrase")
        if reader.locked:
            fields = Fields()
            fields.add("Passphrase", self.passphrase)
            self.add(fields)
            self.passphrase.textChanged.connect(self._enable)
        else:
            self.add(Secondary(f"{reader.name} has no passphrase, so none is asked for."))
        self._enable()

    @property
    def meaning(self) -> Meaning:
        return next(one for one, button in self.meanings.items() if button.isChecked())

    def submit(self) -> None:
        self.verb.setEnabled(False)
        self._session.run(
            partial(
                operations.sign_off,
                reading=self._reading.id,
                reader=self._reader.id,
                meaning=self.meaning,
                note=self.note.toPlainText().strip(),
                passphrase=self.passphrase.text(),
            ),
            done=self._on_signed,
            failed=self._on_failed,
        )

    def _on_signed(self, _changes: Changes) -> None:
        self.accept()

    def _on_failed(self, sentence: str) -> None:
        self.trouble.say(sentence)
        self._enable()

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.passphrase.text()) or not self._reader.locked)
