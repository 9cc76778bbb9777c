"""Which patches a new reading is about, and which sample of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget

from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.patch_table import IntArray
from glomviewer.domain.readings.sample import SampleKind
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.numbers import counted
from glomviewer.ui.widgets.texts import Secondary

KINDS = {
    SampleKind.ALL: "all of them",
    SampleKind.RANDOM: "some, at random",
    SampleKind.STRATIFIED: "some, each label by its share",
    SampleKind.CASES: "whole cases, at random",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where patches come from: a query, or the disputes of a reading."""

    title: str
    query: PatchQuery | None = None
    disputes_of: int | None = None


class PatchesChoice(QWidget):
    """`patches` are those of the source, `changed` follows whenever the answer is another."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.patches: list[int] = []
        self.cases = 0
        self.is_counting = True
        self.source, self.kind = Chooser("Which patches"), Chooser("Of these")
        self.amount, self.seed = (
            _spin("Size of the sample", 1, 1_000_000),
            _spin("Seed", 1, 999_999),
        )
        self.amount.setValue(100)
        self.counted = Secondary("Counting…")
        self._sources: list[Source] = []
        for kind, text in KINDS.items():
            self.kind.addItem(text, kind)
        self._fields = Fields(name_width=96)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._fields.add("Which patches", self.source, stretch=True)
        self._fields.add_line(self.counted)
        self._fields.add("Of these", self.kind, stretch=True)
        holder = QWidget()
        self.seed_name = Secondary("Seed")
        self.seed_name.setWordWrap(False)
        holder.setLayout(row(self.amount, self.seed_name, self.seed, 1))
        self.size_name = self._fields.add("How many", holder, stretch=True)
        self._holder = holder
        self.setLayout(self._fields)
        self.source.currentIndexChanged.connect(self._ask)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.amount.valueChanged.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)
        self._on_kind()

    @property
    def sample_kind(self) -> SampleKind:
        return SampleKind(self.kind.currentData())

    def offer(self, sources: Sequence[Source]) -> None:
        """The first is chosen."""
        self._sources = list(sources)
        self.source.blockSignals(True)
        self.source.clear()
        for source in sources:
            self.source.addItem(source.title)
        self.source.blockSignals(False)
        self._ask()

    def _ask(self) -> None:
        source = self._sources[self.source.currentIndex()]
        self.is_counting = True
        self.counted.setText("Counting…")
        if source.query is not None:
            self._session.select(source.query, self._on_selected, lane="patches of a reading")
            return
        reading = source.disputes_of
        self._session.ask(
            lambda library: np.asarray(library.disputes(reading=reading), dtype=np.int64),
            self._on_selected,
            lane="patches of a reading",
        )

    def _on_selected(self, patches: IntArray) -> None:
        table = self._session.table
        self.patches = patches.tolist()
        rows = table.rows_of(tuple(self.patches))
        case, slide = (table[name][rows].astype(np.int64) for name in ("case", "slide"))
        # Where nobody knows the case, the slide stands for it.
        known = np.where(case >= 0, case, np.where(slide >= 0, -2 - slide, -1))
        self.cases = len(np.unique(known))
        self.is_counting = False
        text = counted(len(self.patches), "patch", "patches")
        self.counted.setText(f"{text} of {counted(self.cases, 'case')}")
        self.changed.emit()

    def _on_kind(self) -> None:
        sampled = self.sample_kind is not SampleKind.ALL
        self._holder.setEnabled(sampled)
        self.size_name.setEnabled(sampled)
        self.changed.emit()


def _spin(name: str, least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setFixedSize(96, 30)
    spin.setAccessibleName(name)
    return spin
