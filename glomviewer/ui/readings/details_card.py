"""One reading: its protocol, who is how far, who has signed, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.readings.records import LaterChange, ReadingSummary, SignOff
from glomviewer.domain.records import Reader
from glomviewer.ui.readings import overview_wording as wording
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.facts import Facts
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.progress_line import ProgressLine
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Headline, Secondary, Section

FACTS = [
    "Patches",
    "Order",
    "Hidden repeats",
    "The model's call",
    "Readings a patch",
    "Made",
    "Closed",
]
BLINDED = "The others' progress is not shown while you read independently."


class DetailsCard(Card):
    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("The chosen reading")
        self._labels = labels
        self.name, self.sentence, self.obstacle = Headline(), Secondary(), Secondary()
        self.read = KeyButton("Begin reading", primary=True)
        self.line = ProgressLine()
        self.finish, self.sign = QPushButton("Finish…"), QPushButton("Sign off…")
        self.close_, self.export = QPushButton("Close…"), QPushButton("Export reading pack…")
        self.return_ = QPushButton("Return…")
        self.close_tip = ""
        self.facts = Facts(FACTS)
        self.readers = RowsTable("Readers", ("Reader", "Read", "Finished"), most=6)
        self.blinded = Secondary(BLINDED)
        self.signed_title, self.signed = Section("Signed off"), Secondary()
        self.later_title, self.later = Section("Changed since then"), Secondary()
        self._arrange()

    def suit(self, *, from_pack: bool) -> None:
        """A pack's library returns what was decided; any other sends packs and closes readings."""
        self.return_.setVisible(from_pack)
        for button in (self.export, self.close_):
            button.setVisible(not from_pack)

    def show_reading(
        self,
        reading: ReadingSummary,
        viewer: Reader | None,
        *,
        read_only: bool,
        signoffs: Sequence[SignOff],
        later: Sequence[LaterChange],
    ) -> None:
        own = None if viewer is None else reading.progress_of(viewer.id)
        self.name.setText(reading.name)
        self.sentence.setText(reading.protocol.sentence())
        obstacle = wording.obstacle(reading, viewer, read_only=read_only)
        self.obstacle.say(obstacle)
        self.read.set_text(wording.read_verb(own))
        self.read.setEnabled(not obstacle)
        self.line.setVisible(own is not None)
        self.line.set_share(own.done / own.items if own is not None and own.items else 0.0)
        writable = not read_only
        reads = own is not None and own.finished is None and not reading.is_closed
        self.finish.setEnabled(writable and reads)
        self.sign.setEnabled(writable and viewer is not None)
        blinded = wording.is_blinded(reading, viewer)
        self.close_.setEnabled(writable and not reading.is_closed and not blinded)
        self.close_.setToolTip(wording.STILL_READS if blinded else self.close_tip)
        self.export.setEnabled(writable)
        self.return_.setEnabled(writable and own is not None)
        self._show_facts(reading)
        self.readers.show_rows(
            [
                Row(
                    (
                        one.reader.name,
                        f"{one.done:,} of {one.items:,}",
                        wording.finished(one),
                    ),
                    one.reader.id,
                )
                for one in wording.told_readers(reading, viewer)
            ]
        )
        self.blinded.setVisible(blinded and len(reading.readers) > 1)
        self._say_signed(signoffs, later)

    def _show_facts(self, reading: ReadingSummary) -> None:
        protocol = reading.protocol
        repeats = f"{protocol.repeats * 100:.2g} %" if protocol.repeats else "none"
        maker = f" by {reading.made_by.name}" if reading.made_by is not None else ""
        for name, value in zip(
            FACTS,
            (
                f"{reading.patches:,}",
                wording.ORDERS[protocol.order],
                repeats,
                wording.REVEALS[protocol.reveal],
                f"{protocol.needed}",
                f"{wording.day(reading.made_at)}{maker}",
                wording.day(reading.closed) if reading.closed is not None else "",
            ),
            strict=True,
        ):
            self.facts.set(name, value)

    def _say_signed(self, signoffs: Sequence[SignOff], later: Sequence[LaterChange]) -> None:
        self.signed.say("\n".join(wording.signed(one) for one in signoffs) or "Nobody yet.")
        self.later_title.setVisible(bool(later))
        self.later.say(wording.later(later, self._labels))

    def _arrange(self) -> None:
        for part in (self.name, self.sentence):
            self.body.addWidget(part)
        self.body.addLayout(row(self.read, 1))
        self.body.addWidget(self.obstacle)
        self.body.addWidget(self.line)
        flow = FlowLayout(gap=8)
        for button in (self.finish, self.sign, self.close_, self.export, self.return_):
            button.setAutoDefault(False)
            flow.addWidget(button)
        self.body.addLayout(flow)
        self.body.addSpacing(8)
        for part in (
            self.facts,
            self.readers,
            self.blinded,
            self.signed_title,
            self.signed,
            self.later_title,
            self.later,
        ):
            self.body.addWidget(part)
