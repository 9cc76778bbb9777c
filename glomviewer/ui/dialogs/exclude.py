"""Asks why patches, or a whole case, should be left out of everything."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QWidget

from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.widgets.ticks import DotButton

SUGGESTIONS = ("Consent withdrawn", "Wrong stain", "Wrong organ", "Artefact")


class ExcludeDialog(ReasonDialog):
    """`whole_case` says, after accept, which of the two was meant."""

    def __init__(self, patches: int, case: str, parent: QWidget | None = None) -> None:
        what = "this patch" if patches == 1 else f"these {patches:,} patches"
        super().__init__(
            title=f"Exclude {what}?",
            sentence="What is excluded stays in the library and in the log, and leaves every "
            "queue, figure and training. Undo brings it back.",
            verb="Exclude",
            suggestions=SUGGESTIONS,
            parent=parent,
        )
        self.only_patches = DotButton(f"Only {what}")
        self.all_of_case = DotButton(f"Every patch of case {case}")
        self._group = QButtonGroup(self)
        self._group.addButton(self.only_patches)
        self._group.addButton(self.all_of_case)
        self.only_patches.setChecked(True)
        if case:
            self.body.insertWidget(0, self.all_of_case)
            self.body.insertWidget(0, self.only_patches)

    @property
    def whole_case(self) -> bool:
        return self.all_of_case.isChecked()
