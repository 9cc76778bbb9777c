"""Folders of images, and whether their files are there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.store.roots import Root
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Secondary


class RootsCard(Card):
    """Folders of images, and whether their files are there."""

    repoint_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Images", parent)
        self.table = RowsTable("Folders of images", ("Folder", "Patches", ""), numeric=(1,))
        self.files = Secondary()
        self.repoint = QPushButton("Re-point…")
        self.repoint.setToolTip(
            "Says where the folder is now, when a drive letter or a mount changed."
        )
        self.check = QPushButton("Check files")
        self.check.setToolTip(
            "Looks whether every file is there and unchanged. Nothing is written to them."
        )
        self.show_missing = QPushButton("Show missing")
        for widget in (self.table, self.files):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.repoint, self.check, self.show_missing, 1))
        self.table.moved.connect(self._enable)
        self.repoint.clicked.connect(lambda: self.repoint_asked.emit(self._chosen()))
        self._writable = True

    def show_roots(
        self, roots: Sequence[Root], found: dict[int, bool], missing: int, *, writable: bool
    ) -> None:
        self._writable = writable
        self._roots = list(roots)
        self.table.show_rows(
            [
                Row(
                    (root.path, f"{root.patches:,}", _state(found.get(root.id))),
                    root,
                    "Copied into the library." if root.inside else "",
                )
                for root in roots
            ]
        )
        self.table.setVisible(bool(roots))
        self.show_missing.setVisible(missing > 0)
        self.files.say(
            f"{missing:,} files were missing or changed when last looked at. Their patches stay."
            if missing
            else ("No file was missing when last looked at." if roots else "No image folder yet.")
        )
        self.check.setEnabled(writable and bool(roots))
        self._enable()

    _roots: list[Root]

    def _chosen(self) -> Root | None:
        chosen = self.table.current_data()
        return chosen if chosen is not None else (self._roots[0] if len(self._roots) == 1 else None)

    def _enable(self) -> None:
        root = self._chosen() if hasattr(self, "_roots") else None
        self.repoint.setEnabled(self._writable and root is not None and not root.inside)


def _state(found: bool | None) -> str:
    if found is None:
        return ""
    return "there" if found else "not found"
