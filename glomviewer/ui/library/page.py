"""The page of the library: where it is, what is in it, and how it is kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import TaskControl
from glomviewer.store.backups import Backup
from glomviewer.store.exchange.known_keys import KnownKey
from glomviewer.store.roots import Root
from glomviewer.ui.actions import Actions
from glomviewer.ui.dialogs.export_labels import ExportLabelsDialog
from glomviewer.ui.dialogs.import_wizard import ImportWizard
from glomviewer.ui.dialogs.reader import ReaderDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.dialogs.restore import RestoreDialog
from glomviewer.ui.library.backups_card import BackupsCard
from glomviewer.ui.library.facts import Exclusion, LibraryCounts, count_library
from glomviewer.ui.library.images_card import RootsCard
from glomviewer.ui.library.keys_card import KeysCard
from glomviewer.ui.library.library_card import FoundCard, LibraryCard, SplitsCard
from glomviewer.ui.library.library_state import LibraryState, read_library
from glomviewer.ui.library.people_cards import ExclusionsCard, ReadersCard
from glomviewer.ui.library.verifying import verify_as_task
from glomviewer.ui.unlocking import WHY_PASSPHRASE, unlocking_of
from glomviewer.ui.widgets.page_state import PageState
from glomviewer.ui.widgets.two_columns import TwoColumns


class LibraryPage(QWidget):
    """Facts and upkeep of the open library."""

    open_patches = Signal(object, str)
    message = Signal(str)
    reader_chosen = Signal(object)
    """The Reader who reads from now on, for the next start to begin with."""
    restore_chosen = Signal(object)
    """The path of a backup: whoever holds the session closes it, restores, and opens it again."""

    def __init__(
        self,
        session: Session,
        images: ImageLoader,  # noqa: ARG002 - every page is made with the same three
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Library")
        self._session = session
        self._actions = actions
        self._stale = True
        self._backups: tuple[Backup, ...] = ()
        self.library, self.roots, self.splits = LibraryCard(), RootsCard(), SplitsCard()
        self.found, self.backups = FoundCard(), BackupsCard()
        self.readers, self.exclusions = ReadersCard(), ExclusionsCard()
        self.keys = KeysCard()
        self.state = PageState(
            TwoColumns(
                [self.library, self.splits, self.roots, self.found],
                [self.readers, self.keys, self.backups, self.exclusions],
            )
        )
        self.state.show_loading("Reading the library…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        self._connect()
        self._register_actions()

    def refresh(self, changes: Changes) -> None:
        """Every kind of change shows here somewhere, so read again, once it is looked at."""
        if changes:
            self._stale = True
            if self.isVisible():
                self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()

    def _read(self) -> None:
        if not self._session.is_loaded:
            return
        self._stale = False
        table = self._session.table
        excluded = table.ids[np.flatnonzero(table["excluded"])].tolist()
        self._session.ask(
            lambda library: (count_library(table), read_library(library, excluded)),
            self._on_read,
            lane="library page",
            failed=self._on_failed,
        )

    def _on_read(self, answer: tuple[LibraryCounts, LibraryState]) -> None:
        counts, state = answer
        self.library.show_counts(self._session.folder, counts, self._session.label_set)
        self.splits.show_counts(counts)
        self.found.show_counts(counts)
        session, writable = self._session, not self._session.read_only
        self.library.show_about(
            label_set=session.label_set.name, origin=state.origin, log=state.log
        )
        holder = session.holder
        self.library.trouble.say(
            ""
            if writable
            else f"Open for reading only: {holder.sentence} has it open for writing."
            if holder is not None
            else "Open for reading only."
        )
        self.library.import_button.setEnabled(writable)
        for at_home in (
            self.library.import_button,
            self.library.export_button,
            self.readers.add,
            self.roots,
            self.splits,
            self.found,
            self.exclusions,
        ):
            at_home.setVisible(not session.from_pack)
        self.roots.show_roots(state.roots, state.found, counts.missing, writable=writable)
        self.readers.show_readers(state.readers, session.reader, writable=writable)
        self.keys.show_keys(state.own_key, state.key_trouble, state.keys, writable=writable)
        self._backups = state.backups
        self.backups.show_backups(state.backups, writable=writable)
        self.exclusions.show_exclusions(state.exclusions, writable=writable)
        self.state.show_content()

    def _on_failed(self, sentence: str) -> None:
        self.state.show_failed(sentence, retry=self._read)

    def import_patches(self) -> None:
        ImportWizard(self._session, self).open()

    def export_labels(self) -> None:
        ExportLabelsDialog(self._session, self).open()

    def verify(self) -> None:
        task = verify_as_task(self._session)
        task.finished.connect(self.library.trouble.say)
        task.failed.connect(self.library.trouble.say)

    def check_files(self) -> None:
        """Look for missing and changed files, as long work in the status bar."""

        def work(control: TaskControl) -> str:
            changes = control.write(
                partial(
                    operations.check_files,
                    progress=lambda done, total: control.progress(done, total, "looking at files"),
                    cancelled=control.cancelled,
                )
            )
            return changes.sentence or "Every file was looked at."

        if self._session.tasks.of_kind("check files") is None:
            self._session.tasks.start("Checking files", work, kind="check files")

    def repoint(self, root: Root | None) -> None:
        if root is None:
            return
        chosen = QFileDialog.getExistingDirectory(self, f"Where is {root.path} now?", root.path)
        if chosen:
            self._session.run(partial(operations.repoint_root, root=root.id, folder=Path(chosen)))

    def back_up(self) -> None:
        self._session.run(operations.back_up)

    def restore(self) -> None:
        chosen = self.backups.table.current_data()
        dialog = RestoreDialog(self._backups, chosen, self)
        dialog.accepted.connect(lambda: self._restore(dialog.backup))
        dialog.open()

    def _restore(self, backup: Backup | None) -> None:
        if backup is not None:
            self.restore_chosen.emit(backup.path)

    def add_reader(self) -> None:
        dialog = ReaderDialog(self._session, self)
        dialog.accepted.connect(lambda: self.reader_chosen.emit(dialog.reader))
        dialog.open()

    def _switch(self, reader: Reader | None) -> None:
        if reader is None:
            return

        def switch() -> None:
            self._session.set_reader(reader)
            self.reader_chosen.emit(reader)
            self.message.emit(f"{reader.name} is reading now.")

        unlocking_of(self._session).unlock(reader, WHY_PASSPHRASE, switch, self)

    def _include(self, exclusion: Exclusion | None) -> None:
        reader = self._session.reader
        if exclusion is None or reader is None:
            return
        self._session.run(
            partial(operations.include_patches, reader=reader.id, patches=list(exclusion.patches))
        )

    def _open_excluded(self, exclusion: Exclusion | None) -> None:
        if exclusion is not None:
            query = PatchQuery(ids=exclusion.patches, excluded=True)
            self.open_patches.emit(query, f"Excluded: {exclusion.reason}")

    def withdraw_key(self, key: KnownKey | None) -> None:
        reader = self._session.reader
        if key is None or reader is None:
            return
        dialog = ReasonDialog(
            title=f"Withdraw the key of {key.name}",
            sentence=f"{key.fingerprint} signs {key.signs}. What it signs is refused from now on "
            "until it has been compared again; what was merged stays.",
            verb="Withdraw",
            suggestions=("The machine was lost", "The key was replaced", "Compared wrongly"),
            parent=self,
        )
        dialog.accepted.connect(
            lambda: self._session.run(
                partial(
                    operations.withdraw_key,
                    fingerprint=key.fingerprint,
                    reason=dialog.reason,
                    by=reader.id,
                )
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_missing(self) -> None:
        self.open_patches.emit(PatchQuery(missing_only=True), "Missing or changed files")

    def _connect(self) -> None:
        self.library.import_button.clicked.connect(self.import_patches)
        self.library.export_button.clicked.connect(self.export_labels)
        self.library.verify_button.clicked.connect(self.verify)
        self.roots.repoint_asked.connect(self.repoint)
        self.roots.check.clicked.connect(self.check_files)
        self.roots.show_missing.clicked.connect(self.show_missing)
        self.backups.now.clicked.connect(self.back_up)
        self.backups.restore.clicked.connect(self.restore)
        self.readers.add.clicked.connect(self.add_reader)
        self.readers.switch_asked.connect(self._switch)
        self.keys.withdraw_asked.connect(self.withdraw_key)
        self.keys.copied.connect(self.message)
        self.exclusions.include_asked.connect(self._include)
        self.exclusions.open_asked.connect(self._open_excluded)

    def _register_actions(self) -> None:
        for name, text, callback, keys in (
            ("library.export", "Export labels…", self.export_labels, ("Ctrl+Shift+E",)),
            ("library.verify", "Verify the library", self.verify, ("Ctrl+Shift+V",)),
            ("library.check_files", "Check files", self.check_files, ("Ctrl+Shift+C",)),
            ("library.back_up", "Back up now", self.back_up, ("Ctrl+B",)),
            ("library.restore", "Restore a backup…", self.restore, ("Ctrl+Shift+O",)),
            ("library.copy_key", "Copy this program's key", self.keys.copy_own, ("Ctrl+Shift+K",)),
            ("library.add_reader", "Add a reader…", self.add_reader, ("Ctrl+Shift+A",)),
        ):
            at_home = name in ("library.export", "library.add_reader")
            self._actions.add(
                name,
                text,
                callback,
                scope=self,
                group="Library",
                keys=keys,
                enabled=partial(self._offers, at_home),
            )

    def _offers(self, at_home: bool) -> bool:
        return not (at_home and self._session.from_pack)
