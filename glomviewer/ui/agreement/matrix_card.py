"""The calls of any two of readers, reference label and model, beside each other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.domain.agreement.confusion import Confusion
from glomviewer.domain.agreement.parties import Party, Side, confusion_of, parties_of
from glomviewer.domain.labels import LabelSet
from glomviewer.jobs.agreement_words import counted, model_sentence
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.ui.agreement.calls_grid import CallsGrid
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Secondary

ROOM_FOR_NAME = 150


class MatrixCard(Card):
    """`opened` carries patches, their title, and whether the model's calls are told by them."""

    opened = Signal(object, str, bool)

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__("Call by call", parent)
        self._labels = labels
        self._measured: Measured | None = None
        self._parties: tuple[Party, ...] = ()
        self.sides = (Chooser("Rows: calls of"), Chooser("Columns: calls of"))
        self.swap = QPushButton("Swap")
        self.swap.clicked.connect(self.swap_sides)
        self.grid, self.note = CallsGrid(), Secondary()
        for side in self.sides:
            side.setMinimumWidth(ROOM_FOR_NAME // 2)
        self.body.addLayout(row(self.sides[0], Secondary("by"), self.sides[1], 1, self.swap))
        self.body.addWidget(self.grid)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        for place, side in enumerate(self.sides):
            side.activated.connect(lambda _, place=place: self._on_chosen(place))
        self.grid.cell_opened.connect(self._open)
        self.confusion: Confusion | None = None

    def show_agreement(self, measured: Measured) -> bool:
        """Whether there are two to show; those that were chosen stay."""
        self._measured = measured
        kept = [side.currentText() for side in self.sides]
        self._parties = parties_of(measured.counted)
        names = [party.name for party in self._parties]
        if len(names) < 2:
            return False
        for place, side in enumerate(self.sides):
            if [side.itemText(at) for at in range(side.count())] != names:
                side.clear()
                side.addItems(names)
                side.updateGeometry()
            side.setCurrentIndex(names.index(kept[place]) if kept[place] in names else place)
        if self.sides[0].currentIndex() == self.sides[1].currentIndex():
            other = 1 if self.sides[0].currentIndex() == 0 else 0
            self.sides[1].setCurrentIndex(other)
        self._count()
        return True

    @property
    def chosen(self) -> tuple[Party, Party]:
        first, second = (self._parties[side.currentIndex()] for side in self.sides)
        return first, second

    def choose(self, first: str, second: str) -> None:
        """Put these two beside each other, by their names."""
        for side, name in zip(self.sides, (first, second), strict=True):
            side.setCurrentIndex(side.findText(name))
        self._count()

    def swap_sides(self) -> None:
        if len(self._parties) > 1:
            first, second = (side.currentText() for side in self.sides)
            self.choose(second, first)

    def focus_side(self, place: int) -> None:
        self.sides[place].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_chosen(self, place: int) -> None:
        """One that is chosen twice changes places instead."""
        chosen, other = self.sides[place], self.sides[1 - place]
        if chosen.currentIndex() == other.currentIndex() and self.confusion is not None:
            before = self.confusion.raters[place]
            other.setCurrentIndex(other.findText(before))
        self._count()

    def _count(self) -> None:
        if self._measured is None:
            return
        first, second = self.chosen
        self.confusion = confusion_of(self._measured.counted, first, second)
        self.grid.show_confusion(self.confusion, self._labels)
        same = int(self.confusion.counts.trace())
        total = counted(self.confusion.total, "patch", "patches")
        text = f"The same on {same:,} of {total} that both called."
        if self._tells_model:
            text += f" {model_sentence(self._measured)}"
        self.note.say(text)

    @property
    def _tells_model(self) -> bool:
        return Side.MODEL in (side.side for side in self.chosen)

    def _open(self, first: int, second: int) -> None:
        if self.confusion is None:
            return
        one, other = self.confusion.raters
        title = f"{one}: {self._labels.name_of(first)}, {other}: {self._labels.name_of(second)}"
        patches = tuple(self.confusion.patches(first, second).tolist())
        self.opened.emit(patches, title, self._tells_model)
