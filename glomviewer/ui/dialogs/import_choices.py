"""What a person may choose about an import: columns, pattern, classes, size of a pixel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QVBoxLayout, QWidget

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.name_patterns import PRESETS, NamePattern, own_pattern
from glomviewer.store.import_values import (
    Columns,
    ImportOptions,
    ImportPlan,
    ImportSource,
    SourceKind,
)
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Section, Warn
from glomviewer.ui.widgets.ticks import TickBox

NONE = "none"
NAME_WIDTH = 128
OWN = "own expression…"
COLUMN_NAMES = (
    ("name", "Name of the image"),
    ("label", "Label"),
    ("case", "Case"),
    ("slide", "Slide"),
    ("split", "Split"),
    ("microns_per_pixel", "Microns per pixel"),
    ("probability", "Probability"),
)


class ImportChoices(QWidget):
    """`changed` carries the ImportOptions as they are now; `table_chosen` another table."""

    changed = Signal(object)
    table_chosen = Signal(object)

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self._source: ImportSource | None = None
        self._options = ImportOptions()
        self._filling = False
        self.columns: dict[str, Chooser] = {}
        self.classes: dict[str, Chooser] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.setSpacing(8)
        self._body: QWidget | None = None

    def show_source(self, source: ImportSource) -> None:
        """Offer what this source allows, beginning with what it proposes."""
        self._source, self._options = source, source.proposed
        self._filling = True
        if self._body is not None:
            self._layout.removeWidget(self._body)
            self._body.setParent(None)
            self._body.deleteLater()
        self.columns.clear()
        self.classes.clear()
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        if source.table is not None:
            inside.addWidget(Section("Table"))
            inside.addLayout(self._table_fields(source))
        self._class_section = Section("Classes")
        self._class_fields = Fields(name_width=NAME_WIDTH)
        inside.addWidget(self._class_section)
        inside.addLayout(self._class_fields)
        inside.addWidget(Section("Slide and case from the name"))
        inside.addLayout(self._pattern_fields())
        inside.addWidget(Section("Images"))
        inside.addLayout(self._image_fields())
        inside.addStretch(1)
        self._layout.addWidget(self._body)
        self._show_folders(source)
        self._filling = False

    def show_values(self, plan: ImportPlan) -> None:
        """Offer a label for each text of the label column, where they are few."""
        if self.classes or not plan.label_values:
            return
        for value in plan.label_values[:12]:
            chooser = self._label_chooser(value.label if value.label is not None else NO_LABEL)
            self._class_fields.add(f"{value.text or '(empty)'}, {value.rows:,} rows", chooser)
            self.classes[value.text] = chooser
        self._class_section.setVisible(True)

    def options(self) -> ImportOptions:
        source = self._source
        if source is None:
            return self._options
        by_folder = not source.table and bool(source.class_folders)
        chosen = {key: int(chooser.currentData()) for key, chooser in self.classes.items()}
        return self._options.with_(
            columns=Columns(**{key: one.currentData() for key, one in self.columns.items()})
            if self.columns
            else self._options.columns,
            pattern=self._pattern(),
            folder_labels=chosen if by_folder else {},
            value_labels={} if by_folder else chosen,
            microns_per_pixel=self.microns.value() or None,
            copy_in=self.copy_in.isChecked(),
            leave_out_copies=self.leave_out_copies.isChecked(),
            unlisted=self.unlisted.isChecked(),
        )

    def _table_fields(self, source: ImportSource) -> Fields:
        fields = Fields(name_width=NAME_WIDTH)
        assert source.table is not None
        self.table = Chooser("Table")
        for path in (source.table.path, *source.other_tables):
            self.table.addItem(path.name, path)
        self.table.activated.connect(self._on_table_chosen)
        fields.add("Table", self.table)
        for key, name in COLUMN_NAMES:
            if key == "probability" and source.kind is not SourceKind.PREDICTIONS:
                continue
            chooser = Chooser(name)
            chooser.addItem(NONE, "")
            for header in source.table.header:
                chooser.addItem(header, header)
            chooser.choose(getattr(source.proposed.columns, key))
            chooser.currentIndexChanged.connect(self._on_columns_changed)
            fields.add(name, chooser)
            self.columns[key] = chooser
        return fields

    def _pattern_fields(self) -> Fields:
        fields = Fields(name_width=NAME_WIDTH)
        self.pattern = Chooser("Pattern of the names")
        self.pattern.addItem(NONE, None)
        for preset in PRESETS:
            self.pattern.addItem(preset.title, preset)
        self.pattern.addItem(OWN, OWN)
        self.expression = QLineEdit()
        self.expression.setAccessibleName("Own regular expression")
        self.expression.setPlaceholderText("^(?P<case>[^_]+)_(?P<slide>…)")
        self.expression_trouble = Warn()
        proposed = self._options.pattern
        place = self.pattern.findText(proposed.title) if proposed is not None else 0
        self.pattern.setCurrentIndex(place if place >= 0 else self.pattern.count() - 1)
        if proposed is not None:
            self.expression.setText(proposed.expression)
        self.pattern.currentIndexChanged.connect(self._on_pattern_chosen)
        self.expression.textEdited.connect(self._emit)
        fields.add("Pattern", self.pattern)
        fields.add_line(self.expression)
        fields.add_line(self.expression_trouble)
        self.expression_trouble.say("")
        self.expression.setVisible(self.pattern.currentData() == OWN)
        return fields

    def _image_fields(self) -> Fields:
        fields = Fields(name_width=NAME_WIDTH)
        self.microns = QDoubleSpinBox()
        self.microns.setFixedSize(112, 30)
        self.microns.setDecimals(4)
        self.microns.setRange(0.0, 100.0)
        self.microns.setSingleStep(0.05)
        self.microns.setSpecialValueText("unknown")
        self.microns.setValue(self._options.microns_per_pixel or 0.0)
        self.microns.valueChanged.connect(self._emit)
        fields.add("Microns per pixel", self.microns)
        self.leave_out_copies = self._box(
            "Leave out flipped and turned copies (_1, _2, _3)", self._options.leave_out_copies
        )
        self.unlisted = self._box("Take images the table does not name", self._options.unlisted)
        self.copy_in = self._box("Copy the images into the library", self._options.copy_in)
        fields.add_whole(self.leave_out_copies)
        if self._source is not None and self._source.table is not None:
            fields.add_whole(self.unlisted)
        fields.add_whole(self.copy_in)
        return fields

    def _show_folders(self, source: ImportSource) -> None:
        if source.table is None:
            for folder in source.class_folders[:24]:
                chooser = self._label_chooser(folder.label)
                self._class_fields.add(f"{folder.path or '.'}, {folder.files:,} images", chooser)
                self.classes[folder.path] = chooser
        self._class_section.setVisible(bool(self.classes))

    def _label_chooser(self, chosen: int) -> Chooser:
        chooser = Chooser("Label")
        chooser.addItem("no label", NO_LABEL)
        for label in self._labels.labels:
            chooser.addItem(label.name, label.code)
        chooser.choose(chosen)
        chooser.currentIndexChanged.connect(self._emit)
        return chooser

    def _box(self, text: str, on: bool) -> TickBox:
        box = TickBox(text)
        box.setChecked(on)
        box.toggled.connect(self._emit)
        return box

    def _pattern(self) -> NamePattern | None:
        chosen = self.pattern.currentData()
        if chosen != OWN:
            self.expression_trouble.say("")
            return chosen
        try:
            pattern = own_pattern(self.expression.text())
        except ValueError as error:
            self.expression_trouble.say(str(error))
            return None
        self.expression_trouble.say("")
        return pattern

    def _on_pattern_chosen(self) -> None:
        self.expression.setVisible(self.pattern.currentData() == OWN)
        if self.pattern.currentData() == OWN:
            self.expression.setFocus()
        self._emit()

    def _on_columns_changed(self) -> None:
        if not self._filling:
            self._forget_values()
            self._emit()

    def _forget_values(self) -> None:
        """Another label column has other texts."""
        for chooser in self.classes.values():
            label = self._class_fields.itemAtPosition(self._row_of(chooser), 0)
            for widget in (chooser, label.widget() if label is not None else None):
                if widget is not None:
                    widget.setParent(None)
                    widget.deleteLater()
        self.classes.clear()

    def _row_of(self, chooser: Chooser) -> int:
        position = self._class_fields.getItemPosition(self._class_fields.indexOf(chooser))
        return int(position[0])  # type: ignore[index]

    def _on_table_chosen(self) -> None:
        path = self.table.currentData()
        shown = self._source.table if self._source is not None else None
        if shown is not None and Path(path) != shown.path:
            self.table_chosen.emit(path)

    def _emit(self) -> None:
        if not self._filling:
            self.changed.emit(self.options())
