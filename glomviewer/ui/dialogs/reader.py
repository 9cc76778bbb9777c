"""Asks for the name and initials under which decisions are kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.fields import Fields, line
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.unlocking import WHY_PASSPHRASE, unlocking_of


class ReaderDialog(FormDialog):
    """Adds a reader and switches to him, or to the one who has this name already and gives his
    passphrase; `reader` is set when it is accepted."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(
            title="Who is reading?",
            sentence="Every label is kept with the name of who gave it. Others can be added later, "
            "and switching takes one click.",
            verb="Start reading",
            width=420,
            parent=parent,
        )
        self._session = session
        self.reader: Reader | None = None
        self.name, self.initials = line("Ada Lovelace"), line("AL", 88)
        self._initials_by_hand = False
        fields = Fields()
        fields.add("Name", self.name, stretch=True)
        fields.add("Initials", self.initials)
        self.add(fields)
        session.failed.connect(self._on_failed)
        self.name.textChanged.connect(self._suggest)
        self.initials.textEdited.connect(self._on_initials_written)
        self.initials.textChanged.connect(self._enable)
        self.name.setText(name)
        self._enable()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Write the reader, then switch; a refusal stays in the dialog."""
        self.verb.setEnabled(False)
        name, initials = self.name.text().strip(), self.initials.text().strip()
        self._session.run(
            partial(operations.add_reader, name=name, initials=initials),
            done=partial(self._on_added, name, initials),
        )

    def _on_added(self, name: str, initials: str, _changes: Changes) -> None:
        self._session.ask(
            lambda library: library.readers(), partial(self._on_readers, name, initials)
        )

    def _on_readers(self, name: str, initials: str, readers: list[Reader]) -> None:
        """Whoever has this name already is he himself, with his passphrase, or nobody."""
        reader = next(one for one in readers if (one.name, one.initials) == (name, initials))
        self._enable()
        unlocking = unlocking_of(self._session)
        unlocking.unlock(reader, WHY_PASSPHRASE, partial(self._take, reader), self)

    def _take(self, reader: Reader) -> None:
        self.reader = reader
        self._session.set_reader(reader)
        self.accept()

    def _on_failed(self, sentence: str) -> None:
        self.trouble.say(sentence)
        self._enable()

    def _suggest(self, name: str) -> None:
        if not self._initials_by_hand:
            self.initials.setText("".join(word[0] for word in name.split()).upper()[:4])
        self._enable()

    def _on_initials_written(self, text: str) -> None:
        self._initials_by_hand = bool(text)

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.name.text().strip() and self.initials.text().strip()))
