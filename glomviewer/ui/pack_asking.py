"""What the window asks about packs: which file, where to, whose key; the dialogs do the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.jobs.pack_jobs import send_labels_as_task, send_model_as_task
from glomviewer.jobs.session import Session
from glomviewer.store.exchange.pack_library import PackLibrary
from glomviewer.store.packs.keys import installation_key

if TYPE_CHECKING:
    from glomviewer.ui.main_window import MainWindow

PACKS = "Reading packs (*.glompack)"
NO_PACK = (
    "This library was not opened from a reading pack, so there is nothing to return. Labels go to "
    "another library with the command Send labels to another library."
)
NO_MODEL = "There is no active model to send."


class PackAsking(QObject):
    """Belongs to the window."""

    library_made = Signal(object)
    """The folder of a library that was made of a pack."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: QDialog | None = None
        """The one that is open, or was last."""

    def take(self, page: QWidget) -> None:
        """Listen to a page that asks for packs."""
        for signal, slot in (
            ("export_pack_asked", self.export_pack),
            ("return_asked", self.return_pack),
            ("merge_asked", self.merge),
        ):
            found = getattr(page, signal, None)
            if isinstance(found, SignalInstance):
                found.connect(slot)

    def export_pack(self, reading: ReadingSummary) -> None:
        from glomviewer.ui.dialogs.pack_export import PackExportDialog

        if (session := self._writable()) is None:
            return

        def show(fingerprint: str) -> None:
            self._show(PackExportDialog(session, reading, self._window, fingerprint=fingerprint))

        session.ask(lambda _: installation_key().fingerprint, show, lane="key of this program")

    def return_pack(self, reading: ReadingSummary) -> None:
        """Only what was opened from a pack goes back."""
        if (session := self._writable()) is None:
            return

        def show(answer: tuple[PackLibrary | None, str]) -> None:
            from glomviewer.ui.dialogs.pack_return import PackReturnDialog

            of, fingerprint = answer
            if of is None:
                self._window.status.say(NO_PACK)
            else:
                self._show(PackReturnDialog(session, reading, fingerprint, self._window))

        session.ask(
            lambda library: (library.pack_library(), installation_key().fingerprint),
            show,
            lane="return of a pack",
        )

    def merge(self) -> None:
        from glomviewer.ui.dialogs.pack_merge import FILES

        if (session := self._writable()) is not None:
            beside = str(session.folder.parent)
            name, _ = QFileDialog.getOpenFileName(self._window, "A file to merge", beside, FILES)
            if name:
                self.merge_file(Path(name))

    def merge_file(self, path: Path) -> None:
        from glomviewer.ui.dialogs.pack_merge import PackMergeDialog

        if (session := self._writable()) is not None:
            self._show(PackMergeDialog(session, path, self._window))

    def open_pack(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "A reading pack", "", PACKS)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        from glomviewer.ui.dialogs.pack_open import PackOpenDialog

        dialog = PackOpenDialog(path, self._window)
        dialog.library_made.connect(self.library_made)
        self._show(dialog)

    def send_labels(self) -> None:
        """To another library with the same patches, such as that of a GPU workstation."""
        if (session := self._writable()) is not None and (folder := self._folder()) is not None:
            send_labels_as_task(session, folder=folder)

    def send_model(self) -> None:
        """The active model, to another library."""
        session = self._writable()
        if session is None:
            return
        if session.active_model is None:
            self._window.status.say(NO_MODEL)
        elif (folder := self._folder()) is not None:
            send_model_as_task(session, model=session.active_model, folder=folder)

    def _folder(self) -> Path | None:
        folder = QFileDialog.getExistingDirectory(self._window, "A folder for the file")
        return Path(folder) if folder else None

    def _writable(self) -> Session | None:
        opened = self._window.opened
        return None if opened is None or opened.session.read_only else opened.session

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
