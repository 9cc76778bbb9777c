"""Opens a reading pack: says what it is, compares the sender's key once, makes its library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from glomviewer.jobs.pack_opening import PackOpening
from glomviewer.store.exchange.glance import PackGlance
from glomviewer.store.exchange.opening import SUFFIX, OpenedPack
from glomviewer.store.packs.manifest import PackKind
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.pack_fields import FingerprintCheck
from glomviewer.ui.dialogs.passphrase import secret_line
from glomviewer.ui.task_strip import progress_text
from glomviewer.ui.widgets.progress_line import ProgressLine
from glomviewer.ui.widgets.texts import Body, Secondary

ENCRYPTED = "This pack is encrypted. The passphrase has come to you by another way than the file."
NO_READING_PACK = (
    "This is no reading pack. {what} Open the library it belongs to and merge it there."
)


class PackOpenDialog(FormDialog):
    """Reads the file at once; the verb goes on with what it needs next."""

    library_made = Signal(object)
    """The folder of the pack's library."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(title="Open a reading pack", verb="Open", width=560, parent=parent)
        self._path = path
        self._opening = PackOpening(path, self)
        self._glance: PackGlance | None = None
        self.what = Body("Looking at the file…")
        self.passphrase = secret_line("Passphrase")
        self._secret = QWidget()
        fields = Fields()
        fields.setContentsMargins(0, 0, 0, 0)
        fields.add("Passphrase", self.passphrase)
        self._secret.setLayout(fields)
        self._secret.hide()
        self.fingerprint = FingerprintCheck()
        self.place = Secondary()
        self.line, self.progress = ProgressLine(height=3), Secondary()
        self.line.setAccessibleName("Progress")
        self.line.hide()
        self.progress.say("")
        for part in (self.what, self._secret, self.fingerprint, self.place):
            self.add(part)
        self.add(self.line)
        self.add(self.progress)
        self.place.say("")
        self._connect()
        self.verb.setEnabled(False)
        self._opening.look()

    @property
    def folder(self) -> Path:
        """Where the library will lie."""
        return self._path.with_suffix(SUFFIX)

    def submit(self) -> None:
        self.trouble.say("")
        if self._glance is None:
            self.verb.setEnabled(False)
            self._opening.look(self.passphrase.text())
            return
        folder = self.folder
        if folder.exists() and not (folder / "library.sqlite").is_file():
            name, _ = QFileDialog.getSaveFileName(
                self, "Where should the library lie?", str(folder)
            )
            if not name:
                return
            folder = Path(name).with_suffix(SUFFIX)
        self.open_at(folder)

    def open_at(self, folder: Path) -> None:
        self.verb.setEnabled(False)
        self.line.show()
        self._opening.open(folder, passphrase=self.passphrase.text(), trust=self.fingerprint.trust)

    def done(self, result: int) -> None:
        """Nothing goes on behind a dialog that is gone."""
        self._opening.close()
        super().done(result)

    def _connect(self) -> None:
        self._opening.looked.connect(self._on_looked)
        self._opening.passphrase_needed.connect(self._on_passphrase_needed)
        self._opening.opened.connect(self._on_opened)
        self._opening.failed.connect(self._on_failed)
        self._opening.progressed.connect(self._on_progressed)
        self.passphrase.textChanged.connect(self._enable)
        self.fingerprint.changed.connect(self._enable)

    def _on_looked(self, found: PackGlance) -> None:
        if found.kind is not PackKind.READING:
            self.what.say(NO_READING_PACK.format(what=found.sentence))
            return
        self._glance = found
        self._secret.hide()
        self.what.say(found.sentence)
        self.fingerprint.show_key(
            found.fingerprint, known=found.known, whose="whoever sent you the pack"
        )
        self.place.say(f"Its library will be {self.folder}. You read in it without a network.")
        self._enable()

    def _on_passphrase_needed(self) -> None:
        self.what.say(ENCRYPTED)
        self._secret.show()
        self.passphrase.setFocus()
        self._enable()

    def _on_opened(self, opened: OpenedPack) -> None:
        self.accept()
        self.library_made.emit(opened.folder)

    def _on_failed(self, sentence: str) -> None:
        self.trouble.say(sentence)
        self.line.hide()
        self.progress.say("")
        if self._glance is None and not self._secret.isVisible():
            self.what.say("")
        self._enable()

    def _on_progressed(self, done: int, total: int, stage: str) -> None:
        self.line.set_share(done / total if total else None)
        self.progress.say(progress_text(done, total, stage, None))

    def _enable(self) -> None:
        if self._glance is None:
            self.verb.setEnabled(bool(self.passphrase.text()))
        else:
            self.verb.setEnabled(self.fingerprint.ready)
