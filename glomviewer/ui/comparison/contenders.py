"""Which two models are compared, and on which patches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget

from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.records import ModelRecord
from glomviewer.ui.comparison.palette import styles_of
from glomviewer.ui.comparison.wording import SET_NAMES, model_line
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Secondary

SWATCH_WIDTH, SWATCH_HEIGHT = 26, 12
ROOM_FOR_PATCHES = 204
"""Names of models are cut sooner than what they are compared on."""


class Swatch(QWidget):
    """How a model's curves are drawn."""

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setFixedSize(SWATCH_WIDTH, SWATCH_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style = styles_of(self)[self._place]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour, 2, style.line))
        middle = SWATCH_HEIGHT // 2
        painter.drawLine(0, middle, SWATCH_WIDTH, middle)
        painter.setPen(QPen(style.text, 2))
        painter.setBrush(self.palette().window())
        mark = QRectF(SWATCH_WIDTH / 2 - 4, middle - 4, 8, 8)
        if style.mark == "s":
            painter.drawRect(mark)
        else:
            painter.drawEllipse(mark)


class ContendersBar(QWidget):
    """`chosen` follows every choice; a model that is chosen twice changes places instead."""

    chosen = Signal()
    menu_asked = Signal(int)
    """The menu of the first (0) or the second (1) model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What is compared")
        self.models = (Chooser("First model"), Chooser("Second model"))
        self.menus = tuple(self._menu_button(place) for place in (0, 1))
        self.swap = QPushButton("Swap")
        self.swap.clicked.connect(self.swap_models)
        self.patches = Chooser("Patches to compare on")
        self.patches.setMinimumWidth(ROOM_FOR_PATCHES)
        for among in PatchSet:
            self.patches.addItem(SET_NAMES[among], among)
        self.basis, self.cautions, self.notes = Secondary(), Secondary(), Secondary()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(4)
        layout.addLayout(
            row(
                Swatch(0),
                self.models[0],
                self.menus[0],
                Secondary("beside"),
                Swatch(1),
                self.models[1],
                self.menus[1],
                Secondary("on"),
                self.patches,
                1,
                self.swap,
            )
        )
        layout.addWidget(self.basis)
        layout.addWidget(self.cautions)
        layout.addWidget(self.notes)
        self._ids = ("", "")
        self.say("")
        self.say_notes(())
        for place in (0, 1):
            self.models[place].activated.connect(lambda _, place=place: self._on_chosen(place))
        self.patches.activated.connect(lambda _: self.chosen.emit())

    @property
    def ids(self) -> tuple[str, str]:
        return self._ids

    @property
    def among(self) -> PatchSet:
        return PatchSet(self.patches.currentData())

    def show_models(
        self, models: Sequence[ModelRecord], ids: tuple[str, str], candidate: str
    ) -> None:
        self._ids = ids
        for chooser, wanted in zip(self.models, ids, strict=True):
            chooser.clear()
            for record in models:
                chooser.addItem(model_line(record, candidate), record.id)
            chooser.choose(wanted)
            chooser.updateGeometry()

    def say_notes(self, records: Sequence[ModelRecord]) -> None:
        """What readers have written about the two models."""
        told = [f"{one.title}: “{' '.join(one.note.split())}”" for one in records if one.note]
        self.notes.say(" ".join(told))

    def say(self, basis: str, cautions: str = "") -> None:
        self.basis.say(basis)
        self.cautions.say(cautions)

    def swap_models(self) -> None:
        self._take((self._ids[1], self._ids[0]))

    def choose_set(self, among: PatchSet) -> None:
        self.patches.choose(among)
        self.chosen.emit()

    def _on_chosen(self, place: int) -> None:
        wanted = str(self.models[place].currentData())
        other = self._ids[1 - place]
        if wanted == other:
            other = self._ids[place]
        self._take((wanted, other) if place == 0 else (other, wanted))

    def _take(self, ids: tuple[str, str]) -> None:
        if ids == self._ids:
            return
        self._ids = ids
        for chooser, wanted in zip(self.models, ids, strict=True):
            chooser.choose(wanted)
        self.chosen.emit()

    def _menu_button(self, place: int) -> QToolButton:
        button = QToolButton()
        button.setText("…")
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name = ("first", "second")[place]
        button.setAccessibleName(f"Name, export or remove the {name} model")
        button.setToolTip(f"Name, export or remove the {name} model")
        button.clicked.connect(lambda: self.menu_asked.emit(place))
        return button
