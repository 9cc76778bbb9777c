"""The right side of the page: what everybody said, where it stands, and the model on demand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from glomviewer.domain.disputes.records import Dispute
from glomviewer.domain.disputes.wording import (
    adjudicated_sentence,
    difference_text,
    referred_sentence,
)
from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.ui.disputes.calls_table import CallsTable
from glomviewer.ui.disputes.model_line import ModelLine
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.texts import Body, Headline, Secondary


class CallsPanel(QWidget):
    why_asked = Signal()

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("What readers say")
        self.setMinimumWidth(360)
        self._labels = labels
        self.headline, self.place = Headline(), Secondary()
        self.table = CallsTable(labels)
        self.standing, self.imported = Body(), Secondary()
        self.model = ModelLine(labels)
        self.why = KeyButton("Why does this count as true?", small=True)
        self.why.clicked.connect(self.why_asked)
        self._arrange()
        self.show_dispute(None)

    def show_dispute(self, dispute: Dispute | None) -> None:
        self._inside.setVisible(dispute is not None)
        if dispute is None:
            return
        number = len(dispute.calls)
        differing = number - max(dispute.counts.values(), default=0)
        self.headline.setText(difference_text(number, differing))
        place = ", ".join(part for part in (dispute.case, dispute.slide) if part)
        self.place.say(f"Patch {dispute.patch:,}{f' · {place}' if place else ''}")
        self.place.setToolTip(dispute.name)
        self.table.show_calls(dispute.calls, dispute.remarks)
        said: list[str] = []
        if dispute.adjudication is not None:
            said.append(adjudicated_sentence(dispute.adjudication, self._labels))
        if dispute.referral is not None:
            said.append(referred_sentence(dispute.referral))
        self.standing.say("\n".join(said))
        imported = dispute.imported_label
        name = self._labels.name_of(imported)
        self.imported.say(f"Imported as {name}." if imported != NO_LABEL else "")

    def _arrange(self) -> None:
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.headline)
        head.addWidget(self.place)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self.standing)
        column.addWidget(self.imported)
        column.addWidget(self.model)
        column.addLayout(row(self.why, 1))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
