"""Writes labels for others: a table, or a folder per class, each with a manifest."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QFileDialog, QWidget

from glomviewer.domain.labels import Split
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Cancelled, TaskControl
from glomviewer.store.export_values import (
    GROUP_COLUMNS,
    MODEL_COLUMNS,
    READER_COLUMNS,
    ExportColumn,
    ExportOptions,
)
from glomviewer.store.exporting import export_class_folders, export_labels
from glomviewer.store.import_values import ImportCancelled, ImportProgress
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Secondary
from glomviewer.ui.widgets.ticks import DotButton, TickBox

PARTS: tuple[tuple[str, tuple[Split, ...]], ...] = (
    ("everything", ()),
    ("training and validation", (Split.TRAIN, Split.VALIDATION)),
    ("locked test", (Split.LOCKED,)),
)


class ExportLabelsDialog(FormDialog):
    """Asks what goes in; writing is a task in the status bar."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            title="Export labels",
            sentence="The columns name and ground truth always stand first, so that the file can "
            "be imported anywhere. Cannot tell and not a glomerulus have an empty ground truth.",
            verb="Export…",
            width=560,
            parent=parent,
        )
        self._session = session
        self.as_table = DotButton("A CSV")
        self.as_folders = DotButton("A folder per class, with copies of the images")
        self.as_table.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.as_table)
        group.addButton(self.as_folders)
        self.part = Chooser("Which patches")
        for text, splits in PARTS:
            self.part.addItem(text, splits)
        self.whose = Chooser("Whose labels")
        self.whose.addItem("reference labels", None)
        if session.reader is not None:
            self.whose.addItem(f"{session.reader.name}'s own", session.reader.id)
        self.labelled_only = TickBox("Only patches with a label")
        self.readers = TickBox("Reader and time of the label, and why it counts")
        self.groups = TickBox("Case, slide and split")
        self.model = TickBox("The active model's call, probability and threshold")
        self.model.setToolTip(
            "The calls on locked patches are among them, also where you have not decided yet."
        )
        self.readers.setChecked(True)
        self.groups.setChecked(True)
        self.model.setEnabled(session.active_model is not None)
        fields = Fields()
        fields.add("As", self.as_table)
        fields.add_line(self.as_folders)
        fields.add("Patches", self.part)
        fields.add("Labels", self.whose)
        fields.add_line(self.labelled_only)
        fields.add("Columns", self.readers)
        for box in (self.groups, self.model):
            fields.add_line(box)
        self.add(fields)
        self.add(Secondary("A manifest beside it says which library, when, and which model."))

    def options(self) -> ExportOptions:
        columns: tuple[ExportColumn, ...] = ()
        for box, more in (
            (self.readers, READER_COLUMNS),
            (self.groups, GROUP_COLUMNS),
            (self.model, MODEL_COLUMNS),
        ):
            if box.isChecked():
                columns += more
        return ExportOptions(
            columns=columns,
            reader=self.whose.currentData(),
            labelled_only=self.labelled_only.isChecked(),
            splits=tuple(self.part.currentData()),
        )

    def submit(self) -> None:
        """Ask where, then write."""
        if self.as_table.isChecked():
            chosen, _ = QFileDialog.getSaveFileName(self, "Export", "labels.csv", "CSV (*.csv)")
        else:
            chosen, _ = QFileDialog.getSaveFileName(self, "A new folder for the images", "labelled")
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, target: Path) -> None:
        options, as_table = self.options(), self.as_table.isChecked()
        library = self._session.library

        def work(control: TaskControl) -> str:
            def tell(progress: ImportProgress) -> None:
                control.progress(
                    progress.done, progress.total, progress.stage, progress.seconds_left
                )

            if as_table:
                return export_labels(library, target, options).sentence
            try:
                report = export_class_folders(
                    library, target, options, progress=tell, cancelled=control.cancelled
                )
            except ImportCancelled:
                raise Cancelled from None
            return report.sentence

        self._session.tasks.start("Exporting labels", work, kind="export labels")
        self.accept()
