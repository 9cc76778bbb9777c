"""How two models call the locked patches: their confusion matrices, and what changes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.models.verdict import Verdict
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.confusion import ConfusionMatrix
from glomviewer.ui.widgets.strip import ThumbnailStrip
from glomviewer.ui.widgets.texts import Secondary, Section

REMARK = (
    "A cell opens its patches. These are locked patches: labels that you give once you have seen "
    "the calls on them will not count in the gate."
)


class CallsCard(Card):
    """Cells and thumbnails open their patches."""

    cell_opened = Signal(bool, int, int)
    """Whether it is the new model's matrix, then reference label and call of the cell."""
    patch_opened = Signal(str, int)
    """Which strip, mended or broken, and the patch."""
    strip_opened = Signal(str)
    calls_told = Signal(object)
    """Patches whose calls are seen by the name of the strip that they stand in."""

    def __init__(self, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__("Calls on the locked set", parent)
        self.old_matrix, self.new_matrix = ConfusionMatrix(), ConfusionMatrix()
        self.broken = ThumbnailStrip("Broken by the new model", images)
        self.mended = ThumbnailStrip("Mended by the new model", images)
        self._broken_title, self._mended_title = Section(), Section()
        matrices = QHBoxLayout()
        matrices.setSpacing(32)
        matrices.addWidget(self.old_matrix, 1)
        matrices.addWidget(self.new_matrix, 1)
        self.body.addLayout(matrices)
        self.body.addWidget(Secondary(REMARK))
        for widget in (self._broken_title, self.broken, self._mended_title, self.mended):
            self.body.addWidget(widget)
        self._connect()

    def show_verdict(self, verdict: Verdict, new: str) -> None:
        for matrix, shown in ((self.old_matrix, verdict.old), (self.new_matrix, verdict.new)):
            matrix.setVisible(shown is not None)
            if shown is not None:
                matrix.show_matrix(shown)
        _show_strip(self.broken, self._broken_title, f"Broken by {new}", verdict.broken)
        _show_strip(self.mended, self._mended_title, f"Mended by {new}", verdict.mended)

    def _connect(self) -> None:
        self.old_matrix.cell_opened.connect(lambda t, c: self.cell_opened.emit(False, t, c))
        self.new_matrix.cell_opened.connect(lambda t, c: self.cell_opened.emit(True, t, c))
        for kind, strip in (("broken", self.broken), ("mended", self.mended)):
            strip.opened.connect(lambda patch, kind=kind: self.patch_opened.emit(kind, patch))
            strip.all_opened.connect(lambda kind=kind: self.strip_opened.emit(kind))
            strip.painted.connect(self.calls_told)


def _show_strip(strip: ThumbnailStrip, title: Section, text: str, patches: tuple[int, ...]) -> None:
    title.setText(text.upper())
    title.setVisible(bool(patches))
    strip.setVisible(bool(patches))
    strip.show_patches(patches)
