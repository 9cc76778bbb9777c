"""Import, from choosing a folder to what became of it: nothing is written before Import."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import Task
from glomviewer.store.finding_lists import write_findings
from glomviewer.store.import_values import Finding, ImportOptions, ImportPlan, ImportReport
from glomviewer.store.planning import make_plan
from glomviewer.ui.dialogs.fields import line
from glomviewer.ui.dialogs.import_choices import ImportChoices
from glomviewer.ui.dialogs.import_preview import ImportPreview
from glomviewer.ui.dialogs.import_progress import ImportProgressView
from glomviewer.ui.dialogs.import_work import Look, import_as_task, look_as_task
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.page_state import PageState
from glomviewer.ui.widgets.texts import Headline

SIZE = (1120, 660)
CHOICES_WIDTH = 400
WHAT_CAN_BE = (
    "A folder per class, a folder with a CSV (name, ground truth, …), a folder without labels, or "
    "a CSV of predictions from elsewhere. Your images stay where they are unless you say otherwise."
)


class ImportWizard(QDialog):
    """Choose, look at what would happen, import, see what has happened."""

    def __init__(
        self, session: Session, parent: QWidget | None = None, *, source: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import patches")
        self.resize(*SIZE)
        self._session = session
        self._look: Look | None = None
        self._looks = 0
        self._plan: ImportPlan | None = None
        self._findings: tuple[Finding, ...] = ()
        self._task: Task | None = None
        self.path = line("Folder or CSV")
        self.path.setAccessibleName("Folder or CSV to import")
        self.folder_button, self.file_button = QPushButton("Folder…"), QPushButton("CSV…")
        self.choices = ImportChoices(session.label_set)
        self.preview = ImportPreview(session.label_set)
        self.progress = ImportProgressView()
        self.verb, self.close_button = QPushButton("Import"), QPushButton("Cancel")
        self.verb.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self.state.show_empty("What shall be imported?", WHAT_CAN_BE)
        self._enable()
        if source is not None:
            self.look_at(source)

    def look_at(self, path: Path, table: Path | None = None) -> None:
        """Look through a folder or CSV and show what could be imported."""
        self._give_up_looking()
        self.path.setText(str(path))
        self._plan, self._look = None, None
        self.state.show_loading(f"Looking through {path.name}…")
        self._enable()
        self._looks += 1
        found = partial(self._on_looked, self._looks)
        self._task = look_as_task(self._session, path, table, found)
        self._task.failed.connect(self._on_look_failed)

    def start(self) -> None:
        """Import what the preview shows."""
        if self._plan is None:
            return
        self._task = import_as_task(self._session, self._plan, self._on_imported)
        self._task.failed.connect(self._on_import_failed)
        self._task.cancelled.connect(self._on_cancelled)
        self.progress.follow(self._task)
        self.pages_to(self.progress)
        self._enable()

    def reject(self) -> None:
        """Closing does not stop an import: it goes on in the status bar, where Cancel is too."""
        self._give_up_looking()
        super().reject()

    def pages_to(self, view: QWidget) -> None:
        """Show the preview, or in its place the progress and what came of it."""
        self._columns.setVisible(view is self._columns)
        self.progress.setVisible(view is self.progress)
        self._top.setVisible(view is self._columns)

    def _give_up_looking(self) -> None:
        if self._task is not None and self._task.running and self._task.kind == "look":
            self._task.failed.disconnect(self._on_look_failed)
            self._task.cancel()

    def _on_looked(self, number: int, look: Look) -> None:
        if number != self._looks:
            # Something else is being looked through by now.
            return
        self._look = look
        self.choices.show_source(look.source)
        self.preview.show_samples(look.samples)
        self._make_plan(look.source.proposed)

    def _make_plan(self, options: ImportOptions) -> None:
        if self._look is None:
            return
        look, labels = self._look, self._session.label_set
        self._session.compute(
            partial(make_plan, look.source, options, label_set=labels, known_paths=look.known),
            self._on_planned,
            lane="plan",
        )

    def _on_planned(self, plan: ImportPlan) -> None:
        self._plan = plan
        self._findings = plan.findings
        self.choices.show_values(plan)
        self.preview.show_plan(plan)
        self.state.show_content()
        self._enable()

    def _on_look_failed(self, sentence: str) -> None:
        self.state.show_empty("Nothing here can be imported", sentence)
        self._enable()

    def _on_imported(self, report: ImportReport) -> None:
        self._findings = report.findings
        self.progress.show_report(report, self._session.label_set)
        self._enable()

    def _on_import_failed(self, sentence: str) -> None:
        self.progress.show_failed(sentence)
        self._enable()

    def _on_cancelled(self) -> None:
        self.progress.show_failed("Import cancelled. Nothing was changed.")
        self._enable()

    def _export_findings(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Left out", "skipped.csv", "CSV (*.csv)")
        if chosen:
            self.export_findings_to(Path(chosen))

    def export_findings_to(self, path: Path) -> None:
        findings = self._findings
        self._session.tasks.start(
            "Writing the list", lambda _: _written(path, findings), kind="export findings"
        )

    def _enable(self) -> None:
        running = self._task is not None and self._task.running
        importing = running and self._task is not None and self._task.kind == "import"
        over = self.progress.is_over
        something = self._plan is not None and bool(self._plan.patches or self._plan.calls)
        self.verb.setVisible(not importing and not over)
        self.verb.setEnabled(something and not self._session.read_only)
        self.close_button.setText("Close" if over or importing else "Cancel")
        new = len(self._plan.patches) - self._plan.known if self._plan is not None else 0
        self.verb.setText(f"Import {new:,} patches" if new else "Import")

    def _lay_out(self) -> None:
        self.choices_scroll = _scrolled(self.choices)
        self.choices_scroll.setFixedWidth(CHOICES_WIDTH)
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        columns.addWidget(self.choices_scroll)
        columns.addWidget(_scrolled(self.preview), 1)
        self.state = PageState(content)
        self._columns = self.state
        self._top = QWidget()
        top = row(self.folder_button, self.file_button)
        top.insertWidget(0, self.path, 1)
        self._top.setLayout(top)
        self.progress.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(Headline("Import patches"))
        layout.addWidget(self._top)
        layout.addWidget(self.state, 1)
        layout.addWidget(self.progress, 1)
        layout.addLayout(row(1, self.close_button, self.verb))

    def _connect(self) -> None:
        for button in (self.folder_button, self.file_button, self.close_button):
            button.setAutoDefault(False)
        self.folder_button.clicked.connect(self._choose_folder)
        self.file_button.clicked.connect(self._choose_file)
        self.path.returnPressed.connect(self._on_path_written)
        self.choices.changed.connect(self._make_plan)
        self.choices.table_chosen.connect(self._on_table_chosen)
        self.preview.export_findings_asked.connect(self._export_findings)
        self.progress.export_findings_asked.connect(self._export_findings)
        self.verb.clicked.connect(self.start)
        self.close_button.clicked.connect(self.reject)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder of patches")
        if chosen:
            self.look_at(Path(chosen))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "A table", "", "Tables (*.csv *.tsv *.txt)")
        if chosen:
            self.look_at(Path(chosen))

    def _on_path_written(self) -> None:
        if self.path.text().strip():
            self.look_at(Path(self.path.text().strip()))

    def _on_table_chosen(self, table: Path) -> None:
        if self._look is not None:
            self.look_at(self._look.source.folder, table)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _written(path: Path, findings: tuple[Finding, ...]) -> str:
    write_findings(path, findings)
    return f"{len(findings):,} lines were written to {path.name}."
