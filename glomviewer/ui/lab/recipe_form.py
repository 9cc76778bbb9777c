"""The form of a recipe's fields, made from their one definition, in folded sections."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.ui.lab.draft import Draft
from glomviewer.ui.lab.field_row import FieldRow
from glomviewer.ui.lab.fold import Fold
from glomviewer.ui.widgets.texts import Warn
from training.recipe_fields import FieldSpec


class RecipeForm(QWidget):
    """`changed` carries the new Draft; `obstacle` says why it can't be trained as it stands."""

    changed = Signal(object)
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self.folds: dict[str, Fold] = {}
        self._sections: dict[str, list[FieldSpec]] = {}
        self._draft: Draft | None = None
        self.trouble = Warn()
        self.trouble.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.trouble)

    def show_draft(self, draft: Draft) -> None:
        """Show another recipe, or the same one with other values."""
        before, self._draft = self._draft, draft
        if before is None or before.origin.recipe.method != draft.origin.recipe.method:
            self._rebuild(draft)
        self._show_values()

    @property
    def obstacle(self) -> str:
        refused = next((row.refusal for row in self.rows.values() if row.is_refused), "")
        if refused:
            return refused
        return self.trouble.text() if not self.trouble.isHidden() else ""

    def unfold(self, section: str) -> None:
        self.folds[section].head.setChecked(True)

    def fold_all(self) -> None:
        """Unfold every section, or fold them all where one is open."""
        unfold = not any(fold.head.isChecked() for fold in self.folds.values())
        for fold in self.folds.values():
            fold.head.setChecked(unfold)

    def _rebuild(self, draft: Draft) -> None:
        open_before = {name for name, fold in self.folds.items() if fold.head.isChecked()}
        for fold in self.folds.values():
            self._layout.removeWidget(fold)
            fold.hide()
            fold.deleteLater()
        self.rows, self.folds = {}, {}
        self._sections = {
            section: list(specs) for section, specs in groupby(draft.fields(), lambda s: s.section)
        }
        for section in self._sections:
            fold = Fold(section, lambda section=section: self._fields_of(section))
            self.folds[section] = fold
            self._layout.insertWidget(self._layout.count() - 1, fold)
            fold.head.setChecked(section in open_before)

    def _fields_of(self, section: str) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        for spec in self._sections[section]:
            row = FieldRow(spec)
            row.chosen.connect(self._on_chosen)
            row.reset_asked.connect(self._on_reset)
            row.refused.connect(self.refused)
            self.rows[spec.name] = row
            column.addWidget(row)
            self._show_value(spec)
        return inside

    def _on_chosen(self, name: str, value: Any) -> None:
        if self._draft is not None:
            self._take(self._draft.with_(name, value))

    def _on_reset(self, name: str) -> None:
        if self._draft is None:
            return
        row = self.rows[name]
        # The button is about to go: the keys stay with the field.
        row.focus_editor()
        self._take(self._draft.without(name))

    def _take(self, draft: Draft) -> None:
        self._draft = draft
        self._show_values()
        self.changed.emit(draft)

    def _show_values(self) -> None:
        draft = self._draft
        if draft is None:
            return
        for section, specs in self._sections.items():
            changed = sum(draft.is_changed(spec.name) for spec in specs)
            self.folds[section].head.set_remark(f"{changed} changed" if changed else "")
            for spec in specs:
                self._show_value(spec)
        self.trouble.say(draft.refusal())

    def _show_value(self, spec: FieldSpec) -> None:
        draft, row = self._draft, self.rows.get(spec.name)
        if draft is None or row is None:
            return
        row.setVisible(draft.matters(spec))
        row.show_value(
            draft.value(spec.name),
            changed=draft.is_changed(spec.name),
            base=getattr(draft.origin.recipe, spec.name),
        )
