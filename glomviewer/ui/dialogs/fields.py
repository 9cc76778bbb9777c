"""Named lines to fill in, as every dialog lays them out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from glomviewer.ui.widgets.texts import Secondary


class Fields(QGridLayout):
    """Quiet names on the left, fields on the right."""

    def __init__(self, *, name_width: int = 0) -> None:
        super().__init__()
        self.setColumnMinimumWidth(0, name_width)
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(8)
        self.setColumnStretch(1, 1)

    def add(self, name: str, field: QWidget, *, stretch: bool = False) -> Secondary:
        """A field with its name, which is returned; `stretch` makes it as wide as there is room."""
        label = Secondary(name)
        label.setWordWrap(False)
        label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(name)
        place = self.rowCount()
        self.addWidget(label, place, 0)
        if stretch:
            self.addWidget(field, place, 1)
        else:
            self.addWidget(field, place, 1, Qt.AlignmentFlag.AlignLeft)
        return label

    def add_line(self, widget: QWidget) -> None:
        """Something that needs no name, under the fields."""
        self.addWidget(widget, self.rowCount(), 1)

    def add_whole(self, widget: QWidget) -> None:
        """Something that takes the whole width."""
        self.addWidget(widget, self.rowCount(), 0, 1, 2)


def line(placeholder: str = "", width: int = 0) -> QLineEdit:
    """A line to write in; `width` in pixels, 0 for as wide as there is room."""
    edit = QLineEdit()
    edit.setPlaceholderText(placeholder)
    if width:
        edit.setFixedWidth(width)
    return edit
