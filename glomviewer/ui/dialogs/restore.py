"""Chooses the backup that is to take the library's place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from glomviewer.store.backups import Backup
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Secondary


class RestoreDialog(FormDialog):
    """`backup` is the chosen one after accept."""

    def __init__(
        self,
        backups: Sequence[Backup],
        chosen: Backup | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            title="Restore a backup",
            sentence="The library becomes what it was then. Decisions made since are not lost: the "
            "present state is backed up first, and can be restored in the same way.",
            verb="Restore",
            width=560,
            parent=parent,
        )
        self.table = RowsTable("Backups", ("Made", "Why", "Size"), numeric=(2,), stretch=1, most=8)
        self.table.show_rows([backup_row(backup) for backup in backups])
        self.add(self.table)
        self.add(Secondary("Images and models are not touched. The library is closed and opened."))
        place = list(backups).index(chosen) if chosen is not None and chosen in backups else 0
        self.table.setCurrentIndex(self.table.rows.index(place, 0))
        self.table.moved.connect(self._enable)
        self.table.opened.connect(lambda _: self.submit())
        self._enable()

    @property
    def backup(self) -> Backup | None:
        return self.table.current_data()

    def _enable(self) -> None:
        self.verb.setEnabled(self.backup is not None)


def backup_row(backup: Backup) -> Row:
    made = backup.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return Row((made, backup.reason, size_text(backup.size)), backup, str(backup.path))


def size_text(size: int) -> str:
    """`640 KB`, `12.4 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} KB"
    return f"{size / 1_000_000:,.1f} MB"
