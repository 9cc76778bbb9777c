"""What an import would do, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.store.import_values import Finding, ImportPlan
from glomviewer.ui.dialogs.import_work import SAMPLE_SIDE
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Body, Headline, Secondary, Section, Warn

SPLITS = {
    Split.TRAIN: "training",
    Split.VALIDATION: "validation",
    Split.LOCKED: "locked test",
    Split.FINAL: "final",
}
MOST_FINDINGS = 2000


class ImportPreview(QWidget):
    """Counts, matches, samples, and what would be left out and why."""

    export_findings_asked = Signal()

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.headline, self.classes, self.groups = Headline(), Body(), Secondary()
        self.warnings = Warn()
        self.matches = RowsTable("Names as the pattern reads them", ("Name", "Case", "Slide"))
        self.matched = Secondary()
        self.findings = RowsTable("Left out or imported with a remark", ("File", "Why"), stretch=1)
        self.export_findings = QPushButton("Export this list…")
        self.export_findings.setAutoDefault(False)
        self.export_findings.clicked.connect(self.export_findings_asked)
        self._samples = FlowLayout(gap=6)
        self._matches_title, self._findings_title = Section("Slide and case"), Section("Skipped")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        for widget in (self.headline, self.classes, self.groups, self.warnings):
            layout.addWidget(widget)
        layout.addLayout(self._samples)
        layout.addSpacing(4)
        for widget in (self._matches_title, self.matched, self.matches):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addLayout(row(self._findings_title, 1, self.export_findings))
        layout.addWidget(self.findings)
        layout.addStretch(1)

    def show_samples(self, samples: Sequence[tuple[str, QImage]]) -> None:
        while (item := self._samples.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for name, image in samples:
            self._samples.addWidget(_picture(name, image, self.devicePixelRatioF()))

    def show_plan(self, plan: ImportPlan) -> None:
        new = len(plan.patches) - plan.known
        known = f"; {plan.known:,} are in the library already" if plan.known else ""
        self.headline.setText(f"{new:,} patches would be imported{known}")
        self.classes.setText(self._class_text(plan))
        self.groups.say(self._group_text(plan))
        self.warnings.say("\n".join(plan.warnings))
        self._show_matches(plan)
        self._show_findings(plan.findings)

    def _class_text(self, plan: ImportPlan) -> str:
        parts = [
            f"{plan.per_label[label.code]:,} {label.name}"
            for label in self._labels.labels
            if plan.per_label.get(label.code)
        ]
        if plan.per_label.get(NO_LABEL):
            parts.append(f"{plan.per_label[NO_LABEL]:,} without a label")
        if plan.calls:
            parts.append(f"{len(plan.calls):,} predictions")
        return ", ".join(parts) or "Nothing"

    @staticmethod
    def _group_text(plan: ImportPlan) -> str:
        parts = [f"{plan.cases:,} cases, {plan.slides:,} slides" if plan.cases else "No case known"]
        named = [
            f"{plan.per_split[split]:,} {name}"
            for split, name in SPLITS.items()
            if plan.per_split.get(split)
        ]
        if named:
            parts.append(f"splits by the table: {', '.join(named)}")
        elif plan.patches:
            parts.append("splits are assigned by case, then frozen")
        return "; ".join(parts) + "."

    def _show_matches(self, plan: ImportPlan) -> None:
        trial = plan.trial
        for widget in (self._matches_title, self.matched, self.matches):
            widget.setVisible(trial is not None)
        if trial is None:
            return
        self.matched.setText(
            f"{trial.matched:,} of {trial.names:,} names match: {trial.cases:,} cases, "
            f"{trial.slides:,} slides."
        )
        rows = [Row(texts, texts[0]) for texts in trial.rows]
        rows += [Row((name, "no match", ""), name) for name in trial.unmatched]
        self.matches.show_rows(rows)

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        left_out = sum(not finding.imported for finding in findings)
        remarks = len(findings) - left_out
        text = f"{left_out:,} left out"
        if remarks:
            text += f", {remarks:,} imported with a remark"
        self._findings_title.setText(text.upper() if findings else "NOTHING IS LEFT OUT")
        self.findings.setVisible(bool(findings))
        self.export_findings.setVisible(bool(findings))
        self.findings.show_rows(
            [
                Row((one.name, one.reason), place, f"{one.name}\n{one.reason}")
                for place, one in enumerate(findings[:MOST_FINDINGS])
            ]
        )


def _picture(name: str, image: QImage, ratio: float) -> QLabel:
    pixmap = QPixmap.fromImage(
        image.scaled(
            round(SAMPLE_SIDE * ratio),
            round(SAMPLE_SIDE * ratio),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    )
    pixmap.setDevicePixelRatio(ratio)
    label = QLabel()
    label.setPixmap(pixmap)
    label.setToolTip(name)
    label.setAccessibleName(f"Sample {name}")
    return label
