"""An import under way, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.jobs.tasks import Task
from glomviewer.store.import_values import ImportReport
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.durations import duration_text
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Body, Headline, Secondary, Warn

MOST_FINDINGS = 2000


SPLITS = (
    (Split.TRAIN, "training"),
    (Split.VALIDATION, "validation"),
    (Split.LOCKED, "locked test"),
    (Split.FINAL, "final"),
)


class ImportProgressView(QWidget):
    """Follows a task; then shows its report."""

    export_findings_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_over = False
        self._task: Task | None = None
        self.headline, self.line, self.counts = Headline(), Secondary(), Body()
        self.warnings = Warn()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the import")
        self.cancel = QPushButton("Stop the import")
        self.cancel.setAutoDefault(False)
        self.findings = RowsTable(
            "Left out or imported with a remark", ("File", "Why"), stretch=1, most=9
        )
        self.export_findings = QPushButton("Export this list…")
        self.export_findings.setAutoDefault(False)
        self.cancel.clicked.connect(self._on_cancel)
        self.export_findings.clicked.connect(self.export_findings_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        layout.setSpacing(8)
        for widget in (self.headline, self.bar, self.line, self.counts, self.warnings):
            layout.addWidget(widget)
        layout.addLayout(row(self.cancel, 1))
        layout.addWidget(self.findings)
        layout.addLayout(row(self.export_findings, 1))
        layout.addStretch(1)

    def follow(self, task: Task) -> None:
        self._task, self.is_over = task, False
        self.headline.setText("Reading the images")
        self.line.setText("You may close this: the import goes on in the status bar.")
        self.counts.say("")
        self.warnings.say("")
        self._show_over(False)
        self.bar.setRange(0, 0)
        task.progressed.connect(self._on_progressed)

    def show_report(self, report: ImportReport, labels: LabelSet) -> None:
        self._show_over(True)
        self.headline.setText(f"{len(report.added):,} patches were imported")
        self.line.say(_split_text(report))
        self.counts.say(_counts_text(report, labels))
        self.warnings.say("\n".join(report.warnings))
        self.findings.show_rows(
            [
                Row((one.name, one.reason), place, f"{one.name}\n{one.reason}")
                for place, one in enumerate(report.findings[:MOST_FINDINGS])
            ]
        )
        self.findings.setVisible(bool(report.findings))
        self.export_findings.setVisible(bool(report.findings))

    def show_failed(self, sentence: str) -> None:
        self._show_over(True)
        self.headline.setText("Nothing was imported")
        self.line.setText(sentence)

    def _show_over(self, over: bool) -> None:
        self.is_over = over
        self.bar.setVisible(not over)
        self.cancel.setVisible(not over)
        self.findings.setVisible(False)
        self.export_findings.setVisible(False)

    def _on_progressed(self, done: int, total: int, stage: str, left: float | None) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        parts = [stage.capitalize()] if stage else []
        if total:
            parts.append(f"{done:,} of {total:,}")
        if left is not None:
            parts.append(f"{duration_text(left)} left")
        self.line.setText(" · ".join(parts))

    def _on_cancel(self) -> None:
        if self._task is not None and self._task.running:
            self._task.cancel()


def _counts_text(report: ImportReport, labels: LabelSet) -> str:
    parts = [
        f"{report.per_label[code]:,} "
        f"{labels.name_of(code) if code != NO_LABEL else 'without a label'}"
        for code in (*(label.code for label in labels.labels), NO_LABEL)
        if report.per_label.get(code)
    ]
    if report.known:
        parts.append(f"{report.known:,} were in the library already")
    if report.labels_added:
        parts.append(f"{report.labels_added:,} of those have a label now")
    if report.predictions:
        parts.append(f"{report.predictions:,} predictions")
    return ", ".join(parts)


def _split_text(report: ImportReport) -> str:
    parts = [f"{report.per_split[s]:,} {name}" for s, name in SPLITS if report.per_split.get(s)]
    return f"Splits, frozen from now on: {', '.join(parts)}." if parts else ""
