"""The library's methods about its backups."""

from __future__ import annotations

import logging

from glomviewer.domain.changes import Changes
from glomviewer.store import backups
from glomviewer.store.backups import Backup
from glomviewer.store.errors import LibraryError
from glomviewer.store.opened import OpenLibrary

log = logging.getLogger(__name__)


class BackupMethods(OpenLibrary):
    def backups(self) -> list[Backup]:
        """Newest first."""
        return backups.list_backups(self.paths)

    def backup_now(self, reason: str = "by hand") -> Changes:
        """Copy the library as it is, verify the copy, and thin older ones."""
        made = backups.back_up(self.paths, reason)
        return Changes(backups=True, sentence=f"Backup written: {made.path.name}.")

    def backup_if_due(self) -> Changes:
        """A backup where something has changed since the last, and that is half an hour old."""
        if self.read_only or not backups.is_due(self.paths, backups.HALF_HOURLY):
            return Changes()
        return self.backup_now("half hourly")

    def _back_up(self, reason: str) -> None:
        self.backup_now(reason)

    def _back_up_on_opening(self) -> None:
        if not backups.is_due(self.paths, backups.DAILY):
            return
        try:
            self.backup_now("daily")
        except LibraryError as error:
            # A full disk must not keep a pathologist from looking at the library.
            log.warning("No backup on opening: %s", error)
