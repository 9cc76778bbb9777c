"""One field of a recipe: its name, its value, what it means, and why a value is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from glomviewer.ui.lab.field_text import range_text, text_of, title_of, value_of
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Secondary, Text, Warn
from glomviewer.ui.widgets.ticks import TickBox
from training.recipe_fields import FieldSpec

EDITOR_WIDTH = 160
RESET_WIDTH = 64


class FieldRow(QWidget):
    """`chosen` carries the field's name and its new value; `refused` changes with `trouble`."""

    chosen = Signal(str, object)
    reset_asked = Signal(str)
    refused = Signal()

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        title = title_of(spec)
        self.title, self.help = Text(title), Secondary(_help_of(spec))
        self.trouble: Warn | None = None
        self.reset: QPushButton | None = None
        self.editor, self._show = self._editor_of(spec, title)
        self.editor.setAccessibleDescription(_help_of(spec))
        self._lay_out()

    @property
    def is_refused(self) -> bool:
        return self.trouble is not None and not self.trouble.isHidden()

    def show_value(self, value: Any, *, changed: bool, base: Any) -> None:
        """Show what is in force; `base` is the recipe's own value."""
        self._show(value)
        if changed and self.reset is None:
            self.reset = self._made_reset()
        if self.reset is not None:
            self.reset.setVisible(changed)
            self.reset.setToolTip(f"Back to {text_of(self.spec, base) or 'nothing'}")
        # A mark in the text, since colour alone says nothing to many.
        self.title.setText(f"{title_of(self.spec)} •" if changed else title_of(self.spec))
        self._complain("")

    @property
    def refusal(self) -> str:
        """The sentence under the field, with the field's name; "" where nothing is wrong."""
        if self.trouble is None or self.trouble.isHidden():
            return ""
        return f"{title_of(self.spec)}: {self.trouble.text()}"

    def focus_editor(self) -> None:
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _editor_of(self, spec: FieldSpec, title: str) -> tuple[QWidget, Callable[[Any], None]]:
        if spec.kind == "bool":
            return self._tick(title)
        if spec.kind == "choice":
            return self._chooser(spec, title)
        return self._line(spec, title)

    def _tick(self, title: str) -> tuple[QWidget, Callable[[Any], None]]:
        tick = TickBox("")
        tick.setAccessibleName(title)
        tick.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        tick.clicked.connect(lambda checked: self.chosen.emit(self.spec.name, checked))
        return tick, lambda value: tick.setChecked(bool(value))

    def _chooser(self, spec: FieldSpec, title: str) -> tuple[QWidget, Callable[[Any], None]]:
        chooser = Chooser(title)
        for choice in spec.choices:
            chooser.addItem(str(choice), choice)
        chooser.activated.connect(lambda _: self.chosen.emit(self.spec.name, chooser.currentData()))
        chooser.setFixedWidth(EDITOR_WIDTH)
        return chooser, chooser.choose

    def _line(self, spec: FieldSpec, title: str) -> tuple[QWidget, Callable[[Any], None]]:
        line = QLineEdit()
        line.setAccessibleName(title)
        line.setPlaceholderText("none" if spec.kind == "table" else "")
        line.setFixedWidth(EDITOR_WIDTH)
        if spec.kind in ("int", "float"):
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.textEdited.connect(self._on_edited)

        def show(value: Any) -> None:
            # While a reader writes, "0.10" must not become "0.1" under the cursor.
            if not line.hasFocus() or _read(spec, line.text()) != value:
                line.setText(text_of(spec, value))
                line.setCursorPosition(0)

        line.editingFinished.connect(line.deselect)
        return line, show

    def _on_edited(self, text: str) -> None:
        try:
            value = value_of(self.spec, text)
        except ValueError as error:
            self._complain(str(error))
            return
        self._complain("")
        self.chosen.emit(self.spec.name, value)

    def _complain(self, sentence: str) -> None:
        before = self.is_refused
        if sentence and self.trouble is None:
            self.trouble = Warn()
            self.trouble.setAccessibleName(f"What is wrong with {title_of(self.spec)}")
            self._grid.addWidget(self.trouble, 2, 0, 1, 3)
        if self.trouble is not None:
            self.trouble.say(sentence)
        self.editor.setAccessibleDescription(sentence or _help_of(self.spec))
        if before != bool(sentence):
            self.refused.emit()

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(20, 8, 0, 8)
        # No spacing: it would come and go with the reset button, and move the fields.
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self.title, 0, 0)
        if self.spec.unit:
            unit = Secondary(self.spec.unit)
            unit.setWordWrap(False)
            unit.setContentsMargins(0, 0, 8, 0)
            grid.addWidget(unit, 0, 1)
        if isinstance(self.editor, TickBox):
            side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            self.editor.setFixedWidth(EDITOR_WIDTH)
        grid.addWidget(self.editor, 0, 2, side)
        # Its room is kept: nothing moves when a field is changed.
        grid.setColumnMinimumWidth(3, RESET_WIDTH + 8)
        grid.addWidget(self.help, 1, 0, 1, 3)

    def _made_reset(self) -> QPushButton:
        reset = QPushButton("Reset")
        reset.setProperty("role", "small")
        reset.setAccessibleName(f"Reset {title_of(self.spec)}")
        reset.clicked.connect(lambda: self.reset_asked.emit(self.spec.name))
        reset.setFixedWidth(RESET_WIDTH)
        self._grid.addWidget(reset, 0, 3, Qt.AlignmentFlag.AlignRight)
        return reset


def _help_of(spec: FieldSpec) -> str:
    allowed = range_text(spec)
    return f"{spec.help} {allowed[:1].upper() + allowed[1:]}." if allowed else spec.help


def _read(spec: FieldSpec, text: str) -> Any:
    try:
        return value_of(spec, text)
    except ValueError:
        return None
