"""Asks for the label that settles a disputed patch, and for the reason."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.ui.colours import colours_of
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.shapes import label_icon
from glomviewer.ui.widgets.ticks import DotButton


class AdjudicateDialog(ReasonDialog):
    """`label` holds the code after accept."""

    _group: QButtonGroup | None = None
    """None until the choices are there; the base class asks before."""

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(
            title="What is it?",
            sentence="Your word becomes the reference label of this patch, whatever its readers "
            "have said. What they said stays in the log.",
            verb="Settle it",
            parent=parent,
        )
        group = self._group = QButtonGroup(self)
        self.choices: dict[int, DotButton] = {}
        for place, label in enumerate(labels.labels):
            choice = DotButton(label.name[:1].upper() + label.name[1:])
            choice.setIcon(label_icon(label, colours_of(self)))
            group.addButton(choice, label.code)
            self.choices[label.code] = choice
            self.body.insertWidget(place, choice)
        group.idToggled.connect(self._enable)
        next(iter(self.choices.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable()

    @property
    def label(self) -> int:
        return -1 if self._group is None else self._group.checkedId()

    def _enable(self) -> None:
        self.verb.setEnabled(self.label >= 0 and bool(self.reason))
