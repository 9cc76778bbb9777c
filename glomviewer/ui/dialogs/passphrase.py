"""Asks a reader for his passphrase, and lets him set or change it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.store.passphrases import MINIMAL_LENGTH, passphrase_objection
from glomviewer.ui.dialogs.fields import Fields, line
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.texts import Secondary

WRONG = "That is not the passphrase of {name}. Nothing was opened; try again."
DIFFERENT = "The two new passphrases differ. Write the same one twice."
WRONG_OLD = "That is not the passphrase so far. Nothing was changed."
FIELD_WIDTH = 240


def secret_line(name: str) -> QLineEdit:
    """A line that shows dots."""
    edit = line(width=FIELD_WIDTH)
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    edit.setAccessibleName(name)
    return edit


class PassphraseDialog(FormDialog):
    """Accepted once the right passphrase was written."""

    def __init__(
        self, session: Session, reader: Reader, *, why: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            title=f"{reader.name}, your passphrase", sentence=why, verb="Go on", parent=parent
        )
        self._session, self._reader = session, reader
        self.passphrase = secret_line("Passphrase")
        fields = Fields()
        fields.add("Passphrase", self.passphrase)
        self.add(fields)
        self.passphrase.textChanged.connect(self._enable)
        self._enable()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        self.verb.setEnabled(False)
        check_passphrase(
            self._session, self._reader, self.passphrase.text(), self._on_checked, self._on_failed
        )

    def _on_checked(self, right: bool) -> None:
        if right:
            self.accept()
            return
        self._on_failed(WRONG.format(name=self._reader.name))

    def _on_failed(self, sentence: str) -> None:
        self.trouble.say(sentence)
        self._enable()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        self.passphrase.selectAll()

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.passphrase.text()))


class NewPassphraseDialog(FormDialog):
    """Sets the reader's passphrase; an empty new one takes it away."""

    def __init__(self, session: Session, reader: Reader, parent: QWidget | None = None) -> None:
        has_one = reader.locked
        super().__init__(
            title="Change your passphrase" if has_one else "Set a passphrase",
            sentence=f"{reader.name} is asked for it when a reading starts and for a sign-off. "
            f"It takes at least {MINIMAL_LENGTH} characters. Nobody can look it up: write it down "
            "where you keep such things.",
            verb="Change it" if has_one else "Set it",
            parent=parent,
        )
        self._session, self._reader = session, reader
        self.old = secret_line("Passphrase so far")
        self.new, self.again = secret_line("New passphrase"), secret_line("The same again")
        fields = Fields()
        if has_one:
            fields.add("Passphrase so far", self.old)
        fields.add("New passphrase", self.new)
        fields.add("The same again", self.again)
        self.add(fields)
        if has_one:
            self.add(Secondary("Leave the new one empty to do without a passphrase."))
        for edit in (self.old, self.new, self.again):
            edit.textChanged.connect(self._enable)
        self._enable()

    def submit(self) -> None:
        new = self.new.text()
        if new != self.again.text():
            self.trouble.say(DIFFERENT)
            return
        objection = passphrase_objection(new) if new else ""
        if objection:
            self.trouble.say(objection)
            return
        self.verb.setEnabled(False)
        self._session.run(
            partial(
                operations.set_passphrase, reader=self._reader.id, old=self.old.text(), new=new
            ),
            done=self._on_set,
            failed=self._on_failed,
        )

    def _on_set(self, _changes: Changes) -> None:
        self.accept()

    def _on_failed(self, sentence: str) -> None:
        self.trouble.say(sentence)
        self._enable()

    def _enable(self) -> None:
        ready = bool(self.old.text()) if self._reader.locked else bool(self.new.text())
        self.verb.setEnabled(ready)


def check_passphrase(
    session: Session,
    reader: Reader,
    text: str,
    answer: Callable[[bool], None],
    failed: Callable[[str], None],
) -> None:
    """Compare off the window's thread, since a good comparison takes a while on purpose."""
    session.ask(
        lambda library: library.check_passphrase(reader.id, text),
        answer,
        lane="passphrase",
        failed=failed,
    )
