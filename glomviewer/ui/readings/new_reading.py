"""Asks for everything that a new reading needs, and says what it would come to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QVBoxLayout, QWidget

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.protocol import MOST_REPEATS, Order, Reveal
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.fields import Fields, line
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.readings.draft import Draft
from glomviewer.ui.readings.patches_choice import PatchesChoice, Source
from glomviewer.ui.readings.readers_ticks import ReadersTicks
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Body, Section

KINDS = ((True, "independent"), (False, "open"))
ORDERS = (
    (Order.SHUFFLED, "shuffled for each reader"),
    (Order.FIXED, "the same for all"),
    (Order.BY_CASE, "by case"),
)
REVEALS = (
    (Reveal.AFTER, "after one's own label"),
    (Reveal.NEVER, "never"),
    (Reveal.AT_ONCE, "at once"),
)
NAME_WIDTH = 96


class NewReadingDialog(FormDialog):
    """Makes the reading; `reading` is its id when it is accepted."""

    def __init__(
        self,
        session: Session,
        *,
        in_view: tuple[PatchQuery, str] | None,
        others: Sequence[ReadingSummary],
        parent: QWidget | None = None,
    ) -> None:
        """`in_view` is what another page shows now, with what it is called."""
        super().__init__(title="New reading", verb="Make the reading", width=820, parent=parent)
        self._session = session
        self._taken = tuple(one.name for one in others)
        self.reading: int | None = None
        self.name = line("Study A, first reading")
        self.patches, self.readers = PatchesChoice(session), ReadersTicks(session)
        self.kind, self.order = _chooser("Kind", KINDS), _chooser("Order", ORDERS)
        self.reveal = _chooser("Model's call", REVEALS)
        self.percent, self.needed = QDoubleSpinBox(), QSpinBox()
        self.outcome = Body()
        self._arrange()
        self._connect()
        self.patches.offer(_sources(in_view, others))
        session.ask(lambda library: library.readers(), self._on_readers)
        self._weigh()

    @property
    def draft(self) -> Draft:
        patches = self.patches
        return Draft(
            name=self.name.text(),
            taken=self._taken,
            patches=len(patches.patches),
            cases=patches.cases,
            kind=patches.sample_kind,
            size=patches.amount.value(),
            seed=patches.seed.value(),
            independent=bool(self.kind.currentData()),
            order=Order(self.order.currentData()),
            percent=self.percent.value(),
            reveal=Reveal(self.reveal.currentData()),
            readers=self.readers.chosen,
            needed=self.needed.value(),
            has_model=self._session.active_model is not None,
        )

    def submit(self) -> None:
        draft = self.draft
        obstacle = draft.obstacle() or draft.missing()
        if obstacle or self.patches.is_counting:
            self.trouble.say(obstacle)
            return
        self.verb.setEnabled(False)
        reader = self._session.reader
        self._session.run(
            partial(
                operations.create_reading,
                name=draft.name,
                patches=self.patches.patches,
                protocol=draft.protocol,
                readers=draft.readers,
                by=None if reader is None else reader.id,
                sample=draft.sample,
                seed=draft.seed,
            ),
            done=self._on_made,
            failed=self._on_failed,
        )

    def _on_made(self, changes: Changes) -> None:
        self.reading = changes.reading
        self.accept()

    def _on_failed(self, sentence: str) -> None:
        self._weigh()
        self.trouble.say(sentence)

    def _on_readers(self, readers: list[Reader]) -> None:
        self.readers.show_readers(readers)
        if self._session.reader is not None:
            self.readers.tick([self._session.reader.id])

    def _weigh(self) -> None:
        """Say what it would come to, or what stands against it."""
        draft = self.draft
        counting = self.patches.is_counting
        obstacle = "" if counting else draft.obstacle()
        missing = draft.missing()
        self.trouble.say(obstacle)
        said = " ".join(part for part in (draft.sentence(), missing) if part)
        self.outcome.setText("" if obstacle else said)
        self.verb.setEnabled(not (obstacle or missing or counting))

    def _on_readers_changed(self) -> None:
        """As many readings a patch as there are readers, unless fewer are asked for."""
        before, now = self.needed.maximum(), max(1, len(self.readers.chosen))
        follows = self.needed.value() == before
        self.needed.setMaximum(now)
        if follows:
            self.needed.setValue(now)
        self._weigh()

    def _connect(self) -> None:
        self.name.textChanged.connect(self._weigh)
        self.patches.changed.connect(self._weigh)
        self.readers.changed.connect(self._on_readers_changed)
        self.readers.failed.connect(self.trouble.say)
        for chooser in (self.kind, self.order, self.reveal):
            chooser.currentIndexChanged.connect(self._weigh)
        self.percent.valueChanged.connect(self._weigh)
        self.needed.valueChanged.connect(self._weigh)

    def _arrange(self) -> None:
        self.percent.setRange(0, MOST_REPEATS * 100)
        self.percent.setDecimals(0)
        self.percent.setValue(5)
        self.percent.setSuffix(" %")
        self.needed.setRange(1, 1)
        for spin, name in ((self.percent, "Hidden repeats"), (self.needed, "Readings a patch")):
            spin.setFixedSize(96, 30)
            spin.setAccessibleName(name)
        name = Fields(name_width=NAME_WIDTH)
        name.add("Name", self.name, stretch=True)
        protocol = Fields(name_width=NAME_WIDTH)
        protocol.add("Kind", self.kind, stretch=True)
        protocol.add("Order", self.order, stretch=True)
        protocol.add("Model's call", self.reveal, stretch=True)
        protocol.add("Hidden repeats", self.percent)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, title, part in (
            (left, "Patches", self.patches),
            (right, "Protocol", protocol),
        ):
            column.setSpacing(8)
            column.addWidget(Section(title))
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
            column.addStretch(1)
        columns = row(spacing=32)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        self.add(name)
        self.body.addSpacing(8)
        self.add(columns)
        self.body.addSpacing(8)
        self.add(Section("Readers"))
        self.add(self.readers)
        needed = Fields(name_width=NAME_WIDTH)
        needed.add("Readings a patch", self.needed)
        self.add(needed)
        self.body.addSpacing(8)
        self.add(self.outcome)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)


def _sources(
    in_view: tuple[PatchQuery, str] | None, others: Sequence[ReadingSummary]
) -> list[Source]:
    sources = []
    if in_view is not None:
        query, title = in_view
        sources.append(Source(title, query))
    sources.append(Source("all patches", PatchQuery()))
    disputes = (Source(f"disputes of “{one.name}”", disputes_of=one.id) for one in others)
    return [*sources, *disputes]


def _chooser(name: str, entries: Sequence[tuple[object, str]]) -> Chooser:
    chooser = Chooser(name)
    for data, text in entries:
        chooser.addItem(text, data)
    return chooser
