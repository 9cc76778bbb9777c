"""Where the library is, what it holds, and what came twice."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.ui.library.facts import (
    SPLIT_NAMES,
    SPLIT_TIPS,
    LibraryCounts,
    labels_text,
    places_text,
)
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.flow_layout import FlowLayout
from glomviewer.ui.widgets.rows_table import Row, RowsTable
from glomviewer.ui.widgets.texts import Body, Headline, Secondary, Warn


class LibraryCard(Card):
    """Where the library is and what it holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Library", parent)
        self.name, self.place = Headline(), Secondary()
        self.counts, self.labels, self.about = Body(), Secondary(), Secondary()
        self.trouble = Warn()
        self.import_button = QPushButton("Import…")
        self.export_button = QPushButton("Export labels…")
        self.verify_button = QPushButton("Verify")
        self.verify_button.setToolTip(
            "Checks database, log, files and models, and says what is wrong."
        )
        for widget in (
            self.name,
            self.place,
            self.counts,
            self.labels,
            self.about,
            self.trouble,
        ):
            self.body.addWidget(widget)
        buttons = FlowLayout(gap=8)
        for button in (self.import_button, self.export_button, self.verify_button):
            buttons.addWidget(button)
        self.body.addLayout(buttons)

    def show_counts(self, folder: Path, counts: LibraryCounts, labels: LabelSet) -> None:
        self.name.setText(folder.stem)
        self.place.setText(str(folder))
        self.counts.setText(f"{counts.patches:,} patches, {places_text(counts)}")
        self.labels.say(labels_text(counts, labels))

    def show_about(self, *, label_set: str, origin: str, log: dict[str, int]) -> None:
        """The saved label set, this installation, and how long the log is."""
        rows = sum(log.values())
        sources = f" from {len(log):,} installations" if len(log) > 1 else ""
        self.about.say(
            f"Labels: {label_set}. {rows:,} rows in the log of decisions{sources}. "
            f"This installation signs as {origin[:8]}."
        )
        self.about.setToolTip(origin)


class FoundCard(Card):
    """Copies and duplicates that imports have found."""

    show_duplicates_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Copies", parent)
        self.sentence = Secondary()
        self.body.addWidget(self.sentence)

    def show_counts(self, counts: LibraryCounts) -> None:
        self.sentence.setText(
            f"{counts.duplicates:,} patches have the same pixels as another one. They stay "
            "visible, count in no percentage, and where they would link two sets they leave "
            "training and gate."
            if counts.duplicates
            else "No two patches have the same pixels."
        )


class SplitsCard(Card):
    """How the patches are divided, for good."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Splits", parent)
        self.table = RowsTable(
            "Splits",
            ("Set", "Patches", "Sclerotic", "Not sclerotic", "Cases or slides"),
            numeric=(1, 2, 3, 4),
        )
        self.frozen = Secondary(
            "Frozen: a case stays in its set for good, so that no model is judged on what it has "
            "learned from. New cases are assigned when they are imported."
        )
        self.body.addWidget(self.table)
        self.body.addWidget(self.frozen)

    def show_counts(self, counts: LibraryCounts) -> None:
        self.table.show_rows(
            [
                Row(
                    (
                        SPLIT_NAMES[one.split],
                        f"{one.patches:,}",
                        f"{one.sclerotic:,}",
                        f"{one.not_sclerotic:,}",
                        f"{one.groups:,}",
                    ),
                    one.split,
                    SPLIT_TIPS[one.split],
                )
                for one in counts.splits
            ]
        )
