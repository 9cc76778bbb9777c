"""Who reads: a tick for each reader, and a line to add one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.fields import line
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.ticks import TickBox


class ReadersTicks(QWidget):
    changed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.boxes: dict[int, TickBox] = {}
        self._flow = FlowLayout(gap=12)
        self.name, self.initials = line("Another reader's name", 208), line("AL", 56)
        self.name.setAccessibleName("Another reader's name")
        self.initials.setAccessibleName("Another reader's initials")
        self.add = QPushButton("Add")
        self.add.setAutoDefault(False)
        self.add.setAccessibleName("Add this reader")
        self._initials_by_hand = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._flow)
        column.addLayout(row(self.name, self.initials, self.add, 1))
        self.name.textChanged.connect(self._suggest)
        self.initials.textEdited.connect(self._on_initials_written)
        self.initials.textChanged.connect(self._enable)
        self.add.clicked.connect(self._add)
        self._enable()

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(reader for reader, box in self.boxes.items() if box.isChecked())

    def show_readers(self, readers: Sequence[Reader]) -> None:
        """Offer those who are not offered yet; who comes later comes ticked."""
        later = bool(self.boxes)
        for reader in readers:
            if reader.id in self.boxes:
                continue
            box = TickBox(f"{reader.name} ({reader.initials})")
            box.setChecked(later)
            box.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[reader.id] = box
            self._flow.addWidget(box)
        self.changed.emit()

    def tick(self, readers: Sequence[int]) -> None:
        for reader in readers:
            if reader in self.boxes:
                self.boxes[reader].setChecked(True)

    def _add(self) -> None:
        self.add.setEnabled(False)
        self._session.run(
            partial(
                operations.add_reader,
                name=self.name.text().strip(),
                initials=self.initials.text().strip(),
            ),
            done=self._on_added,
            failed=self._on_refused,
        )

    def _on_added(self, _changes: Changes) -> None:
        self.name.clear()
        self.initials.clear()
        self._initials_by_hand = False
        self._session.ask(lambda library: library.readers(), self.show_readers)

    def _on_refused(self, sentence: str) -> None:
        self.failed.emit(sentence)

    def _suggest(self, name: str) -> None:
        if not self._initials_by_hand:
            self.initials.setText("".join(word[0] for word in name.split()).upper()[:4])
        self._enable()

    def _on_initials_written(self, text: str) -> None:
        self._initials_by_hand = bool(text)

    def _enable(self) -> None:
        self.add.setEnabled(bool(self.name.text().strip() and self.initials.text().strip()))
