"""Writes a return: how far the reading is, locked by which passphrase, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs.pack_jobs import return_as_task
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.pack_fields import NewPackPassphrase, own_key_text
from glomviewer.ui.widgets.texts import Body, Secondary


class PackReturnDialog(FormDialog):
    """Asks; writing is a task in the status bar."""

    def __init__(
        self,
        session: Session,
        reading: ReadingSummary,
        fingerprint: str,
        parent: QWidget | None = None,
    ) -> None:
        """`fingerprint` is that of this installation's key."""
        super().__init__(
            title=f"Return “{reading.name}”",
            sentence="What you have decided goes into one file, for whoever sent you the pack. No "
            "image is in it. You can return as often as you like; nothing counts twice.",
            verb="Choose a folder…",
            width=520,
            parent=parent,
        )
        self._session = session
        own = reading.readers[0]
        far = f"{own.done:,} of {own.items:,} patches are read"
        self.progress = Body()
        if own.finished is not None:
            self.progress.say(f"{far}, and the reading is finished.")
        else:
            self.progress.say(
                f"{far}. The reading is not finished: finish it when you are through."
            )
        self.add(self.progress)
        self.passphrase = NewPackPassphrase()
        self.add(self.passphrase)
        self.key = Secondary(own_key_text(fingerprint))
        self.add(self.key)

    def submit(self) -> None:
        objection = self.passphrase.objection
        self.trouble.say(objection)
        if objection:
            return
        folder = QFileDialog.getExistingDirectory(
            self, "A folder for the return", str(self._session.folder.parent)
        )
        if folder:
            self.return_to(Path(folder))

    def return_to(self, folder: Path) -> Task:
        task = return_as_task(self._session, folder=folder, passphrase=self.passphrase.text)
        self.accept()
        return task
