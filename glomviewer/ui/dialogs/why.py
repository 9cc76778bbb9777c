"""Tells why a patch counts as what it counts as."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from glomviewer.domain.disputes.explaining import Explanation
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.lines import horizontal_line
from glomviewer.ui.widgets.texts import Body, Secondary, Section


class WhyDialog(FormDialog):
    def __init__(self, explanation: Explanation, parent: QWidget | None = None) -> None:
        super().__init__(
            title="Why does this count as true?",
            sentence=explanation.headline,
            verb="Close",
            width=560,
            cancel=False,
            parent=parent,
        )
        if explanation.said:
            self.add(Section("Who said what"))
        for sentence in explanation.said:
            self.add(Body(sentence))
        self.add(Section("In the gate"))
        self.add(Body(explanation.gate))
        self.add(horizontal_line())
        self.add(Secondary(explanation.order))
