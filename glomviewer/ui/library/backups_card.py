"""Dated copies of the database."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.store.backups import Backup
from glomviewer.ui.dialogs.restore import backup_row
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.rows_table import RowsTable
from glomviewer.ui.widgets.texts import Secondary


class BackupsCard(Card):
    """Dated copies of the database."""

    restore_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Backups", parent)
        self.table = RowsTable("Backups", ("Made", "Why", "Size"), numeric=(2,), stretch=1, most=5)
        self.none = Secondary("No backup yet.")
        self.rhythm = Secondary(
            "Made when the library is opened and a day has passed, every 30 minutes if something "
            "changed, and before a migration, an import and a promotion. Each was verified."
        )
        self.now = QPushButton("Back up now")
        self.restore = QPushButton("Restore…")
        for widget in (self.table, self.none, self.rhythm):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.now, self.restore, 1))
        self.restore.clicked.connect(lambda: self.restore_asked.emit(self.table.current_data()))
        self.table.moved.connect(self._enable)
        self._writable = True

    def show_backups(self, backups: Sequence[Backup], *, writable: bool) -> None:
        self._writable = writable
        self.table.show_rows([backup_row(backup) for backup in backups])
        self.table.setVisible(bool(backups))
        self.none.setVisible(not backups)
        self.now.setEnabled(writable)
        self._enable()

    def _enable(self) -> None:
        self.restore.setEnabled(self._writable and self.table.rows.rowCount() > 0)
