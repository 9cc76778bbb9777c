"""Whose signatures the library takes, and the key of this installation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.store.exchange.known_keys import KnownKey
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Body, Secondary


class KeysCard(Card):
    """Keys that were compared once; one that is withdrawn has to be compared again."""

    withdraw_asked = Signal(object)
    """The KnownKey under the cursor."""
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Keys", parent)
        self.own = Body()
        self.copy = QPushButton("Copy own key")
        self.copy.setToolTip("Copies the fingerprint of this program's key.")
        self.table = RowsTable("Known keys", ("Signs", "Key", "Known since"), most=5)
        self.about = Secondary()
        self.withdraw = QPushButton("Withdraw…")
        for widget in (self.own, self.table, self.about):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.copy, self.withdraw, 1))
        self.copy.clicked.connect(self.copy_own)
        self.withdraw.clicked.connect(lambda: self.withdraw_asked.emit(self.table.current_data()))
        self.table.moved.connect(self._enable)
        self._fingerprint = ""
        self._writable = True

    def show_keys(
        self, own: str, trouble: str, known: Sequence[KnownKey], *, writable: bool
    ) -> None:
        """`own` is this installation's fingerprint; "" where `trouble` says why it has none."""
        self._fingerprint, self._writable = own, writable
        self.own.setText(f"This program signs with {own}." if own else trouble)
        self.copy.setVisible(bool(own))
        self.table.show_rows(
            [
                Row(
                    (one.signs, one.fingerprint, f"{one.trusted_at:%Y-%m-%d}"),
                    one,
                    f"Compared with {one.name}; signs {one.signs}.",
                )
                for one in known
            ]
        )
        for widget in (self.table, self.withdraw):
            widget.setVisible(bool(known))
        self.about.say(
            "Each was compared once, over the telephone. What a withdrawn key signs is refused "
            "until it has been compared again; what was merged stays."
            if known
            else "No other key is known yet; one is compared when its first file is merged."
        )
        self._enable()

    def copy_own(self) -> None:
        if self._fingerprint:
            QGuiApplication.clipboard().setText(self._fingerprint)
            self.copied.emit("The key of this program was copied.")

    def _enable(self) -> None:
        self.withdraw.setEnabled(self._writable and self.table.current_data() is not None)
