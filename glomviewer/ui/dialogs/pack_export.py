"""Writes reading packs: for whom, locked by which passphrase, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from glomviewer.domain.readings.protocol import Reveal
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs.pack_jobs import export_as_task
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.pack_fields import NewPackPassphrase, own_key_text
from glomviewer.ui.widgets.texts import Secondary, Section
from glomviewer.ui.widgets.ticks import TickBox

_HOLDS = {
    Reveal.NEVER: "The model's calls are not in it.",
    Reveal.AFTER: "The model's calls are in it, sealed until each patch is called.",
    Reveal.AT_ONCE: "The model's calls are in it.",
}


class PackExportDialog(FormDialog):
    """Asks; writing is a task in the status bar."""

    def __init__(
        self,
        session: Session,
        reading: ReadingSummary,
        parent: QWidget | None = None,
        *,
        fingerprint: str = "",
    ) -> None:
        """`fingerprint` is that of this installation's key."""
        super().__init__(
            title=f"Export “{reading.name}” as packs",
            sentence="A pack is one file for one reader: his patches under new names and without "
            "anything but pixels, the protocol and the labels to choose from. No other reader's "
            f"label is in it. {_HOLDS[reading.protocol.reveal]}",
            verb="Choose a folder…",
            width=560,
            parent=parent,
        )
        self._session, self._reading = session, reading
        self.readers: dict[int, TickBox] = {}
        self.add(Section("For whom"))
        for one in reading.readers:
            box = TickBox(f"{one.reader.name} ({one.reader.initials})")
            waits = one.finished is None and not reading.is_closed
            box.setEnabled(waits)
            box.setChecked(waits)
            box.setToolTip("" if waits else "Has finished: there is nothing left to read.")
            box.toggled.connect(self._enable)
            self.readers[one.reader.id] = box
            self.add(box)
        self.passphrase = NewPackPassphrase()
        self.add(Section("Encryption"))
        self.add(self.passphrase)
        self.add(
            Secondary("Tell the passphrase by another way than the file goes. What comes back is "
                      "merged with Merge returns…")
        )  # fmt: skip
        self.key = Secondary()
        self.key.say(own_key_text(fingerprint) if fingerprint else "")
        self.add(self.key)
        self.passphrase.changed.connect(self._enable)
        self._enable()

    @property
    def chosen(self) -> list[int]:
        return [reader for reader, box in self.readers.items() if box.isChecked()]

    def submit(self) -> None:
        objection = self.passphrase.objection
        self.trouble.say(objection)
        if objection:
            return
        beside = str(self._session.folder.parent)
        folder = QFileDialog.getExistingDirectory(self, "A folder for the packs", beside)
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> Task:
        task = export_as_task(
            self._session,
            reading=self._reading,
            readers=self.chosen,
            folder=folder,
            passphrase=self.passphrase.text,
        )
        self.accept()
        return task

    def _enable(self) -> None:
        self.verb.setEnabled(bool(self.chosen))
