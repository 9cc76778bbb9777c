"""The labels of the library's own set, as buttons that say their keys, and their details."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.shape_button import ShapeButton


class LabelButtons(QWidget):
    """Two in a row, or all in one; a press means a decision."""

    pressed = Signal(int)

    def __init__(
        self, labels: LabelSet, *, in_one_row: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.buttons: dict[int, ShapeButton] = {}
        layout = QHBoxLayout(self) if in_one_row else QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for number, label in enumerate(labels.labels):
            button = ShapeButton(
                label.name,
                label.shape,
                (label.colour, label.colour_on_dark),
                list(label.keys),
                stacked=not in_one_row,
            )
            button.clicked.connect(lambda _checked=False, code=label.code: self.pressed.emit(code))
            self.buttons[label.code] = button
            if isinstance(layout, QGridLayout):
                layout.setColumnStretch(number % 2, 1)
                layout.addWidget(button, number // 2, number % 2)
            else:
                layout.addWidget(button)

    def set_keys(self, code: int, keys: list[str]) -> None:
        self.buttons[code].set_keys(keys)

    def set_chosen(self, code: int | None) -> None:
        """Show the label in force; None for none."""
        for other, button in self.buttons.items():
            button.set_chosen(other == code)

    def set_usable(self, usable: bool) -> None:
        for button in self.buttons.values():
            button.setEnabled(usable)


class DetailChips(QWidget):
    """What can be said beside a label: segmental sclerosis; cut off, out of focus."""

    chosen = Signal(int, str)
    """The label and its detail, "" where it was taken away."""

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self._shown: tuple[int | None, str] = (None, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._flow = FlowLayout(gap=4)
        column.addLayout(self._flow)
        self.hide()

    def show_for(self, code: int | None, detail: str) -> None:
        """Offer the details of a label, with the given one on."""
        if (code, detail) == self._shown:
            return
        self._shown = (code, detail)
        self._flow.clear()
        details = () if code is None else self._labels[code].details
        for name in details:
            chip = QToolButton()
            chip.setProperty("role", "chip")
            chip.setText(f"✓ {name}" if name == detail else name)
            chip.setAccessibleName(f"Detail: {name}")
            chip.setToolTip(f"Say “{name}” with this label")
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            said = "" if name == detail else name
            chip.clicked.connect(
                lambda _checked=False, label=code, text=said: self.chosen.emit(label, text)
            )
            self._flow.addWidget(chip)
        self.setVisible(bool(details))
