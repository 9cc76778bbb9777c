"""The page of cases: the percentage that clinicians use, per biopsy and slide."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from glomviewer.domain.cases import CaseSummary, case_summaries
from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.patch_table import IntArray
from glomviewer.jobs import operations
from glomviewer.jobs.images import ImageLoader
from glomviewer.jobs.session import Session
from glomviewer.jobs.tasks import TaskControl
from glomviewer.ui.actions import Actions
from glomviewer.ui.cases.csv_text import cases_csv
from glomviewer.ui.cases.rows_model import CaseRows
from glomviewer.ui.cases.table import CaseTable
from glomviewer.ui.cases.wording import model_text, summary_text
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.page_state import PageState
from glomviewer.ui.widgets.texts import Headline, Secondary

REMARK = (
    "Serial sections show one glomerulus more than once, and each section counts here. "
    "Cannot tell, not a glomerulus, excluded patches and duplicates are in no percentage. "
    "For review, not for diagnosis."
)
REASONS = ("Withdrawn consent", "Wrong stain", "Not a biopsy of this study", "Poor quality")


class CasesPage(QWidget):
    """Cases with their slides; a double-click opens the patches of one."""

    open_patches = Signal(object, str)
    message = Signal(str)

    def __init__(
        self,
        session: Session,
        images: ImageLoader,  # noqa: ARG002 - every page is made with the same three
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Cases")
        self._session = session
        self._actions = actions
        self._stale = True
        self.rows = CaseRows()
        self.table = CaseTable(self.rows)
        self._summaries: list[CaseSummary] = []
        self.headline, self.model_line = Headline("Cases"), Secondary()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a case or slide")
        self.search.setAccessibleName("Find a case or slide")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(220)
        self.open_button = QPushButton("Open patches")
        self.exclude_button = QPushButton("Exclude…")
        self.export_button = QPushButton("Export CSV…")
        self._lay_out()
        self._connect()
        self._register_actions()
        self._enable()

    def refresh(self, changes: Changes) -> None:
        """Count again where something that is counted has changed."""
        counted = (
            changes.all_patches
            or changes.labels
            or changes.exclusions
            or changes.predictions
            or changes.active_model
            or changes.threshold
            or changes.readers
        )
        if counted:
            self._stale = True
            if self.isVisible():
                self._count()
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._count()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys go to the table, once there is one."""
        super().focusInEvent(event)
        if self.state.shows_content:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> None:
        self._stale = False
        if not self._session.is_loaded:
            self._stale = True
            self.state.show_loading("Reading the library…")
            return
        table, labels = self._session.table, self._session.label_set
        self._session.compute(lambda: case_summaries(table, labels), self._on_counted, lane="cases")

    def _on_counted(self, summaries: list[CaseSummary]) -> None:
        kept = self.table.current_summary()
        self._summaries = summaries
        self.rows.show(summaries)
        if kept is not None:
            place = self.rows.row_of(kept.case, kept.slide)
            if place >= 0:
                self.table.setCurrentIndex(self.rows.index(place, 0))
        self.headline.setText(summary_text(summaries))
        self.model_line.say(model_text(self._session.shown_model))
        if len(self._session.table) == 0:
            self.state.show_empty(
                "No patches yet", "Import a folder of patches, and their cases stand here."
            )
        elif not summaries:
            self.state.show_empty(
                "No case is known",
                "The patches were imported without cases or slides. Import them again with a "
                "pattern that reads the case from their names, or with a column that names it.",
            )
        else:
            self.state.show_content()
            if self.hasFocus():
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable()

    def _enable(self) -> None:
        summary = self.table.current_summary()
        self.open_button.setEnabled(summary is not None)
        self.exclude_button.setEnabled(summary is not None and not self._session.read_only)
        if summary is not None:
            verb = "Include…" if _is_excluded(summary) else "Exclude…"
            self.exclude_button.setText(verb)
        self.export_button.setEnabled(bool(self._summaries))

    def open_current(self) -> None:
        summary = self.table.current_summary()
        if summary is not None:
            self._open(summary)

    def _open(self, summary: CaseSummary) -> None:
        query = _query_of(summary, excluded=_is_excluded(summary))
        self.open_patches.emit(query, summary.slide or summary.case)

    def exclude_or_include(self) -> None:
        """Take the current case out of everything, or bring it back."""
        summary = self.table.current_summary()
        reader = self._session.reader
        if summary is None:
            return
        if reader is None:
            self.message.emit("Say who you are first: a reader is kept with every exclusion.")
            return
        name = summary.slide or summary.case
        include = _is_excluded(summary)
        dialog = ReasonDialog(
            title=f"{'Include' if include else 'Exclude'} {name}",
            sentence="Its patches come back into training, figures and percentages."
            if include
            else f"Its {summary.patches:,} patches leave training, figures and percentages. "
            "Nothing is deleted, and undo brings them back.",
            verb="Include" if include else "Exclude",
            suggestions=() if include else REASONS,
            optional=include,
            parent=self,
        )
        dialog.accepted.connect(
            lambda: self._write(summary, include=include, reason=dialog.reason, reader=reader.id)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self, summary: CaseSummary, *, include: bool, reason: str, reader: int) -> None:
        if summary.slide:
            self._session.select(
                _query_of(summary, excluded=include),
                partial(self._write_slide, include, reason, reader),
            )
        else:
            self._write_case(include, reason, reader, summary.case)

    def _write_case(self, include: bool, reason: str, reader: int, case: str) -> None:
        """A whole case by its name: patches of it that are imported later follow it."""
        if include:
            self._session.run(partial(operations.include_case, reader=reader, case=case))
        else:
            self._session.run(
                partial(operations.exclude_case, reader=reader, case=case, reason=reason)
            )

    def _write_slide(self, include: bool, reason: str, reader: int, ids: IntArray) -> None:
        patches = [int(patch) for patch in ids]
        if include:
            self._session.run(partial(operations.include_patches, reader=reader, patches=patches))
        else:
            self._session.run(
                partial(operations.exclude_patches, reader=reader, patches=patches, reason=reason)
            )

    def export_csv(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export the cases", "cases.csv", "CSV (*.csv)"
        )
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        model = self._session.shown_model
        text = cases_csv(
            self._summaries,
            model=model.title if model is not None else "",
            threshold=f"{model.threshold:.6g}" if model is not None else "",
        )
        cases = len(self._summaries)

        def work(_control: TaskControl) -> str:
            path.write_text(text, encoding="utf-8", newline="")
            return f"{cases:,} cases written to {path.name}."

        self._session.tasks.start("Exporting the cases", work, kind="export cases")

    def _lay_out(self) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.table, 1)
        self.state = PageState(content)
        self.state.show_loading("Reading the library…")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(8)
        top = row(self.search, self.open_button, self.exclude_button, self.export_button)
        top.insertWidget(0, self.headline, 1)
        layout.addLayout(top)
        layout.addWidget(self.model_line)
        layout.addWidget(self.state, 1)
        layout.addWidget(Secondary(REMARK))

    def _connect(self) -> None:
        self.search.textChanged.connect(self.rows.find)
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._enable())
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.open_button.clicked.connect(self.open_current)
        self.exclude_button.clicked.connect(self.exclude_or_include)
        self.export_button.clicked.connect(self.export_csv)

    def _register_actions(self) -> None:
        for name, text, callback, keys in (
            ("cases.open", "Open the patches of the case", self.open_current, ("Ctrl+Return",)),
            ("cases.exclude", "Exclude or include the case…", self.exclude_or_include, ("Ctrl+E",)),
            ("cases.export", "Export the cases as CSV…", self.export_csv, ("Ctrl+Shift+E",)),
            ("cases.find", "Find a case", self.search.setFocus, ("/",)),
        ):
            self._actions.add(name, text, callback, scope=self, group="Cases", keys=keys)
        self.open_button.setToolTip(self._actions.tooltip("cases.open"))
        self.exclude_button.setToolTip(self._actions.tooltip("cases.exclude"))
        self.export_button.setToolTip(self._actions.tooltip("cases.export"))

    def _show_menu(self, position: object) -> None:
        menu: QMenu = self._actions.menu(["cases.open", "cases.exclude", "", "cases.export"], self)
        menu.popup(self.table.viewport().mapToGlobal(position))  # type: ignore[arg-type]


def _query_of(summary: CaseSummary, *, excluded: bool) -> PatchQuery:
    return PatchQuery(
        cases=(summary.case,) if summary.case else (),
        slides=(summary.slide,) if summary.slide else (),
        excluded=excluded,
    )


def _is_excluded(summary: CaseSummary) -> bool:
    return summary.patches > 0 and summary.excluded == summary.patches
