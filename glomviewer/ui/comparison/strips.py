"""A row of patches under its name, with a button that opens all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from glomviewer.jobs.images import ImageLoader
from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.numbers import counted
from glomviewer.ui.widgets.strip import ThumbnailStrip
from glomviewer.ui.widgets.texts import Secondary


class NamedStrip(QWidget):
    """Thumbnails and button open the same patches, in the same order."""

    opened = Signal(object, str)

    def __init__(self, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._patches: tuple[int, ...] = ()
        self.title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.open = QPushButton()
        self.open.setProperty("role", "small")
        self.strip = ThumbnailStrip("", images)
        self.none = Secondary("None.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        top = row(self.open)
        top.insertWidget(0, self.title, 1)
        layout.addLayout(top)
        layout.addWidget(self.strip)
        layout.addWidget(self.none)
        self.open.clicked.connect(self.open_all)
        self.strip.opened.connect(lambda _: self.open_all())
        self.strip.all_opened.connect(self.open_all)

    @property
    def patches(self) -> tuple[int, ...]:
        return self._patches

    def show_patches(self, title: str, patches: Sequence[int]) -> None:
        self._patches = tuple(patches)
        self.title.setText(title)
        self.strip.setAccessibleName(title)
        self.strip.show_patches(self._patches)
        self.open.setText(f"Open {counted(len(self._patches), 'patch', 'patches')}")
        self.open.setAccessibleName(f"{title}: open them")
        for widget in (self.open, self.strip):
            widget.setVisible(bool(self._patches))
        self.none.setVisible(not self._patches)

    def open_all(self) -> None:
        if self._patches:
            self.opened.emit(self._patches, self.title.text())


class StripsCard(Card):
    """Two named strips, one above the other; their names tell the calls of what they show."""

    opened = Signal(object, str)
    calls_told = Signal(object)

    def __init__(
        self, title: str, remark: str, images: ImageLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.first, self.second = NamedStrip(images), NamedStrip(images)
        self.body.addWidget(Secondary(remark))
        for strip in (self.first, self.second):
            self.body.addWidget(strip)
            strip.opened.connect(self.opened)
            strip.strip.painted.connect(self.calls_told)
        self.body.addStretch(1)
