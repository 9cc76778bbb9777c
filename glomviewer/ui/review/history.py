"""What readers have decided about a patch, newest first, and what was imported."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.records import Decision, Patch, Reader
from glomviewer.ui.review.words import capital, decision_texts
from glomviewer.ui.widgets.texts import Section

SHOWN_AT_MOST = 50


class History(QWidget):
    """A list to read, not to work: the log itself is never changed."""

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.setAccessibleName("Decisions")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(Section("Decisions"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column.addLayout(self._rows)
        self._widgets: list[QWidget] = []

    def show_decisions(self, decisions: list[Decision], patch: Patch | None) -> None:
        for widget in self._widgets:
            self._rows.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets = []
        for decision in decisions[:SHOWN_AT_MOST]:
            line, comment = decision_texts(decision, self._labels)
            self._add(line, quiet=False)
            if comment:
                self._add(f"“{comment}”", quiet=True)
        if patch is None:
            return
        if patch.imported_label != NO_LABEL:
            self._add(f"Imported: {self._labels.name_of(patch.imported_label)}", quiet=False)
        elif not decisions:
            self._add("Nobody has decided yet.", quiet=True)

    def texts(self) -> list[str]:
        return [widget.text() for widget in self._widgets if isinstance(widget, QLabel)]

    def detail_in_force(self, decisions: list[Decision], reader: Reader | None) -> str:
        """The detail of this reader's latest label."""
        for decision in decisions:
            if decision.field == "label" and reader is not None and decision.reader.id == reader.id:
                return decision.detail
        return ""

    def _add(self, text: str, *, quiet: bool) -> None:
        label = QLabel(capital(text) if not quiet else text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("role", "secondary" if quiet else "small")
        self._rows.addWidget(label)
        self._widgets.append(label)
