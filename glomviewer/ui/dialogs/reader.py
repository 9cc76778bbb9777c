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


class ReaderDialog(FormDialog):
    """Adds a reader and switches to him; `reader` is set when it is accepted."""

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
        self._session.run(
            partial(
                operations.add_reader,
                name=self.name.text().strip(),
                initials=self.initials.text().strip(),
            ),
            done=self._on_added,
        )

    def _on_added(self, _changes: Changes) -> None:
        self._session.ask(lambda library: library.readers(), self._on_readers)

    def _on_readers(self, readers: list[Reader]) -> None:
        self.reader = readers[-1]
        self._session.set_reader(self.reader)
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
